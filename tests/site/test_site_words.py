"""The catalogue: every text is there, in both languages, with the same blanks."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest
from site_logs import page, site_of, troubled_log

from gatepost.records import KINDS
from gatepost.site import STATUSES, status_words
from gatepost.site.words import LANGUAGES, Words, language_of

CATALOGUE: dict[str, dict[str, str | list[str]]] = json.loads(
    (files("gatepost.site") / "messages.json").read_text(encoding="utf-8")
)
ROOM = Path(str(files("gatepost.site")))
ASKED = re.compile(r"""(?:\bt|\bsaid|words|\.html)\(\s*f?["']([^"']+)["']\s*(~|,|\))""")


def _blanks(text: str | list[str]) -> set[str]:
    texts = [text] if isinstance(text, str) else text
    return {name for one in texts for _, name, _, _ in Formatter().parse(one) if name}


def _asked() -> set[tuple[str, bool]]:
    sources = [*ROOM.glob("*.py"), *ROOM.glob("templates/*.j2")]
    found = [match for path in sources for match in ASKED.findall(path.read_text(encoding="utf-8"))]
    return {(key.split("{")[0], joined == "~" or "{" in key) for key, joined in found}


def test_every_text_that_is_asked_for_is_there() -> None:
    """Each key in the code and the templates is in the catalogue; a key that is put together has such keys."""
    missing = [
        key
        for key, begins in _asked()
        if not (any(one.startswith(key) for one in CATALOGUE) if begins else key in CATALOGUE)
    ]

    assert len(_asked()) > 150
    assert missing == []


def test_every_text_is_asked_for() -> None:
    """Nothing in the catalogue is left over."""
    whole = {key for key, begins in _asked() if not begins}
    begun = tuple(key for key, begins in _asked() if begins)

    assert [key for key in CATALOGUE if key not in whole and not key.startswith(begun)] == []


@pytest.mark.parametrize("key", CATALOGUE)
def test_both_languages_fill_the_same_blanks(key: str) -> None:
    """A translation names no value that the English text does not, and leaves none out."""
    assert set(CATALOGUE[key]) == set(LANGUAGES)
    assert _blanks(CATALOGUE[key]["zh"]) == _blanks(CATALOGUE[key]["en"])


@pytest.mark.parametrize(
    ("code", "language"), [("en", "en"), ("zh", "zh"), ("zh-Hans", "zh"), ("zh_CN", "zh"), ("de", "en")]
)
def test_a_language_that_is_missing_is_english(code: str, language: str) -> None:
    """A theme's language code chooses the catalogue's language by its first part."""
    assert language_of(code) == language


def test_a_string_that_is_missing_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text without a translation is shown in English, not left blank."""
    monkeypatch.setattr("gatepost.site.words._catalogue", lambda: {"only": {"en": ["one thing", "{n} things"]}})
    words = Words("zh")

    assert (words("only", n=1), words("only", n=3)) == ("one thing", "3 things")


def test_every_status_and_kind_has_words() -> None:
    """Each status has a tooltip for its badge and each kind a name, in both languages."""
    for language in LANGUAGES:
        assert set(status_words(language)) == set(STATUSES)
        assert all(Words(language)(f"record.{kind}") for kind in KINDS)
    assert status_words("zh-Hans")["accepted"] == "已接受"


def test_a_site_can_be_chinese(tmp_path: Path) -> None:
    """Titles, states and columns follow the language; the record's own words stay as they are."""
    site = site_of(tmp_path, troubled_log(), language="zh-Hans")
    overview = page(site, "index.md")

    assert overview.title == "决策日志概览"
    assert "已停止" in overview.markdown
    assert "Train a logistic regression" in page(site, "decision-log.md").markdown
