"""A command that a shell script holds, and what becomes of the script when it fails."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from gatepost.definitions.shell.outcomes import BAD, End, Runs

__all__ = ["HARMLESS", "NOT_RUN", "Command", "Fate", "Found", "both", "fate_of"]

Fate = Literal["stops", "hidden", "never", "open"]
"""What becomes of a script when a command of it fails: it fails too, goes on, has never run it, or nobody knows."""
HARMLESS: Final = frozenset({"true", ":", "echo", "printf"})
"""Commands that never fail."""
NOT_RUN: Final = HARMLESS | frozenset(
    (  # noqa: SIM905 - words read best as a text
        "false cat logger test [ [[ grep which type command-v alias export declare local readonly ls touch rm man read"
    ).split()
)
"""Commands that do not run what their arguments say."""


class Command(NamedTuple):
    """A command that a script holds."""

    text: str
    fate: Fate
    """What becomes of the script when it fails."""
    is_swallowed: bool
    """Whether the script says that its failure is to be forgotten: `|| true`."""
    is_call: bool = False
    """Whether it is a function of the script, whose commands are given, too."""
    is_unsure: bool = False
    """Whether a command of its name may be meant: it ignores what it is given, or is made only in some cases."""


@dataclass(slots=True)
class Found:
    """A command on the way outwards, with what has become of its failure so far."""

    text: str
    end: End = "fails"
    runs: Runs = "always"
    needs: list[Found] = field(default_factory=list)
    """The commands that must succeed for it to run."""
    is_exempt: bool = False
    """Whether a shell with `-e` goes on after it: only the last command of a `&&` ends it."""
    is_swallowed: bool = False
    is_call: bool = False
    is_unsure: bool = False
    place: int | None = None
    """Which command of the pipe it is that has just failed, from 0."""
    noted: str = ""
    """The variable that its failure has just been kept in."""
    is_beside: bool = False
    """Whether it runs beside the commands after it, so that `$!` means it."""


def both(one: Runs, other: Runs) -> Runs:
    """Tell whether what must be reached twice is reached."""
    return "never" if "never" in {one, other} else "open" if "open" in {one, other} else "always"


def fate_of(one: Found, at_end: Fate) -> Fate:
    """Give what becomes of a script when a command of it fails.

    Args:
        one: the command, followed to the end of the script.
        at_end: what the script does with a failure when it ends: a `trap` may hide it.
    """
    if one.runs == "never":
        return "never"
    fate: Fate = "stops" if one.end in BAD else "open" if one.end == "open" else "hidden"
    if fate == "stops" and at_end != "stops":
        return "open" if one.text.startswith("exec ") else at_end
    return "open" if fate == "stops" and (one.runs == "open" or one.is_call) else fate
