"""A gate that became met, or is met no more."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["GateMove"]


@dataclass(frozen=True, slots=True)
class GateMove:
    """What became of one gate on one record between two points of the history."""

    day: str
    """The day of the later point, ISO 8601."""
    commit: str
    """The commit of the later point."""
    record: str
    """The record's id."""
    gate: str
    """The gate's id."""
    before: str
    """How the gate stood; empty when it was not asked, for instance because there was no such record."""
    after: str
    """How it stands; empty when it is not asked any more."""
