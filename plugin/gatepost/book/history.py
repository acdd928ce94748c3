"""The history of records: a port, answered by git; what each version said, who committed it, when."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from gatepost.book.changes import Change, Version, changes

if TYPE_CHECKING:
    from gatepost.book.book import Book
    from gatepost.book.entry import Entry, Unread

__all__ = ["NOT_COMMITTED", "NO_HISTORY", "Commit", "Facts", "History", "NoHistory", "RecordHistory", "Step"]

NOT_COMMITTED: Final = 1 << 62
"""The number of the step that is not committed yet: after all others."""


class Commit(NamedTuple):
    """One commit."""

    id: str
    author: str
    date: str
    """When it was committed, ISO 8601 with the committer's offset."""
    subject: str

    @property
    def short(self) -> str:
        """Its id, as people quote it."""
        return self.id[:10]

    @property
    def day(self) -> str:
        """The day on which it was committed, where the committer was."""
        return self.date[:10]


class Facts(NamedTuple):
    """What gates ask of a version first."""

    kind: str
    """The kind of record; `page` when it is none."""
    id: str
    """Its id as written; empty when it has none of its own."""
    status: str
    """Where it stood; empty for kinds without a status, and when it cannot be read."""
    amendments: int
    """How many amendments it recorded."""
    problem: bool
    """Whether it cannot be read."""


def _compared(before: Step, after: Step) -> tuple[Change, ...]:
    return changes(before.read(), after.read())


class Step(NamedTuple):
    """One change of a record on the main line of the history."""

    number: int
    """The place of its commit on the main line; `NOT_COMMITTED` for what is not committed yet."""
    commit: Commit | None
    """The commit; None for what is not committed yet."""
    brought: tuple[Commit, ...]
    """For a merge: the commits of the merged branch that changed the record, oldest first."""
    path: str
    """Where the record was then, relative to the root; empty when it was gone."""
    facts: Facts | None
    """What it said in short; None when it was gone."""
    read: Callable[[], Version | None]
    """Gives the whole version; None when it was gone."""
    blob: str = ""
    """The id of what it held in git; empty when it was gone, and for what is not committed."""
    compare: Callable[[Step, Step], tuple[Change, ...]] = _compared
    """Gives what differs between two steps; an index knows some answers."""
    through: tuple[Facts, ...] = ()
    """For a merge: what the record said on the branch, oldest first."""

    def since(self, before: Step) -> tuple[Change, ...]:
        """Give what changed since an earlier step."""
        return self.compare(before, self)

    @property
    def said(self) -> str:
        """The commit as a message names it."""
        one = self.commit
        return f"commit {one.short} ({one.day}, {one.author})" if one else "changes that are not committed yet"

    @property
    def who(self) -> str:
        """Who made the change: the author, for a merge the last one on the branch."""
        if self.brought:
            return self.brought[-1].author
        return self.commit.author if self.commit else ""


@dataclass(eq=False)
class RecordHistory:
    """The life of one record, through renames, deletions and returns."""

    steps: tuple[Step, ...]
    """Its changes on the main line, oldest first; at least one."""

    @property
    def last(self) -> Step:
        """The step that brought what stands now."""
        return self.steps[-1]

    @property
    def is_gone(self) -> bool:
        """Whether the record is no more."""
        return not self.last.path

    @cached_property
    def readable(self) -> tuple[Step, ...]:
        """The steps at which the record was there and could be read."""
        return tuple(step for step in self.steps if step.facts is not None and not step.facts.problem)

    def changes(self, index: int) -> tuple[Change, ...]:
        """Give what one step changed, against the step before it."""
        step = self.steps[index]
        return step.since(self.steps[index - 1]) if index else changes(None, step.read())


class History(Protocol):
    """The history of one tree."""

    @property
    def problem(self) -> str:
        """Why the history is not whole or not known, for instance `shallow clone`; empty while it is whole."""

    def of(self, one: Entry | Unread) -> RecordHistory | None:
        """Give the history of a record; None when it is new and not committed, or when nothing is known."""

    def gone(self, book: Book) -> tuple[RecordHistory, ...]:
        """Give the histories of the records that were in this log and are no more."""

    def number_of(self, commit: str) -> int | None:
        """Give the place on the main line of a commit, named by its id or the beginning of it; None when not there."""

    def read_ahead(self) -> None:
        """Read all versions of all records in one go, for whoever is about to ask for them one by one."""

    def after(self, changed: Iterable[str], gone: Iterable[str]) -> History:
        """Give the same history for a tree in which some files are changed or new, and some are gone.

        Args:
            changed: the paths of files that are not what they were, relative to the root.
            gone: the paths of files that are no more.
        """


class NoHistory:
    """No history: every record is new."""

    def __init__(self, problem: str = "") -> None:
        self.problem = problem

    def of(self, one: Entry | Unread) -> RecordHistory | None:  # noqa: ARG002 - the port's signature
        """Know no record."""
        return None

    def gone(self, book: Book) -> tuple[RecordHistory, ...]:  # noqa: ARG002 - the port's signature
        """Miss no record."""
        return ()

    def number_of(self, commit: str) -> int | None:  # noqa: ARG002 - the port's signature
        """Know no commit."""
        return None

    def read_ahead(self) -> None:
        """Have nothing to read."""

    def after(self, changed: Iterable[str], gone: Iterable[str]) -> History:  # noqa: ARG002 - the port's signature
        """Know as little of another tree."""
        return self


NO_HISTORY: Final = NoHistory()
