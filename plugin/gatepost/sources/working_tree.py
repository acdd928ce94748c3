"""The working directory as a tree: its Markdown files, and what gates ask about other files."""

from __future__ import annotations

import hashlib
import os
import posixpath
import stat
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Final

from gatepost.book import Document, FileFact, read_document
from gatepost.book.faults import Fault
from gatepost.book.frontmatter import MAX_FILE
from gatepost.sources.repository import Repository

if TYPE_CHECKING:
    from gatepost.sources.project import Project

__all__ = ["WorkingTree"]

_MARKDOWN: Final = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")
_MAX_READ: Final = 16 * 1024 * 1024
"""The largest cited file that is looked into, in bytes."""


class WorkingTree:
    """The files of a project as they are on disk now."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._root = os.fspath(project.root)
        self.repository = Repository(project.root)
        self._facts: dict[tuple[str, str], FileFact] = {}
        self._digests: dict[str, str] = {}

    @cached_property
    def docs(self) -> str:
        """The documentation folder, relative to the root; empty when it is the root."""
        relative = self._relative(os.fspath(self.project.docs))
        return "" if relative == "." else relative

    def _relative(self, path: str) -> str:
        return os.path.relpath(path, self._root).replace(os.sep, "/")

    def documents(self) -> Iterator[Document]:
        """Give every Markdown file that a build would publish, read, in order of path."""
        for path in self.markdown_files():
            yield self.document(path)

    def document(self, path: str) -> Document:
        """Read one file by its path from the root."""
        full = os.path.join(self._root, path)
        if os.path.islink(full) and not self._inside(full):
            hint = "records are files of this repository; replace the link by the file"
            return Document(path, faults=(Fault("a symbolic link that leaves the repository", hint, 0),))
        try:
            with open(full, "rb") as file:
                content = file.read(MAX_FILE + 1)
        except OSError as error:
            return Document(path, faults=(Fault(f"the file cannot be read: {error.strerror}", "check it", 0),))
        return read_document(path, content)

    def markdown_files(self) -> tuple[str, ...]:
        """Give the paths, from the root, of the Markdown files below the docs folder that MkDocs would publish."""
        found = sorted(self._walk(os.fspath(self.project.docs)))
        return tuple(self._relative(path) if os.path.isabs(path) else path for path in self._published(found))

    def _walk(self, folder: str) -> Iterator[str]:
        try:
            entries = list(os.scandir(folder))
        except OSError:
            return
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False) or (entry.is_dir() and self._inside(entry.path, loops=False)):
                yield from self._walk(entry.path)
            elif entry.name.endswith(_MARKDOWN):
                yield entry.path

    def _published(self, paths: list[str]) -> Iterable[str]:
        docs = os.fspath(self.project.docs)
        patterns = ["/templates/", *self.project.exclude.splitlines()]
        if patterns == ["/templates/"]:
            unwanted = os.path.join(docs, "templates") + os.sep
            return (path for path in paths if not path.startswith(unwanted))
        from pathspec.gitignore import GitIgnoreSpec  # noqa: PLC0415 - only for projects that exclude something

        spec = GitIgnoreSpec.from_lines(patterns)
        return (path for path in paths if not spec.match_file(os.path.relpath(path, docs)))

    def _inside(self, path: str, *, loops: bool = True) -> bool:
        real = os.path.realpath(path)
        root = os.path.realpath(self._root)
        if real != root and not real.startswith(root + os.sep):
            return False
        return loops or not os.path.realpath(os.path.dirname(path)).startswith(real)

    def look(self, path: str, near: str) -> FileFact:
        """Find a file that a record names; see `Files.look`."""
        key = (path, near)
        if key not in self._facts:
            self._facts[key] = self._look(path, near)
        return self._facts[key]

    def _look(self, path: str, near: str) -> FileFact:
        if not path or "\0" in path or len(path) > 4096:  # noqa: PLR2004 - no file system has longer ones
            return FileFact("refused", reason="it is not a path")
        if path.startswith(("/", "~", "\\")) or (len(path) > 1 and path[1] == ":"):
            return FileFact("refused", reason="it is absolute")
        if ".." in path.replace("\\", "/").split("/"):
            return FileFact("refused", reason="it holds `..`")
        fact = FileFact("missing")
        for folder in dict.fromkeys((near, "")):
            candidate = posixpath.normpath(posixpath.join(folder, path))
            full = os.path.join(self._root, candidate)
            try:
                mode = os.stat(full).st_mode
            except (OSError, ValueError):
                continue
            if not self._inside(full):
                return FileFact("refused", reason="it is a symbolic link that leaves the repository")
            if stat.S_ISREG(mode):
                tracked = self.repository.tracked
                return FileFact("found", candidate, None if tracked is None else candidate in tracked)
            fact = FileFact("folder", candidate)
        return fact

    def exists(self, path: str) -> bool:
        """Tell whether a path from the root is a file or a folder inside the repository."""
        full = os.path.join(self._root, path)
        return os.path.exists(full) and self._inside(full)

    def read(self, path: str) -> bytes | None:
        """Give the bytes of a file; None when it is larger than 16 MiB or cannot be read."""
        try:
            with open(os.path.join(self._root, path), "rb") as file:
                content = file.read(_MAX_READ + 1)
        except OSError:
            return None
        return None if len(content) > _MAX_READ else content

    def sha256(self, path: str) -> str:
        """Give the SHA-256 of a file's bytes."""
        if path not in self._digests:
            with open(os.path.join(self._root, path), "rb") as file:
                self._digests[path] = hashlib.file_digest(file, "sha256").hexdigest()
        return self._digests[path]

    def has_commit(self, commit: str) -> bool | None:
        """Tell whether a commit exists; None when it cannot be known here."""
        return self.repository.has_commit(commit)

    def why_unknown(self) -> str:
        """Say why git cannot be asked."""
        return self.repository.problem or "no git repository"
