"""The files of one commit as a file system: names, folders and links, from one listing; nothing is checked out."""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from gatepost.sources.follow import LINK, MODULE, Entry, Follower, Place, is_gits
from gatepost.sources.listing import Listing
from gatepost.sources.mkdocs_settings import ProjectError
from gatepost.sources.repository import PARTIAL, Repository

__all__ = ["CommitFiles", "Entry", "Place"]

_LONGEST_TARGET: Final = 4096


@dataclass(frozen=True, slots=True)
class _Item:
    """One name in a folder, as `os.scandir` gives it."""

    files: CommitFiles
    name: str
    path: str

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        entry = self.files.entries.get(self.path)
        if entry is not None and entry.mode == LINK:
            return follow_symlinks and self.files.follow(self.path).kind == "folder"
        return entry is None or entry.mode == MODULE


class CommitFiles:
    """The files below a root as a commit has them. A submodule is a folder with nothing in it."""

    def __init__(self, repository: Repository, commit: str, listing: Listing | None = None) -> None:
        """Keep what is asked later.

        Args:
            repository: where to ask.
            commit: the full id of the commit.
            listing: what it has, when somebody knows already.
        """
        self.repository = repository
        self.commit = commit
        if listing is not None:
            self.entries, self._children = listing.entries, listing.children
        self._root = os.path.realpath(repository.root).replace(os.sep, "/")
        self._targets: dict[str, str] = {}

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """Every file, link and submodule by its path from the root; what only git could own is left out."""
        listing = self.repository.ask("ls-tree", "-r", "-z", "--end-of-options", self.commit)
        if listing is None:
            raise self._unreadable()
        found: dict[str, Entry] = {}
        for line in listing.decode("utf-8", "surrogateescape").split("\0"):
            facts, _, path = line.partition("\t")
            mode, _, rest = facts.partition(" ")
            if path and not is_gits(path):
                found[path] = Entry(mode, rest.partition(" ")[2])
        return found

    @cached_property
    def _children(self) -> dict[str, dict[str, None]]:
        """The names in each folder."""
        found: defaultdict[str, dict[str, None]] = defaultdict(dict)
        found[""] = {}
        for path in self.entries:
            while path:
                folder, _, name = path.rpartition("/")
                known = name in found[folder]
                found[folder][name] = None
                if known:
                    break
                path = folder  # noqa: PLW2901 - up to the root, or to a folder that is known
        return dict(found)

    def tracks(self, path: str) -> bool:
        """Tell whether the commit has a file, itself or behind a link or in a submodule."""
        parts = path.split("/")
        return any("/".join(parts[:count]) in self.entries for count in range(len(parts), 0, -1))

    def items(self, folder: str) -> Iterable[_Item]:
        """Give what a folder holds."""
        place = self.follow(folder)
        names = self._children.get(place.path, {}) if place.kind == "folder" else {}
        return [_Item(self, name, f"{folder}/{name}" if folder else name) for name in names]

    def below(self, folder: str) -> Iterator[str]:
        """Give the files below a folder, in no order; no links, and nothing of a submodule."""
        waiting = [folder]
        while waiting:
            place = waiting.pop()
            for name in self._children.get(place, {}):
                path = f"{place}/{name}" if place else name
                entry = self.entries.get(path)
                if entry is None:
                    waiting.append(path)
                elif entry.mode not in {LINK, MODULE}:
                    yield path

    def identity(self, folder: str) -> Hashable:
        """Give the folder without links; None when it is none."""
        place = self.follow(folder)
        return place.path if place.kind == "folder" else None

    def real(self, path: str) -> str | None:
        """Give a path without links; None when it leaves the repository."""
        place = self.follow(path)
        return None if place.kind == "outside" else place.path

    def follow(self, path: str) -> Place:
        """Follow a path from the root, name by name, as an operating system does."""
        if path in self.entries and self.entries[path].mode not in {LINK, MODULE}:
            return Place("file", path, self.entries[path].id)
        return Follower(self, self._root).follow(path)

    def target(self, link: str) -> str:
        """Give where a link points, as it is written."""
        if link not in self._targets:
            place = Place("file", link, self.entries[link].id)
            self._targets[link] = self.content(place, _LONGEST_TARGET).decode("utf-8", "surrogateescape")
        return self._targets[link]

    def content(self, file: Place, most: int = sys.maxsize) -> bytes:
        """Give the bytes of a file, cut after so many.

        Raises:
            ProjectError: they are not in this clone.
        """
        return self.known(file, self.repository.blob(file.id, most))

    def known(self, file: Place, content: bytes | None) -> bytes:
        """Give the bytes of a file that were read elsewhere; complain when there are none."""
        if content is None:
            raise self._unreadable(file.path)
        return content

    def _unreadable(self, what: str = "its list of files") -> ProjectError:
        """Say why something that the commit has cannot be read here."""
        why = PARTIAL if self.repository.is_partial else "the repository is damaged; git fsck says more"
        return ProjectError(f"commit {self.commit[:10]} cannot be read, {what}: {self.repository.problem or why}")

    def is_folder(self, path: str) -> bool:
        """Tell whether there is a folder, itself and not a link to one; that of a submodule counts."""
        entry = self.entries.get(path)
        return path in self._children or (entry is not None and entry.mode == MODULE)
