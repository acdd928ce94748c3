"""What gates may ask about the files of the repository: a port, answered by a tree."""

from __future__ import annotations

from typing import Literal, NamedTuple, Protocol

__all__ = ["AtCommit", "FileFact", "FileState", "Files", "NoFiles"]

FileState = Literal["found", "missing", "refused", "folder"]

AtCommit = Literal["same", "moved", "other"]
"""A file beside a commit: it has it there; it has it in another folder; it has nothing of that name like it."""


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

    def at_commit(self, commit: str, path: str) -> AtCommit | None:
        """Tell whether a commit has a file, by its path from the root, as it is here; None when that is not known."""

    def tracked_below(self, folder: str) -> tuple[str, ...] | None:
        """Give the files below a folder that git tracks, by path from the root, in order; None when git cannot say.

        Links and submodules are left out.

        Args:
            folder: from the root; empty, or `.`, for the root itself.
        """

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

    def at_commit(self, commit: str, path: str) -> AtCommit | None:  # noqa: ARG002 - the port's signature
        """Know no commit."""
        return None

    def tracked_below(self, folder: str) -> tuple[str, ...] | None:  # noqa: ARG002 - the port's signature
        """Know of nothing that is tracked."""
        return None

    def why_unknown(self) -> str:
        """Say why nothing is known."""
        return "no repository"
