"""The history of a log from git: one pass, kept in an index, brought forward by what is new."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from copy import copy
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any
from weakref import finalize

from gatepost.book import Book, Entry, Unread
from gatepost.book.changes import Change, Version, changes, version_of
from gatepost.book.frontmatter import MAX_FILE
from gatepost.book.history import NOT_COMMITTED, Commit, Facts, RecordHistory, Step
from gatepost.sources.fronts import Fronts, facts_of
from gatepost.sources.gitlog import Row
from gatepost.sources.history_pass import HistoryPass, is_below
from gatepost.sources.index import READER, HistoryIndex, Line, as_line, cache_folder
from gatepost.sources.lineage import Lineage, Lineages, Trail
from gatepost.sources.repository import NO_COMMITS

if TYPE_CHECKING:
    from gatepost.sources.repository import Repository

__all__ = ["GitHistory"]

_Brought = tuple[tuple[Commit, list[Any]], ...]
"""The commits that a merge brought, oldest first, each with the files that it changed: the path before, the path after,
what it said then.
"""


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
        self._identity = as_line([READER, version, str(repository.common_dir), repository.prefix, docs])
        self._uncommitted = uncommitted
        self._published = published or (lambda paths: paths)
        self._facts: dict[tuple[str, str], Facts] = {}
        self._fronts = Fronts()
        self._continued: set[Lineage] = set()
        self._histories: dict[str, RecordHistory | None] = {}
        self._commits: list[tuple[Commit, _Brought]] = []

    @property
    def problem(self) -> str:
        """Why the history is not whole or not known; empty while it is whole."""
        why = self._repository.history_problem
        if why and why != NO_COMMITS:
            return why
        return "" if self._lineages is not None else self._repository.problem or "git cannot read the history"

    @property
    def line(self) -> tuple[Commit, ...]:
        """The commits of the main line, oldest first; none when they are not known."""
        return tuple(commit for commit, _ in self._commits) if self._lineages is not None else ()

    @cached_property
    def begins(self) -> int | None:
        """The place on the main line at which the first record of the log came; None when there was none yet."""
        first: int | None = None
        for lineage in self._lineages.all if self._lineages is not None else ():
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
        return self._index

    def of(self, one: Entry | Unread) -> RecordHistory | None:
        """Give the history of a record; None when it is new and not committed, or when nothing is known."""
        if one.path not in self._histories:
            self._histories[one.path] = self._history(one)
        return self._histories[one.path]

    def _history(self, one: Entry | Unread) -> RecordHistory | None:
        if self._lineages is None:
            return None
        lineage = self._lineages.at.get(one.path) or self._moved(one)
        steps = [] if lineage is None else self._steps(lineage)
        if self._uncommitted and (lineage is None or one.path in self._dirty or lineage.path != one.path):
            steps.extend(self._on_disk(one, steps))
        return RecordHistory(tuple(steps)) if steps else None

    def gone(self, book: Book) -> tuple[RecordHistory, ...]:
        """Give the histories of the records that were in this log and are no more, by the path they had last."""
        if self._lineages is None:
            return ()
        for one in book.files_read:
            if one.path not in self._lineages.at:
                self._moved(one)
        there = {one.path for one in book.files_read}
        keys = {one.key for one in book.files_read}
        found = [
            one
            for one in self._lineages.all
            if one.path not in there
            and one.key
            and one.key not in keys
            and one not in self._continued
            and self._was_published(one)
        ]
        return tuple(self._removed(one) for one in sorted(found, key=lambda one: (one.path, one.trail[0].path)))

    def _removed(self, lineage: Lineage) -> RecordHistory:
        """Give the history of a record that is no more; its last step is the one that took it out of the log."""
        steps = self._steps(lineage)
        shown = frozenset(self._published([one.path for one in steps if is_below(one.path, self._docs)]))
        is_record = [one.path in shown and one.facts is not None and one.facts.kind != "page" for one in steps]
        last = max((n for n, record in enumerate(is_record) if record), default=-1)
        if last + 1 < len(steps):
            return RecordHistory((*steps[: last + 1], _as_removal(steps[last + 1])))
        return RecordHistory((*steps, _as_removal(steps[-1]._replace(number=NOT_COMMITTED, commit=None, brought=()))))

    def number_of(self, commit: str) -> int | None:
        """Give the place on the main line of a commit, named by its id or the beginning of it; None when not there."""
        if self._lineages is None:
            return None
        return next((number for number, (one, _) in enumerate(self._commits) if one.id.startswith(commit)), None)

    def after(self, changed: Iterable[str], gone: Iterable[str]) -> GitHistory:
        """Give the same history for a tree in which some files are changed or new, and some are gone."""
        other = copy(self) if self._lineages is not None else self
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
        listing = self._repository.ask("diff-index", "-z", "--name-status", "--no-renames", self._commit, "--")
        words = (listing or b"").decode("utf-8", "surrogateescape").split("\0")
        return dict(zip(words[1::2], words[::2], strict=False))

    @cached_property
    def _left(self) -> dict[str, Lineage]:
        """The records whose file is gone from where the commit has it, by key: they may have been moved."""
        if self._lineages is None:
            return {}
        there = self._lineages.at
        removed = (there[path] for path, how in self._dirty.items() if how == "D" and path in there)
        return {one.key: one for one in removed if one.key}

    def _moved(self, one: Entry | Unread) -> Lineage | None:
        """Give the record that a file continues which the commit does not have."""
        if not self._uncommitted or self._lineages is None:
            return None
        found = self._left.get(one.key) or self._lineages.returning(one.key, one.path) or self._renumbered(one)
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
            was = self._version(last.blob, last.path)
            if was.kind == now.kind and (
                (was.sections == now.sections and now.sections) or was.fields.get("title") == now.fields.get("title")
            ):
                return lineage
        return None

    def _on_disk(self, one: Entry | Unread, steps: list[Step]) -> Iterator[Step]:
        version = version_of(one.document)
        if not steps or changes(steps[-1].read(), version):
            yield Step(NOT_COMMITTED, None, (), one.path, facts_of(version), lambda: version)

    def _steps(self, lineage: Lineage) -> list[Step]:
        steps: list[Step] = []
        names: set[str] = set()
        ids: set[str] = set()
        for trail in lineage.trail:
            names.update((trail.path, trail.old_path))
            if trail.facts is not None:
                ids.add(trail.facts.id)
            steps.append(self._step(trail, names, ids))
        return steps

    def _step(self, trail: Trail, names: set[str], ids: set[str]) -> Step:
        """Give one step; the record had the names and the ids at some time up to then."""
        commit, brought = self._commits[trail.number]
        by, through = _on_branch(brought, names, ids) if brought else ((), ())
        if not trail.path:
            return Step(trail.number, commit, by, "", None, lambda: None)
        read = partial(self._version, trail.blob, trail.path)
        return Step(trail.number, commit, by, trail.path, trail.facts, read, trail.blob, self._compare, through)

    def _compare(self, before: Step, after: Step) -> tuple[Change, ...]:
        if not (before.blob and after.blob):
            return changes(before.read(), after.read())
        one, two = (before.blob, before.path), (after.blob, after.path)
        if one == two:
            return ()
        found = self._index.differences(one, two)
        if found is None:
            found = changes(before.read(), after.read())
            self._index.keep_later(compared=(one, two, found))
        return found

    def _version(self, blob: str, path: str) -> Version:
        kept = self._index.version(blob, path)
        if kept is not None:
            return kept
        content = self._repository.blob(blob, MAX_FILE + 1)
        if content is None:
            return Version("page", "", path, {}, {}, "its content is not in this repository")
        version = self._fronts.version(path, content)
        self._index.keep_later((blob, version))
        return version

    @cached_property
    def _index(self) -> HistoryIndex:
        folder = None if self._repository.history_problem else cache_folder()
        index = HistoryIndex.open(folder, self._identity)
        finalize(self, index.flush)
        return index

    @cached_property
    def _lineages(self) -> Lineages | None:
        if not self._commit:
            return None if self._repository.problem else Lineages(self._facts_at)
        try:
            return self._restored() or self._replayed()
        except (ValueError, TypeError, IndexError, KeyError, AttributeError):
            # What was kept is sealed, and yet no reader of this version wrote it.
            self._commits, self._facts = [], {}
            self._index.forget()
            return self._replayed()

    def _restored(self) -> Lineages | None:
        """Give the records as an index knows them whose last commit is this one."""
        if self._index.head != self._commit or (kept := self._index.state()) is None:
            return None
        with suppress(ValueError, TypeError, IndexError):
            commits, lineages = kept
            restored = Lineages.restored(self._facts_at, lineages)
            self._commits = [_commit_of(*one) for one in commits]
            return restored
        return None

    def _replayed(self) -> Lineages | None:
        """Give the records by taking one commit after the other."""
        lines = self._lines()
        if lines is None:
            return None
        lineages = Lineages(self._facts_at)
        for number, line in enumerate(lines):
            self._take(lineages, number, line)
        if self._index.head == self._commit:
            self._index.keep_state([[[commit, brought] for commit, _, _, brought in lines], lineages.as_json()])
        return lineages

    def _facts_at(self, blob: str, path: str) -> Facts | None:
        return self._facts.get((blob, path))

    def _lines(self) -> list[Line] | None:
        """Give the lines that lead to the commit: those that are kept, or brought forward; None when git cannot say."""
        reach = self._index.reach(self._commit)
        if reach:
            return self._index.lines[:reach]
        read = HistoryPass(self._repository, self._docs, self._commit)
        if not self._uncommitted and self._index.head:
            # Somebody looks at another line of the history: the index of this one stays.
            self._index = HistoryIndex.open(None, self._identity)
        return self._index.lines if read.bring_forward(self._index) else None

    def _take(self, lineages: Lineages, number: int, line: Line) -> None:
        """Take one commit of the index."""
        commit, rows, facts, brought = line
        self._commits.append(_commit_of(commit, brought))
        for blob, path, said in facts:
            self._facts[blob, path] = Facts(*said)
        if rows:
            lineages.step(number, [Row(*row) for row in rows], _names_before(brought) if brought else {})


def _commit_of(commit: list[str], brought: list[Any]) -> tuple[Commit, _Brought]:
    return Commit(*commit), tuple((Commit(*one), rows) for one, rows in brought) if brought else ()


def _on_branch(brought: _Brought, names: set[str], ids: set[str]) -> tuple[tuple[Commit, ...], tuple[Facts, ...]]:
    """Give the commits of a branch that changed a record, and what it said there.

    It is known under the names that it had before, those that it had there, and by its id.
    """
    known = {new for _, rows in brought for _, new, said in rows if said and said[1] and said[1] in ids} | names
    known.discard("")
    for _, rows in reversed(brought):
        known.update(old for old, new, _ in rows if new in known and old)
    for _, rows in brought:
        known.update(new for old, new, _ in rows if old in known and new)
    found = [(one, [row for row in rows if row[0] in known or row[1] in known]) for one, rows in brought]
    said = tuple(Facts(*facts) for _, rows in found for _, _, facts in rows if facts)
    return tuple(one for one, rows in found if rows), said


def _names_before(brought: list[Any]) -> dict[str, str]:
    """Give, for the paths that a branch gave to files, the paths that they had where it began."""
    before: dict[str, str] = {}
    for _, rows in brought:
        for old, new, _ in rows:
            if old and new and old != new:
                before[new] = before.pop(old, old)
    return before


def _as_removal(step: Step) -> Step:
    return step._replace(path="", facts=None, read=lambda: None, blob="")
