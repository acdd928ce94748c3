"""A command that a shell script holds, and what becomes of the script when it fails."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from gatepost.definitions.shell.results import End, Runs

__all__ = ["Command", "Fate", "Found", "both"]

Fate = Literal["stops", "hidden", "never", "open"]
"""What becomes of a script when a command of it fails: it fails too, goes on, has never run it, or nobody knows."""


class Command(NamedTuple):
    """A command that a script holds."""

    text: str
    fate: Fate
    """What becomes of the script when it fails."""
    is_swallowed: bool
    """Whether the script says that its failure is to be forgotten: `|| true`."""


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


def both(one: Runs, other: Runs) -> Runs:
    """Tell whether what must be reached twice is reached."""
    return "never" if "never" in {one, other} else "open" if "open" in {one, other} else "always"
