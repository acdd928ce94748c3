"""What stands above the author's words: status, id, the gates, and what is to mend."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from markupsafe import Markup

from gatepost.book import Entry, Unread
from gatepost.check import DesignReport, Finding, Outcome
from gatepost.gates import Gate
from gatepost.records import Decision
from gatepost.site.lookup import Lookup, Ref, status
from gatepost.site.marks import GRAVEST_FIRST, UNMET, Mark
from gatepost.site.render import safe

__all__ = ["head_anchors", "record_head"]

_BLOCKED: Final = frozenset({"stopped", "escalated"})


def record_head(lookup: Lookup, one: Entry | Unread) -> Markup:
    """Give the head of a record's page."""
    page = lookup.page(one)
    record = lookup.report_of(one)
    marks = sorted(lookup.marks(record), key=lambda one: GRAVEST_FIRST.index(one[1]))
    links = {gate.id: lookup.gate_href(page, gate) for gate, _, _ in marks}
    design = lookup.designs.get(one.design)
    return lookup.render(
        "record_head",
        one=one,
        status=status(one),
        date=_date(one),
        design=lookup.ref(page, one.design) if one.design and one.kind != "design" else None,
        tier=getattr(lookup.book.design(one.design), "tier", "") if one.kind == "design" else "",
        state=design.state if design and (one.kind == "design" or design.state in _BLOCKED) else "",
        causes=_causes(lookup, page, design) if design and design.state in _BLOCKED else [],
        strip=_strip(lookup, marks, links),
        findings=_findings(lookup, marks, links),
        met=sum(1 for _, mark, _ in marks if mark == "met"),
        asked=sum(1 for _, mark, _ in marks if mark != "na"),
        muted=record.muted,
        edit=lookup.edit_url(page),
    )


def head_anchors(lookup: Lookup, one: Entry | Unread) -> Iterator[str]:
    """Give the ids that the head defines."""
    for gate, mark, outcome in lookup.marks(lookup.report_of(one)):
        if mark not in {"met", "na"} or outcome.findings:
            yield f"gate-{gate.id}"


def _date(one: Entry | Unread) -> dt.date | None:
    return one.record.date if isinstance(one, Entry) and isinstance(one.record, Decision) else None


def _strip(lookup: Lookup, marks: list[tuple[Gate, Mark, Outcome]], links: dict[str, str]) -> Markup:
    """Give a chip for each gate that applies; what is not met leads to its finding, the rest to the gate."""
    chips = []
    for gate, mark, outcome in marks:
        if mark == "na":
            continue
        href = f"#gate-{gate.id}" if mark != "met" or outcome.findings else safe(links[gate.id])
        word = safe(lookup.words(f"mark.{mark}"))
        text = f'<span class="gp-m gp-m-{mark}"><span class="gp-word">{word}</span> {safe(gate.id)}</span>'
        chips.append(f'<li><a href="{href}">{text}</a></li>')
    return Markup("".join(chips))  # noqa: S704 - words, names and links are escaped


def _findings(lookup: Lookup, marks: list[tuple[Gate, Mark, Outcome]], links: dict[str, str]) -> Markup:
    """Give a part for each gate that somebody should look at, with its findings."""
    parts = []
    for gate, mark, outcome in marks:
        if mark in UNMET or mark == "waived" or outcome.findings:
            shown: Mark = "advice" if mark == "met" else mark
            word = safe(lookup.words(f"mark.{shown}"))
            note = lookup.note(outcome) if mark == "waived" or not outcome.findings else ""
            parts.append(
                f'<li class="gp-finding gp-f-{shown}" id="gate-{safe(gate.id)}"><p class="gp-finding-gate">'
                f'<span class="gp-m gp-m-{shown}">{word}</span> <a href="{safe(links[gate.id])}">{safe(gate.id)}</a>'
                f' <span class="gp-note">{safe(gate.code)}</span> <span>{safe(note)}</span></p>'
                f"<ul>{''.join(_line(lookup, one) for one in outcome.findings)}</ul></li>"
            )
    return Markup("\n".join(parts))  # noqa: S704 - whatever is printed is escaped


def _line(lookup: Lookup, finding: Finding) -> str:
    field = f"<code>{safe(finding.field)}</code>, " if finding.field else ""
    place = f"{field}{safe(lookup.words('head.line', line=finding.line))}"
    hint = f"{safe(lookup.words('head.hint'))} {safe(finding.hint)}"
    return (
        f'<li>{safe(finding.message)} <span class="gp-note gp-pair">{place}</span> '
        f'<span class="gp-hint">{hint}</span></li>'
    )


def _causes(lookup: Lookup, page: str, design: DesignReport) -> list[tuple[Ref, str, str]]:
    """Give what stops a design: each record, the address of the finding, the gate's name."""
    causes = []
    for record, gate in lookup.causes.get(design.id, ()):
        ref = lookup.to(page, record.entry)
        causes.append((ref, f"{ref.href}#gate-{gate.id}", gate.id))
    return causes
