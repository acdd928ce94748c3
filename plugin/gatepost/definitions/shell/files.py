"""The files of the repository as a script finds them, and where `cd` leads."""

from __future__ import annotations

import posixpath
import re
from typing import Final, NamedTuple, Protocol

from gatepost.definitions.shell.state import Filled

__all__ = ["ANYWHERE", "UNKNOWN", "Files", "Where", "from_root", "moved", "seen_from_itself"]

UNKNOWN: Final = "?"
"""The folder that a script begins in, where that is not known; `?/sub` is one seen from there."""
_ROOT: Final = "$CI_PROJECT_DIR"
_ROOTS: Final = (
    "$GITHUB_WORKSPACE",
    "${GITHUB_WORKSPACE}",
    "${{ github.workspace }}",
    "${{github.workspace}}",
    _ROOT,
    "${CI_PROJECT_DIR}",
    "$(git rev-parse --show-toplevel)",
)
"""What stands for the root of the repository."""

_DIRNAME: Final = r'\$\(dirname (?:-- )?"?\$(?:0|\{0\}|BASH_SOURCE|\{BASH_SOURCE(?:\[0\])?\})"?\)'
_DOWN: Final = r"((?:/[\w.+-]+)*)"
_QUIET: Final = r"(?: ?&?> ?/dev/null(?: 2>&1)?)?"
_ITSELF: Final = re.compile(
    rf'{_DIRNAME}{_DOWN}|\$\(cd (?:-P )?(?:-- )?"?{_DIRNAME}{_DOWN}/?"?{_QUIET} ?(?:&&|;) pwd(?: -P)?\){_DOWN}'
)
"""How a script names its own folder."""


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


def from_root(text: str) -> str | None:
    """Give the path from the root that a text names by what stands for the root; None for any other text."""
    root = next((one for one in _ROOTS if text == one or text.startswith(f"{one}/")), None)
    return None if root is None else posixpath.normpath(text[len(root) :].strip("/") or ".")


def seen_from_itself(text: str, own: str | None) -> str | None:
    """Give a text by which a script names its own folder, `$(dirname "$0")`, as a path from the root; None for others.

    Args:
        text: the text.
        own: the script's folder, from the root; None where that is not known.
    """
    path = from_root(text)
    found = _ITSELF.fullmatch(text) if own is not None else None
    if found is not None:
        down = found[1] or f"{found[2] or ''}{found[3] or ''}"
        path = posixpath.normpath(posixpath.join(own or "", down.strip("/")))
    return None if path is None else f"{_ROOT}/{path}"


def moved(folder: str | None, to: Filled) -> str | None:
    """Give where a shell is behind `cd`; None where that is not known."""
    rooted = from_root(to.text)
    if rooted is not None:
        return None if "$" in rooted else rooted
    path = to.value if isinstance(to.value, str) else ""
    if not path or path.startswith("~") or (folder is None and not path.startswith("/")):
        return None
    is_unknown = folder is not None and folder.startswith(UNKNOWN)
    if is_unknown and path.startswith("/"):
        return UNKNOWN
    found = posixpath.normpath(posixpath.join(folder or "", path))
    return None if is_unknown and not found.startswith(UNKNOWN) else found
