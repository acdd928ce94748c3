"""Scripts of the repository that a stage runs: whether one ends well whatever fails in it, as its text shows.

Where the contract names a script as its gate, what the script does is its authors' affair. That its exit code is always
0 is not: then there is no gate.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from gatepost.definitions.definition import ReadFile
from gatepost.definitions.shell import ShellError, always_ends_well, nested

__all__ = ["ScriptFiles"]

_WRAPPERS: Final = frozenset({"env", "exec", "command", "time", "nice", "nohup", "sudo"})
_ASSIGNED: Final = re.compile(r"[A-Za-z_]\w*\+?=\S*")
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

    def never_fails(self, command: str) -> str | None:
        """Say why a command never fails: it runs a script that hides each failure. None for any other."""
        run = _run_of(command)
        found = list(self._found(run.path)) if run is not None else []
        if run is None or not found or not all(_ends_well(text, run.shell) for _, text in found):
            return None
        return f"{found[0][0]} ends well whatever fails in it"

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
    while words and (words[0] in _WRAPPERS or _ASSIGNED.fullmatch(words[0])):
        words = words[1:]
    shell = nested(words[:1]) and nested(words)
    if shell is not None and shell.place < 0 <= shell.file and not shell.only_reads:
        path, run_by = words[shell.file], words[: shell.file]
    elif shell is None and words and "/" in words[0]:
        path, run_by = words[0], None
    else:
        return None
    return _Run(path, run_by) if _NAMED.fullmatch(path) else None


def _ends_well(text: str, shell: list[str] | None) -> bool:
    """Tell whether a script surely ends with the exit code 0."""
    words = shell if shell is not None else _first_line(text)
    told = nested(words)
    if told is None or told.only_reads:
        return False
    try:
        return always_ends_well(text, stops=told.stops, pipefail=told.pipefail)
    except ShellError:
        return False


def _first_line(text: str) -> list[str]:
    """Give the shell that a script names in its first line; a script that names none is run by `sh`."""
    first = text.partition("\n")[0]
    if not first.startswith("#!"):
        return ["sh"]
    words = first[2:].split()
    words = [word for word in words[1:] if word != "-S"] if words and words[0].endswith("/env") else words
    return words if words and nested(words[:1]) is not None else []
