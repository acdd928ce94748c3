"""The pages of records are what MkDocs would have read itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from builds import build, project

from trees import clean_log

SPY = """
import json
from mkdocs.plugins import event_priority
from mkdocs.utils.meta import get_data

seen = {}

@event_priority(1000)
def on_page_markdown(markdown, page, **_):
    if page.file.abs_src_path:
        with open(page.file.abs_src_path, encoding="utf-8-sig") as file:
            text, meta = get_data(file.read())
        said = "the same" if (text, meta) == (markdown, page.meta) else repr((text, meta, markdown, page.meta))
        seen[page.file.src_uri] = [said, type(page).__name__]

def on_post_build(config, **_):
    with open(config.config_file_path + ".json", "w", encoding="utf-8") as file:
        json.dump(seen, file)
"""
FRONT = "id: ADR-{}\ntitle: One\nstatus: proposed\ndate: 2026-01-05\n"
ODD = {
    "plain": "---\n{}---\n\n# One\n",
    "three line ends": "---\n{}---\n\n\n\nText: with a colon\n\n# One\n",
    "no line below": "---\n{}---\n# One\n",
    "nothing below": "---\n{}---\n",
    "no line end": "---\n{}---",
    "dots": "---\n{}...\n---\n\n# One\n",
    "fence with blanks": "---  \n{}--- \t\n\n# One\n",
    "own field that readers differ about": "---\n{}x-when: 1:30\n---\n\n# One\n",
    "own field": "---\n{}x-team: growth\n---\n\n# One\n",
    "field of a theme": "---\n{}tags: [a, b]\nhide: [toc]\n---\n\n# One\n",
    "fraction": "---\n{}scores: {{Keep: {{cost: 1.50}}}}\n---\n\n# One\n",
    "nested": "---\n{}options:\n  - {{name: Keep, pro: [a, b], con: [c]}}\n---\n\n# One\n",
    "quoted": '---\n{}consulted: ["on", "2026-01-05", "007", ""]\n---\n\n# One\n',
    "anchor": "---\n{}consulted: &a [Ana]\ninformed: *a\n---\n\n# One\n",
    "byte order mark": "\ufeff---\n{}---\n\n# One\n",
    "windows": "---\r\n{}---\r\n\r\n# One\r\n",
    "trap": "---\n{}informed: on\n---\n\n# One\n",
    "folded": "---\n{}summary: >\n  one\n  two\n\n  three\nnote: |\n  a\n   b\n---\n\n# One\n",
}


def seen(root: Path) -> dict[str, list[str]]:
    """Give what the spy saw of each page: whether it was read alike, and what kind of page it was."""
    found: dict[str, list[str]] = json.loads((root / "mkdocs.yml.json").read_text(encoding="utf-8"))
    return found


def spied(tmp_path: Path, files: dict[str, str], hook: str = SPY) -> dict[str, list[str]]:
    """Build a log under the eyes of a hook."""
    root = project(tmp_path, files, settings="hooks: [spy.py]\n")
    (root / "spy.py").write_text(hook, encoding="utf-8")
    build(root)
    return seen(root)


def test_every_page_has_what_mkdocs_would_read(tmp_path: Path) -> None:
    """The Markdown and the metadata of each page are those that MkDocs reads from the file, however odd that is."""
    files = {
        f"decisions/{number:04}-odd.md": text.format(FRONT.format(number))
        for number, text in enumerate(ODD.values(), 50)
    }

    found = spied(tmp_path, {**clean_log(), **files})

    assert {path: said for path, (said, _) in found.items() if said != "the same"} == {}
    assert found.keys() >= files.keys()
    read_once = {path for path, (_, kind) in found.items() if kind == "RecordPage"}
    names = dict(zip(ODD, sorted(files), strict=True))
    assert read_once >= {names[name] for name in ("plain", "nested", "own field", "field of a theme")}


@pytest.mark.parametrize(
    "hook",
    [
        "def on_page_read_source(page, **_):\n    return '# Another source\\n'\n",
        "def on_pre_page(page, **_):\n    page.file.content_string = '# Another source\\n'\n    return page\n",
    ],
    ids=["read", "content"],
)
def test_a_plugin_can_give_a_record_s_page_another_source(tmp_path: Path, hook: str) -> None:
    """What another plugin says that a page's source is, is what is published."""
    root = project(tmp_path, clean_log(), settings="hooks: [other.py]\n")
    (root / "other.py").write_text(hook, encoding="utf-8")

    page = build(root).html("churn/decisions/0002-batch-scoring/index.html")

    assert "Another source" in page
    assert "It was down twice in October" not in page
