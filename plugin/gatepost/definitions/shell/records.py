"""The commands that a follower meets, each with a number, and who decides how they end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from gatepost.definitions.shell.state import BAD, NOBODY, State

__all__ = ["HARMLESS", "Chooser", "EachFails", "Everything", "Fails", "Record", "Records", "TheseFail"]

Fails = Callable[[str], bool | None]
"""Tells of a command whether it fails; None where it may be one that does."""
HARMLESS: Final = frozenset({"true", ":", "echo", "printf"})
"""Commands that never fail."""
_DO_NOTHING: Final = frozenset({"true", ":"})
_NEVER_FAIL: Final = HARMLESS | {"tee", "umask"}


@dataclass(slots=True, eq=False)
class Record:
    """A command at one place of a script, or of what it calls."""

    name: str
    texts: list[str] = field(default_factory=list)
    """What it is, with what is filled in: more than one in a loop."""
    is_call: bool = False
    """Whether what it runs is followed itself: a function, another script."""
    is_unsure: bool = False
    """Whether what is followed may not be all that it means."""
    is_beside: bool = False
    """Whether it runs in the background."""
    is_within: bool = False
    """Whether a file of the repository holds it, which another command runs."""
    unseen: str = ""
    """Why it may run something that is not seen."""
    is_open: bool = False
    """Whether what it does to the script is not known."""
    is_reached: bool = False
    codes: set[bool] = field(default_factory=set)
    """Whether it has ended well, where it is a call, on each way through it."""
    folders: set[str | None] = field(default_factory=set)
    """Where it runs."""


class Chooser(Protocol):
    """Decides how commands end."""

    def command(self, state: State, number: int, record: Record, text: str, *, again: bool) -> list[State]:
        """Give the states behind a command; `again` tells that it is only there to be tried until it succeeds."""
        ...

    def test(self, state: State, number: int, text: str) -> list[State]:
        """Give the states behind a test whose answer is not known."""
        ...


class Everything:
    """Any command may fail or succeed."""

    def command(self, state: State, number: int, record: Record, text: str, *, again: bool) -> list[State]:  # noqa: ARG002
        """Give the states behind a command."""
        return [state.ended(0)] if _is_harmless(record.name, text) else [state.ended(0), state.ended(BAD)]

    def test(self, state: State, number: int, text: str) -> list[State]:  # noqa: ARG002
        """Give the states behind a test."""
        return [state.ended(0), state.ended(BAD)]


class EachFails:
    """One command fails, each in its turn, and all others succeed."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def command(self, state: State, number: int, record: Record, text: str, *, again: bool) -> list[State]:
        """Give the states behind a command; what has failed once may fail again, and so may the same elsewhere."""
        if record.name in _DO_NOTHING:
            return [state.ended(0)]
        failed = state.ended(BAD)
        if state.failing == NOBODY:
            return [state.ended(0), failed._replace(failing=number)]
        if state.failing == number and again:
            return [failed]
        may = state.failing == number or text in self._records.all[state.failing].texts
        return [state.ended(0), failed] if may else [state.ended(0)]

    def test(self, state: State, number: int, text: str) -> list[State]:  # noqa: ARG002
        """Give the states behind a test: no is an answer, and may be a failure."""
        ways = [state.ended(0), state.ended(BAD)]
        return [*ways, state.ended(BAD)._replace(failing=number)] if state.failing == NOBODY else ways


class TheseFail:
    """Some commands fail, and all others succeed."""

    def __init__(self, fails: Fails) -> None:
        self._fails = fails

    def command(self, state: State, number: int, record: Record, text: str, *, again: bool) -> list[State]:  # noqa: ARG002
        """Give the states behind a command."""
        told = False if record.name in HARMLESS else self._fails(text)
        well, badly = state.ended(0), state.ended(BAD)._replace(failing=number)
        return [well] if told is False else [badly] if told else [well, badly]

    def test(self, state: State, number: int, text: str) -> list[State]:
        """Give the states behind a test."""
        ways = [state.ended(0), state.ended(BAD)]
        told = self._fails(text)
        badly = state.ended(BAD)._replace(failing=number)
        return ways if told is False else [badly] if told else [*ways, badly]


def _is_harmless(name: str, text: str) -> bool:
    return name in _NEVER_FAIL or text == "cat"


class Records:
    """The commands, by the place where they stand and the calls that lead there."""

    def __init__(self) -> None:
        self.all: list[Record] = []
        self._numbers: dict[tuple[tuple[int, ...], int, str], int] = {}
        self._kept: list[object] = []

    def number(self, way: tuple[int, ...], node: object, name: str) -> int:
        """Give the number of a command, a new one where it is met for the first time."""
        key = (way, id(node), name)
        if key not in self._numbers:
            self._numbers[key] = len(self.all)
            self.all.append(Record(name))
            self._kept.append(node)
        return self._numbers[key]
