"""A shell script followed without being run: how it ends, and which of its commands run.

One follower gives all answers: it goes through the script with a set of states, and forks where a test, or a command of
which that is asked, may end well or badly. What cannot be followed is said, never guessed.
"""

from __future__ import annotations

from typing import NamedTuple

from gatepost.definitions.shell.builtins import Builtins
from gatepost.definitions.shell.fates import Command, commands_of
from gatepost.definitions.shell.files import ANYWHERE, Where
from gatepost.definitions.shell.parser import parse
from gatepost.definitions.shell.quoting import ShellError
from gatepost.definitions.shell.records import Chooser, EachFails, Everything, Fails, Records, TheseFail
from gatepost.definitions.shell.state import NOBODY, State, merged
from gatepost.definitions.shell.tree import Block, Choice, Loop, Node, Redirected, Simple

__all__ = ["Played", "Ran", "Where", "always_ends_well", "played", "script_ends"]


class Ran(NamedTuple):
    """A command that has run."""

    text: str
    is_sure: bool
    """Whether it surely runs; else it may."""
    folders: frozenset[str | None] = frozenset()
    """Where it runs; None where that is not known."""
    unseen: str = ""
    """Why it may run something that is not seen."""


class Played(NamedTuple):
    """What became of a script."""

    ran: tuple[Ran, ...]
    failed: bool | None
    """Whether it has ended badly; None where that is not known."""


def script_ends(text: str, *, stops: bool, pipefail: bool = False, where: Where = ANYWHERE) -> list[Command]:
    """Give the commands of a script, in order, each with what becomes of the script when it fails.

    Args:
        text: the script.
        stops: whether the shell ends at the first failure (`-e`).
        pipefail: whether a pipe fails when any part of it does.
        where: where it runs.

    Raises:
        ShellError: it cannot be followed.
    """
    follower = _follower(text, where)
    begin = State(stops=stops, pipefail=pipefail, folder=where.folder)
    follower.first(begin)
    ends = follower.whole(begin, EachFails(follower.records))
    return commands_of(follower.records.all, ends)


def always_ends_well(text: str, *, stops: bool, pipefail: bool, where: Where = ANYWHERE) -> bool:
    """Tell whether a script surely ends with the exit code 0, whatever its commands do.

    Raises:
        ShellError: it cannot be followed.
    """
    follower = _follower(text, where)
    ends = follower.first(State(stops=stops, pipefail=pipefail, folder=where.folder))
    is_open = any(one.is_open for one in follower.records.all)
    return not is_open and all(not one.last for one in ends)


def played(
    text: str, fails: Fails, *, stops: bool | None, pipefail: bool | None = None, where: Where = ANYWHERE
) -> Played:
    """Play a script: everything that is not said to fail succeeds, and tests may answer either way.

    Args:
        text: the script.
        fails: which commands fail.
        stops: whether its shell ends at the first failure (`-e`); None where that is not known.
        pipefail: whether a pipe fails when any part of it does; None where that is not known.
        where: where it runs.

    Raises:
        ShellError: it cannot be followed.
    """
    follower = _follower(text, where)
    ways = [
        State(stops=way, pipefail=piped, folder=where.folder)
        for way in ((True, False) if stops is None else (stops,))
        for piped in ((True, False) if pipefail is None else (pipefail,))
    ]
    ends = [end for way in ways for end in follower.whole(way, TheseFail(fails))]
    return _played(follower, [one for one in ends if one.failing != NOBODY or not one.last] or ends)


def _played(follower: _Follower, ends: list[State]) -> Played:
    must, may, codes = -1, 0, set()
    for one in ends:
        must, may = must & one.must, may | one.may
        codes.add(None if one.is_doubtful else one.last != 0)
    is_doubtful = None in codes or not ends
    ran = tuple(
        Ran(
            text,
            bool(must >> number & 1) and len(record.texts) == 1 and not (is_doubtful or record.is_beside),
            frozenset(record.folders),
            record.unseen,
        )
        for number, record in enumerate(follower.records.all)
        if may >> number & 1 and not record.is_call
        for text in record.texts
    )
    return Played(ran, codes.pop() if len(codes) == 1 else None)


def _follower(text: str, where: Where) -> _Follower:
    made = _Follower(parse(text), Records(), Everything())
    made.files = where.files
    return made


class _Follower(Builtins):
    def first(self, begin: State) -> list[State]:
        """Follow the script where everything may happen, so that each command has its number."""
        self.is_first = True
        ends = self.whole(begin, Everything())
        self.is_first = False
        return ends

    def whole(self, begin: State, chooser: Chooser) -> list[State]:
        """Follow the script from its beginning to each of its ends."""
        self.chooser = chooser
        try:
            return merged(self.ended(self.block(self.script.body, [begin], tested=False)))
        except RecursionError as error:
            message = "it nests too deep"
            raise ShellError(message) from error

    def node(self, node: Node, states: list[State], *, tested: bool) -> list[State]:
        match node:
            case Simple():
                return self.simple(node, states, tested=tested)
            case Block():
                found = self.block(node, states, tested=tested)
                return [one._replace(is_exempt=False) for one in found] if node.is_evaluated else found
            case Choice():
                return self.choice(node, states, tested=tested)
            case Loop():
                return self.loop(node, states, tested=tested)
            case Redirected():
                inner = node.node
                return self.redirected(node.redirections, states, lambda given: self.node(inner, given, tested=tested))
