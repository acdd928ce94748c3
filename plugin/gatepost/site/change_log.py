"""The change log: what moved, by day, the newest first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from gatepost.site.feed import FEED, fed
from gatepost.site.filters import Facet, attribute, choice
from gatepost.site.frame import calm, framed
from gatepost.site.render import safe
from gatepost.site.told import badge, people, sentence, source

if TYPE_CHECKING:
    from gatepost.check.event import Event
    from gatepost.site.lookup import Lookup
    from gatepost.site.page import Page

__all__ = ["CHANGE_LOG", "change_log", "day_anchor"]

CHANGE_LOG: Final = "change-log.md"
_FACETS: Final[tuple[Facet, ...]] = ("change", "design", "owner")
_OUTSIDE: Final = "none"


def change_log(lookup: Lookup) -> Page:
    """Give the page: the newest events, each with its record, its author and its commit."""
    words, found = lookup.words, lookup.chronicle
    title = words("page.change-log")
    if not found.events:
        return framed(lookup, CHANGE_LOG, title, calm(words("changes.lede"), _why_empty(lookup)), wide=True)
    events = found.events
    choices = (choice(lookup, facet, (one for event in events for one in _values(event, facet))) for facet in _FACETS)
    html = lookup.render(
        "change_log",
        number=len(events),
        first=events[-1].day,
        older=found.older,
        feed=lookup.urls(CHANGE_LOG, FEED) if fed(lookup) else "",
        filters=[one for one in choices if one is not None],
        days=Markup("\n".join(_days(lookup, events))),  # noqa: S704 - each row escapes
    )
    return framed(lookup, CHANGE_LOG, title, html, wide=True)


def day_anchor(event: Event) -> str:
    """Give the anchor of the day of an event."""
    return event.day or "undated"


def _why_empty(lookup: Lookup) -> str:
    problem = lookup.report.history.problem
    return lookup.words("changes.unknown", why=problem) if problem else lookup.words("changes.empty")


def _days(lookup: Lookup, events: tuple[Event, ...]) -> Iterator[str]:
    """Give one group of rows for each day, under the day."""
    for day, many in groupby(events, key=day_anchor):
        rows = [_row(lookup, event) for event in many]
        count = lookup.words("changes.count", n=len(rows))
        yield (
            f'<tbody><tr class="gp-group" id="{safe(day)}"><th colspan="2" scope="rowgroup">'
            f'<a href="#{safe(day)}"><time>{safe(day)}</time></a> <span class="gp-note">{count}</span></th></tr>'
        )
        yield from rows
        yield "</tbody>"


def _row(lookup: Lookup, event: Event) -> str:
    data = "".join(attribute(facet, values) for facet in _FACETS if (values := _values(event, facet)))
    return (
        f"<tr{data}><td>{badge(lookup.words, event)}</td><td>{sentence(lookup, CHANGE_LOG, event)}"
        f'<br><span class="gp-note">{source(lookup, event)}</span></td></tr>'
    )


def _values(event: Event, facet: Facet) -> tuple[str, ...]:
    """Give what an event has of a facet."""
    if facet == "change":
        return (event.kind,)
    return (event.record.design or _OUTSIDE,) if facet == "design" else tuple(people(event))
