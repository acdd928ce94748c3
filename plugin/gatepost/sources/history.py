"""The history of a log from git: one pass, kept in an index, brought forward by what is new."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from functools import cached_property, partial
from typing import TYPE_CHECKING

from gatepost.book import Book, Entry, Unread
from gatepost.book.changes import changes, version_of
from gatepost.book.history import NOT_COMMITTED, Commit, Facts, RecordHistory, Step
from gatepost.records import Decision
from gatepost.sources.fronts import facts_of
from gatepost.sources.history_pass import is_below
from gatepost.sources.index import READER, HistoryIndex, as_line
from gatepost.sources.lineage import Lineage
from gatepost.sources.main_line import MainLine
from gatepost.sources.repository import NO_COMMITS

if TYPE_CHECKING:
    from gatepost.sources.repository import Repository

__all__ = ["GitHistory"]


class GitHistory:
    """The history that leads to one commit, and what is not committed yet."""

    def __init__(  # noqa: PLR0913 - each is one thing that a history depends on
        self,
        repository: Repository,
        docs: str,
        commit: str,
        *,
        version: str,
        uncommitted: bool = True,
        published: Callable[[list[str]], Iterable[str]] | None = None,
    ) -> None:
        """Take what the history is of; nothing is read before somebody asks.

        Args:
            repository: where to ask.
            docs: the folder of the records, relative to the root; empty for the root.
            commit: the full id of the commit that the history leads to; empty when there is none yet.
            version: Gatepost's own, for the index: another one may read records in another way.
            uncommitted: whether the files on disk come after the commit.
            published: which of some paths a build would publish; all when left out.
        """
        self._repository, self._docs, self._commit = repository, docs, commit
        identity = as_line([READER, version, str(repository.common_dir), repository.prefix, docs])
        self._line = MainLine(repository, docs, commit, identity, leads=uncommitted)
        self._uncommitted = uncommitted
        self._published = published or (lambda paths: paths)
        self._continued: set[Lineage] = set()
        self._histories: dict[str, RecordHistory | None] = {}

    @property
    def problem(self) -> str:
        """Why the history is not whole or not known; empty while it is whole."""
        why = self._repository.history_problem
        if why and why != NO_COMMITS:
            return why
        return "" if self._line.lineages is not None else self._repository.problem or "git cannot read the history"

    @property
    def line(self) -> tuple[Commit, ...]:
        """The commits of the main line, oldest first; none when they are not known."""
        return tuple(commit for commit, _ in self._line.commits) if self._line.lineages is not None else ()

    @cached_property
    def begins(self) -> int | None:
        """The place on the main line at which the first record of the log came; None when there was none yet."""
        first: int | None = None
        for lineage in self._line.lineages.all if self._line.lineages is not None else ():
            for trail in lineage.trail:
                if first is not None and trail.number >= first:
                    break
                facts = trail.facts
                if facts is not None and facts.kind != "page" and self._is_below(trail.path):
                    first = trail.number
                    break
        return first

    @property
    def index(self) -> HistoryIndex:
        """Where what was read of it is kept."""
        return self._line.index

    def of(self, one: Entry | Unread) -> RecordHistory | None:
        """Give the history of a record; None when it is new and not committed, or when nothing is known."""
        if one.path not in self._histories:
            self._histories[one.path] = self._history(one)
        return self._histories[one.path]

    def _history(self, one: Entry | Unread) -> RecordHistory | None:
        if self._line.lineages is None:
            return None
        lineage = self._line.lineages.at.get(one.path) or self._moved(one)
        steps = [] if lineage is None else self._line.steps(lineage)
        if self._uncommitted and (lineage is None or one.path in self._dirty or lineage.path != one.path):
            steps.extend(self._on_disk(one, steps))
        return RecordHistory(tuple(steps)) if steps else None

    def gone(self, book: Book) -> tuple[RecordHistory, ...]:
        """Give the histories of the records that were in this log and are no more, by the path they had last."""
        if self._line.lineages is None:
            return ()
        for one in book.files_read:
            if one.path not in self._line.lineages.at:
                self._moved(one)
        there = {one.path for one in book.files_read}
        keys = {one.key for one in book.files_read}
        found = [
            one
            for one in self._line.lineages.all
            if one.path not in there
            and one.key
            and one.key not in keys
            and one not in self._continued
            and self._was_published(one)
        ]
        return tuple(self._removed(one) for one in sorted(found, key=lambda one: (one.path, one.trail[0].path)))

    def _removed(self, lineage: Lineage) -> RecordHistory:
        """Give the history of a record that is no more; its last step is the one that took it out of the log."""
        steps = self._line.steps(lineage)
        shown = frozenset(self._published([one.path for one in steps if is_below(one.path, self._docs)]))
        is_record = [one.path in shown and one.facts is not None and one.facts.kind != "page" for one in steps]
        last = max((n for n, record in enumerate(is_record) if record), default=-1)
        if last + 1 < len(steps):
            return RecordHistory((*steps[: last + 1], _as_removal(steps[last + 1])))
        return RecordHistory((*steps, _as_removal(steps[-1]._replace(number=NOT_COMMITTED, commit=None, brought=()))))

    def number_of(self, commit: str) -> int | None:
        """Give the place on the main line of a commit, named by its id or the beginning of it; None when not there."""
        if self._line.lineages is None:
            return None
        return next((number for number, (one, _) in enumerate(self._line.commits) if one.id.startswith(commit)), None)

    def read_ahead(self) -> None:
        """Read all versions of all records in one go."""
        self._line.read_ahead()

    def after(self, changed: Iterable[str], gone: Iterable[str]) -> GitHistory:
        """Give the same history for a tree in which some files are changed or new, and some are gone."""
        other = copy(self) if self._line.lineages is not None else self
        if other is not self:
            letters = {**dict.fromkeys(changed, "M"), **dict.fromkeys(gone, "D")}
            vars(other).update(_dirty={**self._dirty, **letters}, _histories={}, _continued=set(), _uncommitted=True)
            vars(other).pop("_left", None)
        return other

    def _was_published(self, lineage: Lineage) -> bool:
        """Tell whether a build would publish any place where it was; what was always excluded is no loss."""
        paths = dict.fromkeys(trail.path for trail in lineage.trail if self._is_below(trail.path))
        return any(self._published([path for path in paths if path]))

    def _is_below(self, path: str) -> bool:
        return is_below(path, self._docs)

    @cached_property
    def _dirty(self) -> dict[str, str]:
        """The paths that may differ from the commit, each with git's letter for how (`M`, `D`)."""
        if not self._commit:
            return {}
        listing = self._repository.ask("diff-index", "-z", "--name-status", "--no-renames", self._commit, "--")
        words = (listing or b"").decode("utf-8", "surrogateescape").split("\0")
        return dict(zip(words[1::2], words[::2], strict=False))

    @cached_property
    def _left(self) -> dict[str, Lineage]:
        """The records whose file is gone from where the commit has it, by key: they may have been moved."""
        if self._line.lineages is None:
            return {}
        there = self._line.lineages.at
        removed = (there[path] for path, how in self._dirty.items() if how == "D" and path in there)
        return {one.key: one for one in removed if one.key}

    def _moved(self, one: Entry | Unread) -> Lineage | None:
        """Give the record that a file continues which the commit does not have."""
        if not self._uncommitted or self._line.lineages is None:
            return None
        found = self._left.get(one.key) or self._line.lineages.returning(one.key, one.path) or self._renumbered(one)
        if found is not None:
            self._continued.add(found)
        return found

    def _renumbered(self, one: Entry | Unread) -> Lineage | None:
        """Give the record that a file of another id continues: the words or the title are the same."""
        if not self._left:
            return None
        now = version_of(one.document)
        for lineage in self._left.values():
            last = lineage.trail[-1]
            was = self._line.version(last.blob, last.path)
            if was.kind == now.kind and (
                (was.sections == now.sections and now.sections) or was.fields.get("title") == now.fields.get("title")
            ):
                return lineage
        return None

    def _on_disk(self, one: Entry | Unread, steps: list[Step]) -> Iterator[Step]:
        if not steps:
            yield Step(NOT_COMMITTED, None, (), one.path, _facts_on_disk(one), partial(version_of, one.document))
            return
        version = version_of(one.document)
        if changes(steps[-1].read(), version):
            yield Step(NOT_COMMITTED, None, (), one.path, facts_of(version), lambda: version)


def _facts_on_disk(one: Entry | Unread) -> Facts:
    """Give what gates ask of a file first, of what was read of it already."""
    record = one.record if isinstance(one, Entry) else None
    amendments = record.amendments if isinstance(record, Decision) else ()
    return Facts(one.kind, one.id, str(getattr(record, "status", "")), len(amendments), problem=record is None)


def _as_removal(step: Step) -> Step:
    return step._replace(path="", facts=None, read=lambda: None, blob="")
