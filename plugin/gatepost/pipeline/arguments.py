"""A command of a contract as its arguments: it is run without a shell, so nothing in it may need one."""

from __future__ import annotations

import re
import shlex
from typing import Final

__all__ = ["CommandError", "arguments_of", "is_closed", "is_plain", "lost_by", "says_yes"]

_QUOTED: Final = re.compile(r"""'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^'"\\]+""", re.DOTALL)
_SHELL: Final = re.compile(r"&&|\|\||[0-9]?>>?|[|&;<*\n]|\$[({A-Za-z_]|`")
_LOSES: Final = re.compile(r"\|\|?|;|\n|(?<![&<>])&(?![&>])")
"""What stands between a command and another one whose exit code counts in its place."""
_KEEPS: Final = re.compile(r"\|\|\s*(?:\{\s*)?(?:(?:exit|return)\s+[1-9$]\w*|false\b)(?:\s*;?\s*\})?")
"""What ends badly in place of the command that has failed."""
_STOPS: Final = re.compile(r"(?:\A|[;\n&])\s*set\s+-\w*e")
_SHELL_FIRST: Final = re.compile(r"(?:\S*/)?(?:ba|da|z|k)?sh\s")
_MAKE: Final = r"(?:\S*/)?g?make\s(?:[^|&;<>\n]*\s)?"
_FLAGS: Final = "-(?![CfIoWjlEO])[a-zA-Z]*"
"""Letters of make; one with a value, which may stand right behind it, begins none: `-Cpipeline`."""
_MAKE_GOES_ON: Final = re.compile(rf"{_MAKE}({_FLAGS}i[a-zA-Z]*|--ignore-errors)(?!\S)")
_MAKE_ONLY_PRINTS: Final = re.compile(rf"{_MAKE}(?:{_FLAGS}n[a-zA-Z]*|--dry-run|--just-print|--recon)(?!\S)")
_SAYS_YES: Final = frozenset({"true", ":", "echo", "printf"})
_SPECIAL: Final = re.compile(r"""['"\\|&;<>*$`\n=]""")
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


def is_closed(run: str) -> bool:
    """Tell whether each quote of a command closes."""
    if not _SPECIAL.search(run):
        return True
    try:
        shlex.split(run)
    except ValueError:
        return False
    return True


def lost_by(run: str) -> str:
    """Give the sign behind which a shell forgets that a command has failed: `|` in `check | tee log`; empty for none.

    `&&` keeps a failure, what stands in quotes is for whom it is given to unless that is a shell, and `set -e` and
    `|| exit 10` keep one, too. `make -i` loses it by itself.
    """
    if (script := _script_in(run)) is not None:
        return lost_by(script)
    if (found := _MAKE_GOES_ON.match(run.strip())) is not None:
        return found[1]
    parts = [part for part in _QUOTED.findall(run.strip()) if part[0] not in "'\"\\"]
    signs = [sign[0] for part in parts for sign in _LOSES.finditer(_KEEPS.sub(" ", part))]
    if _STOPS.search(run):
        signs = [one for one in signs if one == "||" or (one == "|" and "pipefail" not in run)]
    return signs[0].replace("\n", "a new line") if signs else ""


def says_yes(run: str) -> bool:
    """Tell whether a command ends well whatever is the case: `true`, `echo ok`, `exit 0`."""
    script = _script_in(run)
    words = (run if script is None else script).split()
    only_prints = _MAKE_ONLY_PRINTS.match(" ".join(words)) is not None
    return only_prints or (bool(words) and (words[0] in _SAYS_YES or words[:2] == ["exit", "0"]))


def _script_in(run: str) -> str | None:
    """Give the text that a command hands to a shell: `sh -c '…'`."""
    if not _SHELL_FIRST.match(run.strip()):
        return None
    try:
        words = shlex.split(run)
    except ValueError:
        return None
    place = next((at for at, one in enumerate(words) if at and re.fullmatch(r"-\w*c", one)), None)
    return words[place + 1] if place is not None and place + 1 < len(words) else None


def is_plain(run: str) -> bool:
    """Tell whether a command can be run without a shell."""
    if run.strip() and not _SPECIAL.search(run):
        return True
    try:
        arguments_of(run)
    except CommandError:
        return False
    return True
