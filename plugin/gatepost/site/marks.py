"""How a gate stands on a record, as readers see it: one word and one sign for each state."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from gatepost.check import DesignState, Outcome, Report

__all__ = ["GRAVEST_FIRST", "STATES", "UNMET", "Mark", "mark_of", "overall"]

Mark: TypeAlias = Literal["met", "failing", "open", "advice", "waived", "unknown", "error", "na"]
"""Met, or one of the ways in which it is not. `open` is not met on a proposal, `advice` never fails a check."""

UNMET: Final[frozenset[Mark]] = frozenset({"failing", "open", "advice", "error", "unknown"})
"""The marks that somebody should look at."""

GRAVEST_FIRST: Final[tuple[Mark, ...]] = ("error", "failing", "open", "advice", "unknown", "waived", "met", "na")

STATES: Final[tuple[DesignState, ...]] = ("stopped", "escalated", "failing", "open", "clear")
"""The states of a design, the worst first."""

_BY_EFFECT: Final[dict[str, Mark]] = {"block": "failing", "open": "open", "advise": "advice", "none": "failing"}
_BY_STATE: Final[dict[str, Mark]] = {
    "pass": "met",
    "waived": "waived",
    "not-applicable": "na",
    "unknown": "unknown",
    "error": "error",
}


def mark_of(outcome: Outcome) -> Mark:
    """Give the mark of an outcome."""
    return _BY_STATE.get(outcome.state) or _BY_EFFECT[outcome.effect]


def overall(report: Report) -> DesignState:
    """Give the state of a whole log: the worst of its designs', and failing whenever the check fails."""
    found = {design.state for design in report.designs}
    if not report.passed and not found & {"stopped", "escalated"}:
        found.add("failing")
    return next((state for state in STATES if state in found), "clear")
