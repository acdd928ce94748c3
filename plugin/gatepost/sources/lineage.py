"""Which versions belong to one record: renames, moves, deletions and returns along the main line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from gatepost.book.history import Facts
from gatepost.records import canonical
from gatepost.sources.gitlog import Row

__all__ = ["Lineage", "Lineages", "Trail"]


class Trail(NamedTuple):
    """One version on the main line."""

    number: int
    """The place of its commit."""
    path: str
    """Where the file was; empty when it was gone."""
    blob: str
    """What it held; empty when it was gone."""
    old_path: str
    """Where it was before; empty when it was not there."""
    facts: Facts | None
    """What it said in short; None when it was gone."""


class Lineage:
    """The versions of one record."""

    def __init__(self, key: str = "", kept: list[list[Any]] | None = None) -> None:
        """Begin one, or take one that was kept; see `as_json`."""
        self.key = key
        """The record's id in its one spelling, as it was said last; empty while it has none."""
        self._kept = kept
        self._trail: list[Trail] = []

    @property
    def trail(self) -> list[Trail]:
        """Its versions, oldest first."""
        if self._kept is not None:
            self._trail = [
                Trail(number, path, blob, old_path, Facts(*facts) if facts else None)
                for number, path, blob, old_path, facts in self._kept
            ]
            self._kept = None
        return self._trail

    @property
    def path(self) -> str:
        """Where it is now; empty when it is gone."""
        return str(self._kept[-1][1]) if self._kept else self._trail[-1].path

    def as_json(self) -> list[Any]:
        """Give it as JSON can hold it."""
        return [self.key, self.trail]


class Lineages:
    """All records of a history, brought forward one commit at a time.

    In one commit a file that came is taken for one that went: the one with the same id first, then the one that git
    takes it for, then the one that it was on the branch that was merged. A file that comes later continues the record
    that went with the same id, or from the same path.
    """

    def __init__(self, facts: Callable[[str, str], Facts | None]) -> None:
        """Take what tells ids.

        Args:
            facts: from a blob and its path to what the version says.
        """
        self._facts = facts
        self.all: list[Lineage] = []
        self.at: dict[str, Lineage] = {}
        """The records that are there, by path."""
        self._gone: dict[str, Lineage] = {}
        """The records that went, by path and by key."""

    @classmethod
    def restored(cls, facts: Callable[[str, str], Facts | None], kept: list[Any]) -> Lineages:
        """Give what `as_json` kept.

        Raises:
            ValueError, TypeError, IndexError: it is something else.
        """
        one = cls(facts)
        lineages, gone = kept
        one.all = [Lineage(key, trail) for key, trail in lineages]
        one.at = {path: lineage for lineage in one.all if (path := lineage.path)}
        one._gone = {name: one.all[place] for name, place in gone}
        return one

    def as_json(self) -> list[Any]:
        """Give it all as JSON can hold it."""
        places = {id(lineage): place for place, lineage in enumerate(self.all)}
        gone = [[name, places[id(lineage)]] for name, lineage in self._gone.items()]
        return [[one.as_json() for one in self.all], gone]

    def step(self, number: int, rows: Iterable[Row], names: Mapping[str, str] = MappingProxyType({})) -> None:
        """Take the changes of the next commit.

        Args:
            number: its place on the main line.
            rows: the files that it changed.
            names: for a merge, from paths that a branch gave to files to the paths that they had before.
        """
        came: list[Row] = []
        went: dict[str, Lineage] = {}
        for row in rows:
            if row.old_path and row.old_path == row.new_path and row.old_path in self.at:
                self._put(self.at[row.old_path], number, row, row.old_path)
                continue
            if row.old_path and row.old_path != row.new_path and (lineage := self.at.pop(row.old_path, None)):
                went[row.old_path] = lineage
            if row.new_path:
                came.append(row)
        if came or went:
            self._pair(number, came, went, names)

    def _pair(self, number: int, came: list[Row], went: dict[str, Lineage], names: Mapping[str, str]) -> None:
        by_key = {lineage.key: path for path, lineage in went.items() if lineage.key}
        later: list[Row] = []
        for row in came:
            path = by_key.get(self._key(row), "")
            if path in went:
                self._put(went.pop(path), number, row, path)
            else:
                later.append(row)
        for row in later:
            path = row.old_path if row.old_path in went else names.get(row.new_path, "")
            if path in went:
                self._put(went.pop(path), number, row, path)
            else:
                self._put(self.returning(self._key(row), row.new_path) or self._new(), number, row, "")
        for path, lineage in went.items():
            lineage.trail.append(Trail(number, "", "", path, None))
            self._gone[path] = lineage
            if lineage.key:
                self._gone[lineage.key] = lineage

    def returning(self, key: str, path: str) -> Lineage | None:
        """Give the record that went earlier and comes back with a file.

        Args:
            key: the id of the record in the file, in its one spelling; empty when it has none.
            path: where the file is.
        """
        for name in (key, path):
            lineage = self._gone.get(name) if name else None
            if lineage is not None and not lineage.path and (name == key or not (key and lineage.key)):
                return lineage
        return None

    def _new(self) -> Lineage:
        self.all.append(Lineage())
        return self.all[-1]

    def _put(self, lineage: Lineage, number: int, row: Row, old_path: str) -> None:
        facts = self._facts(row.blob, row.new_path)
        lineage.trail.append(Trail(number, row.new_path, row.blob, old_path, facts))
        lineage.key = _key(facts) or lineage.key
        self.at[row.new_path] = lineage

    def _key(self, row: Row) -> str:
        return _key(self._facts(row.blob, row.new_path))


def _key(facts: Facts | None) -> str:
    return canonical(facts.id) if facts is not None and facts.kind != "page" else ""
