"""The gate matrix: a row for each record, a column for each gate, a word and a sign in each cell."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from markupsafe import Markup

from gatepost.check import Outcome, RecordReport
from gatepost.gates import Gate
from gatepost.site.filters import Facet, filters, row_data
from gatepost.site.frame import framed
from gatepost.site.lookup import Lookup
from gatepost.site.marks import UNMET, Mark
from gatepost.site.page import Page
from gatepost.site.render import safe
from gatepost.site.words import Words

__all__ = ["gate_matrix"]

PATH: Final = "gate-matrix.md"
_FACETS: Final[tuple[Facet, ...]] = ("design", "gate", "state", "status", "stage", "owner")
_KINDS: Final = ("integrity", "quality", "stop", "escalation")


class Group(NamedTuple):
    """The rows of one design."""

    title: str
    state: str
    rows: Markup
    height: int
    """How many rows there are."""


class Matrix(NamedTuple):
    """One table: its gates, in groups of one kind, and its rows."""

    caption: str
    gates: tuple[tuple[str, tuple[tuple[Gate, str], ...]], ...]
    """The kind, and each gate of it with the address of its page."""
    groups: tuple[Group, ...]

    @property
    def width(self) -> int:
        """How many columns there are, the first included."""
        return 1 + sum(len(gates) for _, gates in self.gates)

    @property
    def height(self) -> int:
        """How many rows there are."""
        return sum(group.height for group in self.groups)


def gate_matrix(lookup: Lookup) -> Page:
    """Give the page."""
    words = lookup.words
    decisions = [record for record in lookup.report.records if record.entry.kind == "decision"]
    others = [record for record in lookup.report.records if record.entry.kind != "decision"]
    tables = [
        _matrix(lookup, words("matrix.decisions"), decisions),
        _matrix(lookup, words("matrix.others"), others),
    ]
    html = lookup.render(
        "matrix",
        tables=[table for table in tables if table.groups],
        filters=filters(lookup, lookup.report.records, _FACETS),
        legend=("met", "failing", "open", "advice", "waived", "unknown", "error", "na"),
    )
    title = words("page.gate-matrix")
    return framed(lookup, PATH, title, html, wide=True, searched=False)


def _matrix(lookup: Lookup, caption: str, records: Sequence[RecordReport]) -> Matrix:
    asked = {gate for record in records for gate in record.outcomes}
    columns = [gate for kind in _KINDS for gate in lookup.report.gates if gate.kind == kind and gate.id in asked]
    heads = tuple(
        (kind, tuple((gate, lookup.gate_href(PATH, gate)) for gate in columns if gate.kind == kind))
        for kind in _KINDS
        if any(gate.kind == kind for gate in columns)
    )
    cells = _Cells(lookup, columns)
    groups: dict[str, list[str]] = {}
    for record in records:
        groups.setdefault(record.entry.design, []).append(_row(lookup, record, cells))
    return Matrix(caption, heads, tuple(_group(lookup, design, rows) for design, rows in groups.items()))


def _row(lookup: Lookup, record: RecordReport, cells: _Cells) -> str:
    ref = lookup.to(PATH, record.entry)
    href, title = safe(ref.href), safe(ref.title)
    note = f' <span class="gp-note">{lookup.words.html(f"status.{ref.status}")}</span>' if ref.status else ""
    return (
        f'<tr{row_data(lookup, record, _FACETS)}><th scope="row"><a href="{href}" title="{title}">'
        f'<span class="gp-id">{safe(ref.id)}</span> {title}</a>{note}</th>{cells.row(record, href)}</tr>'
    )


def _group(lookup: Lookup, design: str, rows: list[str]) -> Group:
    found = lookup.designs.get(design)
    title = found.title if found and design else lookup.words("design.none")
    written = Markup("\n".join(rows))  # noqa: S704 - each row escapes
    return Group(title, found.state if found else "", written, len(rows))


class _Cells:
    """Writes the cells of one table; those that lead nowhere are written once."""

    def __init__(self, lookup: Lookup, gates: Sequence[Gate]) -> None:
        self._lookup, self._gates = lookup, [gate.id for gate in gates]
        self._not_asked = f'<td class="gp-m-none">{lookup.words.html("mark.none")}</td>'

    def row(self, record: RecordReport, href: Markup) -> str:
        """Give the cells of one record, whose address is escaped already."""
        marks = {gate.id: (mark, outcome) for gate, mark, outcome in self._lookup.marks(record)}
        return "".join(
            [self._cell(gate, *marks[gate], href) if gate in marks else self._not_asked for gate in self._gates]
        )

    def _cell(self, gate: str, mark: Mark, outcome: Outcome, href: Markup) -> str:
        if mark in UNMET or mark == "waived":
            note = safe(self._lookup.note(outcome))
            word = self._lookup.words.html(f"mark.{mark}")
            return f'<td class="gp-m gp-m-{mark}"><a href="{href}#gate-{gate}" title="{note}">{word}</a></td>'
        return _plain(self._lookup.words, mark, outcome.reason)


@lru_cache(maxsize=256)
def _plain(words: Words, mark: Mark, reason: str) -> str:
    """Give a cell that leads nowhere; a title says why, where there is a reason."""
    why = f' title="{safe(reason)}"' if reason else ""
    return f'<td class="gp-m gp-m-{mark}"{why}>{words.html(f"mark.{mark}")}</td>'
