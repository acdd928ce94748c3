"""Reading a history once: what is new is parsed, and written to the index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from gatepost.book.changes import Version
from gatepost.book.frontmatter import MAX_FILE
from gatepost.book.history import Commit, Facts
from gatepost.sources.acceptances import Acceptances
from gatepost.sources.fronts import Fronts
from gatepost.sources.gitlog import LogCommit, Row, read_log
from gatepost.sources.index import Compared, HistoryIndex, Line
from gatepost.sources.published import MARKDOWN
from gatepost.sources.spine import SpineStep, spine_of

if TYPE_CHECKING:
    from gatepost.sources.repository import Repository

__all__ = ["HistoryPass", "is_below"]

_SUFFIXES: Final = tuple(ending.encode() for ending in MARKDOWN)
_AT_ONCE: Final = 2000
"""How many things are kept at a time: what is held in memory stays small."""
_LOST: Final = Facts("page", "", "", 0, problem=True)


class HistoryPass:
    """One pass over the commits that an index does not have yet."""

    def __init__(self, repository: Repository, docs: str, commit: str) -> None:
        """Take what is read.

        In a partial clone every version is kept: to ask for one of them later takes a process.

        Args:
            repository: where to ask.
            docs: the folder of the records, relative to the root; empty for the root.
            commit: the full id of the commit that the history leads to.
        """
        self._repository, self._docs, self._commit = repository, docs, commit
        self._keeps_all = repository.is_partial

    def bring_forward(self, index: HistoryIndex) -> bool:
        """Add what came after the index, or everything when it does not lead here; give False when git cannot say."""
        known = _Known(index.lines)
        spine = self._spine(index.head) if index.head else None
        if spine is None or self._comes_from_outside(spine, known):
            known = _Known([])
            index.forget()
            spine = self._spine("")
        if spine is None:
            return False
        wanted = self._wanted(spine, known)
        facts = known.facts
        told = set(facts)
        facts.update(self._read(spine, wanted, known, index))
        index.extend([self._line(step, wanted, facts, told) for step in spine], self._commit)
        return True

    def _spine(self, after: str) -> tuple[SpineStep, ...] | None:
        revisions = (self._commit, f"^{after}") if after else (self._commit,)
        commits = read_log(self._repository, revisions, _SUFFIXES)
        return None if commits is None else spine_of(commits, self._commit, after)

    def _comes_from_outside(self, spine: tuple[SpineStep, ...], known: _Known) -> bool:
        """Tell whether a file came from a place whose earlier versions the index left out."""
        return any(
            row.old_path and row.old_path != row.new_path and is_below(row.new_path, self._docs)
            for step in spine
            for row in step.commit.rows
            if row.old_path not in known.paths and not is_below(row.old_path, self._docs)
        )

    def _wanted(self, spine: tuple[SpineStep, ...], known: _Known) -> frozenset[str]:
        """Give the paths that matter: below the docs folder, and those that files below it had before."""
        wanted = set(known.paths)
        for step in reversed(spine):
            for row in step.commit.rows:
                if row.new_path in wanted or is_below(row.new_path, self._docs):
                    wanted.update(path for path in row[:2] if path)
                elif is_below(row.old_path, self._docs):
                    wanted.add(row.old_path)
        return frozenset(wanted)

    def _read(
        self, spine: tuple[SpineStep, ...], wanted: frozenset[str], known: _Known, index: HistoryIndex
    ) -> Iterator[tuple[tuple[str, str], Facts]]:
        """Read each new version once, and give what it says in short; keep what gates ask of every log."""
        paths, last = self._paths_of(spine, wanted, known)
        versions: list[tuple[str, Version]] = []
        compared: list[Compared] = []
        fronts = Fronts()
        acceptances = Acceptances(fronts)
        for blob, content in self._repository.blobs(sorted(paths, key=paths.__getitem__), MAX_FILE + 1):
            for path in paths[blob]:
                facts = _LOST if content is None else fronts.facts(path, content)
                yield (blob, path), facts
                if content is None or facts.kind == "page":
                    continue
                if (blob, path) in last:
                    compared.extend(acceptances.take(path, blob, facts, content, is_last=last[blob, path]))
                if self._keeps_all:
                    versions.append((blob, fronts.version(path, content)))
            if len(versions) + len(compared) >= _AT_ONCE:
                index.keep(versions)
                index.keep_differences(compared)
                versions, compared = [], []
        index.keep(versions)
        index.keep_differences(compared)

    def _line(
        self,
        step: SpineStep,
        wanted: frozenset[str],
        facts: dict[tuple[str, str], Facts],
        told: set[tuple[str, str]],
    ) -> Line:
        """Give one commit of the main line as the index keeps it; each version's facts go with its first commit."""
        rows = [row for row in step.commit.rows if row.old_path in wanted or row.new_path in wanted]
        branch = [(one, [row for row in one.rows if self._matters(row, wanted)]) for one in step.brought]
        said = []
        for row in (*rows, *(row for _, some in branch for row in some)) if branch else rows:
            at = (row.blob, row.new_path)
            if at in facts and at not in told:
                told.add(at)
                said.append([*at, facts[at]])
        brought = [
            [_commit(one), [[row.old_path, row.new_path, facts.get((row.blob, row.new_path))] for row in some]]
            for one, some in branch
            if some
        ]
        return [_commit(step.commit), rows, said, brought]

    def _matters(self, row: Row, wanted: frozenset[str]) -> bool:
        """Tell whether a file on a branch can be one that came of it: there it may have had other names."""
        return any(path in wanted or is_below(path, self._docs) for path in row[:2])

    def _paths_of(
        self, spine: tuple[SpineStep, ...], wanted: frozenset[str], known: _Known
    ) -> tuple[dict[str, list[str]], dict[tuple[str, str], bool]]:
        """Give the paths at which each new blob stood; for those on the main line, whether it was the last there."""
        found: dict[str, dict[str, None]] = {}
        on_line: dict[str, str] = {}
        places: set[tuple[str, str]] = set()
        for step in spine:
            for row in (row for one in step.brought for row in one.rows if self._matters(row, wanted)):
                if row.blob and (row.blob, row.new_path) not in known.facts:
                    found.setdefault(row.blob, {})[row.new_path] = None
            for row in step.commit.rows:
                at = (row.blob, row.new_path)
                if row.blob and row.new_path in wanted and at not in known.facts:
                    found.setdefault(row.blob, {})[row.new_path] = None
                    on_line[row.new_path] = row.blob
                    places.add(at)
        last = {(blob, path): on_line[path] == blob for blob, path in places}
        return {blob: list(paths) for blob, paths in found.items()}, last


class _Known:
    """What the lines of an index hold already."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.facts = {(blob, path): Facts(*said) for _, _, facts, _ in lines for blob, path, said in facts}
        self.paths = {path for _, path in self.facts}
        """Those of which every version was read."""


def is_below(path: str, docs: str) -> bool:
    """Tell whether a path lies in the docs folder; the empty path lies nowhere."""
    return path.startswith(f"{docs}/") if docs else bool(path)


def _commit(one: LogCommit) -> Commit:
    return Commit(one.id, one.author, one.date, one.subject)
