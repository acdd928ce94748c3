"""Something that happened to a record at a commit, as a change log tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

if TYPE_CHECKING:
    from gatepost.book.history import Commit

__all__ = ["EVENT_KINDS", "Event", "EventKind", "Named"]

EventKind = Literal[
    "proposed",
    "decided",
    "superseded",
    "deprecated",
    "amended",
    "risk-raised",
    "risk-accepted",
    "risk-mitigated",
    "risk-closed",
    "risk-reopened",
    "follow-up-added",
    "follow-up-pushed-back",
    "follow-up-done",
    "follow-up-dropped",
    "follow-up-reopened",
    "contract-added",
    "contract-changed",
    "policy-added",
    "policy-changed",
    "renumbered",
    "removed",
    "restored",
    "gate-failing",
    "gate-met",
]
"""What happened. A decision that is accepted or rejected is decided; a risk that cannot hurt any more is closed."""

EVENT_KINDS: Final[tuple[EventKind, ...]] = get_args(EventKind)
"""All of them, in the order in which one commit's events on one record are told."""


class Named(NamedTuple):
    """The record that something happened to, as people know it now."""

    id: str
    title: str
    path: str
    """Its file, or the one that it was last; relative to the root of the repository."""
    design: str
    """The id of the design it belongs to; empty for none."""
    is_gone: bool = False
    """Whether it is in the log no more."""


class Event(NamedTuple):
    """One thing that happened."""

    kind: EventKind
    record: Named
    commit: Commit
    author: str
    """Who made the change: the author of the commit, for a merge the last one on the branch."""
    path: str
    """Where the record was then, for a gate the record's id; with commit and kind it names the event for ever."""
    before: str = ""
    """The status, the id, the day due, or the state of the gate before; empty for none."""
    after: str = ""
    """The same after."""
    by: tuple[str, ...] = ()
    """Who decided, accepted or amended; for a decision that was superseded, the ids of its successors."""
    exposure: int | None = None
    """What remains of a risk; None when its levels cannot be read."""
    fields: tuple[str, ...] = ()
    """What changed in a contract or a policy: the keys at the top."""
    gate: str = ""
    """The id of the gate."""
    reason: str = ""
    """Why it was amended."""

    @property
    def day(self) -> str:
        """The day of the commit, ISO 8601; empty when the commit has no date that can be read."""
        return self.commit.day
