"""A gate that became met on a record, or is met no more, between two points of the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gatepost.book.history import Commit

__all__ = ["GateMove"]


class GateMove(NamedTuple):
    """What became of one gate on one record between two points of the history."""

    day: str
    """The day of the later point, ISO 8601."""
    commit: Commit
    """The commit of the later point; it need not be the one that moved the gate."""
    record: str
    """The record's id."""
    gate: str
    """The gate's id."""
    before: str
    """How the gate stood; empty when it was not asked, for instance because there was no such record."""
    after: str
    """How it stands; empty when it is not asked any more."""
