"""A gate that came to hold on a record, or ceased to, at a commit of the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gatepost.book.history import Commit
    from gatepost.check.results import State

__all__ = ["GateMove"]


class GateMove(NamedTuple):
    """One gate on one record, before and after a commit."""

    day: str
    """The day of the commit, ISO 8601."""
    commit: Commit
    record: str
    """The record's id."""
    gate: str
    """The gate's id."""
    before: State
    after: State
