"""What rows are filtered by: attributes on each row, and a form that offers the values there are."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, Literal, NamedTuple, TypeAlias

from markupsafe import Markup

from gatepost.book import Entry
from gatepost.check import RecordReport
from gatepost.check.event import EVENT_KINDS
from gatepost.records import Decision, Risk
from gatepost.site.lookup import Lookup, status
from gatepost.site.marks import GRAVEST_FIRST
from gatepost.site.render import safe

__all__ = ["Facet", "Filter", "attribute", "choice", "filters", "row_data"]

Facet: TypeAlias = Literal[
    "design", "status", "state", "gate", "stage", "owner", "production", "inherent", "residual", "change"
]
"""What a row can be filtered by; also its name in the address and in the row's `data-` attribute."""

_SEPARATOR: Final = "|"
_UNNAMED: Final = "none"


class Filter(NamedTuple):
    """One choice of the form."""

    name: Facet
    label: str
    options: tuple[tuple[str, str], ...]
    """The value and the words of each option."""


def values(lookup: Lookup, record: RecordReport, facet: Facet) -> tuple[str, ...]:
    """Give what a record has of a facet."""
    one = record.entry
    match facet:
        case "design":
            return (one.design or _UNNAMED,)
        case "status":
            found = status(one)
            return (found,) if found else ()
        case "state":
            return lookup.states(record)
        case "gate":
            return lookup.unmet(record)
        case "stage":
            known = one.record if isinstance(one, Entry) else None
            return known.stages if isinstance(known, Decision) else ()
        case "production":
            known = one.record if isinstance(one, Entry) else None
            return ("yes" if known.changes_production else "no",) if isinstance(known, Decision) else ()
        case "owner":
            return lookup.owners(one)
        case _:
            return _cell(one.record, facet) if isinstance(one, Entry) and isinstance(one.record, Risk) else ()


def _cell(risk: Risk, facet: Facet) -> tuple[str, ...]:
    if facet == "inherent":
        return (f"{risk.likelihood}x{risk.impact}",)
    likelihood, impact = risk.residual_likelihood or risk.likelihood, risk.residual_impact or risk.impact
    return (f"{likelihood}x{impact}",)


def row_data(lookup: Lookup, record: RecordReport, facets: Iterable[Facet]) -> Markup:
    """Give the `data-` attributes of a row."""
    parts = [attribute(facet, found) for facet in facets if (found := values(lookup, record, facet))]
    return Markup("".join(parts))  # noqa: S704 - each value was escaped


@lru_cache(maxsize=4096)
def attribute(facet: Facet, found: tuple[str, ...]) -> str:
    """Give one `data-` attribute of a row."""
    return f' data-{facet}="{safe(_SEPARATOR.join(map(_part, found)))}"'


def _part(value: str) -> str:
    """Give a value as the script of the page compares it: one of several in an attribute."""
    return value.replace(_SEPARATOR, "/")


def filters(lookup: Lookup, records: Iterable[RecordReport], facets: Iterable[Facet]) -> list[Filter]:
    """Give the choices of the form over some records; a facet with a single value is left out."""
    records = tuple(records)
    found = []
    for facet in facets:
        many = {values(lookup, record, facet) for record in records}
        if (one := choice(lookup, facet, (value for some in many for value in some))) is not None:
            found.append(one)
    return found


def choice(lookup: Lookup, facet: Facet, found: Iterable[str]) -> Filter | None:
    """Give the choice between the values of a facet that rows have; None when there is nothing to choose."""
    seen = {_part(value) for value in found}
    if len(seen) > 1 or (seen and facet in {"gate", "stage"}):
        options = tuple((value, _words(lookup, facet, value)) for value in _ordered(lookup, facet, seen))
        return Filter(facet, lookup.words(f"filter.{facet}"), options)
    return None


def _ordered(lookup: Lookup, facet: Facet, seen: set[str]) -> list[str]:
    if facet == "state":
        return [mark for mark in GRAVEST_FIRST if mark in seen]
    if facet == "gate":
        return [gate.id for gate in lookup.report.gates if gate.id in seen]
    if facet == "change":
        return [kind for kind in EVENT_KINDS if kind in seen]
    return sorted(seen)


def _words(lookup: Lookup, facet: Facet, value: str) -> str:
    if facet == "state":
        return lookup.words(f"mark.{value}")
    if facet == "change":
        return lookup.words(f"event.{value}")
    if facet == "production":
        return lookup.words(f"production.{value}")
    if facet == "status":
        return lookup.words.known(f"status.{value}", value)
    if facet == "design":
        design = lookup.book.design(value)
        return design.title if design else lookup.words("design.none")
    return value.replace("x", lookup.words("times")) if facet in {"inherent", "residual"} else value
