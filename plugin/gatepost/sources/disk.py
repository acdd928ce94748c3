"""What has to be asked of files to find a project: of those on disk now, or of those that a commit has."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

__all__ = ["Disk", "Now"]


class Disk(Protocol):
    """Files by their absolute paths."""

    @property
    def when(self) -> str:
        """Say which files these are, for the end of a sentence; empty for those of now."""

    def exists(self, path: Path) -> bool:
        """Tell whether there is a file or a folder."""

    def is_folder(self, path: Path) -> bool:
        """Tell whether there is a folder."""

    def real(self, path: Path) -> Path:
        """Give a path without links and without `..`."""

    def content(self, path: Path) -> bytes:
        """Give the bytes of a file.

        Raises:
            OSError: it cannot be read.
        """


class Now:
    """The files on disk as they are now."""

    when = ""

    def exists(self, path: Path) -> bool:
        """Tell whether there is a file or a folder."""
        return path.exists()

    def is_folder(self, path: Path) -> bool:
        """Tell whether there is a folder."""
        return path.is_dir()

    def real(self, path: Path) -> Path:
        """Give a path without links and without `..`."""
        return path.resolve()

    def content(self, path: Path) -> bytes:
        """Give the bytes of a file."""
        return path.read_bytes()
