"""Which steps of a history may have moved something: told from short facts, before any version is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from gatepost.records import KINDS, canonical

if TYPE_CHECKING:
    from gatepost.book.history import Commit, Facts, RecordHistory, Step

__all__ = ["Moment", "Past", "is_renumbered", "moments_of"]

_WITH_A_LIFE: Final = frozenset({"decision", "risk", "follow-up"})
_READ_EACH: Final = frozenset({"follow-up", "pipeline", "policy"})
"""Kinds of which something besides the status counts: when it is due, what is asked for."""


@dataclass(frozen=True, eq=False, slots=True)
class Past:
    """A record and what was made of it, with what people call it now."""

    history: RecordHistory
    path: str
    """Where it is now, or was last."""
    id: str
    title: str | None
    """Its title; None for one that is gone, whose last version tells."""
    design: str
    is_gone: bool


class Moment(NamedTuple):
    """A step that may have moved something, and the one that it is compared with."""

    past: Past
    step: Step
    commit: Commit
    before: Step | None
    """The last version before it that could be read; None when there was none."""
    is_sure: bool
    """Whether something moved in any case; else only the versions on both sides can tell."""
    is_return: bool = False
    """Whether the record had been removed in between."""

    @property
    def path(self) -> str:
        """Where the record was then, or until then."""
        return self.step.path or (self.before.path if self.before else "")


def moments_of(past: Past) -> Iterator[Moment]:
    """Give the steps of a record that may have moved something, oldest first; what is not committed is none."""
    before: Step | None = None
    is_there = False
    for step in past.history.steps:
        if step.commit is None:
            return
        facts = step.facts
        if facts is None:
            if before is not None and is_there:
                yield Moment(past, step, step.commit, before, is_sure=True)
            is_there = False
        elif facts.kind in KINDS and not facts.problem:
            is_return = before is not None and not is_there
            moved = is_return or _moved(before, facts)
            if moved is not False:
                yield Moment(past, step, step.commit, before, moved is True, is_return)
            before, is_there = step, True


def _moved(before: Step | None, now: Facts) -> bool | None:
    """Tell whether something moved; None when only the versions can tell."""
    was = before.facts if before is not None else None
    if was is None or was.kind != now.kind:
        return now.kind in _WITH_A_LIFE or now.kind in _READ_EACH
    if was.status != now.status or was.amendments < now.amendments or is_renumbered(was, now):
        return True
    return None if now.kind in _READ_EACH or (now.kind == "risk" and now.status == "accepted") else False


def is_renumbered(was: Facts, now: Facts) -> bool:
    """Tell whether a record has another id than it had; two spellings of one are the same."""
    return was.id != now.id and bool(was.id and now.id) and canonical(was.id) != canonical(now.id)
