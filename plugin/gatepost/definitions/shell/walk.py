"""The state of a walk through one shell script, and what a part of it may run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from gatepost.definitions.shell.asking import Exit, name_of
from gatepost.definitions.shell.quoting import ShellError
from gatepost.definitions.shell.tree import Block, Choice, Loop, Node, Redirected, Script, Simple

__all__ = ["Walk"]

_Given = TypeVar("_Given")
_MOST: Final = 40_000
"""So many steps are taken through one script."""


class Walk:
    """One script, with what its shell does at a failure."""

    def __init__(self, script: Script, *, stops: bool, pipefail: bool) -> None:
        self.script = script
        self.stops = stops
        self.pipefail = pipefail
        self.calls: list[str] = []
        """The functions that are being followed."""
        self.held: dict[str, Exit] = {}
        """The variables that hold an exit code, as they are written where they are filled in: `$code`."""
        self.spent = 0

    def spend(self, steps: int = 1) -> None:
        """Count steps.

        Raises:
            ShellError: there were too many.
        """
        self.spent += steps
        if self.spent > _MOST:
            message = "it is too long"
            raise ShellError(message)

    def asked(self, follow: Callable[..., _Given], *given: object, tested: bool) -> _Given:
        """Give what a part of the script does where a failure ends no shell, because it is asked for."""
        kept, self.stops = self.stops, self.stops and not tested
        found = follow(*given)
        self.stops = kept
        return found

    def commands_in(self, node: Node | None) -> list[Simple]:
        """Give the commands that a part of the script may run in this shell, through the functions that it calls."""
        self.spend()
        parts: list[Node | None] = []
        match node:
            case Simple():
                name = name_of(node)
                if name not in self.script.functions or name in self.calls:
                    return [node]
                self.calls.append(name)
                inner = self.commands_in(self.script.functions[name])
                self.calls.pop()
                return [node, *inner]
            case Block():
                items = [item for item in node.items if not node.is_subshell and not item.is_background]
                pipes = [pipe for item in items for _, pipe in item.chain.parts]
                parts = [pipe.nodes[0] for pipe in pipes if len(pipe.nodes) == 1]
            case Choice():
                parts = [*(one for branch in node.branches for one in branch), node.otherwise]
            case Loop():
                parts = [node.test, node.body]
            case Redirected():
                parts = [node.node]
        return [one for part in parts for one in self.commands_in(part)]
