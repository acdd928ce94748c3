"""Scripts of the repository that a stage runs: whether one ends well whatever fails in it, as its text shows.

Where the contract names a script as its gate, what the script does is its authors' affair. That its exit code is always
0 is not: then there is no gate.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from gatepost.definitions.definition import ReadFile, Script
from gatepost.definitions.shell import (
    UNKNOWN,
    Command,
    ShellError,
    Where,
    always_ends_well,
    first_line,
    nested,
    unwrapped,
)

__all__ = ["ScriptFiles"]

_NAMED: Final = re.compile(r"[\w./+@-]+")


class _Run(NamedTuple):
    """How a command runs a script."""

    path: str
    shell: list[str] | None
    """The shell that it names, with its options; None where the first line of the script does."""


class ScriptFiles:
    """The scripts that commands of a definition name."""

    def __init__(self, read_file: ReadFile, own: str, others: tuple[str, ...]) -> None:
        """Say where scripts are.

        Args:
            read_file: gives files by their paths from the root.
            own: the folder that the contract's commands run in.
            others: the folders that they may be seen from where they are not there.
        """
        self._read_file = read_file
        self._own = own
        self._others = others
        self.known: dict[tuple[Script, str], tuple[Command, ...] | str] = {}
        """The commands of scripts that were followed, by the folder that they run in."""

    def never_fails(self, command: str) -> str | None:
        """Say why a command never fails: it runs a script that hides each failure. None for any other."""
        run = _run_of(command)
        found = list(self._found(run.path)) if run is not None else []
        if run is None or not found or not all(self._ends_well(text, run.shell) for _, text in found):
            return None
        return f"{found[0][0]} ends well whatever fails in it"

    def found(self, path: str, folder: str) -> tuple[str, str] | None:
        """Give the path from the root and the text of a file, by its path as seen from a folder; None for none.

        Where it is not known where the folder is, it is taken for the contract's; else for the only other that has one.
        """
        if not folder.startswith(UNKNOWN):
            place = posixpath.normpath(posixpath.join(folder, path))
            text = self._text(place)
            return (place, text) if text is not None else None
        found = list(self._found(posixpath.join(folder[1:].lstrip("/"), path)))
        return found[0] if len(found) == 1 else None

    def has(self, path: str) -> bool:
        """Tell whether a file is there, by its path from the root."""
        plain = posixpath.normpath(path)
        return not plain.startswith(("..", "/")) and self._read_file(plain) is not None

    def _ends_well(self, text: str, shell: list[str] | None) -> bool:
        """Tell whether a script surely ends with the exit code 0."""
        told = nested(shell if shell is not None else first_line(text))
        if told is None or told.only_reads:
            return False
        try:
            return always_ends_well(text, stops=told.stops, pipefail=told.pipefail, where=Where(self))
        except ShellError:
            return False

    def _found(self, path: str) -> Iterator[tuple[str, str]]:
        """Give the file that a command runs; where only other folders have one, each that it may be."""
        for folders in ((self._own,), self._others):
            places = dict.fromkeys(posixpath.normpath(posixpath.join(folder, path)) for folder in folders)
            found = [(place, content) for place in places if (content := self._text(place)) is not None]
            yield from found
            if found:
                return

    def _text(self, path: str) -> str | None:
        content = None if path.startswith(("..", "/")) else self._read_file(path)
        try:
            return content.decode() if content is not None else None
        except UnicodeDecodeError:
            return None


def _run_of(command: str) -> _Run | None:
    """Tell which script a command runs: `./gate.sh`, `sh ci/gate.sh`; None for what is no script, or not sure."""
    words = command.split()
    words = words[unwrapped(words).place :]
    shell = nested(words[:1]) and nested(words)
    if shell is not None and shell.place < 0 <= shell.file and not shell.only_reads:
        path, run_by = words[shell.file], words[: shell.file]
    elif shell is None and words and "/" in words[0]:
        path, run_by = words[0], None
    else:
        return None
    return _Run(path, run_by) if _NAMED.fullmatch(path) else None
