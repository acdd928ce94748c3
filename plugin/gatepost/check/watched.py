"""A book that notes what is asked of it: an answer that nobody was given cannot have changed anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

from gatepost.book import Book, Entry, Link, Relation, Unread
from gatepost.book.book import folders_by_design
from gatepost.check.watch import Question, Watch, WatchedFiles
from gatepost.records import Checklist, Item, Kind, canonical

__all__ = ["WatchedBook", "answers_of"]

_SUPERSESSION: Final = frozenset({"supersedes", "superseded-by"})


class WatchedBook(Book):
    """The book of one commit."""

    def __init__(
        self,
        ones: Iterable[Entry | Unread],
        folders: Mapping[str, str],
        files: WatchedFiles,
        pages: frozenset[str],
        watch: Watch,
    ) -> None:
        """Take what was read.

        Args:
            ones: the records, and what should be records; each has its design.
            folders: the designs by their folders.
            files: the files of the commit.
            pages: all Markdown files that are published.
            watch: where questions are noted.
        """
        found = list(ones)
        self.watch, self._design_folders = watch, folders
        unread = [one for one in found if isinstance(one, Unread)]
        entries = [one for one in found if isinstance(one, Entry)]
        super().__init__(entries, unread, files=files, docs=files.tree.docs, pages=pages)

    def _assign_designs(self) -> None:
        self._folders = folders_by_design(self._design_folders)

    @cached_property
    def _links(self) -> dict[str, tuple[Link, ...]]:
        return {entry.path: self.watch.links(entry) for entry in self.entries}

    def has_key(self, key: str) -> bool:
        """Tell whether anything has an id, without a note."""
        return key in self._by_key or key in super().items or key in self._items_unread

    def folder_of_design(self, design: str) -> str | None:
        """Give the folder of a design, without a note."""
        return self._folders.get(design)

    @property
    def design_ids(self) -> frozenset[str]:
        """The designs that have a folder."""
        return frozenset(self._folders)

    @property
    def items(self) -> dict[str, list[tuple[Entry, int, Item]]]:
        """The items of all checklists."""
        self.watch.asked.add(("kind", "checklist"))
        return super().items

    @property
    def circles(self) -> dict[str, tuple[str, ...]]:
        """The circles in which supersessions run."""
        self.watch.asked.add(("circles",))
        return super().circles

    def circles_after(self, before: WatchedBook, *, are_the_same: bool) -> bool:
        """Tell whether supersessions run in other circles than in the book before.

        Args:
            before: that book.
            are_the_same: whether no decision that is not the same supersedes, or is superseded.
        """
        if are_the_same:
            self.__dict__["circles"] = super(WatchedBook, before).circles
        return super(WatchedBook, before).circles != super().circles

    def of_kind(self, kind: Kind) -> tuple[Entry, ...]:
        """Give the records of one kind."""
        self.watch.asked.add(("kind", kind))
        return super().of_kind(kind)

    def named(self, record_id: str) -> tuple[Entry | Unread, ...]:
        """Give every file that claims an id."""
        self.watch.asked.add(("key", canonical(record_id)))
        return super().named(record_id)

    def get(self, record_id: str) -> Entry | None:
        """Give the record with an id."""
        self.watch.asked.add(("key", canonical(record_id)))
        return super().get(record_id)

    def knows(self, record_id: str) -> bool:
        """Tell whether anything has this id."""
        key = canonical(record_id)
        self.watch.asked.add(("known", key))
        return self.has_key(key)

    def backlinks(self, key: str, relation: Relation | None = None) -> tuple[tuple[Entry, Link], ...]:
        """Give the records that name a thing."""
        target = canonical(key)
        self.watch.asked.add(("back", target, relation))
        return self.watch.backlinks(target, relation)

    def cannot_read(self, kind: str, design_id: str = "") -> bool:
        """Tell whether a file of some kind is there and cannot be read."""
        self.watch.asked.add(("unread",))
        return super().cannot_read(kind, design_id)

    def has_page(self, path: str) -> bool:
        """Tell whether a path is a published page."""
        self.watch.asked.add(("page", path))
        return super().has_page(path)

    def folder(self, entry: Entry | Unread) -> str:
        """Give the folder in which files that a record names are looked for first."""
        self.watch.asked.add(("folder", entry.design))
        return super().folder(entry)


def answers_of(before: WatchedBook, after: WatchedBook, changed: Iterable[Entry | Unread]) -> Iterator[Question]:
    """Give the questions about records that the later book may answer in another way.

    Args:
        before: the book of the commit before.
        after: the book.
        changed: the records that only one of them has, as they are.
    """
    keys: set[str] = set()
    links: list[Link] = []
    for one in changed:
        keys.update(_names(one))
        links += after.watch.links(one) if isinstance(one, Entry) else ()
        yield "kind", one.kind
        if isinstance(one, Unread):
            yield ("unread",)
    for link in links:
        yield "back", link.target, link.relation
        yield "back", link.target, None
    for key in keys:
        yield "key", key
        if before.has_key(key) != after.has_key(key):
            yield "known", key
    for path in before.pages ^ after.pages:
        yield "page", path
    yield from _moved_folders(before, after)
    if after.circles_after(before, are_the_same=_SUPERSESSION.isdisjoint(link.relation for link in links)):
        yield ("circles",)


def _names(one: Entry | Unread) -> Iterator[str]:
    """Give what a record can be found by: its key, and for a checklist those of its items."""
    yield one.key
    if isinstance(one, Entry) and isinstance(one.record, Checklist):
        yield from (canonical(item.id) for item in one.record.items)
    elif isinstance(one, Unread):
        yield from one.item_keys


def _moved_folders(before: WatchedBook, after: WatchedBook) -> Iterator[Question]:
    for design in before.design_ids | after.design_ids:
        if before.folder_of_design(design) != after.folder_of_design(design):
            yield "folder", design
