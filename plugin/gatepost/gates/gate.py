"""What a gate is, and what it can answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Final, Literal, NamedTuple

from gatepost.book import Book, Entry, Fault
from gatepost.book.frozen import predates, was_accepted
from gatepost.book.history import NO_HISTORY, History, RecordHistory
from gatepost.records import Kind, Policy

__all__ = [
    "NOT_APPLICABLE",
    "Because",
    "Context",
    "Gate",
    "GateKind",
    "GateSet",
    "NotApplicable",
    "Passed",
    "Unknown",
    "Verdict",
]

GateKind = Literal["integrity", "quality", "stop", "escalation"]
"""What a failure means: the records are unsound, not good enough yet, work must stop, someone must decide."""


@dataclass(frozen=True)
class Context:
    """What a gate may look at besides the record: the book, the day, the history."""

    book: Book
    today: dt.date
    """The day the log is judged on."""
    gates: GateSet
    """All gates that are asked, for what names one."""
    history: History = NO_HISTORY
    """What the records were before."""

    @property
    def policy(self) -> Policy:
        """The policy of the book."""
        return self.book.policy

    @property
    def latest_today(self) -> dt.date:
        """The latest day that it can be for an author: east of Greenwich the next day has begun."""
        return self.today + dt.timedelta(days=1) if self.today < dt.date.max else self.today

    @property
    def policy_is_known(self) -> bool:
        """Whether `policy` is what the team wrote; not when its file cannot be read and the defaults stand in."""
        return self.book.policy_entry is not None or not self.book.cannot_read("policy")

    @cached_property
    def baseline(self) -> int | None:
        """The place on the main line of the policy's baseline commit; None when it names none that is there."""
        named = self.policy.history.baseline
        return self.history.number_of(named) if named else None

    def missing_beside(self, entry: Entry) -> tuple[RecordHistory, ...]:
        """Give the accepted decisions that are no more and that one record answers for.

        That is the record of their design, else the policy, else the first decision of the log, else any record.
        """
        return self._missing.get(entry.path, ())

    @cached_property
    def _missing(self) -> dict[str, tuple[RecordHistory, ...]]:
        found: dict[str, tuple[RecordHistory, ...]] = {}
        for history in self.history.gone(self.book):
            if not was_accepted(history) or predates(history.last, self.policy.history, self.baseline):
                continue
            carrier = self._carrier(history.readable[-1].path)
            if carrier is not None:
                found[carrier.path] = (*found.get(carrier.path, ()), history)
        return found

    def _carrier(self, path: str) -> Entry | None:
        folders = {self.book.folder(entry): entry for entry in self.book.designs}
        above = (folders[folder.as_posix()] for folder in PurePosixPath(path).parents if folder.as_posix() in folders)
        first = (*self.book.of_kind("decision"), *self.book.entries)[:1]
        return next(above, None) or self.book.policy_entry or next(iter(first), None)


class NotApplicable(NamedTuple):
    """The gate has nothing to say about this record."""

    reason: str = ""


class Unknown(NamedTuple):
    """The gate could not be decided here."""

    reason: str
    """Why: `shallow clone`, `no git`."""


class Because(NamedTuple):
    """The gate fails on this record because it fails on others, which carry the findings."""

    records: tuple[str, ...]
    """Their ids."""


class Passed(NamedTuple):
    """The gate is met, and has advice to give."""

    advice: tuple[Fault, ...]


Verdict = Sequence[Fault] | Iterator[Fault] | NotApplicable | Unknown | Because | Passed
"""What a gate answers: the faults it found (none: it is met), or why there is no such answer."""

NOT_APPLICABLE: Final = NotApplicable()


@dataclass(frozen=True, slots=True)
class Gate:
    """A named check of one record in its book."""

    id: str
    """Its name, kebab-case: also its module, its page, its anchor."""
    code: str
    """Its short permanent code, for instance GP104; never used again for another gate."""
    kind: GateKind
    """What a failure means."""
    applies_to: frozenset[Kind]
    """The kinds of record that it looks at."""
    holds_when: str
    """One sentence: what is true when it is met."""
    check: Callable[[Entry, Context], Verdict]
    """The check: a pure function of the record and its context."""
    enforcement: Literal["block", "advise"] = "block"
    """What a failure does when the policy does not say otherwise."""
    leaves_history_alone: bool = True
    """For a quality gate: whether rejected, deprecated and superseded decisions are left alone."""
    needs_history: bool = False
    """Whether it asks what records were before."""


class GateSet:
    """Gates in the order in which they are asked, found by name or code."""

    def __init__(self, gates: Iterable[Gate]) -> None:
        """Take the gates.

        Raises:
            ValueError: two of them share a name or a code.
        """
        self.all = tuple(gates)
        for name in (*self._ids, *self._codes):
            if [*self._ids, *self._codes].count(name) > 1:
                message = f"two gates are called {name}"
                raise ValueError(message)

    @property
    def _ids(self) -> list[str]:
        return [gate.id for gate in self.all]

    @property
    def _codes(self) -> list[str]:
        return [gate.code for gate in self.all]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the gates."""
        return tuple(self._ids)

    @cached_property
    def _index(self) -> dict[str, Gate]:
        return {name: gate for gate in self.all for name in (gate.id, gate.code.lower())}

    def __iter__(self) -> Iterator[Gate]:
        """Give the gates in order."""
        return iter(self.all)

    def find(self, name: str) -> Gate | None:
        """Give the gate with a name or a code, or None."""
        return self._index.get(name.lower())
