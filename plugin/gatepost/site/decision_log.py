"""The decision log: every decision with its status, date, makers, supersession and gates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gatepost.book import Entry
from gatepost.check import RecordReport
from gatepost.records import Decision
from gatepost.site.filters import Facet, filters, row_data
from gatepost.site.frame import framed
from gatepost.site.links import relations
from gatepost.site.lookup import Lookup, Ref
from gatepost.site.marks import Mark
from gatepost.site.page import Page

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["decision_log"]

PATH: Final = "decision-log.md"
_FACETS: Final[tuple[Facet, ...]] = ("design", "status", "state", "stage", "gate", "owner")


@dataclass(frozen=True, slots=True)
class Row:
    """A decision as the log shows it; one that cannot be read has only its name and its gates."""

    ref: Ref
    data: Markup
    date: dt.date | None
    domain: str
    stages: tuple[tuple[str, str], ...]
    """Each stage and its address, which is empty when the contract has no such stage."""
    makers: tuple[str, ...]
    replaces: list[Ref]
    replaced_by: list[Ref]
    mark: Mark
    unmet: tuple[str, ...]


def decision_log(lookup: Lookup) -> Page:
    """Give the page, the newest decision first."""
    records = [record for record in lookup.report.records if record.entry.kind == "decision"]
    rows = sorted((_row(lookup, record) for record in records), key=lambda row: row.ref.id)
    rows.sort(key=lambda row: row.date or dt.date.max, reverse=True)
    html = lookup.render("decision_log", rows=rows, filters=filters(lookup, records, _FACETS))
    title = lookup.words("page.decision-log")
    return framed(lookup, PATH, title, html, wide=True)


def _row(lookup: Lookup, record: RecordReport) -> Row:
    entry = record.entry
    decision = entry.record if isinstance(entry, Entry) and isinstance(entry.record, Decision) else None
    related = relations(lookup, PATH, entry) if isinstance(entry, Entry) else {}
    return Row(
        lookup.to(PATH, entry),
        row_data(lookup, record, _FACETS),
        decision.date if decision else None,
        (decision.domain or "") if decision else "",
        tuple((stage, _stage(lookup, entry.design, stage)) for stage in decision.stages) if decision else (),
        decision.decision_makers if decision else (),
        related.get("supersedes", []),
        related.get("superseded-by", []),
        lookup.gravest(record),
        tuple(lookup.unmet(record)),
    )


def _stage(lookup: Lookup, design: str, stage: str) -> str:
    page = lookup.page_of(f"{design}/pipeline#{stage}")
    return lookup.urls(PATH, page) if page else ""
