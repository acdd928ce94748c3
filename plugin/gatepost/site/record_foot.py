"""What stands below the author's words: the typed fields in readable form, links both ways, the record's place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from gatepost.book import Entry, Unread
from gatepost.book.evidence import assess
from gatepost.book.links import evidence_of
from gatepost.gates import Gate
from gatepost.records import ATTRIBUTES, Checklist, Option, Pipeline, Waiver
from gatepost.site.checklists import item_rows
from gatepost.site.contract import contract_tables, stage_anchors
from gatepost.site.exposure import threshold, tier_of
from gatepost.site.links import chain, relations
from gatepost.site.lookup import Lookup, Ref, item_anchor
from gatepost.site.policy_page import policy_tables
from gatepost.site.risk_register import days_late

__all__ = ["foot_anchors", "record_foot"]

_LISTED: Final = ("decision", "risk", "follow-up", "checklist", "pipeline")


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A piece of evidence and what looking at it gave."""

    grade: str
    kind: str
    claim: str
    place: str
    href: str
    number: str
    date: str
    supports: str
    note: str
    broken: bool


@dataclass(frozen=True, slots=True)
class OptionRow:
    """An option and its scores, in the order of the attributes."""

    option: Option
    scores: tuple[int | None, ...]
    chosen: bool
    top: bool


@dataclass(frozen=True, slots=True)
class WaiverRow:
    """A waiver, and the gate that it names when there is one."""

    waiver: Waiver
    gate: Gate | None
    href: str
    expired: bool


def record_foot(lookup: Lookup, one: Entry | Unread) -> Markup:
    """Give the foot of a record's page; a record that cannot be read has none."""
    if isinstance(one, Unread):
        return Markup("")
    page = lookup.page(one)
    return lookup.render(
        "record_foot",
        record=one.record,
        own=_OWN[one.kind](lookup, page, one),
        evidence=list(_evidence(lookup, one)),
        waivers=[_waiver(lookup, page, waiver) for waiver in one.record.waivers],
        chain=chain(lookup, page, one) if one.kind == "decision" else [],
        here=one.id,
        relations=relations(lookup, page, one),
        edit=lookup.edit_url(page),
    )


def foot_anchors(one: Entry | Unread) -> Iterator[str]:
    """Give the ids that the foot defines."""
    record = one.record if isinstance(one, Entry) else None
    if isinstance(record, Checklist):
        yield from (item_anchor(item.id) for item in record.items)
    elif isinstance(record, Pipeline):
        yield from stage_anchors(record)


def _evidence(lookup: Lookup, entry: Entry) -> Iterator[EvidenceRow]:
    for at, one in evidence_of(entry):
        found = assess(lookup.book, entry, at, one)
        yield EvidenceRow(
            found.grade,
            one.kind,
            one.claim,
            one.place,
            one.url or "",
            f"{one.pointer} = {one.value}" if one.pointer else "",
            str(one.date or ""),
            one.supports or "",
            found.note,
            found.state == "broken",
        )


def _waiver(lookup: Lookup, page: str, waiver: Waiver) -> WaiverRow:
    gate = lookup.report.gates.find(waiver.gate)
    href = lookup.gate_href(page, gate) if gate else ""
    return WaiverRow(waiver, gate, href, waiver.until < lookup.report.today)


def _decision(lookup: Lookup, page: str, entry: Entry) -> Markup:
    record: Any = entry.record
    best = max((option.total for option in record.options), default=0)
    options = [
        OptionRow(
            option,
            tuple(getattr(option, name) for name in ATTRIBUTES),
            option.name == record.chosen,
            option.total == best,
        )
        for option in record.options
    ]
    stages = [(stage, lookup.page_of(f"{entry.design}/pipeline#{stage}")) for stage in record.stages]
    return lookup.render(
        "foot_decision",
        record=record,
        options=options,
        attributes=ATTRIBUTES,
        stages=[(stage, lookup.urls(page, target) if target else "") for stage, target in stages],
    )


def _risk(lookup: Lookup, _page: str, entry: Entry) -> Markup:
    record: Any = entry.record
    late = days_late(record.due if record.is_live else None, lookup.report.today)
    limit = threshold(lookup.book, entry.design)
    return lookup.render("foot_risk", record=record, limit=limit, tier=tier_of(lookup.book, entry.design), late=late)


def _follow_up(lookup: Lookup, _page: str, entry: Entry) -> Markup:
    record: Any = entry.record
    late = days_late(record.due if record.is_live else None, lookup.report.today)
    return lookup.render("foot_follow_up", record=record, late=late)


def _design(lookup: Lookup, page: str, entry: Entry) -> Markup:
    report = lookup.designs.get(entry.id)
    found: dict[str, list[tuple[Ref, str]]] = {kind: [] for kind in _LISTED}
    for record in report.records if report else ():
        if record.entry.kind in found:
            found[record.entry.kind].append((lookup.to(page, record.entry), lookup.gravest(record)))
    return lookup.render("foot_design", record=entry.record, report=report, records=found)


def _checklist(lookup: Lookup, page: str, entry: Entry) -> Markup:
    rows = item_rows(lookup, page, entry.record) if isinstance(entry.record, Checklist) else []
    return lookup.render("foot_checklist", rows=rows)


def _pipeline(lookup: Lookup, page: str, entry: Entry) -> Markup:
    return contract_tables(lookup, page, entry)


def _policy(lookup: Lookup, page: str, entry: Entry) -> Markup:
    return policy_tables(lookup, page) if entry is lookup.book.policy_entry else Markup("")


_OWN: Final[dict[str, Callable[[Lookup, str, Entry], Markup]]] = {
    "decision": _decision,
    "risk": _risk,
    "follow-up": _follow_up,
    "design": _design,
    "checklist": _checklist,
    "pipeline": _pipeline,
    "policy": _policy,
}
