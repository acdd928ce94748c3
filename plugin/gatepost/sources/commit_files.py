"""The files of one commit as a file system: names, folders and links, from one listing; nothing is checked out."""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, NamedTuple

from gatepost.sources.mkdocs_settings import ProjectError
from gatepost.sources.repository import PARTIAL, Repository

__all__ = ["CommitFiles", "Entry", "Place"]

_LINK: Final = "120000"
_MODULE: Final = "160000"
_FOLLOWED: Final = 40
"""So many links Linux follows before it says that they lead in circles."""
_GIVEN_UP: Final = 400
_LONGEST_TARGET: Final = 4096
_MISSING: Final = "No such file or directory"
_NO_FOLDER: Final = "Not a directory"
_CIRCLE: Final = "Too many levels of symbolic links"


class Entry(NamedTuple):
    """What a commit has under one name."""

    mode: str
    id: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path leads when its links are followed."""

    kind: Literal["file", "folder", "outside", "missing"]
    path: str = ""
    """The path without links."""
    id: str = ""
    """The blob of a file."""
    reason: str = ""
    """Why it is missing, in the words of the operating system."""


@dataclass(frozen=True, slots=True)
class _Item:
    """One name in a folder, as `os.scandir` gives it."""

    files: CommitFiles
    name: str
    path: str

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        entry = self.files.entries.get(self.path)
        if entry is not None and entry.mode == _LINK:
            return follow_symlinks and self.files.follow(self.path).kind == "folder"
        return entry is None or entry.mode == _MODULE


class CommitFiles:
    """The files below a root as a commit has them. A submodule is a folder with nothing in it."""

    def __init__(self, repository: Repository, commit: str) -> None:
        self.repository = repository
        self.commit = commit
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
            if path and not _is_gits(path):
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
        if path in self.entries and self.entries[path].mode not in {_LINK, _MODULE}:
            return Place("file", path, self.entries[path].id)
        return _Follower(self, self._root).follow(path)

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
        return path in self._children or (entry is not None and entry.mode == _MODULE)


class _Follower:
    """One path on its way: absolute, since links may leave the repository and come back."""

    def __init__(self, files: CommitFiles, root: str) -> None:
        self._files = files
        self._root = [part for part in root.split("/") if part]
        self._here = list(self._root)
        self._at_file = ""
        self._problem = ""
        self._links = 0

    def follow(self, path: str) -> Place:
        waiting = self._start(path)
        while waiting and self._links < _GIVEN_UP:
            self._step(waiting.pop(), waiting)
        inside = self._inside()
        if inside is None:
            return Place("outside")
        if self._problem:
            return Place("missing", inside, reason=self._problem)
        if self._at_file:
            return Place("file", inside, self._at_file)
        return Place("folder", inside)

    def _start(self, path: str) -> list[str]:
        if path.startswith("/"):
            self._here = []
        return path.split("/")[::-1]

    def _inside(self) -> str | None:
        """Give where it is, from the root; None outside and in git's own folder."""
        size = len(self._root)
        if self._here[:size] != self._root:
            return None
        path = "/".join(self._here[size:])
        return None if _is_gits(path) else path

    def _step(self, name: str, waiting: list[str]) -> None:
        if self._at_file:
            self._fail(_NO_FOLDER)
        if name in {"", "."}:
            return
        if name == "..":
            self._at_file = ""
            del self._here[-1:]
            return
        self._here.append(name)
        path = self._inside()
        if path is None or self._files.is_folder(path):
            return
        entry = self._files.entries.get(path)
        if entry is None:
            self._fail(_MISSING)
        elif entry.mode == _LINK:
            self._links += 1
            if self._links > _FOLLOWED:
                self._fail(_CIRCLE)
            self._here.pop()
            waiting += self._start(self._files.target(path))
        else:
            self._at_file = entry.id

    def _fail(self, reason: str) -> None:
        """Keep the first thing that went wrong; what follows only tells whether the way leads out."""
        self._problem = self._problem or reason


def _is_gits(path: str) -> bool:
    """Tell whether a path lies in git's own folder, in any spelling that a file system takes for it."""
    return ".git" in path.casefold().split("/")
