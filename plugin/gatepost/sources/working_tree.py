"""The working directory as a tree: its Markdown files, and what gates ask about other files."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Hashable, Iterable, Iterator
from functools import cached_property
from typing import Final

from gatepost.book import Document, read_document
from gatepost.book.frontmatter import MAX_FILE
from gatepost.sources.follow import LINK, MODULE
from gatepost.sources.project import Project
from gatepost.sources.published import is_below, published, walk
from gatepost.sources.repository import Repository
from gatepost.sources.tree import MAX_DIGESTED, MAX_READ, PathKind, Tree, refused

__all__ = ["WorkingTree"]

_SHA1: Final = 40
"""How many digits git's older kind of id has."""


class WorkingTree(Tree):
    """The files of a project as they are on disk now."""

    def __init__(self, project: Project) -> None:
        super().__init__(project, Repository(project.root))
        self._root = os.fspath(project.root)

    @cached_property
    def docs(self) -> str:
        """The documentation folder, relative to the root; empty when it is the root."""
        relative = self._relative(os.fspath(self.project.docs))
        return "" if relative == "." else relative

    def _relative(self, path: str) -> str:
        return os.path.relpath(path, self._root).replace(os.sep, "/")

    def document(self, path: str) -> Document:
        """Read one file by its path from the root."""
        full = os.path.join(self._root, path)
        try:
            facts = os.lstat(full)
            if stat.S_ISLNK(facts.st_mode):
                if self.real(full) is None:
                    return refused(path, "outside")
                facts = os.stat(full)
            if not stat.S_ISREG(facts.st_mode):
                return refused(path, "other")
            with open(full, "rb", buffering=0) as file:
                content = file.read(min(facts.st_size, MAX_FILE) + 1)
        except OSError as error:
            return refused(path, error.strerror or type(error).__name__)
        return read_document(path, content)

    def markdown_files(self) -> tuple[str, ...]:
        """Give the paths, from the root, of the Markdown files below the docs folder that MkDocs would publish."""
        docs = os.fspath(self.project.docs)
        found = sorted(walk(self, docs))
        start = len(docs.rstrip(os.sep)) + 1
        prefix = f"{self.docs}/" if self.docs else ""
        relative = [prefix + path[start:].replace(os.sep, "/") for path in found]
        return tuple(published(relative, self.docs, self.project.exclude))

    def items(self, folder: str) -> list[os.DirEntry[str]]:
        """Give what a folder holds; nothing when it cannot be read."""
        try:
            with os.scandir(folder) as entries:
                return list(entries)
        except OSError:
            return []

    def identity(self, folder: str) -> Hashable:
        """Give what is the same for a folder under each of its names; None when it cannot be read."""
        try:
            facts = os.stat(folder)
        except OSError:
            return None
        return facts.st_dev, facts.st_ino

    def real(self, path: str) -> str | None:
        """Give a path without links; None when it leaves the repository or leads into git's own folder."""
        found = os.path.realpath(path).replace(os.sep, "/")
        if not is_below(found, self._real_root):
            return None
        parts = found[len(self._real_root) :].split("/")
        return None if ".git" in (part.casefold() for part in parts) else found

    @cached_property
    def _real_root(self) -> str:
        return os.path.realpath(self._root).replace(os.sep, "/")

    def _kind(self, path: str) -> PathKind:
        full = os.path.join(self._root, path)
        try:
            mode = os.stat(full).st_mode
        except OSError:
            # Where a link leads is no matter of what happens to be there.
            return "missing" if self.real(full) else "outside"
        except ValueError:
            return "missing"
        if self.real(full) is None:
            return "outside"
        if stat.S_ISREG(mode):
            return "file"
        return "folder" if stat.S_ISDIR(mode) else "other"

    def _tracks(self, path: str) -> bool | None:
        return self.repository.tracks(path)

    def _blobs(self, path: str) -> Iterator[str]:
        known = (self.repository.index or {}).get(path)
        if known is not None:
            yield known.id
        content = self._read(path)
        if content is not None:
            size = len(known.id) if known is not None else _SHA1
            yield hashlib.new(
                "sha1" if size == _SHA1 else "sha256", b"blob %d\0%b" % (len(content), content)
            ).hexdigest()

    def _tracked(self, folder: str) -> Iterable[str] | None:
        index, base = self.repository.index, f"{folder}/" if folder else ""
        if index is None:
            return None
        below = (path for path, one in index.items() if path.startswith(base) and one.mode not in {LINK, MODULE})
        return (path for path in below if self._kind_of(path) == "file")

    def _read(self, path: str) -> bytes | None:
        try:
            with open(os.path.join(self._root, path), "rb") as file:
                content = file.read(MAX_READ + 1)
        except OSError:
            return None
        return None if len(content) > MAX_READ else content

    def _digest(self, path: str) -> str | None:
        full = os.path.join(self._root, path)
        try:
            if os.path.getsize(full) > MAX_DIGESTED:
                return None
            with open(full, "rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return None
