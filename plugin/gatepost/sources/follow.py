"""A path to the file or folder that it leads to in a commit, link by link, as an operating system goes."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, Protocol

__all__ = ["LINK", "MODULE", "Entry", "Follower", "Place", "is_gits"]

LINK: Final = "120000"
MODULE: Final = "160000"

_FOLLOWED: Final = 40
"""So many links Linux follows before it says that they lead in circles."""
_GIVEN_UP: Final = 400
_MISSING: Final = "No such file or directory"
_NO_FOLDER: Final = "Not a directory"
_CIRCLE: Final = "Too many levels of symbolic links"


class Entry(NamedTuple):
    """What a commit has under one name."""

    mode: str
    id: str


class Place(NamedTuple):
    """Where a path leads when its links are followed."""

    kind: Literal["file", "folder", "outside", "missing"]
    path: str = ""
    """The path without links."""
    id: str = ""
    """The blob of a file."""
    reason: str = ""
    """Why it is missing, in the words of the operating system."""


class _Files(Protocol):
    """What a commit has under its names."""

    @property
    def entries(self) -> dict[str, Entry]:
        """Every file, link and submodule by its path from the root."""

    def is_folder(self, path: str) -> bool:
        """Tell whether there is a folder, itself and not a link to one."""

    def target(self, link: str) -> str:
        """Give where a link points, as it is written."""


class Follower:
    """One path on its way: absolute, since links may leave the repository and come back."""

    def __init__(self, files: _Files, root: str) -> None:
        self._files = files
        self._root = [part for part in root.split("/") if part]
        self._here = list(self._root)
        self._at_file = ""
        self._problem = ""
        self._links = 0

    def follow(self, path: str) -> Place:
        """Follow a path from the root, or an absolute one."""
        waiting = self._start(path)
        while waiting and self._links < _GIVEN_UP:
            self._step(waiting.pop(), waiting)
        if waiting:
            return Place("missing", reason=self._problem or _CIRCLE)
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
        return None if is_gits(path) else path

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
        elif entry.mode == LINK:
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


def is_gits(path: str) -> bool:
    """Tell whether a path lies in git's own folder, in any spelling that a file system takes for it."""
    return ".git" in path.casefold().split("/")
