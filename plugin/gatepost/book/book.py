"""The book: the immutable set of records of one tree, linked both ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from gatepost.book.document import Document
from gatepost.book.entry import Entry, Unread, read_entry
from gatepost.book.files import Files, NoFiles
from gatepost.book.layout import is_generated
from gatepost.book.links import Link, Relation, links_of
from gatepost.book.succession import circles_in
from gatepost.records import DEFAULT_POLICY, Checklist, Design, Item, Kind, Pipeline, Policy, canonical

__all__ = ["Book", "design_at", "design_folders", "folders_by_design", "read_book"]


class Book:
    """Records of one tree and the answers that gates and pages need about them.

    Nothing in it changes after it was made; what is expensive is worked out when first asked for.
    """

    def __init__(
        self,
        entries: Iterable[Entry],
        unread: Iterable[Unread] = (),
        *,
        files: Files | None = None,
        docs: str = "",
        pages: frozenset[str] = frozenset(),
    ) -> None:
        """Take what was read.

        Args:
            entries: the records, in any order.
            unread: files that should be records and cannot be read.
            files: answers about files and commits; a tree without any when left out.
            docs: the documentation folder, relative to the root of the repository.
            pages: paths, relative to the root, of all Markdown files that are published.
        """
        self.entries = tuple(sorted(entries, key=lambda entry: entry.path))
        self.unread = tuple(sorted(unread, key=lambda unread: unread.path))
        self.files: Files = files or NoFiles()
        self.docs = docs
        self.pages = pages
        self._assign_designs()

    @property
    def files_read(self) -> Iterator[Entry | Unread]:
        """Every file that is a record, or should have been one."""
        yield from self.entries
        yield from self.unread

    def _assign_designs(self) -> None:
        folders = design_folders(self.files_read)
        self._folders = folders_by_design(folders)
        if not folders:
            return
        for one in self.files_read:
            one.design = design_at(one.path, folders)

    @cached_property
    def policy_entry(self) -> Entry | None:
        """The policy's record; the first by path when there are several."""
        return next((entry for entry in self.entries if isinstance(entry.record, Policy)), None)

    @cached_property
    def policy(self) -> Policy:
        """The policy that this log is held to."""
        entry = self.policy_entry
        return entry.record if entry is not None and isinstance(entry.record, Policy) else DEFAULT_POLICY

    @cached_property
    def _by_key(self) -> dict[str, list[Entry | Unread]]:
        index: dict[str, list[Entry | Unread]] = defaultdict(list)
        for one in self.files_read:
            index[one.key].append(one)
        return index

    @cached_property
    def items(self) -> dict[str, list[tuple[Entry, int, Item]]]:
        """The items of all checklists by key, each with its checklist and its place in it."""
        index: dict[str, list[tuple[Entry, int, Item]]] = defaultdict(list)
        for entry in self.of_kind("checklist"):
            if isinstance(entry.record, Checklist):
                for number, item in enumerate(entry.record.items):
                    index[canonical(item.id)].append((entry, number, item))
        return index

    @cached_property
    def _by_kind(self) -> dict[str, tuple[Entry, ...]]:
        index: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            index[entry.kind].append(entry)
        return {kind: tuple(entries) for kind, entries in index.items()}

    def of_kind(self, kind: Kind) -> tuple[Entry, ...]:
        """Give the records of one kind, by path."""
        return self._by_kind.get(kind, ())

    def named(self, record_id: str) -> tuple[Entry | Unread, ...]:
        """Give every file that claims an id."""
        return tuple(self._by_key.get(canonical(record_id), ()))

    def get(self, record_id: str) -> Entry | None:
        """Give the record with an id, or None when there is none that can be read."""
        return next((one for one in self._by_key.get(canonical(record_id), ()) if isinstance(one, Entry)), None)

    def knows(self, record_id: str) -> bool:
        """Tell whether anything has this id: a record, one that cannot be read, or an item of a checklist."""
        key = canonical(record_id)
        return key in self._by_key or key in self.items or key in self._items_unread

    @cached_property
    def _items_unread(self) -> frozenset[str]:
        """The keys of items whose checklist cannot be read."""
        return frozenset().union(*(one.item_keys for one in self.unread))

    @cached_property
    def _links(self) -> dict[str, tuple[Link, ...]]:
        return {entry.path: tuple(links_of(entry)) for entry in self.entries}

    @cached_property
    def _backlinks(self) -> dict[str, tuple[tuple[Entry, Link], ...]]:
        index: dict[str, list[tuple[Entry, Link]]] = defaultdict(list)
        for entry in self.entries:
            for link in self._links[entry.path]:
                index[link.target].append((entry, link))
        return {target: tuple(pairs) for target, pairs in index.items()}

    def links(self, entry: Entry) -> tuple[Link, ...]:
        """Give what a record names."""
        known = self._links.get(entry.path)
        return tuple(links_of(entry)) if known is None else known

    def backlinks(self, key: str, relation: Relation | None = None) -> tuple[tuple[Entry, Link], ...]:
        """Give the records that name a thing, each with the link, by path of the record.

        Args:
            key: the key of what is named, in any spelling.
            relation: the field by which it is named; any, and the prose, when left out.
        """
        found = self._backlinks.get(canonical(key), ())
        return found if relation is None else tuple(pair for pair in found if pair[1].relation == relation)

    @cached_property
    def circles(self) -> dict[str, tuple[str, ...]]:
        """The circles in which supersessions run, by the key of each decision on them, the least key first."""
        following: dict[str, list[str]] = {}
        for entry in self.of_kind("decision"):
            for link in self.links(entry):
                if link.relation == "superseded-by":
                    following.setdefault(entry.key, []).append(link.target)
                elif link.relation == "supersedes":
                    following.setdefault(link.target, []).append(entry.key)
        return circles_in({key: tuple(targets) for key, targets in following.items()})

    @cached_property
    def designs(self) -> tuple[Entry, ...]:
        """The designs, by path."""
        return self.of_kind("design")

    def design(self, design_id: str) -> Design | None:
        """Give the design with an id."""
        found = self.get(design_id) if design_id else None
        return found.record if found is not None and isinstance(found.record, Design) else None

    def cannot_read(self, kind: str, design_id: str = "") -> bool:
        """Tell whether a file of some kind, in a design when one is given, is there and cannot be read."""
        return any(one.kind == kind and design_id in {"", one.design} for one in self.unread)

    def pipeline(self, design_id: str) -> Pipeline | None:
        """Give the stage contract of a design."""
        for entry in self.of_kind("pipeline"):
            if entry.design == design_id and isinstance(entry.record, Pipeline):
                return entry.record
        return None

    def has_page(self, path: str) -> bool:
        """Tell whether a path from the root is a published page: an author's, or one that a build adds."""
        if path in self.pages:
            return True
        prefix = f"{self.docs}/" if self.docs else ""
        return path.startswith(prefix) and is_generated(path.removeprefix(prefix))

    def folder(self, entry: Entry | Unread) -> str:
        """Give the folder in which files that a record names are looked for first: its design's, or the docs'."""
        return self._folders.get(entry.design, self.docs) if entry.design else self.docs


def design_folders(ones: Iterable[Entry | Unread]) -> dict[str, str]:
    """Give the id of each design by the folder that it is in."""
    return {one.path.rpartition("/")[0]: one.id for one in ones if one.kind == "design"}


def folders_by_design(folders: Mapping[str, str]) -> dict[str, str]:
    """Give the folder of each design; of several with one id the first."""
    return {design: folder or "." for folder, design in reversed(list(folders.items()))}


def design_at(path: str, folders: Mapping[str, str]) -> str:
    """Give the id of the design whose folder a file is in, the nearest above it; empty for none."""
    while path:
        path = path.rpartition("/")[0]
        if path in folders:
            return folders[path]
    return ""


def read_book(
    documents: Iterable[Document],
    *,
    files: Files | None = None,
    docs: str = "",
) -> Book:
    """Make a book of documents.

    Args:
        documents: every Markdown file of the tree that is published, read.
        files: answers about files and commits.
        docs: the documentation folder, relative to the root.
    """
    entries: list[Entry] = []
    unread: list[Unread] = []
    pages: set[str] = set()
    for document in documents:
        pages.add(document.path)
        read = read_entry(document)
        if isinstance(read, Entry):
            entries.append(read)
        elif isinstance(read, Unread):
            unread.append(read)
    return Book(entries, unread, files=files, docs=docs, pages=frozenset(pages))
