"""A failure followed through lists of commands: `;`, `&&`, `||`, pipes, and what comes after."""

from __future__ import annotations

import re
from typing import Final

from gatepost.definitions.shell.fates import Found, both
from gatepost.definitions.shell.results import (
    BAD,
    EXITS,
    LEAVING,
    TESTS,
    End,
    Results,
    Runs,
    is_test,
    known,
    leaving,
    name_of,
    simple_of,
)
from gatepost.definitions.shell.tree import AndOr, Block, Item, Node, Pipe, Simple

__all__ = ["Lists"]

_FROM_STATUS: Final = re.compile(r"([A-Za-z_]\w*)=\$\?\Z")
_STATUS: Final = re.compile(r"\$\{?\?|PIPESTATUS")


class Lists(Results):
    """The part of a walk that follows lists."""

    is_off = False
    """Whether the script says that its shell is to go on after a failure."""

    def node(self, node: Node, *, tested: bool) -> list[Found]:
        """Give the commands of a node, each with what becomes of its failure there."""
        raise NotImplementedError

    def block(self, block: Block, *, tested: bool) -> list[Found]:
        """Follow statements one after another."""
        kept = self.stops, self.pipefail
        found: list[Found] = []
        behind = self._behind(block.items, tested=tested)
        left: Runs = "always"
        for number, item in enumerate(block.items):
            here = self.chain(item.chain, tested=tested or item.is_background)
            for one in here:
                one.runs = both(one.runs, left)
                if item.is_background:
                    one.end = "open" if any("wait" in other.text for other in block.items) else "goes-on"
                elif one.end == "fails":
                    self._pass_on(one, block.items[number + 1 :], behind[number + 1], tested=tested)
            left = both(left, self.left(item.chain))
            found += here
        if block.is_subshell:
            self.stops, self.pipefail = kept
            for one in found:
                one.end = EXITS.get(one.end, one.end)
                one.is_exempt = False
        return found

    def _pass_on(self, one: Found, later: tuple[Item, ...], behind: End, *, tested: bool) -> None:
        """Go on behind a statement that has failed."""
        if self.stops and not tested and not one.is_exempt:
            one.end = "exits-bad"
        elif later and _STATUS.search(later[0].text):
            one.end = _asked(later)
        elif later:
            way = self.done(simple_of(later[0]), "fails") if _is_leaving(simple_of(later[0])) else behind
            one.end = way
        one.is_swallowed = one.is_swallowed or (self.is_off and one.end not in BAD)

    def _behind(self, items: tuple[Item, ...], *, tested: bool) -> list[End]:
        """Give what becomes of what follows each statement, when all of it succeeds."""
        found: list[End] = ["goes-on"]
        for item in reversed(items):
            way = self.result(item.chain, "goes-on")
            if way == "fails" and self.stops and not tested:
                way = "exits-bad"
            is_last = len(found) == 1
            found.append(way if way in LEAVING or is_last else found[-1])
        return found[::-1]

    def chain(self, chain: AndOr, *, tested: bool) -> list[Found]:
        """Follow a statement through its `&&` and `||`."""
        found: list[Found] = []
        tests: list[Found] = []
        left: Runs = "always"
        for number, (operator, pipe) in enumerate(chain.parts):
            is_last = number == len(chain.parts) - 1
            here = self.pipe(pipe, tested=tested or not is_last)
            before = chain.parts[number - 1][1] if number else None
            left = self.left(AndOr(chain.parts[:number])) if number else left
            for one in here:
                one.needs += tests
                if before is not None:
                    one.runs = both(both(one.runs, left), _reached(operator, before))
                self._along(one, chain.parts[number + 1 :])
            if operator == "||":
                tests = []
            if pipe.is_negated or (len(pipe.nodes) == 1 and name_of(pipe.nodes[0]) in TESTS):
                tests = [*tests, *here]
            found += here
        return found

    def _along(self, one: Found, later: tuple[tuple[str, Pipe], ...]) -> None:
        """Follow a failure through what `&&` and `||` join to it."""
        if one.end != "fails":
            return
        end: End = "fails"
        is_last = not later
        for number, (operator, pipe) in enumerate(later):
            self.spend()
            ends_here = number == len(later) - 1
            if end == "fails" and operator == "||":
                end = self.answer(Block((Item(AndOr((("", pipe),)), False, ""),)))  # noqa: FBT003
                end = "open" if is_test(pipe) else end
                one.is_swallowed, is_last = True, ends_here and not pipe.is_negated
            elif end == "goes-on" and operator == "&&":
                end, is_last = self.piped(pipe, "goes-on"), ends_here
        one.end, one.is_exempt = end, one.is_exempt or not is_last

    def pipe(self, pipe: Pipe, *, tested: bool) -> list[Found]:
        """Follow commands that hand their output on."""
        found: list[Found] = []
        for number, node in enumerate(pipe.nodes):
            kept = self.stops, self.pipefail
            here = self.node(node, tested=tested or pipe.is_negated)
            if len(pipe.nodes) > 1:
                self.stops, self.pipefail = kept
                for one in here:
                    one.end, one.is_exempt = EXITS.get(one.end, one.end), False
                    if number < len(pipe.nodes) - 1 and one.end == "fails" and not self.pipefail:
                        one.end = "goes-on"
            found += here
        if pipe.is_negated:
            for one in found:
                one.end = {"fails": "goes-on", "goes-on": "open"}.get(one.end, one.end)  # type: ignore[assignment]
                one.is_swallowed = True
        return found


def _asked(later: tuple[Item, ...]) -> End:
    """Follow a failure whose status the next statement takes: `exit $?`, or `code=$?` and `exit $code` further down."""
    first = simple_of(later[0])
    if first is not None and _is_leaving(first):
        return leaving(name_of(first), [word.value for word in first.words[1:]], "fails")
    kept = _FROM_STATUS.match(later[0].text)
    names = {f"${kept[1]}", f"${{{kept[1]}}}"} if kept else set()
    for item in later[1:]:
        one = simple_of(item)
        if one is not None and _is_leaving(one):
            is_it = len(one.words) == 2 and one.words[1].value in names  # noqa: PLR2004 - and its status
            return ("exits-bad" if name_of(one) == "exit" else "returns-bad") if is_it else "open"
    return "open"


def _is_leaving(simple: Simple | None) -> bool:
    return simple is not None and name_of(simple) in {"exit", "return"}


def _reached(operator: str, before: Pipe) -> Runs:
    """Tell whether what stands behind `&&` or `||` runs."""
    told = known(before)
    if operator == "||":
        return "never" if told else "open" if told is None else "always"
    return "never" if told is False else "always"
