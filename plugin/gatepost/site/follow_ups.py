"""The follow-ups: what was promised, in the order in which it is due."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from gatepost.book import Entry
from gatepost.check import RecordReport
from gatepost.records import FollowUp
from gatepost.site.filters import Facet, filters, row_data
from gatepost.site.fragments import prose
from gatepost.site.frame import calm, framed
from gatepost.site.links import relations
from gatepost.site.lookup import Lookup, Ref
from gatepost.site.marks import Mark
from gatepost.site.page import Page
from gatepost.site.risk_register import days_late

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["follow_ups"]

PATH: Final = "follow-ups.md"
_FACETS: Final[tuple[Facet, ...]] = ("design", "status", "owner", "state", "gate")


class Row(NamedTuple):
    """A follow-up as the page shows it; one that cannot be read has only its name and its gates."""

    ref: Ref
    data: Markup
    record: FollowUp | None
    late: int
    """Days since it was due; 0 when it is not."""
    left: int | None
    """Days until it is due; None when it is not owed any more, late, or without a day."""
    sources: list[Ref]
    """The decisions and risks that it comes from."""
    mark: Mark
    unmet: tuple[str, ...]


def follow_ups(lookup: Lookup) -> Page:
    """Give the page: what is owed first, the earliest day first."""
    words = lookup.words
    title = words("page.follow-ups")
    records = [record for record in lookup.report.records if record.entry.kind == "follow-up"]
    if not records:
        none = calm(words("follow-ups.lede", owed=0, late=0), words("follow-ups.empty"))
        return framed(lookup, PATH, title, none, wide=True)
    rows = sorted((_row(lookup, record) for record in records), key=_order)
    html = lookup.render(
        "follow_ups",
        rows=rows,
        owed=sum(1 for row in rows if row.record and row.record.is_live),
        late=sum(1 for row in rows if row.late),
        filters=filters(lookup, records, _FACETS),
        say=partial(prose, lookup, PATH),
    )
    return framed(lookup, PATH, title, html, wide=True)


def _order(row: Row) -> tuple[bool, dt.date, str]:
    owed = row.record is None or row.record.is_live
    return not owed, (row.record.due if row.record else None) or dt.date.max, row.ref.id


def _row(lookup: Lookup, record: RecordReport) -> Row:
    entry, today = record.entry, lookup.report.today
    known = entry.record if isinstance(entry, Entry) and isinstance(entry.record, FollowUp) else None
    related = relations(lookup, PATH, entry) if isinstance(entry, Entry) else {}
    owed_by = known.due if known and known.is_live else None
    return Row(
        lookup.to(PATH, entry),
        row_data(lookup, record, _FACETS),
        known,
        days_late(owed_by, today),
        (owed_by - today).days if owed_by and owed_by >= today else None,
        [*related.get("decisions", []), *related.get("risks", [])],
        lookup.gravest(record),
        lookup.unmet(record),
    )
