"""The records of a log at one commit after the other: what is the same stays the same value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import BaseModel

from gatepost.book import Entry, Unread
from gatepost.book.book import design_at, design_folders
from gatepost.book.entry import read_entry_again
from gatepost.sources import Snapshot

__all__ = ["Changed", "TrendRecords", "days_in"]

_PLAIN: Final = frozenset({str, int, float, bool, type(None)})

Changed = Mapping[str, tuple[Entry | Unread | None, Entry | Unread | None]]
"""Records before and after, by path."""


class TrendRecords:
    """The records of one commit."""

    def __init__(self) -> None:
        """Begin with none."""
        self.all: dict[str, Entry | Unread] = {}
        """By path, in that order."""
        self.folders: dict[str, str] = {}
        """The designs by their folders."""
        self._designs: dict[str, Entry | Unread] = {}

    def step(self, snapshot: Snapshot) -> Changed:
        """Go on to the next commit; give the records that are not the same."""
        before, self.all = self.all, dict(self.all)
        self._read(snapshot)
        self._give_designs(before)
        self.all = dict(sorted(self.all.items()))
        paths = before.keys() | self.all.keys()
        return {path: pair for path in paths if (pair := (before.get(path), self.all.get(path)))[0] is not pair[1]}

    def _read(self, snapshot: Snapshot) -> None:
        """Read what changed."""
        for path in snapshot.gone:
            self.all.pop(path, None)
        for path in snapshot.came:
            before = self.all.pop(path, None)
            fronts: dict[str, dict[str, Any]] = {}
            if isinstance(before, Entry) and before.document.data is not None:
                fronts[before.document.front] = before.document.data
            one = read_entry_again(snapshot.document(path, fronts), before)
            if one is not None:
                self.all[path] = one

    def _give_designs(self, before: Mapping[str, Entry | Unread]) -> None:
        """Let each record belong to the design in whose folder it is; one that moves to another is another record."""
        self._designs = {path: one for path, one in self._designs.items() if self.all.get(path) is one}
        new = {path: one for path, one in self.all.items() if before.get(path) is not one}
        self._designs.update((path, one) for path, one in new.items() if one.kind == "design")
        ordered = sorted(self._designs.values(), key=lambda one: (isinstance(one, Unread), one.path))  # as in a book
        folders = design_folders(ordered)
        for path, one in (dict(self.all) if folders != self.folders else new).items():
            design = design_at(path, folders)
            if one.design != design:
                if path not in new:
                    self.all[path] = _again(one)
                self.all[path].design = design
        self._designs = {path: self.all[path] for path in self._designs}
        self.folders = folders


def days_in(record: BaseModel) -> Iterator[dt.date]:
    """Give every day that a record names, at any depth."""
    waiting: list[object] = [record]
    while waiting:
        value = waiting.pop()
        if type(value) in _PLAIN:
            continue
        if isinstance(value, dt.date):
            yield value
        elif isinstance(value, BaseModel):
            waiting.extend(value.__dict__.values())
        elif isinstance(value, Mapping):
            waiting.extend(value.values())
        elif isinstance(value, tuple | list | set | frozenset):
            waiting.extend(value)


def _again(one: Entry | Unread) -> Entry | Unread:
    """Give the same file as a record that belongs nowhere yet."""
    if isinstance(one, Entry):
        return Entry(one.record, one.document)
    return Unread(one.document, one.kind, one.faults, one.name)
