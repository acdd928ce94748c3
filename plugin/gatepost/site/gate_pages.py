"""The gate reference: a list of the gates, and a page for each with how it stands in this log."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from markupsafe import Markup

from gatepost.gates import Gate
from gatepost.gates.words import gate_text
from gatepost.site.fragments import mark as chip
from gatepost.site.frame import framed
from gatepost.site.lookup import PROBE, Lookup
from gatepost.site.marks import GRAVEST_FIRST, Mark
from gatepost.site.page import Page, front
from gatepost.site.render import block, safe

__all__ = ["gate_pages"]

_INDEX: Final = "gates/index.md"
_TITLE: Final = re.compile(r"\A\s*# [^\n]*\n")
_FRONT: Final = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_TITLED_FENCE: Final = re.compile(r'^(`{3,})(\w+) title="([^"\n]+)"$', re.MULTILINE)
"""A title beside the language is one extension's; without that extension the code would be read as text."""


@dataclass(slots=True)
class Standing:
    """How a gate stands in the log."""

    tally: Counter[Mark] = field(default_factory=Counter)
    unmet: dict[Mark, list[str]] = field(default_factory=dict)
    """For each mark that is not met, a row for each record."""

    @property
    def rows(self) -> Markup:
        """The rows of what is not met, the gravest first."""
        rows = "\n".join(row for mark in GRAVEST_FIRST for row in self.unmet.get(mark, ()))
        return Markup(rows)  # noqa: S704 - each row escapes

    @property
    def counts(self) -> tuple[tuple[Mark, int], ...]:
        """How many records have each mark, the gravest first."""
        return tuple((mark, self.tally[mark]) for mark in GRAVEST_FIRST if self.tally[mark])


class Row(NamedTuple):
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
            standings[gate.id].counts,
        )
        for gate in lookup.report.gates
    ]
    title = lookup.words("page.gates/index")
    yield framed(lookup, _INDEX, title, lookup.render("gates", rows=rows))
    for gate in lookup.report.gates:
        yield _page(lookup, gate, standings[gate.id])


def _standings(lookup: Lookup) -> dict[str, Standing]:
    """Give how each gate stands; pages of gates lie side by side, so their links are alike."""
    found = {gate.id: Standing() for gate in lookup.report.gates}
    for record in lookup.report.records:
        ref = lookup.to(f"gates/{PROBE}.md", record.entry)
        href, name = safe(ref.href), f'<span class="gp-id">{safe(ref.id)}</span> {safe(ref.title)}'
        for gate, mark, outcome in lookup.marks(record):
            standing = found[gate.id]
            standing.tally[mark] += 1
            if mark not in {"met", "na"}:
                link = f'<a href="{href}#gate-{gate.id}">{name}</a>'
                cells = f"<td>{chip(lookup.words, mark)}</td><td>{safe(lookup.note(outcome))}</td>"
                standing.unmet.setdefault(mark, []).append(f'<tr><th scope="row">{link}</th>{cells}</tr>')
    return found


def _page(lookup: Lookup, gate: Gate, standing: Standing) -> Page:
    path = f"gates/{gate.id}.md"
    facts = lookup.render(
        "gate_facts",
        gate=gate,
        enforced=lookup.report.enforced.get(gate.id, "block"),
        tally=standing.counts,
        index=lookup.urls(path, _INDEX),
    )
    matrix = lookup.urls(path, "gate-matrix.md")
    state = lookup.render("gate_state", rows=standing.rows, met=standing.tally["met"], matrix=matrix)
    text = _TITLE.sub("", _FRONT.sub("", gate_text(gate) or _own_words(lookup, gate)))
    text = _TITLED_FENCE.sub(r"`\3`\n\n\1\2", text)
    parts = (front(gate.id), block(facts), "\n", text.strip(), "\n\n", block(state))
    return Page(path, gate.id, "".join(parts))


def _own_words(lookup: Lookup, gate: Gate) -> str:
    """Give a page for a gate that came without one."""
    return f"## {lookup.words('gate.what')}\n\n<p>{safe(gate.holds_when)}</p>\n"
