"""Links of the guide and the README lead somewhere, anchors too."""

from __future__ import annotations

import re
from pathlib import Path

import markdown
import pytest
from guide_pages import GUIDE, PAGES, README, ROOT, prose

from gatepost.book.layout import is_generated

_LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"]+)\"")


def anchors(path: Path) -> set[str]:
    """Give the anchors of a page's headings."""
    tree = markdown.Markdown(extensions=["toc", "tables", "pymdownx.superfences"])
    html = tree.convert(re.sub(r"\A---\n.*?\n---\n", "", path.read_text(encoding="utf-8"), flags=re.DOTALL))
    return set(re.findall(r'<h\d id="([^"]+)"', html))


def links(path: Path) -> list[str]:
    """Give the relative links of a page."""
    found = [one or other for one, other in _LINK.findall(prose(path))]
    return [link for link in found if not re.match(r"[a-z]+:", link)]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_relative_links_resolve(path: Path) -> None:
    """Each relative link is a file, a page that the build adds, or an anchor that exists."""
    broken = []
    for link in links(path):
        target, _, anchor = link.partition("#")
        file = (path.parent / target).resolve() if target else path
        inside = file.is_relative_to(ROOT / "designs")
        generated = inside and is_generated(file.relative_to(ROOT / "designs").as_posix())
        if not (file.exists() or generated) or (anchor and file.exists() and anchor not in anchors(file)):
            broken.append(link)

    assert broken == []


def test_the_guide_reaches_each_of_its_pages() -> None:
    """The first page links to every other one, and so does the README."""
    names = {path.name for path in GUIDE.glob("*.md")} - {"index.md"}
    said = {link.partition("#")[0] for link in links(GUIDE / "index.md")}
    readme = {Path(link.partition("#")[0]).name for link in links(README) if link.startswith("designs/guide/")}

    assert names - said == set()
    assert names - readme == set()
