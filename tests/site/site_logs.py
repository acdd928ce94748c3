"""Logs with something to show, their sites, and questions about HTML that a test asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from gatepost.book import Entry
from gatepost.check import check_book, read_project
from gatepost.gates import GATES, Gate
from gatepost.gates.gate import Context, Unknown, Verdict
from gatepost.site import Page, Site
from gatepost.sources import find_project
from trees import TODAY, clean_log, edited, write_tree

__all__ = ["HOSTILE", "Parsed", "page", "parsed", "site_of", "troubled_log"]

HOSTILE = 'A <script>alert(1)</script> *bold* {{ macro }} `code` "quoted" & ~~~ title'
"""A title that HTML, Markdown, a macro or an attribute could take for its own."""

BLOCKS = frozenset({"h1", "h2", "h3", "p", "li", "div", "span", "td", "th", "dt", "dd", "text"})
VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})


def troubled_log() -> dict[str, str]:
    """Give the clean log with one thing of each state: stopped, escalated, failing, open, waived, late, unreadable."""
    files = edited(clean_log(), "churn/pipeline.md", "kind: approval, by: [ml-lead],", "kind: approval,")
    files = edited(
        files,
        "churn/decisions/0003-logistic-regression.md",
        "production-impact: false",
        "production-impact: false\nwaivers:\n"
        "  - {gate: scope-explicit, reason: Rewritten soon, approved-by: Ana Ruiz, until: 2026-12-31}",
    )
    files = edited(
        files, "churn/decisions/0003-logistic-regression.md", "  out: [How often it is trained (ADR-0002)]\n", ""
    )
    proposed = (
        f"---\nid: ADR-0005\nstatus: proposed\ndate: 2026-11-20\ntitle: '{HOSTILE}'\ndomain: data\nrisks: [RISK-9]\n"
    )
    risk = (
        "---\nid: RISK-0003\ntitle: A late risk\nstatus: accepted\nlikelihood: 5\nimpact: 5\nresidual-likelihood: 3\n"
        "residual-impact: 4\nowner: Kim Lee\ndue: 2026-11-01\nverification: A drill each month\n"
        "treatment: A second source\n"
        "accepted-by: Ana Ruiz\naccepted-on: 2026-10-01\ndecisions: [ADR-0002]\n---\n\n# A late risk\n"
    )
    broken = "---\nid: ADR-0006\ntitle: Cannot be read\nstatus: acepted\n---\n\nADR-0002.\n"
    return {
        **files,
        "churn/decisions/0005-proposed.md": f"{proposed}---\n\n# A proposal\n\n## Decision Outcome\n\nADR-0002.\n",
        "churn/decisions/0006-broken.md": broken,
        "churn/risks/0003-late.md": risk,
    }


def _unknown(_entry: Entry, _context: Context) -> Verdict:
    return Unknown("shallow clone")


def _broken(_entry: Entry, _context: Context) -> Verdict:
    message = "it broke"
    raise RuntimeError(message)


EXTRA_GATES = (
    Gate("needs-history", "XX1", "quality", frozenset({"decision"}), "The history is there.", _unknown),
    Gate("breaks", "XX2", "quality", frozenset({"risk"}), "It never holds.", _broken),
)
"""Gates of another package: one that cannot be decided, one that breaks."""


def site_of(
    folder: Path,
    files: Mapping[str, str],
    *,
    language: str = "en",
    more: tuple[Gate, ...] = (),
    urls: Callable[[str, str], str] | None = None,
) -> Site:
    """Write files into a fresh repository, check them, and give their site."""
    folder.mkdir(exist_ok=True)
    book = read_project(find_project(write_tree(folder, files)))
    report = check_book(book, TODAY, (*GATES, *more))
    edit = "https://forge.example/edit/".__add__
    return Site(report, language=language, edit_url=edit, **({"urls": urls} if urls else {}))


def page(site: Site, path: str) -> Page:
    """Give one generated page."""
    return next(one for one in site.pages() if one.path == path)


@dataclass
class Parsed:
    """What a parser finds in HTML."""

    text: str = ""
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    unbalanced: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    """The text of the cells of each row of each table."""

    @property
    def ids(self) -> list[str]:
        """The ids that are defined."""
        return [found for _, attributes in self.tags if (found := attributes.get("id"))]

    def all(self, tag: str, name: str = "") -> list[dict[str, str]]:
        """Give the attributes of each element of a kind, perhaps of one class."""
        return [a for found, a in self.tags if found == tag and (not name or name in a.get("class", "").split())]

    def row(self, start: str) -> list[str]:
        """Give the cells of the row whose first cell starts with some text."""
        return next(row for row in self.rows if row and row[0].startswith(start))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = Parsed()
        self.stack: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.stack.append(tag)
        if tag == "tr":
            self.found.rows.append([])
        elif tag in {"td", "th"}:
            self.found.rows[-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self.stack or self.stack.pop() != tag:
            self.found.unbalanced.append(tag)
        if tag in BLOCKS:
            self.found.text += " "

    def handle_data(self, data: str) -> None:
        self.found.text += data
        if {"td", "th"} & set(self.stack):
            self.found.rows[-1][-1] += data


def parsed(html: str) -> Parsed:
    """Read HTML, or a generated page of it."""
    reader = _Reader()
    reader.feed(html)
    reader.found.unbalanced += reader.stack
    return reader.found
