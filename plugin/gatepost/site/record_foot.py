"""What stands below the author's words: the typed fields in readable form, links both ways, the record's place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final, NamedTuple

from markupsafe import Markup

from gatepost.book import Entry, Unread
from gatepost.book.evidence import assess
from gatepost.book.links import evidence_of
from gatepost.gates import Gate
from gatepost.records import ATTRIBUTES, Checklist, Decision, Option, Pipeline, Waiver
from gatepost.records.decision import Assumption
from gatepost.site.checklists import item_rows
from gatepost.site.contract import contract_tables, stage_anchors
from gatepost.site.exposure import threshold, tier_of
from gatepost.site.fragments import bullets, day, fact, facts, listed, prose, staged, titled
from gatepost.site.fragments import status as badge
from gatepost.site.links import chain, relations
from gatepost.site.lookup import Lookup, Ref, item_anchor
from gatepost.site.policy_page import policy_tables
from gatepost.site.render import safe
from gatepost.site.risk_register import days_late
from gatepost.site.timeline import record_timeline
from gatepost.site.words import Words

__all__ = ["foot_anchors", "record_foot"]

_LISTED: Final = ("decision", "risk", "follow-up", "checklist", "pipeline")


class EvidenceRow(NamedTuple):
    """A piece of evidence and what looking at it gave."""

    grade: str
    kind: str
    claim: Markup
    place: str
    href: str
    number: str
    date: str
    supports: str
    note: str
    broken: bool


class OptionRow(NamedTuple):
    """An option and its scores, in the order of the attributes."""

    option: Option
    scores: tuple[int | None, ...]
    chosen: bool
    top: bool


class WaiverRow(NamedTuple):
    """A waiver, and the gate that it names when there is one."""

    waiver: Waiver
    gate: Gate | None
    href: str
    expired: bool


def record_foot(lookup: Lookup, one: Entry | Unread) -> str:
    """Give the foot of a record's page: only what there is; of a record that cannot be read its history."""
    inside = f"{_typed(lookup, one) if isinstance(one, Entry) else ''}{record_timeline(lookup, one)}"
    if not inside:
        return ""
    label = lookup.words.html("foot.label")
    return f'<aside class="gp gp-foot" data-search-exclude aria-label="{label}">\n{inside}</aside>'


def _typed(lookup: Lookup, one: Entry) -> str:
    """Give what the record says in its fields."""
    page = lookup.page(one)
    evidence = list(_evidence(lookup, one))
    waivers = [_waiver(lookup, page, waiver) for waiver in one.record.waivers]
    parts = (
        _OWN[one.kind](lookup, page, one),
        lookup.render("foot_evidence", evidence=evidence, waivers=waivers, say=partial(prose, lookup, page))
        if evidence or waivers
        else "",
        _chain(lookup, page, one) if one.kind == "decision" else "",
        _relations(lookup, page, one),
    )
    return "".join(parts)


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
            prose(lookup, lookup.page(entry), one.claim),
            one.place,
            one.url or _file_href(lookup, entry, one.path),
            f"{one.pointer} = {one.value}" if one.pointer else "",
            str(one.date or ""),
            one.supports or "",
            found.note,
            found.state == "broken",
        )


def _file_href(lookup: Lookup, entry: Entry, path: str | None) -> str:
    """Give the address of a cited file that the site publishes; empty for others."""
    fact = lookup.book.files.look(path, lookup.book.folder(entry)) if path else None
    if fact is None or fact.state != "found" or not fact.path.startswith(lookup.prefix):
        return ""
    return lookup.file_url(lookup.page(entry), fact.path.removeprefix(lookup.prefix)) or ""


def _waiver(lookup: Lookup, page: str, waiver: Waiver) -> WaiverRow:
    gate = lookup.report.gates.find(waiver.gate)
    href = lookup.gate_href(page, gate) if gate else ""
    return WaiverRow(waiver, gate, href, waiver.until < lookup.report.today)


def _chain(lookup: Lookup, page: str, entry: Entry) -> str:
    """Give the line of supersession that a decision stands in; nothing when it stands alone."""
    refs = chain(lookup, page, entry)
    return lookup.render("foot_chain", chain=refs, here=entry.id) if refs else ""


def _relations(lookup: Lookup, page: str, entry: Entry) -> str:
    """Give the links both ways, by relation."""
    words = lookup.words
    found = [
        fact(words(f"rel.{relation}"), f'<ul class="gp-links">{"".join([_link(words, ref) for ref in refs])}</ul>')
        for relation, refs in relations(lookup, page, entry).items()
    ]
    return facts(words("foot.links"), found) if found else ""


def _link(words: Words, ref: Ref) -> str:
    return f"<li>{titled(words, ref)}{' ' if ref.status else ''}{badge(words, ref.status)}</li>"


def _decision(lookup: Lookup, page: str, entry: Entry) -> str:
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
    say = partial(prose, lookup, page)
    weighed = bool(options or record.rollout or record.rollback)
    above = (
        lookup.render("foot_decision", record=record, options=options, attributes=ATTRIBUTES, say=say)
        if weighed
        else ""
    )
    return f"{above}{facts(lookup.words('foot.facts'), _facts(lookup, page, entry, record))}"


def _facts(lookup: Lookup, page: str, entry: Entry, record: Decision) -> Iterator[str]:
    """Give each fact of a decision that it states."""
    words, scope = lookup.words, record.scope
    stages = [staged(lookup, page, entry.design, stage) for stage in record.stages]
    checks = [_assumption(lookup, page, one) for one in record.assumptions]

    def say(texts: tuple[str, ...]) -> list[Markup]:
        return [prose(lookup, page, text) for text in texts]

    stated = (
        ("date", day(record.date)),
        ("makers", safe(", ".join(record.decision_makers))),
        ("consulted", safe(", ".join(record.consulted))),
        ("informed", safe(", ".join(record.informed))),
        ("domain", safe(record.domain or "")),
        ("stages", ", ".join(stages)),
        ("production", safe(words("fact.production-yes")) if record.changes_production else ""),
        ("scope-in", bullets(say(scope.in_)) if scope else ""),
        ("scope-out", bullets(say(scope.out)) if scope else ""),
        ("constraints", bullets(say(record.constraints))),
        ("assumptions", f"<ul>{''.join(checks)}</ul>" if checks else ""),
        ("residual-risk", prose(lookup, page, record.residual_risk)),
        ("verification", bullets(say(record.verification))),
    )
    yield from (fact(words(f"fact.{name}"), html) for name, html in stated if html)


def _assumption(lookup: Lookup, page: str, one: Assumption) -> str:
    said = f"{safe(lookup.words('fact.check'))} {prose(lookup, page, one.check)}"
    check = f' <span class="gp-note">{said}</span>' if one.check else ""
    return f"<li>{prose(lookup, page, one.text)}{check}</li>"


def _risk(lookup: Lookup, page: str, entry: Entry) -> Markup:
    record: Any = entry.record
    late = days_late(record.due if record.is_live else None, lookup.report.today)
    limit = threshold(lookup.book, entry.design)
    tier, say = tier_of(lookup.book, entry.design), partial(prose, lookup, page)
    return lookup.render("foot_risk", record=record, limit=limit, tier=tier, late=late, say=say)


def _follow_up(lookup: Lookup, page: str, entry: Entry) -> Markup:
    record: Any = entry.record
    late = days_late(record.due if record.is_live else None, lookup.report.today)
    return lookup.render("foot_follow_up", record=record, late=late, say=partial(prose, lookup, page))


def _design(lookup: Lookup, page: str, entry: Entry) -> Markup:
    report = lookup.designs.get(entry.id)
    found: dict[str, list[tuple[Ref, str]]] = {kind: [] for kind in _LISTED}
    for record in report.records if report else ():
        if record.entry.kind in found:
            found[record.entry.kind].append((lookup.to(page, record.entry), lookup.gravest(record)))
    say, many = partial(prose, lookup, page), partial(listed, lookup, page)
    return lookup.render("foot_design", record=entry.record, report=report, records=found, say=say, listed=many)


def _checklist(lookup: Lookup, page: str, entry: Entry) -> Markup:
    rows = item_rows(lookup, page, entry.record) if isinstance(entry.record, Checklist) else []
    return lookup.render("foot_checklist", rows=rows)


def _pipeline(lookup: Lookup, page: str, entry: Entry) -> Markup:
    return contract_tables(lookup, page, entry)


def _policy(lookup: Lookup, page: str, entry: Entry) -> Markup:
    return policy_tables(lookup, page) if entry is lookup.book.policy_entry else Markup("")


_OWN: Final[dict[str, Callable[[Lookup, str, Entry], str]]] = {
    "decision": _decision,
    "risk": _risk,
    "follow-up": _follow_up,
    "design": _design,
    "checklist": _checklist,
    "pipeline": _pipeline,
    "policy": _policy,
}
