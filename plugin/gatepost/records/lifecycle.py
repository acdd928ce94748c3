"""Which status may follow which: the life of a decision, a risk, a follow-up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["FINAL", "MOVES", "may_move", "moves_from"]

MOVES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "decision": {
        "proposed": ("accepted", "rejected"),
        "accepted": ("deprecated", "superseded"),
        "deprecated": ("superseded",),
        "rejected": (),
        "superseded": (),
    },
    "risk": {
        "open": ("mitigated", "accepted", "transferred", "avoided", "closed"),
        "mitigated": ("open", "accepted", "transferred", "avoided", "closed"),
        "accepted": ("open", "mitigated", "transferred", "avoided", "closed"),
        "transferred": ("open", "closed"),
        "avoided": ("open", "closed"),
        "closed": ("open",),
    },
    "follow-up": {
        "open": ("in-progress", "done", "dropped"),
        "in-progress": ("open", "done", "dropped"),
        "done": ("open", "in-progress"),
        "dropped": ("open", "in-progress"),
    },
}
"""For each kind that has a life: the statuses that may follow each status. What no longer lives may be opened again,
save a decision: who changes their mind writes a new one."""

FINAL: Final[Mapping[str, frozenset[str]]] = {
    kind: frozenset(status for status, after in moves.items() if not after) for kind, moves in MOVES.items()
}
"""For each kind that has a life: the statuses that nothing may follow."""


def may_move(kind: str, before: str, after: str) -> bool:
    """Tell whether a status may follow another; to stay is no move, and always allowed.

    Args:
        kind: the kind of record; one without a status has no legal move.
        before: the status that it had, one of its kind's.
        after: the status that it has now.
    """
    return before == after or after in moves_from(kind, before)


def moves_from(kind: str, status: str) -> tuple[str, ...]:
    """Give the statuses that may follow a status; none for a kind or a status that has no place in the table."""
    return MOVES.get(kind, {}).get(status, ())
