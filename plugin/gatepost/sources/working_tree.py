"""The working directory as a tree: its Markdown files, and what gates ask about other files."""

from __future__ import annotations

import hashlib
import os
import posixpath
import stat
from collections import deque
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

from gatepost.book import Document, FileFact, read_document
from gatepost.book.faults import Fault
from gatepost.book.frontmatter import MAX_FILE
from gatepost.sources.project import Project, ProjectError
from gatepost.sources.repository import Repository

__all__ = ["WorkingTree"]

_MARKDOWN: Final = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")
_MAX_READ: Final = 16 * 1024 * 1024
"""The largest cited file that is looked into, in bytes."""
_MAX_DIGESTED: Final = 2 * 1024 * 1024 * 1024
"""The largest cited file whose digest is worked out, in bytes: some seconds of reading, in small pieces."""


class WorkingTree:
    """The files of a project as they are on disk now."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._root = os.fspath(project.root)
        self.repository = Repository(project.root)
        self._facts: dict[tuple[str, str], FileFact] = {}
        self._exists: dict[str, bool] = {}
        self._digests: dict[str, str | None] = {}

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
        try:
            facts = os.lstat(full)
            if stat.S_ISLNK(facts.st_mode):
                if not self._inside(full):
                    hint = "records are files of this repository; replace the link by the file"
                    return Document(path, faults=(Fault("a symbolic link that leaves the repository", hint, 0),))
                facts = os.stat(full)
            if not stat.S_ISREG(facts.st_mode):
                return Document(path, faults=(Fault("it is no regular file", "replace it by a file", 0),))
            with open(full, "rb", buffering=0) as file:
                content = file.read(min(facts.st_size, MAX_FILE) + 1)
        except OSError as error:
            hint = "records are files; mend the link or the permissions"
            return Document(path, faults=(Fault(f"the file cannot be read: {error.strerror}", hint, 0),))
        return read_document(path, content)

    def markdown_files(self) -> tuple[str, ...]:
        """Give the paths, from the root, of the Markdown files below the docs folder that MkDocs would publish."""
        found = sorted(self._walk(os.fspath(self.project.docs)))
        return tuple(self._relative(path) if os.path.isabs(path) else path for path in self._published(found))

    def _walk(self, docs: str) -> Iterator[str]:
        """Give the Markdown files below a folder; folders behind links come last, and none is walked twice."""
        folders, links, seen = [docs], deque[str](), set[tuple[int, int]]()
        while folders or links:
            folder = folders.pop() if folders else links.popleft()
            for entry in sorted(_entries(folder, seen), key=lambda entry: entry.name):
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                elif _leads_to_a_folder(entry):
                    if self._inside(entry.path) and not _holds(os.path.realpath(entry.path), os.path.realpath(folder)):
                        links.append(entry.path)
                elif entry.name.endswith(_MARKDOWN):
                    yield entry.path

    def published(self, paths: Iterable[str]) -> tuple[str, ...]:
        """Give those of some paths, from the root and below the docs folder, that a build would publish."""
        full = [os.path.join(self._root, path) for path in paths]
        return tuple(self._relative(path) for path in self._published(full))

    def _published(self, paths: list[str]) -> Iterable[str]:
        docs = os.fspath(self.project.docs)
        patterns = ["/templates/", *self.project.exclude.splitlines()]
        if patterns == ["/templates/"]:
            unwanted = os.path.join(docs, "templates") + os.sep
            return (path for path in paths if not path.startswith(unwanted))
        from pathspec.gitignore import GitIgnoreSpec  # noqa: PLC0415 - only for projects that exclude something

        try:
            spec = GitIgnoreSpec.from_lines(patterns)
        except ValueError as error:
            message = f"exclude_docs or draft_docs of mkdocs.yml cannot be read: {error}"
            raise ProjectError(message) from None
        return (path for path in paths if not spec.match_file(os.path.relpath(path, docs)))

    def _inside(self, path: str) -> bool:
        return _holds(self._real_root, os.path.realpath(path))

    @cached_property
    def _real_root(self) -> str:
        return os.path.realpath(self._root)

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
        if ".git" in path.casefold().replace("\\", "/").split("/"):
            return FileFact("refused", reason="it is inside .git")
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
                return FileFact("found", candidate, self.repository.tracks(candidate))
            if not stat.S_ISDIR(mode):
                return FileFact("refused", reason="it is no regular file")
            fact = FileFact("folder", candidate)
        return fact

    def exists(self, path: str) -> bool:
        """Tell whether a path from the root is a file or a folder inside the repository."""
        if path not in self._exists:
            full = os.path.join(self._root, path)
            self._exists[path] = os.path.exists(full) and self._inside(full)
        return self._exists[path]

    def read(self, path: str) -> bytes | None:
        """Give the bytes of a file; None when it is larger than 16 MiB or cannot be read."""
        try:
            with open(os.path.join(self._root, path), "rb") as file:
                content = file.read(_MAX_READ + 1)
        except OSError:
            return None
        return None if len(content) > _MAX_READ else content

    def sha256(self, path: str) -> str | None:
        """Give the SHA-256 of a file's bytes, read in small pieces; None over 2 GiB or when it cannot be read."""
        if path not in self._digests:
            self._digests[path] = _digest(os.path.join(self._root, path))
        return self._digests[path]

    def has_commit(self, commit: str) -> bool | None:
        """Tell whether a commit exists; None when it cannot be known here."""
        return self.repository.has_commit(commit)

    def why_unknown(self) -> str:
        """Say why git cannot be asked."""
        return self.repository.problem or "no git repository"


def _entries(folder: str, seen: set[tuple[int, int]]) -> list[os.DirEntry[str]]:
    """Give what a folder holds; nothing when it was seen before, under whatever name, or cannot be read."""
    try:
        facts = os.stat(folder)
        if (facts.st_dev, facts.st_ino) in seen:
            return []
        seen.add((facts.st_dev, facts.st_ino))
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _leads_to_a_folder(link: os.DirEntry[str]) -> bool:
    try:
        return link.is_dir()
    except OSError:
        return False  # a link that leads to itself: reading it as a file says so


def _holds(folder: str, path: str) -> bool:
    """Tell whether a real path is a folder or lies below it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _digest(full: str) -> str | None:
    try:
        if os.path.getsize(full) > _MAX_DIGESTED:
            return None
        with open(full, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
