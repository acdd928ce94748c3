"""One record of a report, by what a person calls it."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from gatepost.records import canonical

if TYPE_CHECKING:
    from gatepost.check import RecordReport, Report

__all__ = ["record_named"]


def record_named(report: Report, name: str) -> RecordReport:
    """Give the record with an id (`ADR-3`, `adr-0003`), an item's id, or a path.

    Raises:
        click.UsageError: there is none.
    """
    for key in (canonical(name), canonical(name.upper()), name.lower()):
        found = report.of(key)
        if found is not None:
            return found
        for checklist, _, _ in report.book.items.get(key, ()):
            return next(record for record in report.records if record.entry is checklist)
    path = name.replace("\\", "/").removeprefix("./")
    for record in report.records:
        if record.entry.path == path:
            return record
    near = get_close_matches(name.upper(), [record.id for record in report.records], n=3, cutoff=0.5)
    hint = f"did you mean {', '.join(near)}?" if near else "`gatepost list` lists the records"
    message = f"there is no record '{name}'; {hint}"
    raise click.UsageError(message)
