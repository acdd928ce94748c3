"""Reading a history once: what is new is parsed, and written to the index."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from gatepost.book import read_document
from gatepost.book.changes import Version, version_of
from gatepost.book.history import Commit, Facts
from gatepost.sources.gitlog import LogCommit, read_log
from gatepost.sources.index import HistoryIndex, as_line
from gatepost.sources.published import MARKDOWN
from gatepost.sources.spine import SpineStep, spine_of

if TYPE_CHECKING:
    from gatepost.sources.repository import Repository

__all__ = ["HistoryPass", "facts_of", "is_below"]

_SUFFIXES: Final = tuple(ending.encode() for ending in MARKDOWN)
_FRONTS: Final = 64
"""How many frontmatters are remembered."""
_AT_ONCE: Final = 2000
"""How many versions are read before they are kept: what is held in memory stays small."""
_LOST: Final = Facts("page", "", "", 0, problem=True)


class HistoryPass:
    """One pass over the commits that an index does not have yet."""

    def __init__(self, repository: Repository, docs: str, commit: str) -> None:
        """Take what is read.

        Args:
            repository: where to ask.
            docs: the folder of the records, relative to the root; empty for the root.
            commit: the full id of the commit that the history leads to.
        """
        self._repository, self._docs, self._commit = repository, docs, commit

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
        facts = dict(self._read(spine, wanted, known, index))
        index.extend((_line(step, wanted, facts) for step in spine), self._commit)
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
        """Read and keep each new version once; give what gates ask of it first."""
        some: list[tuple[str, Version]] = []
        for blob, path, version in self._versions(_paths_of(spine, wanted, known)):
            yield (blob, path), facts_of(version) if version else _LOST
            if version is not None and version.kind != "page":
                some.append((blob, version))
            if len(some) >= _AT_ONCE:
                index.keep(some)
                some = []
        index.keep(some)

    def _versions(self, paths: dict[str, list[str]]) -> Iterator[tuple[str, str, Version | None]]:
        """Read blobs, those of one file after each other: what did not change between two of them is read once."""
        fronts: dict[str, dict[str, Any]] = {}
        for blob, content in self._repository.blobs(sorted(paths, key=paths.__getitem__)):
            if len(fronts) > _FRONTS:
                fronts.clear()
            for path in paths[blob]:
                yield blob, path, None if content is None else version_of(read_document(path, content, fronts))


class _Known:
    """What the lines of an index hold already."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.paths: set[str] = set()
        self.versions: set[tuple[str, str]] = set()
        for line in lines:
            _, rows, facts, _ = json.loads(line)
            self.paths.update(path for row in rows for path in row[:2] if path)
            self.versions.update((blob, path) for blob, path, _ in facts)


def is_below(path: str, docs: str) -> bool:
    """Tell whether a path lies in the docs folder; the empty path lies nowhere."""
    return path.startswith(f"{docs}/") if docs else bool(path)


def _paths_of(spine: tuple[SpineStep, ...], wanted: frozenset[str], known: _Known) -> dict[str, list[str]]:
    """Give the paths at which each new blob stood."""
    found: dict[str, dict[str, None]] = {}
    for step in spine:
        for row in step.commit.rows:
            if row.blob and row.new_path in wanted and (row.blob, row.new_path) not in known.versions:
                found.setdefault(row.blob, {})[row.new_path] = None
    return {blob: list(paths) for blob, paths in found.items()}


def _line(step: SpineStep, wanted: frozenset[str], facts: dict[tuple[str, str], Facts]) -> str:
    """Write one commit of the main line as the index keeps it; each version's facts go with its first commit."""
    rows = [row for row in step.commit.rows if row.old_path in wanted or row.new_path in wanted]
    said = [
        [row.blob, row.new_path, found]
        for row in rows
        if row.blob and (found := facts.pop((row.blob, row.new_path), None)) is not None
    ]
    brought = [
        [_commit(one), sorted(paths)]
        for one in step.brought
        if (paths := {path for row in one.rows for path in row[:2] if path in wanted})
    ]
    return as_line([_commit(step.commit), rows, said, brought])


def _commit(one: LogCommit) -> Commit:
    return Commit(one.id, one.author, one.date, one.subject)


def facts_of(version: Version) -> Facts:
    """Give what gates ask of a version first."""
    status, amendments = version.fields.get("status"), version.fields.get("amendments")
    return Facts(
        version.kind,
        version.id,
        status if isinstance(status, str) else "",
        len(amendments) if isinstance(amendments, list) else 0,
        bool(version.problem) and version.kind != "page",
    )
