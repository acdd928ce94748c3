"""What a shell may be at a place of its script: one state for each way to come there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

__all__ = ["BAD", "NOBODY", "Filled", "Flow", "Job", "State", "Value", "merged", "widened"]

BAD: Final = -1
"""An exit code above zero, of which more is not known."""
NOBODY: Final = -1
"""No command, where one could have failed."""
Flow = Literal["", "exit", "return", "break", "continue"]
"""What the shell does next: go on, or leave the script, the function or the loop."""


class Job(NamedTuple):
    """A command in the background, by the exit code that `wait` for it gives."""

    code: int


Value = str | int | Job
"""What a variable holds: a text, `BAD`, or a job."""


class Filled(NamedTuple):
    """A word as a command gets it."""

    text: str
    """The word; what is not known of it stands as it is written."""
    value: Value | None
    """What it is; None where that is not known."""


class State(NamedTuple):
    """A shell at a place of its script."""

    last: int = 0
    """The exit code of the last command."""
    flow: Flow = ""
    levels: int = 0
    """How many loops are still to be left."""
    stops: bool = False
    """Whether it ends at the first failure (`-e`)."""
    pipefail: bool = False
    is_exempt: bool = False
    """Whether the last command has failed where a shell with `-e` goes on."""
    failing: int = NOBODY
    """The command that has failed, by its number."""
    is_doubtful: bool = False
    """Whether it may not come here at all: a loop has been left that perhaps goes on for ever."""
    names: tuple[tuple[str, Value | tuple[Filled, ...]], ...] = ()
    """The variables whose values are known, in the order of their names."""
    traps: tuple[tuple[str, str], ...] = ()
    """What it runs at an end or at a failure."""
    folder: str | None = "."
    """Where it is, seen from where it began; None where that is not known."""
    stack: tuple[str | None, ...] = ()
    """The folders that `popd` goes back to."""
    given: tuple[Filled, ...] | None = None
    """The arguments of the script or the function; None where they are not known."""
    codes: tuple[int, ...] = ()
    """The exit codes of the last pipe."""
    must: int = 0
    """The commands that have surely run, one bit for each."""
    may: int = 0
    """Those that have run on one of the ways here."""

    def value(self, name: str) -> Value | tuple[Filled, ...] | None:
        """Give what a variable holds; None where that is not known."""
        return next((value for one, value in self.names if one == name), None)

    def holding(self, name: str, value: Value | tuple[Filled, ...] | None) -> State:
        """Give the state with a variable set; one whose value is not known is forgotten."""
        kept = [pair for pair in self.names if pair[0] != name]
        if value is not None:
            kept = sorted([*kept, (name, value)], key=lambda pair: pair[0])
        return self._replace(names=tuple(kept))

    def ended(self, code: int) -> State:
        """Give the state behind a command."""
        if self.last == code and not self.is_exempt:
            return self
        return self._replace(last=code, is_exempt=False)


_SEEN: Final = 2
"""The fields, counted from the end, in which states may differ and still be one: what has run on the way."""


def merged(states: Iterable[State]) -> list[State]:
    """Make one of states that go on in the same way."""
    found: dict[tuple[object, ...], State] = {}
    for state in states:
        key = state[:-_SEEN]
        other = found.get(key)
        found[key] = state if other is None else state._replace(must=state.must & other.must, may=state.may | other.may)
    return list(found.values())


def widened(states: list[State], most: int) -> list[State]:
    """Make fewer of too many states, by forgetting what their variables hold where they differ."""
    if len(states) <= most:
        return states
    groups: dict[tuple[object, ...], list[State]] = {}
    for state in states:
        groups.setdefault(state._replace(names=(), codes=(), must=0, may=0), []).append(state)
    found: list[State] = []
    for group in groups.values():
        same = set(group[0].names).intersection(*(one.names for one in group[1:]))
        names = tuple(pair for pair in group[0].names if pair in same)
        found += [one._replace(names=names, codes=()) for one in group]
    return merged(found)
