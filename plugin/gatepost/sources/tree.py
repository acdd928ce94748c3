"""What the working directory and a commit have in common as trees: which paths are refused, what is remembered."""

from __future__ import annotations

import posixpath
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Final, Literal

from gatepost.book import Document, FileFact
from gatepost.book.faults import Fault
from gatepost.book.files import AtCommit
from gatepost.sources.project import Project
from gatepost.sources.published import published
from gatepost.sources.repository import Repository

__all__ = ["MAX_DIGESTED", "MAX_READ", "PathKind", "Tree", "refused"]

MAX_READ: Final = 16 * 1024 * 1024
"""The largest cited file that is looked into, in bytes."""
MAX_DIGESTED: Final = 2 * 1024 * 1024 * 1024
"""The largest cited file whose digest is worked out, in bytes: some seconds of reading, in small pieces."""

PathKind = Literal["file", "folder", "other", "outside", "missing"]


class Tree(ABC):
    """The files of a project at one time."""

    def __init__(self, project: Project, repository: Repository) -> None:
        self.project = project
        self.repository = repository
        self._facts: dict[tuple[str, str], FileFact] = {}
        self._kinds: dict[str, PathKind] = {}
        self._digests: dict[str, str | None] = {}

    @property
    @abstractmethod
    def docs(self) -> str:
        """The documentation folder, relative to the root; empty when it is the root."""

    @abstractmethod
    def markdown_files(self) -> tuple[str, ...]:
        """Give the paths, from the root, of the Markdown files below the docs folder that MkDocs would publish."""

    @abstractmethod
    def document(self, path: str) -> Document:
        """Read one file by its path from the root."""

    @abstractmethod
    def _kind(self, path: str) -> PathKind:
        """Tell what is at a path from the root; links are followed."""

    @abstractmethod
    def _read(self, path: str) -> bytes | None: ...

    @abstractmethod
    def _digest(self, path: str) -> str | None: ...

    @abstractmethod
    def _tracks(self, path: str) -> bool | None: ...

    @abstractmethod
    def _blobs(self, path: str) -> Iterator[str]:
        """Give what git calls the contents of a file, and would call them."""

    @abstractmethod
    def _tracked(self, folder: str) -> Iterable[str] | None:
        """Give the files below a folder that git tracks, without links and submodules; None when git cannot say."""

    def documents(self) -> Iterator[Document]:
        """Give every Markdown file that a build would publish, read, in order of path."""
        for path in self.markdown_files():
            yield self.document(path)

    def published(self, paths: Iterable[str]) -> tuple[str, ...]:
        """Give those of some paths, from the root and below the docs folder, that a build would publish."""
        return tuple(published(list(paths), self.docs, self.project.exclude))

    def look(self, path: str, near: str) -> FileFact:
        """Find a file that a record names; see `Files.look`."""
        key = (path, near)
        if key not in self._facts:
            self._facts[key] = self._look(path, near)
        return self._facts[key]

    def _look(self, path: str, near: str) -> FileFact:
        if reason := _refusal(path):
            return FileFact("refused", reason=reason)
        fact = FileFact("missing")
        for folder in dict.fromkeys((near, "")):
            candidate = posixpath.normpath(posixpath.join(folder, path))
            match self._kind_of(candidate):
                case "missing":
                    continue
                case "outside":
                    return FileFact("refused", reason="it is a symbolic link that leaves the repository")
                case "other":
                    return FileFact("refused", reason="it is no regular file")
                case "file":
                    return FileFact("found", candidate, self._tracks(candidate))
                case "folder":
                    fact = FileFact("folder", candidate)
        return fact

    def _kind_of(self, path: str) -> PathKind:
        if path not in self._kinds:
            self._kinds[path] = self._kind(path)
        return self._kinds[path]

    def exists(self, path: str) -> bool:
        """Tell whether a path from the root is a file or a folder inside the repository."""
        return self._kind_of(path) in {"file", "folder", "other"}

    def read(self, path: str) -> bytes | None:
        """Give the bytes of a file inside the repository; None when it is larger than 16 MiB or cannot be read."""
        return self._read(path) if self._kind_of(path) == "file" else None

    def sha256(self, path: str) -> str | None:
        """Give the SHA-256 of a file's bytes, read in small pieces; None over 2 GiB or when it cannot be read."""
        if path not in self._digests:
            self._digests[path] = self._digest(path) if self._kind_of(path) == "file" else None
        return self._digests[path]

    def has_commit(self, commit: str) -> bool | None:
        """Tell whether a commit exists; None when it cannot be known here."""
        return self.repository.has_commit(commit)

    def at_commit(self, commit: str, path: str) -> AtCommit | None:
        """Tell whether a commit has a file as it is here; None when that cannot be known."""
        then = self.repository.files_at(commit)
        if then is None or self._kind_of(path) != "file":
            return None
        if any(parent.as_posix() in then.paths for parent in PurePosixPath(path).parents):
            return None  # a file of a submodule, whose commits are kept elsewhere
        found: AtCommit = "other"
        for blob in self._blobs(path):
            if then.paths.get(path) == blob:
                return "same"
            if (posixpath.basename(path), blob) in then.names:
                found = "moved"
        return found

    def tracked_below(self, folder: str) -> tuple[str, ...] | None:
        """Give the files below a folder that git tracks, in order; see `Files.tracked_below`."""
        tracked = self._tracked("" if folder == "." else folder)
        return None if tracked is None else tuple(sorted(tracked))

    def why_unknown(self) -> str:
        """Say why git cannot be asked."""
        return self.repository.problem or "no git repository"


def _refusal(path: str) -> str:
    """Say why a path that a record names is not looked for; empty when it is."""
    if not path or "\0" in path or len(path) > 4096:  # noqa: PLR2004 - no file system has longer ones
        return "it is not a path"
    if path.startswith(("/", "~", "\\")) or (len(path) > 1 and path[1] == ":"):
        return "it is absolute"
    parts = path.replace("\\", "/").split("/")
    if ".." in parts:
        return "it holds `..`"
    if ".git" in (part.casefold() for part in parts):
        return "it is inside .git"
    return ""


def refused(path: str, why: str) -> Document:
    """Give a document for a file that is not read: `outside` the repository, something `other`, or what went wrong."""
    match why:
        case "outside":
            fault = Fault(
                "a symbolic link that leaves the repository",
                "records are files of this repository; replace the link by the file",
                0,
            )
        case "other":
            fault = Fault("it is no regular file", "replace it by a file", 0)
        case _:
            fault = Fault(f"the file cannot be read: {why}", "records are files; mend the link or the permissions", 0)
    return Document(path, faults=(fault,))
