"""The files of the repository as a script finds them, and where `cd` leads."""

from __future__ import annotations

import posixpath
from typing import Final, NamedTuple, Protocol

from gatepost.definitions.shell.state import Filled

__all__ = ["ANYWHERE", "UNKNOWN", "Files", "Where", "moved"]

UNKNOWN: Final = "?"
"""The folder that a script begins in, where that is not known; `?/sub` is one seen from there."""
_ROOTS: Final = (
    "$GITHUB_WORKSPACE",
    "${GITHUB_WORKSPACE}",
    "${{ github.workspace }}",
    "${{github.workspace}}",
    "$CI_PROJECT_DIR",
    "${CI_PROJECT_DIR}",
    "$(git rev-parse --show-toplevel)",
)
"""What stands for the root of the repository."""


class Files(Protocol):
    """The files of the repository."""

    def found(self, path: str, folder: str) -> tuple[str, str] | None:
        """Give the path from the root and the text of a file, by its path as seen from a folder; None for none."""
        ...


class Where(NamedTuple):
    """Where a script runs."""

    files: Files | None = None
    """The files of the repository; None where they are not known."""
    folder: str = UNKNOWN
    """The folder, from the root of the repository."""


ANYWHERE: Final = Where()


def moved(folder: str | None, to: Filled) -> str | None:
    """Give where a shell is behind `cd`; None where that is not known."""
    root = next((one for one in _ROOTS if to.text == one or to.text.startswith(f"{one}/")), None)
    if root is not None and folder is not None and not folder.startswith(UNKNOWN):
        path = to.text[len(root) :].strip("/")
        return None if "$" in path else posixpath.normpath(path or ".")
    path = to.value if isinstance(to.value, str) else ""
    if not path or path.startswith("~") or (folder is None and not path.startswith("/")):
        return None
    found = posixpath.normpath(posixpath.join(folder or "", path))
    is_lost = (folder or "").startswith(UNKNOWN) and not found.startswith((UNKNOWN, "/"))
    return None if is_lost else found
