"""Shell scripts of jobs, as one line to compare; and whether one can fail at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

__all__ = ["Nested", "cannot_fail", "nested", "one_line"]

_SHELLS: Final = frozenset({"sh", "bash", "dash", "zsh", "ksh", "ash"})
_SWALLOWED: Final = re.compile(r"(?:\|\||;)\s*(true|:|exit 0)\s*\Z")


def one_line(scripts: Iterable[str]) -> str | None:
    """Give scripts as one line: lines joined by `&&`, broken lines mended, comments left out; None for nothing."""
    lines: list[str] = []
    for script in scripts:
        broken = ""
        for line in script.splitlines():
            whole = f"{broken} {line.strip()}".strip()
            broken = ""
            if whole.endswith("\\") and not whole.endswith("\\\\"):
                broken = whole[:-1].rstrip()
            elif whole and not whole.startswith("#"):
                lines.append(whole)
        if broken:
            lines.append(broken)
    return " && ".join(lines) or None


def cannot_fail(command: str | None) -> str | None:
    """Say why a command never fails, in its own words: each part of it ends in `|| true`. None when it can."""
    parts = (command or "").split("&&")
    found = [_SWALLOWED.search(part.rstrip()) for part in parts]
    return f"its command ends in `{found[-1][0].strip()}`" if command and found[-1] and all(found) else None


class Nested(NamedTuple):
    """A command that runs a shell."""

    stops: bool
    """Whether the shell ends at the first failure (`-e`)."""
    pipefail: bool
    place: int
    """Which word is its script; -1 where no script is given."""
    only_reads: bool
    """Whether it runs nothing of its script (`-n`)."""


def nested(given: list[str]) -> Nested | None:
    """Tell of the words of a command that run a shell; None for those that run none."""
    begin = next((place for place, one in enumerate(given) if one.rpartition("/")[2] in _SHELLS), None)
    if begin is None:
        return None
    letters, names, at = "", set(), begin + 1
    while at < len(given) and given[at][:1] in {"-", "+"} and len(given[at]) > 1:
        one = given[at]
        at += 1
        letters += one[1:] if one[0] == "-" and one[1] != "-" else ""
        if one.endswith("o") and one[1] != "-" and at < len(given):
            names.add(given[at])
            at += 1
    place = at if "c" in letters and at < len(given) else -1
    return Nested("e" in letters or "errexit" in names, "pipefail" in names, place, "n" in letters)
