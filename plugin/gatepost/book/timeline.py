"""A record's history as a reader goes through it: the newest step first, each with what it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from gatepost.book.changes import Change, Version, changes

if TYPE_CHECKING:
    from gatepost.book.history import RecordHistory, Step

__all__ = ["Event", "Moment", "timeline"]

Event = Literal["added", "known", "changed", "removed", "returned", "lost"]
"""What a step did to a record: it came; it is the oldest that is known, where the history is not whole; it changed;
it went; it came back; or nobody can say, because the content is not in this repository.
"""

_PAGE: Final = "page"


class Moment(NamedTuple):
    """One step and what it did."""

    step: Step
    event: Event
    changes: tuple[Change, ...]
    """What differs from the version before; for a record that came back from the one that went."""

    @property
    def status(self) -> Change | None:
        """How the status moved; None when it did not."""
        return next((change for change in self.changes if change.kind == "status"), None)

    @property
    def stands(self) -> str:
        """Where the record stood after the step; empty when it was gone or had no status."""
        return self.step.facts.status if self.step.facts else ""


def timeline(history: RecordHistory, *, whole: bool = True) -> tuple[Moment, ...]:
    """Give the steps of a record, the newest first; each version is read once, and none that nothing is compared with.

    Args:
        history: the record's.
        whole: whether it begins where the record began, which a shallow clone cannot tell.
    """
    found: list[Moment] = []
    before: Step | None = None
    read: Version | None = None
    for step in history.steps:
        if not step.path:
            found.append(Moment(step, "removed", ()))
        elif step.facts is not None and step.facts.kind == _PAGE and step.facts.problem:
            found.append(Moment(step, "lost", ()))
        else:
            event, changed = _event(found, before, whole=whole), []
            if before is not None:
                earlier, read = read or before.read(), step.read()
                changed = _changes(earlier, read)
            found.append(Moment(step, event, tuple(changed)))
            before = step
    return tuple(reversed(found))


def _event(earlier: list[Moment], before: Step | None, *, whole: bool) -> Event:
    if not earlier:
        return "added" if whole else "known"
    if before is None:
        return "known"
    return "returned" if earlier[-1].event == "removed" else "changed"


def _changes(before: Version | None, after: Version | None) -> list[Change]:
    """Give what differs; that a plain page is no record is said by its kind."""
    is_page = _PAGE in {one.kind for one in (before, after) if one}
    return [one for one in changes(before, after) if not (is_page and one.kind == "unreadable")]
