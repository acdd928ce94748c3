"""Where a script runs a command: the folder that it begins in, and each `cd` before the command."""

from __future__ import annotations

import posixpath
import re
from typing import Final

from gatepost.definitions.commands import runs

__all__ = ["folder_in", "is_inside"]

_ENDS: Final = re.compile(r"\n|&&|\|\||;")
_MOVE: Final = re.compile(r"cd\s+(?:--\s+)?(?P<quote>[\"']?)(?P<folder>[^\s\"'|<>&]+)(?P=quote)\Z")
_MOVES: Final = re.compile(r"(?:^|[\s({\"'])(?:cd|pushd|popd)(?:\s|$)")
_GIVEN: Final = re.compile(r"\s(?:--directory|--chdir|-C)[ =]([\w./-]+)\s")
"""A folder that a wrapper of a command is given: `uv run --directory ml python fit.py`."""
_ROOT: Final = re.compile(
    r"\$(?:\{\{\s*github\.workspace\s*\}\}|\{?(?:GITHUB_WORKSPACE|CI_PROJECT_DIR)\}?|\(git rev-parse --show-toplevel\))"
)
"""Where the repository is, in the words of a script."""


def folder_in(script: str, command: str, start: str) -> tuple[str | None, str] | None:
    """Give the folder that a script runs a command in, from the root of the repository.

    Args:
        script: the script.
        command: a command of a contract.
        start: where the script begins.

    Returns:
        The folder, or None with the words that do not tell it. None where the script runs no such command.
    """
    wanted = next((part.strip() for part in _ENDS.split(command) if part.strip()), "")
    folder: str | None = start if is_inside(start) else None
    words = start
    outer: list[str | None] = []
    for part in (one.strip() for one in _ENDS.split(script.replace("\\\n", " "))):
        plain = part.lstrip("( ")
        outer += [folder] * part[: len(part) - len(plain)].count("(")
        closing = max(plain.count(")") - plain.count("("), 0)
        plain = plain.rstrip(") ") if closing else plain
        if runs(plain, wanted):
            given = _GIVEN.search(plain)
            return (_moved(folder, given[1]) if given else folder), plain if given else words
        if _MOVES.search(plain):
            move = _MOVE.match(_ROOT.sub("/.", plain))
            folder, words = (_moved(folder, move["folder"]) if move else None), plain
        for _ in range(min(closing, len(outer))):
            folder = outer.pop()
    return (folder, words) if runs(script, command) else None


def is_inside(folder: str) -> bool:
    """Tell whether a folder is one of the repository, by its words."""
    return not folder.startswith(("/", "~", "..")) and "$" not in folder and "{{" not in folder


def _moved(folder: str | None, to: str) -> str | None:
    if to.startswith("/."):  # the root of the repository
        return posixpath.normpath(f".{to.removeprefix('/.')}")
    if folder is None or to == "-" or to.startswith(("/", "~")) or "$" in to:
        return None
    found = posixpath.normpath(posixpath.join(folder, to))
    return found if is_inside(found) else None
