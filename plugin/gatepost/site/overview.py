"""The overview: the verdict first, then the numbers behind it, then what needs a person now."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from gatepost.book import Entry
from gatepost.check import DesignReport, Finding, Outcome, RecordReport
from gatepost.gates import Gate
from gatepost.records import Decision, Risk
from gatepost.site.exposure import threshold
from gatepost.site.frame import WAYS
from gatepost.site.latest import latest
from gatepost.site.lookup import Lookup, Ref, due
from gatepost.site.marks import STATES, overall
from gatepost.site.page import Page, front
from gatepost.site.render import block
from gatepost.site.trend import trend_part

__all__ = ["overview"]

PATH: Final = "index.md"
_SOON: Final = dt.timedelta(days=14)
_MOST: Final = 100
"""How many findings the overview lists; the gate matrix has them all."""
_STATUSES: Final = ("accepted", "proposed", "superseded", "deprecated", "rejected")


class Need(NamedTuple):
    """Something that needs a person now."""

    urgency: str
    """stopped, escalated, failing or overdue."""
    record: Ref
    href: str
    """The finding on the record's page."""
    gate: str
    message: str
    hint: str
    place: str
    """The file and line, for an editor."""
    field: str
    owners: tuple[str, ...]
    due: dt.date | None


class DesignRow(NamedTuple):
    """A design as the overview's table shows it."""

    report: DesignReport
    ref: Ref | None
    tier: str
    owners: tuple[str, ...]
    statuses: Counter[str]
    exposure: int
    """The highest exposure of any risk that can still hurt; 0 for none."""
    riskiest: Risk | None
    """The risk that has it."""
    riskiest_ref: Ref | None
    limit: int
    overdue: int


def overview(lookup: Lookup) -> Page:
    """Give the first page."""
    words, report = lookup.words, lookup.report
    needs = sorted(_needs(lookup), key=lambda need: (_URGENCIES.index(need[0]), due(need[1].entry) or dt.date.max))
    owed = [(day, record) for record in report.records if (day := due(record.entry))]
    soon = sorted(((day, record) for day, record in owed if report.today <= day <= report.today + _SOON), key=_by_day)
    late = sorted(((day, record) for day, record in owed if day < report.today), key=_by_day)
    statuses = Counter(
        entry.record.status for entry in lookup.book.of_kind("decision") if isinstance(entry.record, Decision)
    )
    rows = [_row(lookup, design) for design in report.designs]
    html = lookup.render(
        "overview",
        verdict=overall(report),
        summary=_summary(lookup),
        sentence=_sentence(lookup),
        states=[(state, sum(1 for one in report.designs if one.state == state)) for state in STATES],
        statuses=[(status, statuses[status]) for status in _STATUSES if statuses[status]],
        gates=report.gates_met,
        unmet=_unmet_gates(lookup),
        trend=trend_part(lookup),
        soon=[(day, lookup.to(PATH, record.entry)) for day, record in soon],
        late=[(day, lookup.to(PATH, record.entry)) for day, record in late],
        today=report.today,
        rows=rows,
        exposed=sorted((row for row in rows if row.exposure), key=lambda row: -row.exposure / row.limit),
        riskiest=_riskiest(rows),
        latest=latest(lookup, PATH),
        needs=[_need(lookup, *need) for need in needs[:_MOST]],
        more=max(0, len(needs) - _MOST),
        links={page: lookup.urls(PATH, f"{page}.md") for page in WAYS},
    )
    title = words("overview.title")
    return Page(PATH, title, front(title) + block(html))


_URGENCIES: Final = ("stopped", "escalated", "failing", "overdue")


def _by_day(one: tuple[dt.date, RecordReport]) -> tuple[dt.date, str]:
    return one[0], one[1].entry.path


def _sentence(lookup: Lookup) -> str:
    """Say where the log stands."""
    words, report = lookup.words, lookup.report
    if not report.records:
        return words("verdict.empty")
    state = overall(report)
    count = sum(1 for design in report.designs if design.state == state)
    if state == "failing":
        return words("verdict.failing", n=len(report.blocking))
    if state == "open":
        return words("verdict.open", n=sum(1 for record in report.records if record.effect == "open"))
    return words(f"verdict.{state}", n=count)


def _summary(lookup: Lookup) -> list[tuple[str, str]]:
    """Give the numbers beside the verdict, and where one of them leads."""
    words, report = lookup.words, lookup.report
    met, asked = report.gates_met
    ways = {"waived": f"{lookup.urls(PATH, 'gate-matrix.md')}?state=waived"}
    said = [(words("summary.gates", met=met, asked=asked), "")]
    for state in ("stopped", "escalated"):
        count = sum(1 for design in report.designs if design.state == state)
        if count and state != overall(report):
            said.append((words(f"summary.{state}", n=count), ""))
    counts = {"blocking": len(report.blocking), "waived": len(report.waived), "unread": report.unread}
    said += [(words(f"summary.{name}", n=count), ways.get(name, "")) for name, count in counts.items() if count]
    return [*said, (words("summary.today", day=report.today), "")]


def _unmet_gates(lookup: Lookup) -> list[tuple[Gate, str, int]]:
    """Give the gates that are not met on every record, with their pages and how often they are not."""
    found = []
    for gate in lookup.report.gates:
        counts = lookup.report.by_gate[gate.id]
        unmet = counts["fail"] + counts["error"] + counts["unknown"] + counts["waived"]
        if unmet:
            found.append((gate, lookup.gate_href(PATH, gate), unmet))
    return sorted(found, key=lambda one: -one[2])


def _needs(lookup: Lookup) -> Iterator[tuple[str, RecordReport, Finding]]:
    """Give what needs a person now: how urgently, the record, the finding."""
    for record in lookup.report.records:
        for gate, _, outcome in lookup.marks(record):
            urgency = _urgency(gate, outcome) if outcome.findings else ""
            if urgency:
                yield from ((urgency, record, finding) for finding in outcome.findings)


def _urgency(gate: Gate, outcome: Outcome) -> str:
    if gate.id == "nothing-overdue" and outcome.is_failure:
        return "overdue"
    if not outcome.blocks:
        return ""
    return {"stop": "stopped", "escalation": "escalated"}.get(gate.kind, "failing")


def _need(lookup: Lookup, urgency: str, record: RecordReport, finding: Finding) -> Need:
    ref = lookup.to(PATH, record.entry)
    return Need(
        urgency,
        ref,
        f"{ref.href}#gate-{finding.gate.id}",
        finding.gate.id,
        finding.message,
        finding.hint,
        f"{finding.path}:{finding.line}",
        finding.field,
        tuple(islice(lookup.owners(record.entry), 3)),
        due(record.entry),
    )


def _live(design: DesignReport) -> Iterator[tuple[Risk, Entry]]:
    """Give the risks of a design that can still hurt."""
    for record in design.records:
        entry = record.entry
        if isinstance(entry, Entry) and isinstance(entry.record, Risk) and entry.record.is_live:
            yield entry.record, entry


def _riskiest(rows: list[DesignRow]) -> tuple[Ref | None, str]:
    """Give the risk with the highest exposure of all, and who answers for it."""
    top = max(rows, key=lambda row: row.exposure, default=None)
    return (top.riskiest_ref, top.riskiest.owner or "") if top and top.riskiest else (None, "")


def _row(lookup: Lookup, design: DesignReport) -> DesignRow:
    known = lookup.book.design(design.id)
    records = [record.entry.record for record in design.records if isinstance(record.entry, Entry)]
    riskiest = max(_live(design), key=lambda one: one[0].exposure, default=None)
    return DesignRow(
        design,
        lookup.ref(PATH, design.id) if known else None,
        known.tier if known else "",
        known.owners if known else (),
        Counter(one.status for one in records if isinstance(one, Decision)),
        riskiest[0].exposure if riskiest else 0,
        riskiest[0] if riskiest else None,
        lookup.to(PATH, riskiest[1]) if riskiest else None,
        threshold(lookup.book, design.id),
        sum(1 for record in design.records if (day := due(record.entry)) and day < lookup.report.today),
    )
