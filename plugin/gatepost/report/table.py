"""Records as a table that fits a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from gatepost.book import Entry
from gatepost.report.counts import counted
from gatepost.report.lines import columns, pad, plain
from gatepost.report.paint import Paint, in_plain
from gatepost.report.text import EFFECT_WORDS, revision_lines

if TYPE_CHECKING:
    from gatepost.check.results import RecordReport, Report

__all__ = ["render_table"]

_HEAD: Final = ("ID", "STATUS", "GATES", "DATE", "TITLE")
_LONGEST_ID: Final = 30


def render_table(report: Report, records: Sequence[RecordReport], *, paint: Paint = in_plain, width: int = 80) -> str:
    """Give records as a table: id, status, the gravest thing not met, the day that counts, title.

    Args:
        report: the report that they are from.
        records: the records to list.
        paint: what gives each piece its colour.
        width: columns that a line may fill; titles are cut there.
    """
    cells = [_cells(record) for record in records]
    sizes = [max(columns(row[index]) for row in (_HEAD, *cells)) for index in range(len(_HEAD) - 1)]
    sizes[0] = min(sizes[0], _LONGEST_ID)
    room = width - sum(sizes) - 2 * len(sizes)
    lines = [paint(_row(_HEAD, sizes, room), "name")] if cells else []
    lines += [_row(row, sizes, room) for row in cells]
    lines += [f"{len(cells)} of {counted(len(report.records), 'record')}.", *revision_lines(report)]
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[str], sizes: Sequence[int], room: int) -> str:
    *fixed, title = cells
    padded = [pad(cell, size) for cell, size in zip(fixed, sizes, strict=True)]
    return "  ".join([*padded, title if columns(title) <= room else pad(title, room)]).rstrip()


def _cells(record: RecordReport) -> tuple[str, ...]:
    entry = record.entry
    if not isinstance(entry, Entry):
        return plain(record.id), "unread", "BLOCK", "", plain(entry.path)
    known = entry.record
    gates = "met" if record.effect == "none" else EFFECT_WORDS[record.effect][0]
    day = getattr(known, "due", None) or getattr(known, "date", None)
    return (
        plain(record.id),
        str(getattr(known, "status", "") or ""),
        gates,
        str(day or ""),
        plain(known.title),
    )
