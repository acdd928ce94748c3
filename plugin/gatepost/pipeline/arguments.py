"""A command of a contract as its arguments: it is run without a shell, so nothing in it may need one."""

from __future__ import annotations

import re
import shlex
from typing import Final

__all__ = ["CommandError", "arguments_of", "is_plain"]

_QUOTED: Final = re.compile(r"""'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^'"\\]+""", re.DOTALL)
_SHELL: Final = re.compile(r"&&|\|\||[0-9]?>>?|[|&;<*\n]|\$[({A-Za-z_]|`")
_EXPANDED: Final = re.compile(r"(?<!\\)(?:\$[({A-Za-z_]|`)")
"""What a shell replaces within double quotes, too."""
_ASSIGNMENT: Final = re.compile(r"[A-Za-z_]\w*=")


class CommandError(ValueError):
    """A `run` that cannot be run as it stands."""


def arguments_of(run: str) -> list[str]:
    """Split a `run` into its arguments.

    Raises:
        CommandError: it is empty, its quotes do not close, or it needs a shell.
    """
    try:
        words = shlex.split(run)
    except ValueError as error:
        message = f"'{run}' cannot be split into arguments: {error}"
        raise CommandError(message) from None
    if not words:
        message = "the command is empty"
        raise CommandError(message)
    shell = words[0] if _ASSIGNMENT.match(words[0]) else _shell_sign(run.strip())
    if shell:
        shown = shell.replace("\n", "a new line")
        message = f"'{run.strip()}' needs a shell ('{shown}'): put it into a script, and let `run` name the script"
        raise CommandError(message)
    return words


def _shell_sign(run: str) -> str:
    """Give the first sign that only a shell understands; empty when there is none, or only in quotes."""
    for part in _QUOTED.findall(run):
        if part[0] not in "'\\" and (sign := (_EXPANDED if part[0] == '"' else _SHELL).search(part)):
            return sign[0]
    return ""


def is_plain(run: str) -> bool:
    """Tell whether a command can be run without a shell."""
    try:
        arguments_of(run)
    except CommandError:
        return False
    return True
