"""What becomes of a script when one of its commands fails and everything else succeeds: whether the failure gets out.

One rule for all shells: the script is followed from the command outwards, through `&&`, `||`, pipes, branches and what
comes after, with what the shell does at a failure (`-e`, `pipefail`). What cannot be followed is open, never guessed.
"""

from __future__ import annotations

import re
from typing import Final

from gatepost.definitions.shell.branches import Branches
from gatepost.definitions.shell.fates import Command, Fate, Found
from gatepost.definitions.shell.nested import Nested, nested
from gatepost.definitions.shell.parser import parse
from gatepost.definitions.shell.quoting import ShellError
from gatepost.definitions.shell.results import BAD, RETURNS, End, name_of
from gatepost.definitions.shell.tree import Block, Choice, Loop, Node, Script, Simple

__all__ = ["NOT_RUN", "script_ends"]

_DEEPEST: Final = 8
NOT_RUN: Final = frozenset(
    (  # noqa: SIM905 - words read best as a text
        "echo printf true false : cat logger test [ [[ grep which type command-v alias export declare local readonly "
        "ls touch rm man read"
    ).split()
)
"""Commands that do not run what their arguments say."""


def script_ends(text: str, *, stops: bool, pipefail: bool = False, depth: int = 0) -> list[Command]:
    """Give the commands of a script, in order.

    Args:
        text: the script.
        stops: whether the shell ends at the first failure (`-e`).
        pipefail: whether a pipe fails when any part of it does.
        depth: how many scripts hold it.

    Raises:
        ShellError: it cannot be followed.
    """
    return _Shell(parse(text), depth, stops=stops, pipefail=pipefail).commands()


class _Shell(Branches):
    def __init__(self, script: Script, depth: int, *, stops: bool, pipefail: bool) -> None:
        super().__init__(script, stops=stops, pipefail=pipefail)
        self.depth = depth
        self.traps: list[tuple[str, set[str]]] = []

    def commands(self) -> list[Command]:
        """Give every command, with its fate."""
        found = self.block(self.script.body, tested=False)
        trap = self._trap()
        fates = {id(one): _fate(one, trap) for one in found}
        return [Command(one.text, self._needed(one, fates), one.is_swallowed) for one in found]

    def _needed(self, one: Found, fates: dict[int, Fate]) -> Fate:
        fate = fates[id(one)]
        is_sure = all(fates.get(id(need)) == "stops" for need in one.needs)
        return "open" if fate == "stops" and not is_sure else fate

    def _trap(self) -> Fate:
        """Give what becomes of a failure at the end of the shell."""
        for handler, signals in self.traps:
            text = " ".join((handler, *(name for name in self.script.functions if name in handler)))
            if signals.isdisjoint({"EXIT", "0", "ERR"}) or not (
                "exit" in text or any(name in handler for name in self.script.functions)
            ):
                continue
            return "hidden" if re.search(r"\bexit\s+0\b", handler) else "open"
        return "stops"

    def node(self, node: Node, *, tested: bool) -> list[Found]:
        match node:
            case Simple():
                return self.simple(node, tested=tested)
            case Block():
                return self.block(node, tested=tested)
            case Choice():
                return self.choice(node, tested=tested)
            case Loop():
                return self.loop(node, tested=tested)

    def simple(self, simple: Simple, *, tested: bool) -> list[Found]:
        self.spend()
        words = simple.words
        values = [word.value for word in words]
        name = name_of(simple)
        if name in self.script.functions:
            return self._called(name, tested=tested)
        if name == "alias":
            message = "an alias may give a command another meaning"
            raise ShellError(message)
        if name == "set":
            self._set(values)
        elif name == "trap" and len(values) > 2:  # noqa: PLR2004 - what to do, and when
            self.traps.append((values[1], {one.removeprefix("SIG") for one in values[2:]}))
        if name == "eval" and all(word.is_literal for word in words):
            return self._inside(" ".join(values[1:]), stops=self.stops, pipefail=self.pipefail)
        shell = nested(values) if name not in NOT_RUN else None
        if shell is not None and (shell.place >= 0 or shell.only_reads):
            return self._of_shell(shell, values)
        inner = [
            one
            for word in words
            for text in word.inner
            for one in self._inside(text, stops=self.stops, pipefail=self.pipefail)
        ]
        if name:
            for one in inner:
                one.end = "goes-on" if one.end == "fails" else one.end
        return [*inner, Found(" ".join(" ".join(values).split()))] if values else inner

    def _of_shell(self, shell: Nested, values: list[str]) -> list[Found]:
        found = self._inside(values[shell.place], stops=shell.stops, pipefail=shell.pipefail)
        for one in found if shell.only_reads else []:
            one.runs = "never"
        return found

    def _called(self, name: str, *, tested: bool) -> list[Found]:
        if name in self.calls or len(self.calls) > _DEEPEST:
            message = f"the function {name[:60]} calls itself"
            raise ShellError(message)
        self.calls.append(name)
        found = self.block(self.script.functions[name], tested=tested)
        self.calls.pop()
        for one in found:
            one.end = RETURNS.get(one.end, one.end)
        return found

    def _inside(self, text: str, *, stops: bool, pipefail: bool) -> list[Found]:
        """Give the commands of a script within the script, as far as they decide how the command ends that runs it."""
        if self.depth > _DEEPEST:
            message = "scripts hold each other too deep"
            raise ShellError(message)
        ends: dict[Fate, End] = {"stops": "fails", "hidden": "goes-on", "open": "open", "never": "goes-on"}
        self.spent += len(text) // 8
        self.spend()
        return [
            Found(
                one.text,
                ends[one.fate],
                "never" if one.fate == "never" else "always",
                is_swallowed=one.is_swallowed,
            )
            for one in script_ends(text, stops=stops, pipefail=pipefail, depth=self.depth + 1)
        ]

    def _set(self, values: list[str]) -> None:
        for number, one in enumerate(values[1:], 1):
            if one[:1] not in {"-", "+"} or one == "--":
                continue
            is_on = one[0] == "-"
            name = values[number + 1] if one.endswith("o") and number + 1 < len(values) else ""
            if "e" in one[1:] or name == "errexit":
                self.stops, self.is_off = is_on, not is_on
            if name == "pipefail":
                self.pipefail = is_on


def _fate(one: Found, trap: Fate) -> Fate:
    if one.runs == "never":
        return "never"
    fate: Fate = "stops" if one.end in BAD else "open" if one.end == "open" else "hidden"
    if fate == "stops" and trap != "stops":
        return trap
    return "open" if fate == "stops" and one.runs == "open" else fate
