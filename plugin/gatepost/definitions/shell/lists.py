"""A shell followed through lists of commands: `;`, `&&`, `||`, pipes, the background, parts in shells of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from gatepost.definitions.shell.feeding import fed
from gatepost.definitions.shell.parser import parse
from gatepost.definitions.shell.quoting import ShellError
from gatepost.definitions.shell.records import Chooser, Records
from gatepost.definitions.shell.state import Job, State, merged, widened
from gatepost.definitions.shell.tree import AndOr, Block, Item, Node, Pipe, Script

__all__ = ["Lists"]

_MOST: Final = 20_000
"""So many steps are taken through one script."""
_PASSED: Final = 16
"""So many states that a part of a list passes over cost as much as one that runs it."""
_WIDEST: Final = 64
"""So many states are told apart at one place."""
Follow = Callable[[list[State]], list[State]]
"""Follows a part of a script."""


class Lists:
    """The part of a follower that follows lists."""

    def __init__(self, script: Script, records: Records, chooser: Chooser) -> None:
        self.script = script
        self.records = records
        self.chooser = chooser
        self.is_first = False
        """Whether what no way leads to is looked at as well, so that it has a number."""
        self.way: tuple[int, ...] = ()
        """The calls that lead to the place."""
        self.beside = 0
        """How many commands in the background are around the place."""
        self.spent = 0
        self.depth = 0
        """How many shells are around the place."""
        self.calls: list[str] = []
        """The functions that are being followed."""
        self._read: dict[tuple[str, int], Script] = {}
        self._fed: dict[int, Node] = {}

    def node(self, node: Node, states: list[State], *, tested: bool) -> list[State]:
        """Follow a part of a pipeline."""
        raise NotImplementedError

    def handled(self, state: State, signal: str) -> list[State]:
        """Run what a `trap` says."""
        raise NotImplementedError

    def spend(self, steps: int = 1) -> None:
        """Count steps.

        Raises:
            ShellError: there were too many.
        """
        self.spent += steps
        if self.spent > _MOST:
            message = "it is too long"
            raise ShellError(message)

    def read(self, text: str, *, is_own: bool) -> Script:
        """Take a script within the script apart, once."""
        key = (text, id(self.script) if is_own else 0)
        if key not in self._read:
            self.spend(len(text) // 8)
            self._read[key] = parse(text, self.script if is_own else None)
        return self._read[key]

    def block(self, block: Block, states: list[State], *, tested: bool) -> list[State]:
        """Follow statements one after another."""
        if block.is_subshell:
            return self.apart(states, lambda given: self._statements(block.items, given, tested=tested))
        return self._statements(block.items, states, tested=tested)

    def _statements(self, items: tuple[Item, ...], states: list[State], *, tested: bool) -> list[State]:
        left: list[State] = []
        for item in items:
            left += [one for one in states if one.flow]
            states = [one for one in states if not one.flow]
            if not states and not self.is_first:
                break
            states = widened(merged(self._item(item, states, tested=tested)), _WIDEST)
        return merged([*left, *states])

    def _item(self, item: Item, states: list[State], *, tested: bool) -> list[State]:
        self.spend(1 + len(states))
        if not item.is_background:
            return self.chain(item.chain, states, tested=tested)
        self.beside += 1
        found: list[State] = []
        for state in states:
            ends = self.within(state, lambda given: self.chain(item.chain, given, tested=tested))
            if tested and state.stops:
                ends += self.within(state, lambda given: self.chain(item.chain, given, tested=False))
            found += [one.holding("!", Job(one.last)).ended(0) for one in ends]
        if not states:
            self.chain(item.chain, [], tested=tested)
        self.beside -= 1
        return found

    def chain(self, chain: AndOr, states: list[State], *, tested: bool) -> list[State]:
        """Follow what `&&` and `||` join."""
        last = len(chain.parts) - 1
        for number, (operator, pipe) in enumerate(chain.parts):
            running = [one for one in states if not operator or _goes(one, operator)]
            passed = [one for one in states if operator and not _goes(one, operator)]
            self.spend(len(passed) // _PASSED)
            states = merged([*passed, *self.pipe(pipe, running, tested=tested or number < last)])
        return states

    def pipe(self, pipe: Pipe, states: list[State], *, tested: bool) -> list[State]:
        """Follow commands that hand their output on, and what the shell does when they have failed."""
        self.spend(len(states))
        asked = tested or pipe.is_negated
        if not pipe.nodes:
            return [one.ended(0) for one in states]
        if len(pipe.nodes) == 1:
            found = self.node(pipe.nodes[0], states, tested=asked)
            found = [one if one.flow or one.codes == (one.last,) else one._replace(codes=(one.last,)) for one in found]
        else:
            found = self._joined(pipe, states, tested=asked)
        if pipe.is_negated:
            return [one if one.flow else one._replace(last=int(one.last == 0), is_exempt=True) for one in found]
        return [end for one in found for end in self._checked(one, tested=tested)]

    def _joined(self, pipe: Pipe, states: list[State], *, tested: bool) -> list[State]:
        nodes = [fed(pipe.nodes[place - 1], one) if place else one for place, one in enumerate(pipe.nodes)]
        nodes = [self._fed.setdefault(id(old), new) for old, new in zip(pipe.nodes, nodes, strict=True)]
        ways: list[tuple[State, tuple[int, ...]]] = [(one, ()) for one in states]
        for node in nodes:
            if not ways:
                self.node(node, [], tested=tested) if self.is_first else None
            found: dict[tuple[object, ...], tuple[State, tuple[int, ...]]] = {}
            for state, codes in ways:
                for one in self.apart([state], partial(self.node, node, tested=tested)):
                    found[one, codes] = (one, (*codes, one.last))
            ways = list(found.values())
        ends: list[State] = []
        for state, codes in ways:
            bad = [code for code in codes if code] if state.pipefail else []
            ends.append(state.ended(bad[-1] if bad else codes[-1])._replace(codes=codes))
        return merged(ends)

    def _checked(self, state: State, *, tested: bool) -> list[State]:
        """End the shell where it ends at a failure."""
        if state.flow or not state.last:
            return [state]
        if tested:
            return [state._replace(is_exempt=True)]
        if state.is_exempt:
            return [state]
        ends = self.handled(state, "ERR")
        return [one._replace(flow="exit") if one.stops and not one.flow else one for one in ends]

    def apart(self, states: list[State], follow: Follow) -> list[State]:
        """Follow a part of the script that runs in a copy of the shell."""
        if not states:
            follow([])
        return merged([end for one in states for end in self.within(one, follow)])

    def within(self, state: State, follow: Follow, **changed: object) -> list[State]:
        """Give what becomes of a shell when a part of its script has run in another one, and given an exit code."""
        begun = state._replace(traps=(), is_exempt=False, **changed)  # type: ignore[arg-type]
        ends = self.ended(follow([begun]))
        return merged(
            state._replace(
                last=one.last,
                is_exempt=False,
                failing=one.failing,
                is_doubtful=one.is_doubtful,
                must=one.must,
                may=one.may,
            )
            for one in ends
        )

    def ended(self, states: Iterable[State]) -> list[State]:
        """Give how a shell ends, with what it runs then."""
        found: list[State] = []
        for state in states:
            if not state.traps:
                found.append(state._replace(flow="", levels=0) if state.flow else state)
                continue
            ends = self.handled(state._replace(flow="", levels=0), "EXIT")
            ends = [one if one.flow == "exit" else one._replace(last=state.last) for one in ends]
            found += [one._replace(traps=()) for one in ends]
        return merged(found)


def _goes(state: State, operator: str) -> bool:
    """Tell whether what stands behind `&&` or `||` runs."""
    return not state.flow and (state.last == 0) == (operator == "&&")
