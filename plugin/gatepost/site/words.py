"""Titles and labels in the reader's language, from one catalogue."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, TypeAlias

from gatepost.site.escape import safe

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["LANGUAGES", "Words", "language_of", "words_in"]

LANGUAGES: Final = ("en", "zh")
"""The languages of the catalogue; the first is what a missing string falls back to."""

Text: TypeAlias = str | list[str]


def language_of(code: str) -> str:
    """Give the language of the catalogue for a theme's language code: `zh-Hans` is `zh`, an unknown one `en`."""
    base = code.replace("_", "-").split("-")[0].lower()
    return base if base in LANGUAGES else LANGUAGES[0]


@cache
def _catalogue() -> dict[str, dict[str, Text]]:
    read: dict[str, dict[str, Text]] = json.loads((files(__package__) / "messages.json").read_text(encoding="utf-8"))
    return read


class Words:
    """The catalogue in one language."""

    def __init__(self, language: str) -> None:
        self.language = language_of(language)
        self._said: dict[str, Text] = {
            key: texts.get(self.language, texts[LANGUAGES[0]]) for key, texts in _catalogue().items()
        }
        self._escaped: dict[str, Markup] = {}

    def __call__(self, key: str, n: int | None = None, **values: object) -> str:
        """Give a text.

        Args:
            key: which one.
            n: a number, which chooses between singular and plural and fills `{n}`.
            values: what fills the other braces.

        Raises:
            KeyError: the catalogue has no such text.
        """
        said = self._said[key]
        if isinstance(said, list):
            said = said[0] if n == 1 else said[-1]
        if n is None and not values:
            return said
        return said.format(n=n, **values)

    def html(self, key: str) -> Markup:
        """Give a text with nothing to fill in, escaped; the rows of tables repeat a few of them by the thousand."""
        found = self._escaped.get(key)
        if found is None:
            found = self._escaped[key] = safe(self(key))
        return found

    def known(self, key: str, other: str) -> str:
        """Give a text, or another when the catalogue has none: for words that people may add to."""
        said = self._said.get(key)
        return said if isinstance(said, str) else other


@cache
def words_in(language: str) -> Words:
    """Give the catalogue for a theme's language code: one for all pages, so that what is made of it can be kept."""
    return Words(language)
