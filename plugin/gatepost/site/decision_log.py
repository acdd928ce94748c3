"""The decision log: every decision with its status, date, makers, supersession and gates."""

from __future__ import annotations

import datetime as dt
from typing import Final

from markupsafe import Markup

from gatepost.book import Entry
from gatepost.check import RecordReport
from gatepost.records import Decision
from gatepost.site.filters import Facet, filters, row_data
from gatepost.site.fragments import day, linked, mark, named, note_of_gates, staged, status
from gatepost.site.frame import framed
from gatepost.site.links import relations
from gatepost.site.lookup import Lookup
from gatepost.site.page import Page
from gatepost.site.render import safe

__all__ = ["decision_log"]

PATH: Final = "decision-log.md"
_FACETS: Final[tuple[Facet, ...]] = ("design", "status", "state", "stage", "production", "gate", "owner")
_NONE: Final = ("", "", "", "", "", "")
_SUPERSESSION: Final = frozenset({"supersedes", "superseded-by"})


def decision_log(lookup: Lookup) -> Page:
    """Give the page, the newest decision first."""
    records = [record for record in lookup.report.records if record.entry.kind == "decision"]
    records.sort(key=lambda record: record.entry.id)
    records.sort(key=lambda record: _date(record) or dt.date.max, reverse=True)
    rows = Markup("\n".join(_row(lookup, record) for record in records))  # noqa: S704 - each row escapes
    html = lookup.render("decision_log", rows=rows, number=len(records), filters=filters(lookup, records, _FACETS))
    title = lookup.words("page.decision-log")
    return framed(lookup, PATH, title, html, wide=True)


def _date(record: RecordReport) -> dt.date | None:
    entry = record.entry
    return entry.record.date if isinstance(entry, Entry) and isinstance(entry.record, Decision) else None


def _row(lookup: Lookup, record: RecordReport) -> str:
    """Give the row of a decision; one that cannot be read has only its name and its gates."""
    entry, words = record.entry, lookup.words
    ref = lookup.to(PATH, entry)
    own = (
        _own(lookup, entry, entry.record) if isinstance(entry, Entry) and isinstance(entry.record, Decision) else _NONE
    )
    unmet = lookup.unmet(record)
    return (
        f'<tr{row_data(lookup, record, _FACETS)}><th scope="row" data-v="{safe(ref.id)}">{named(ref, safe(ref.href))}'
        f"</th><td>{status(words, ref.status)}</td><td>{'</td><td>'.join(own)}</td>"
        f'<td data-v="{len(unmet)}">{mark(words, lookup.gravest(record))}{note_of_gates(unmet)}</td></tr>'
    )


def _own(lookup: Lookup, entry: Entry, decision: Decision) -> tuple[str, ...]:
    """Give the cells that only a decision that can be read has."""
    return (
        day(decision.date),
        safe(decision.domain or ""),
        ", ".join(staged(lookup, PATH, entry.design, stage) for stage in decision.stages),
        lookup.words.html("production.yes" if decision.changes_production else "production.no"),
        safe(", ".join(decision.decision_makers)),
        _supersession(lookup, entry),
    )


def _supersession(lookup: Lookup, entry: Entry) -> str:
    """Give the decisions that this one replaces, and those that replace it."""
    related = relations(lookup, PATH, entry, _SUPERSESSION)
    return " ".join(
        f'<span class="gp-pair">{safe(lookup.words(f"rel.{name}"))} {linked(lookup.words, refs)}</span>'
        for name, refs in related.items()
    )
