"""What each invariant means, who reports it, and whether this contract holds to it."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from gatepost.book import Entry
from gatepost.pipeline import INVARIANTS, DryRunVerdict, Invariant
from gatepost.site.lookup import Lookup

__all__ = ["InvariantRow", "invariant_rows"]

_MOST: Final = 5
"""So many violations of one invariant are shown; of more the rest is counted."""
_PINNED: Final = "pinned"
"""The one invariant that only the gate can tell: it looks at files."""


class Broken(NamedTuple):
    """One violation."""

    message: str
    branch: str
    """The path that shows it; empty when the contract alone does."""


class InvariantRow(NamedTuple):
    """An invariant as the table shows it."""

    id: str
    gate: str
    href: str
    alone: bool
    """Whether the contract alone shows it broken, whatever branch is taken."""
    state: Literal["met", "failing", "unknown"]
    broken: tuple[Broken, ...]
    more: int
    """How many violations are not shown."""


def invariant_rows(lookup: Lookup, page: str, entry: Entry, verdict: DryRunVerdict) -> list[InvariantRow]:
    """Give how a contract stands to each invariant.

    Args:
        lookup: the log.
        page: the page that links to the gates.
        entry: the record of the contract.
        verdict: what simulating it gave.
    """
    links = lookup.gate_links(page)
    rows = []
    for one in INVARIANTS:
        state, broken = _standing(lookup, entry, verdict, one)
        href, alone = links.get(one.gate, ""), one.shown_by == "contract"
        rows.append(InvariantRow(one.id, one.gate, href, alone, state, broken[:_MOST], max(0, len(broken) - _MOST)))
    return rows


def _standing(
    lookup: Lookup, entry: Entry, verdict: DryRunVerdict, one: Invariant
) -> tuple[Literal["met", "failing", "unknown"], tuple[Broken, ...]]:
    if one.id == _PINNED:
        outcome = lookup.report_of(entry).outcomes.get(one.gate)
        if outcome is None or (outcome.state in {"unknown", "error"} and not outcome.findings):
            return "unknown", (Broken(outcome.reason, ""),) if outcome and outcome.reason else ()
        broken = tuple(Broken(finding.message, "") for finding in outcome.findings)
    else:
        broken = tuple(Broken(found.message, found.branch) for found in verdict.violations if found.invariant == one.id)
    if broken:
        return "failing", broken
    return "unknown" if verdict.simulation is None and one.id not in {_PINNED, "judged"} else "met", ()
