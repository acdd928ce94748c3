"""The gate reference: a list of the gates, and a page for each with how it stands in this log."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from gatepost.gates import Gate
from gatepost.site.frame import framed
from gatepost.site.lookup import PROBE, Lookup, Ref
from gatepost.site.marks import GRAVEST_FIRST, Mark
from gatepost.site.page import Page, front
from gatepost.site.render import block, safe

__all__ = ["gate_pages", "gate_text"]

_INDEX: Final = "gates/index.md"
_TITLE: Final = re.compile(r"\A\s*# [^\n]*\n")
_FRONT: Final = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_TITLED_FENCE: Final = re.compile(r'^(`{3,})(\w+) title="([^"\n]+)"$', re.MULTILINE)
"""A title beside the language is one extension's; without that extension the code would be read as text."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A gate and how it stands on one record."""

    ref: Ref
    mark: Mark
    href: str
    note: str


@dataclass(frozen=True, slots=True)
class Row:
    """A gate as the list shows it."""

    gate: Gate
    href: str
    enforced: str
    tally: tuple[tuple[Mark, int], ...]


def gate_pages(lookup: Lookup) -> Iterator[Page]:
    """Give the list of the gates, then a page for each."""
    standings = _standings(lookup)
    rows = [
        Row(
            gate,
            lookup.gate_href(_INDEX, gate),
            lookup.report.enforced.get(gate.id, "block"),
            _tally(standings.get(gate.id, [])),
        )
        for gate in lookup.report.gates
    ]
    title = lookup.words("page.gates/index")
    yield framed(lookup, _INDEX, title, lookup.render("gates", rows=rows))
    for gate in lookup.report.gates:
        yield _page(lookup, gate, standings.get(gate.id, []))


def _standings(lookup: Lookup) -> dict[str, list[Standing]]:
    """Give, for each gate, how it stands on each record; pages of gates lie side by side, so their links are alike."""
    found: dict[str, list[Standing]] = {}
    for record in lookup.report.records:
        ref = lookup.to(f"gates/{PROBE}.md", record.entry)
        for gate, mark, outcome in lookup.marks(record):
            anchor = f"{ref.href}#gate-{gate.id}" if mark not in {"met", "na"} else ref.href
            note = lookup.note(outcome) if mark not in {"met", "na"} else ""
            found.setdefault(gate.id, []).append(Standing(ref, mark, anchor, note))
    return found


def _tally(standings: list[Standing]) -> tuple[tuple[Mark, int], ...]:
    counts = Counter(one.mark for one in standings)
    return tuple((mark, counts[mark]) for mark in GRAVEST_FIRST if counts[mark])


def _page(lookup: Lookup, gate: Gate, standings: list[Standing]) -> Page:
    path = f"gates/{gate.id}.md"
    unmet = [one for one in standings if one.mark not in {"met", "na"}]
    unmet.sort(key=lambda one: GRAVEST_FIRST.index(one.mark))
    facts = lookup.render(
        "gate_facts",
        gate=gate,
        enforced=lookup.report.enforced.get(gate.id, "block"),
        tally=_tally(standings),
        index=lookup.urls(path, _INDEX),
    )
    met = sum(1 for one in standings if one.mark == "met")
    matrix = lookup.urls(path, "gate-matrix.md")
    state = lookup.render("gate_state", unmet=unmet, met=met, matrix=matrix)
    text = _TITLE.sub("", _FRONT.sub("", gate_text(gate) or _own_words(lookup, gate)))
    text = _TITLED_FENCE.sub(r"`\3`\n\n\1\2", text)
    parts = (front(gate.id), block(facts), "\n", text.strip(), "\n\n", block(state))
    return Page(path, gate.id, "".join(parts))


def gate_text(gate: Gate) -> str | None:
    """Give the page that came with a gate, beside the module that checks it; None when there is none."""
    own = f"{gate.id.replace('-', '_')}.md"
    package, _, module = gate.check.__module__.rpartition(".")
    for name in (own, f"{module}.md"):
        if package and (found := files(package) / name).is_file():
            return found.read_text(encoding="utf-8")
    return None


def _own_words(lookup: Lookup, gate: Gate) -> str:
    """Give a page for a gate that came without one."""
    return f"## {lookup.words('gate.what')}\n\n<p>{safe(gate.holds_when)}</p>\n"
