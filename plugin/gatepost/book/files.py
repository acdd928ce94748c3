"""What gates may ask about the files of the repository: a port, answered by a tree."""

from __future__ import annotations

from typing import Literal, NamedTuple, Protocol

__all__ = ["FileFact", "FileState", "Files", "NoFiles"]

FileState = Literal["found", "missing", "refused", "folder"]


class FileFact(NamedTuple):
    """What is known about a file that a record names."""

    state: FileState
    path: str = ""
    """Where it is, relative to the root of the repository; empty when it is not found."""
    tracked: bool | None = None
    """Whether git tracks it; None when there is no git to ask."""
    reason: str = ""
    """Why it is refused."""

    @property
    def problem(self) -> str:
        """Why there is no such file, in words that go on after its name; empty when it is there."""
        problems = {"refused": f"is refused: {self.reason}", "folder": "is a folder", "missing": "does not exist"}
        return problems.get(self.state, "")


class Files(Protocol):
    """The files and commits of one tree."""

    def look(self, path: str, near: str) -> FileFact:
        """Find a file that a record names.

        Args:
            path: as the record names it; absolute paths and paths that leave the repository are refused.
            near: the folder, relative to the root, that it is looked for in first; the root comes second.
        """

    def exists(self, path: str) -> bool:
        """Tell whether a normalised path relative to the root is a file or a folder of the tree."""

    def read(self, path: str) -> bytes | None:
        """Give the bytes of a file by its path from the root; None when it is too large or cannot be read."""

    def sha256(self, path: str) -> str | None:
        """Give the SHA-256 of a file's bytes, as 64 hexadecimal digits; None when it is too large or cannot be read."""

    def has_commit(self, commit: str) -> bool | None:
        """Tell whether a commit exists; None when that cannot be known here."""

    def why_unknown(self) -> str:
        """Say why commits or tracked files cannot be known, for instance `shallow clone`."""


class NoFiles:
    """A tree without files: for books made in memory."""

    def look(self, path: str, near: str) -> FileFact:  # noqa: ARG002 - the port's signature
        """Find nothing."""
        return FileFact("missing")

    def exists(self, path: str) -> bool:  # noqa: ARG002 - the port's signature
        """Find nothing."""
        return False

    def read(self, path: str) -> bytes | None:  # noqa: ARG002 - the port's signature
        """Find nothing."""
        return None

    def sha256(self, path: str) -> str | None:  # noqa: ARG002 - the port's signature
        """Have nothing to digest."""
        return None

    def has_commit(self, commit: str) -> bool | None:  # noqa: ARG002 - the port's signature
        """Know no commit."""
        return None

    def why_unknown(self) -> str:
        """Say why nothing is known."""
        return "no repository"
