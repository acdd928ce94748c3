"""What becomes of a script when one of its commands fails and everything else succeeds: whether the failure gets out.

One rule for all shells: the script is followed from the command outwards, through `&&`, `||`, pipes, branches and what
comes after, with what the shell does at a failure (`-e`, `pipefail`). What cannot be followed is open, never guessed.
"""

from __future__ import annotations

import re
from typing import Final

from gatepost.definitions.shell.asking import name_of
from gatepost.definitions.shell.calls import Calls
from gatepost.definitions.shell.fates import Command, Fate, Found, fate_of
from gatepost.definitions.shell.parser import parse
from gatepost.definitions.shell.tree import Block, Choice, Loop, Node, Redirected, Script, Simple

__all__ = ["script_ends"]

_LEAVING: Final = frozenset({"exit", "exec", "eval", "trap", ".", "source"})
"""Commands with which a handler may end the shell in its own way."""


def script_ends(text: str, *, stops: bool, pipefail: bool = False) -> list[Command]:
    """Give the commands of a script, in order.

    Args:
        text: the script.
        stops: whether the shell ends at the first failure (`-e`).
        pipefail: whether a pipe fails when any part of it does.

    Raises:
        ShellError: it cannot be followed.
    """
    return _Shell(parse(text), 0, stops=stops, pipefail=pipefail).commands()


class _Shell(Calls):
    def commands(self) -> list[Command]:
        """Give every command, with its fate."""
        found = self.block(self.script.body, tested=False)
        at_end = self._at_end()
        fates = {id(one): fate_of(one, at_end) for one in found}
        return [
            Command(one.text, self._needed(one, fates), one.is_swallowed, one.is_call, one.is_unsure) for one in found
        ]

    def _needed(self, one: Found, fates: dict[int, Fate]) -> Fate:
        fate = fates[id(one)]
        is_sure = all(fates.get(id(need)) == "stops" for need in one.needs)
        return "open" if fate == "stops" and not is_sure else fate

    def _at_end(self) -> Fate:
        """Give what becomes of a failure at the end of the shell."""
        told = {self._trap(handler) for handler, signals in self.traps if signals & {"EXIT", "0", "ERR"}}
        return "stops" if not told else told.pop() if len(told) == 1 else "open"

    def _trap(self, handler: str) -> Fate:
        """Give what becomes of a failure when a handler of a trap has run."""
        if re.search(r"\bexit\s+0\b", handler):
            return "hidden"
        called = [block for name, block in self.script.functions.items() if name in handler]
        names = {name_of(one) for block in called for one in self.commands_in(block)}
        return "open" if "exit" in handler or not names.isdisjoint(_LEAVING) else "stops"

    def inside(self, text: str, *, stops: bool, pipefail: bool, is_own: bool) -> list[Command]:
        script: Script = parse(text, self.script if is_own else None)
        within = _Shell(script, self.depth + 1, stops=stops, pipefail=pipefail)
        within.given = self.given if is_own else None
        found = within.commands()
        self.spend(within.spent)
        return found

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
            case Redirected():
                return self.redirected(node.redirections, lambda: self.node(node.node, tested=tested))
