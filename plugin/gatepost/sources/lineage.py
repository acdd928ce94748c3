"""Which versions belong to one record: renames, moves, deletions and returns along the main line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

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


@dataclass(eq=False, slots=True)
class Lineage:
    """The versions of one record."""

    trail: list[Trail] = field(default_factory=list)
    key: str = ""
    """The record's id in its one spelling, as it was said last; empty while it has none."""

    @property
    def path(self) -> str:
        """Where it is now; empty when it is gone."""
        return self.trail[-1].path


class Lineages:
    """All records of a history, brought forward one commit at a time.

    In one commit a file that came is taken for one that went: the one with the same id first, then the one that git
    takes it for. A file that comes later continues the record that went with the same id, or from the same path.
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

    def step(self, number: int, rows: Iterable[Row]) -> None:
        """Take the changes of the next commit."""
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
            self._pair(number, came, went)

    def _pair(self, number: int, came: list[Row], went: dict[str, Lineage]) -> None:
        by_key = {lineage.key: path for path, lineage in went.items() if lineage.key}
        later: list[Row] = []
        for row in came:
            path = by_key.get(self._key(row), "")
            if path in went:
                self._put(went.pop(path), number, row, path)
            else:
                later.append(row)
        for row in later:
            lineage = went.pop(row.old_path, None) if row.old_path else None
            if lineage is not None:
                self._put(lineage, number, row, row.old_path)
            else:
                self._put(self.returning(self._key(row), row.new_path) or self._new(), number, row, "")
        for path, lineage in went.items():
            lineage.trail.append(Trail(number, "", "", path))
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
        lineage.trail.append(Trail(number, row.new_path, row.blob, old_path))
        lineage.key = self._key(row) or lineage.key
        self.at[row.new_path] = lineage

    def _key(self, row: Row) -> str:
        facts = self._facts(row.blob, row.new_path)
        return canonical(facts.id) if facts is not None and facts.kind != "page" else ""
