"""The risk register: the heat maps, then every risk with what is done about it and by whom."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from gatepost.book import Entry
from gatepost.check import RecordReport
from gatepost.records import Risk
from gatepost.site.exposure import threshold, tier_of
from gatepost.site.filters import Facet, filters, row_data
from gatepost.site.fragments import prose
from gatepost.site.frame import calm, framed
from gatepost.site.heat_map import heat_map
from gatepost.site.links import relations
from gatepost.site.lookup import Lookup, Ref
from gatepost.site.marks import Mark
from gatepost.site.page import Page

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["risk_register"]

PATH: Final = "risk-register.md"
_FACETS: Final[tuple[Facet, ...]] = ("design", "status", "owner", "inherent", "residual", "state", "gate")
_TIERS: Final = ("low", "medium", "high")


class Row(NamedTuple):
    """A risk as the register shows it; one that cannot be read has only its name and its gates."""

    ref: Ref
    data: Markup
    risk: Risk | None
    limit: int
    late: int
    """Days since it was due; 0 when it is not."""
    decisions: list[Ref]
    mark: Mark
    unmet: tuple[str, ...]


def risk_register(lookup: Lookup) -> Page:
    """Give the page: what can still hurt first, the highest exposure first."""
    words = lookup.words
    title = words("page.risk-register")
    records = [record for record in lookup.report.records if record.entry.kind == "risk"]
    if not records:
        return framed(lookup, PATH, title, calm(words("risks.lede", n=0), words("risks.empty")), wide=True)
    rows = sorted((_row(lookup, record) for record in records), key=_order)
    live = [row.risk for row in rows if row.risk and row.risk.is_live]
    policy = lookup.book.policy
    used = {tier_of(lookup.book, record.entry.design) for record in records}
    limits = [(tier, policy.tier(tier).accepted_exposure) for tier in _TIERS if tier in used]
    html = lookup.render(
        "risk_register",
        rows=rows,
        filters=filters(lookup, records, _FACETS),
        maps=[heat_map(lookup, "inherent", live, limits), heat_map(lookup, "residual", live, limits)] if live else [],
        limits=limits,
        settled=sum(1 for row in rows if row.risk and not row.risk.is_live),
        say=partial(prose, lookup, PATH),
    )
    return framed(lookup, PATH, title, html, wide=True)


def _order(row: Row) -> tuple[bool, int, str]:
    return (not (row.risk and row.risk.is_live), -(row.risk.exposure if row.risk else 0), row.ref.id)


def _row(lookup: Lookup, record: RecordReport) -> Row:
    entry = record.entry
    risk = entry.record if isinstance(entry, Entry) and isinstance(entry.record, Risk) else None
    related = relations(lookup, PATH, entry) if isinstance(entry, Entry) else {}
    return Row(
        lookup.to(PATH, entry),
        row_data(lookup, record, _FACETS),
        risk,
        threshold(lookup.book, entry.design),
        days_late(risk.due if risk and risk.is_live else None, lookup.report.today),
        related.get("decisions", []),
        lookup.gravest(record),
        lookup.unmet(record),
    )


def days_late(day: dt.date | None, today: dt.date) -> int:
    """Give how many days ago something was due; 0 when it is not late."""
    return max(0, (today - day).days) if day else 0
