"""The main line up to one commit, and the records along it: kept in an index, brought forward by what is new."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property, partial
from typing import TYPE_CHECKING
from weakref import finalize

from gatepost.book.changes import Change, Version, changes
from gatepost.book.frontmatter import MAX_FILE
from gatepost.book.history import Commit, Facts, Step
from gatepost.sources.brought import Brought, commit_of, names_before, on_branch
from gatepost.sources.fronts import Fronts
from gatepost.sources.gitlog import Row
from gatepost.sources.history_pass import HistoryPass
from gatepost.sources.index import HistoryIndex, Line, cache_folder
from gatepost.sources.lineage import Lineage, Lineages, Trail

if TYPE_CHECKING:
    from gatepost.sources.repository import Repository

__all__ = ["MainLine"]


class MainLine:
    """The commits that lead to one commit, and the versions of each record along them."""

    def __init__(self, repository: Repository, docs: str, commit: str, identity: str, *, leads: bool) -> None:
        """Take what the line is of; nothing is read before somebody asks.

        Args:
            repository: where to ask.
            docs: the folder of the records, relative to the root; empty for the root.
            commit: the full id of the commit that the line leads to; empty when there is none yet.
            identity: what tells one index from another.
            leads: whether the index follows this line when it goes elsewhere than the one that was read last.
        """
        self._repository, self._docs, self._commit = repository, docs, commit
        self._identity, self._leads = identity, leads
        self._facts: dict[tuple[str, str], Facts] = {}
        self._fronts = Fronts()
        self.commits: list[tuple[Commit, Brought]] = []
        """The commits, oldest first, each with those that a merge brought; filled with the records."""

    def steps(self, lineage: Lineage) -> list[Step]:
        """Give the steps of one record, oldest first."""
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
        commit, brought = self.commits[trail.number]
        by, through = on_branch(brought, names, ids) if brought else ((), ())
        if not trail.path:
            return Step(trail.number, commit, by, "", None, lambda: None)
        read = partial(self.version, trail.blob, trail.path)
        return Step(trail.number, commit, by, trail.path, trail.facts, read, trail.blob, self._compare, through)

    def _compare(self, before: Step, after: Step) -> tuple[Change, ...]:
        if not (before.blob and after.blob):
            return changes(before.read(), after.read())
        one, two = (before.blob, before.path), (after.blob, after.path)
        if one == two:
            return ()
        found = self.index.differences(one, two)
        if found is None:
            found = changes(before.read(), after.read())
            self.index.keep_later(compared=(one, two, found))
        return found

    def version(self, blob: str, path: str) -> Version:
        """Give what a blob at a path said; read once, kept after that."""
        kept = self.index.version(blob, path)
        if kept is not None:
            return kept
        content = self._repository.blob(blob, MAX_FILE + 1)
        if content is None:
            return Version("page", "", path, {}, {}, "its content is not in this repository")
        version = self._fronts.version(path, content)
        self.index.keep_later((blob, version))
        return version

    def read_ahead(self) -> None:
        """Read every version of every record in one stream, for somebody who is about to show them all."""
        if self.lineages is None:
            return
        wanted = {(trail.blob, trail.path) for one in self.lineages.all for trail in one.trail if trail.blob}
        missing: dict[str, list[str]] = {}
        for blob, path in wanted - self.index.read_ahead():
            missing.setdefault(blob, []).append(path)
        if not missing:
            return
        for blob, content in self._repository.blobs(sorted(missing, key=missing.__getitem__), MAX_FILE + 1):
            for path in missing[blob] if content is not None else ():
                self.index.keep_ahead(blob, self._fronts.version(path, content or b""))

    @cached_property
    def index(self) -> HistoryIndex:
        """Where what was read is kept."""
        folder = None if self._repository.history_problem else cache_folder()
        index = HistoryIndex.open(folder, self._identity)
        finalize(self, index.flush)
        return index

    @cached_property
    def lineages(self) -> Lineages | None:
        """The records along the line; None when git cannot say."""
        if not self._commit:
            return None if self._repository.problem else Lineages(self._facts_at)
        try:
            return self._restored() or self._replayed()
        except (ValueError, TypeError, IndexError, KeyError, AttributeError):
            # What was kept is sealed, and yet no reader of this version wrote it.
            self.commits, self._facts = [], {}
            self.index.forget()
            return self._replayed()

    def _restored(self) -> Lineages | None:
        """Give the records as an index knows them whose last commit is this one."""
        if self.index.head != self._commit or (kept := self.index.state()) is None:
            return None
        with suppress(ValueError, TypeError, IndexError):
            commits, lineages = kept
            restored = Lineages.restored(self._facts_at, lineages)
            self.commits = [commit_of(*one) for one in commits]
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
        if self.index.head == self._commit:
            self.index.keep_state([[[commit, brought] for commit, _, _, brought in lines], lineages.as_json()])
        return lineages

    def _facts_at(self, blob: str, path: str) -> Facts | None:
        return self._facts.get((blob, path))

    def _lines(self) -> list[Line] | None:
        """Give the lines that lead to the commit: those that are kept, or brought forward; None when git cannot say."""
        reach = self.index.reach(self._commit)
        if reach:
            return self.index.lines[:reach]
        read = HistoryPass(self._repository, self._docs, self._commit)
        if not self._leads and self.index.head:
            # Somebody looks at another line of the history: the index of this one stays.
            self.index = HistoryIndex.open(None, self._identity)
        return self.index.lines if read.bring_forward(self.index) else None

    def _take(self, lineages: Lineages, number: int, line: Line) -> None:
        """Take one commit of the index."""
        commit, rows, facts, brought = line
        self.commits.append(commit_of(commit, brought))
        for blob, path, said in facts:
            self._facts[blob, path] = Facts(*said)
        if rows:
            lineages.step(number, [Row(*row) for row in rows], names_before(brought) if brought else {})
