"""What stands above the author's words: status, id, the gates, and what is to mend."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from gatepost.book import Entry, Unread
from gatepost.check import DesignReport, Finding, Outcome
from gatepost.gates import Gate
from gatepost.records import Decision
from gatepost.site.fragments import day
from gatepost.site.fragments import mark as chip
from gatepost.site.fragments import status as badge
from gatepost.site.lookup import Lookup, Ref, status
from gatepost.site.marks import GRAVEST_FIRST, UNMET, Mark
from gatepost.site.render import safe
from gatepost.site.words import Words

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["head_anchors", "record_head"]

_GRAVITY: Final = {mark: number for number, mark in enumerate(GRAVEST_FIRST)}
_BLOCKED: Final = frozenset({"stopped", "escalated"})


def record_head(lookup: Lookup, one: Entry | Unread) -> str:
    """Give the head of a record's page."""
    page, record, words = lookup.page(one), lookup.report_of(one), lookup.words
    marks = sorted(lookup.marks(record), key=_gravity)
    asked = [found for found in marks if found[1] != "na"]
    met = sum([mark == "met" for _, mark, _ in asked])
    links = lookup.gate_links(page)
    muted = f' <span class="gp-note">{safe(words("head.muted", n=record.muted))}</span>' if record.muted else ""
    return (
        f'<div class="gp gp-head">\n<p class="gp-line">{" ".join(_line(lookup, page, one))}</p>\n'
        f"{_banner(lookup, page, one)}"
        f'<section class="gp-gates" data-search-exclude aria-label="{words.html("head.gates")}">'
        f'<p class="gp-met">{_met(words, met, len(asked))}{muted}</p>'
        f'<ul class="gp-strip">{_strip(words, asked, links)}</ul></section>\n'
        f"{_findings(lookup, marks, links)}</div>"
    )


def head_anchors(lookup: Lookup, one: Entry | Unread) -> Iterator[str]:
    """Give the ids that the head defines."""
    for gate, mark, outcome in lookup.marks(lookup.report_of(one)):
        if mark not in {"met", "na"} or outcome.findings:
            yield f"gate-{gate.id}"


def _date(one: Entry | Unread) -> dt.date | None:
    return one.record.date if isinstance(one, Entry) and isinstance(one.record, Decision) else None


def _gravity(one: tuple[Gate, Mark, Outcome]) -> int:
    return _GRAVITY[one[1]]


def _line(lookup: Lookup, page: str, one: Entry | Unread) -> Iterator[str]:
    """Give what a record is: status, id, kind, day, the design that it belongs to, where to edit it."""
    words, design = lookup.words, lookup.designs.get(one.design)
    if said := status(one):
        yield badge(words, said)
    yield f'<span class="gp-id">{safe(one.id)}</span> <span>{safe(words.known(f"record.{one.kind}", one.kind))}</span>'
    known = lookup.book.design(one.design) if one.kind == "design" else None
    if known is not None:
        yield f"<span>{safe(words('tier.of', tier=words(f'tier.{known.tier}')))}</span>"
    if date := _date(one):
        yield day(date)
    if one.design and one.kind != "design":
        ref = lookup.ref(page, one.design)
        yield f'<span>{words.html("head.in")} <a href="{safe(ref.href)}">{safe(ref.title)}</a></span>'
    if design and one.kind == "design":
        yield f'<span class="gp-d gp-d-{design.state}">{safe(words(f"state.{design.state}"))}</span>'
    if edit := lookup.edit_url(page):
        yield f'<a class="gp-edit" href="{safe(edit)}">{words.html("head.edit")}</a>'


def _banner(lookup: Lookup, page: str, one: Entry | Unread) -> str:
    """Say on each record of a design that it is stopped or escalated, and why."""
    design = lookup.designs.get(one.design)
    if design is None or design.state not in _BLOCKED:
        return ""
    return lookup.render("banner", state=design.state, causes=_causes(lookup, page, design))


@lru_cache(maxsize=256)
def _met(words: Words, met: int, asked: int) -> Markup:
    return safe(words("head.met", met=met, asked=asked))


def _strip(words: Words, asked: list[tuple[Gate, Mark, Outcome]], links: dict[str, str]) -> str:
    """Give a chip for each gate that applies; what is not met leads to its finding, the rest to the gate."""
    return "".join(
        [
            _chip(words, gate.id, mark, "" if mark != "met" or outcome.findings else links[gate.id])
            for gate, mark, outcome in asked
        ]
    )


@lru_cache(maxsize=4096)
def _chip(words: Words, gate: str, mark: Mark, href: str) -> str:
    """Give one chip; without an address it leads to the findings below."""
    name = safe(gate)
    return (
        f'<li><a href="{safe(href) if href else f"#gate-{name}"}"><span class="gp-m gp-m-{mark}">'
        f'<span class="gp-word">{words.html(f"mark.{mark}")}</span> {name}</span></a></li>'
    )


def _findings(lookup: Lookup, marks: list[tuple[Gate, Mark, Outcome]], links: dict[str, str]) -> str:
    """Give a list with a part for each gate that somebody should look at; nothing when there is none."""
    parts, words = [], lookup.words
    for gate, mark, outcome in marks:
        if mark in UNMET or mark == "waived" or outcome.findings:
            shown: Mark = "advice" if mark == "met" else mark
            note = lookup.note(outcome) if mark == "waived" or not outcome.findings else ""
            said = "".join([_finding(words, one) for one in outcome.findings])
            parts.append(f"{_opening(words, gate.id, gate.code, shown, links[gate.id], note)}<ul>{said}</ul></li>\n")
    return f'<ul class="gp-findings">\n{"".join(parts)}</ul>\n' if parts else ""


@lru_cache(maxsize=4096)
def _opening(words: Words, gate: str, code: str, shown: Mark, href: str, note: str) -> str:  # noqa: PLR0913, PLR0917 - what it prints, by which it is kept
    """Give how the part of a gate begins: its mark, its name, and why when no finding says so."""
    name = safe(gate)
    return (
        f'<li class="gp-finding gp-f-{shown}" id="gate-{name}"><p class="gp-finding-gate">'
        f'{chip(words, shown)} <a href="{safe(href)}">{name}</a>'
        f' <span class="gp-note">{safe(code)}</span> <span>{safe(note)}</span></p>'
    )


def _finding(words: Words, finding: Finding) -> str:
    return _said(words, finding.message, finding.hint, finding.field, finding.line)


@lru_cache(maxsize=4096)
def _said(words: Words, message: str, hint: str, field: str, line: int) -> str:
    at = f"<code>{safe(field)}</code>, " if field else ""
    return (
        f'<li>{safe(message)} <span class="gp-note gp-pair">{at}{safe(words("head.line", line=line))}</span> '
        f'<span class="gp-hint">{words.html("head.hint")} {safe(hint)}</span></li>'
    )


def _causes(lookup: Lookup, page: str, design: DesignReport) -> list[tuple[Ref, str, str]]:
    """Give what stops a design: each record, the address of the finding, the gate's name."""
    causes = []
    for record, gate in lookup.causes.get(design.id, ()):
        ref = lookup.to(page, record.entry)
        causes.append((ref, f"{ref.href}#gate-{gate.id}", gate.id))
    return causes
