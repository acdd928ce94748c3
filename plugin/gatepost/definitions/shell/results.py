"""What a part of a shell script does when all that it runs succeeds: it goes on, fails on purpose, or leaves."""

from __future__ import annotations

import re
from typing import Final, Literal

from gatepost.definitions.shell.quoting import ShellError
from gatepost.definitions.shell.tree import AndOr, Block, Choice, Item, Loop, Node, Pipe, Script, Simple

__all__ = [
    "BAD",
    "EXITS",
    "LEAVING",
    "RETURNS",
    "TESTS",
    "End",
    "Results",
    "Runs",
    "agreed",
    "is_test",
    "known",
    "known_of",
    "leaving",
    "name_of",
    "simple_of",
]

End = Literal["fails", "goes-on", "exits-bad", "exits-well", "returns-bad", "returns-well", "open"]
"""What a part of a script does: it fails or succeeds, and the next part runs or not; or it leaves the script."""
Runs = Literal["always", "never", "open"]
"""Whether a command is reached at all."""
BAD: Final = frozenset({"fails", "exits-bad", "returns-bad"})
LEAVING: Final = frozenset({"exits-bad", "exits-well", "returns-bad", "returns-well", "open"})
RETURNS: Final[dict[End, End]] = {"returns-bad": "fails", "returns-well": "goes-on"}
"""What becomes of a `return` behind the function that it leaves."""
EXITS: Final[dict[End, End]] = {**RETURNS, "exits-bad": "fails", "exits-well": "goes-on"}
"""What becomes of an `exit` behind the subshell that it leaves."""
TESTS: Final = frozenset({"[", "[[", "((", "test", "grep", "command", "which", "cmp", "diff", "expr", "false"})
"""Commands that are asked something: that they fail is an answer, and no failure."""
_ASSIGNED: Final = re.compile(r"[A-Za-z_]\w*\+?=")
_MOST: Final = 40_000
"""So many steps are taken through one script."""


class Results:
    """One script, with what its shell does at a failure."""

    def __init__(self, script: Script, *, stops: bool, pipefail: bool) -> None:
        self.script = script
        self.stops = stops
        self.pipefail = pipefail
        self.calls: list[str] = []
        """The functions that are being followed."""
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

    def left(self, chain: AndOr) -> Runs:
        """Tell whether what follows a statement runs, when nothing has failed."""
        if self.result(chain, "goes-on") in {"exits-well", "returns-well"}:
            return "never"
        return "open" if self._may_leave(chain) else "always"

    def _may_leave(self, chain: AndOr) -> bool:
        """Tell whether a statement may leave the script as if all were well."""
        nodes = [pipe.nodes[0] for _, pipe in chain.parts if len(pipe.nodes) == 1]
        blocks: list[Block] = []
        for node in nodes:
            self.spend()
            match node:
                case Simple():
                    if self.done(node, "goes-on") in {"exits-well", "returns-well", "open"}:
                        return True
                case Block():
                    blocks += [] if node.is_subshell else [node]
                case Choice():
                    blocks += [one for branch in node.branches for one in branch if one is not None]
                    blocks += [node.otherwise] if node.otherwise is not None else []
                case Loop():
                    blocks += [one for one in (node.test, node.body) if one is not None]
        return any(self._may_leave(item.chain) for block in blocks for item in block.items)

    def answer(self, block: Block, last: End = "fails") -> End:
        """Give what is done about a failure; a failure that is only noted may be answered later."""
        notes = (simple_of(item) for item in block.items)
        if any(one is not None and not name_of(one) and one.words for one in notes):
            return "open"
        return self.sequence(block, last)

    def sequence(self, block: Block, last: End) -> End:
        """Give what commands one after another do; `last` is how the one before them ended."""
        for item in block.items:
            way = self.result(item.chain, last)
            if way == "fails" and self.stops and not item.chain.parts[-1][1].is_negated:
                way = "exits-bad"
            if way in LEAVING:
                return EXITS.get(way, way) if block.is_subshell else way
            last = way
        return last if block.items else "goes-on"

    def result(self, chain: AndOr, last: End) -> End:
        """Give what a statement does, when all that it runs succeeds."""
        way: End = "goes-on"
        is_asked = False
        for operator, pipe in chain.parts:
            if way in LEAVING:
                return way
            if is_asked:
                way = agreed([way, self.piped(pipe, last)])
            elif not operator or (operator == "&&") == (way == "goes-on"):
                way = self.piped(pipe, last if not operator else way)
            is_asked = is_test(pipe)
        return way

    def piped(self, pipe: Pipe, last: End) -> End:
        """Give what a pipeline does."""
        if not pipe.nodes:
            return "goes-on"
        way = self._done(pipe.nodes[-1], last)
        way = EXITS.get(way, way) if len(pipe.nodes) > 1 else way
        if pipe.is_negated and is_test(pipe):
            return "open"
        if pipe.is_negated:
            way = {"fails": "goes-on", "goes-on": "fails"}.get(way, way)  # type: ignore[assignment]
        return way

    def _done(self, node: Node, last: End) -> End:
        self.spend()
        match node:
            case Simple():
                return self.done(node, last)
            case Block():
                return self.sequence(node, last)
            case Choice():
                told = [(known_of(test) if test is not None else None, body) for test, body in node.branches]
                sure = next((body for known, body in told if known), None)
                if sure is not None and all(known is not None for known, _ in told):
                    return self.sequence(sure, last)
                bodies = [body for known, body in told if known is not False]
                ways: list[End] = [self.sequence(one, last) for one in bodies]
                ways.append(self.sequence(node.otherwise, last) if node.otherwise is not None else "goes-on")
                return agreed(ways)
            case Loop():
                return agreed(["goes-on", self.sequence(node.body, last)])

    def done(self, simple: Simple | None, last: End) -> End:
        """Give what one command does, when it succeeds."""
        if simple is None:
            return "goes-on"
        name = name_of(simple)
        if name in {"exit", "return"}:
            return leaving(name, [word.value for word in simple.words[1:]], last)
        if name == "false":
            return "fails"
        if name == "exec" and len(simple.words) > 1:
            return "exits-well"
        if name in self.script.functions and name not in self.calls:
            self.calls.append(name)
            way = self.sequence(self.script.functions[name], last)
            self.calls.pop()
            return RETURNS.get(way, way)
        return "goes-on"


def agreed(ways: list[End]) -> End:
    """Give the way that all of some ways are."""
    same = set(ways)
    if len(same) == 1:
        return ways[0]
    return "exits-bad" if same <= BAD else "goes-on" if same <= {"goes-on", "exits-well", "returns-well"} else "open"


def leaving(name: str, given: list[str], last: End) -> End:
    """Give how `exit` or `return` leaves, with the status that it is given or the last one."""
    code = given[0] if given else "$?"
    is_bad = last == "fails" if code in {"$?", "${?}"} else code.strip("0") != "" if code.isdecimal() else None
    if is_bad is None:
        return "open"
    if name == "exit":
        return "exits-bad" if is_bad else "exits-well"
    return "returns-bad" if is_bad else "returns-well"


def simple_of(item: Item) -> Simple | None:
    """Give the one command that a statement is, if it is no more than that."""
    if len(item.chain.parts) != 1 or len(item.chain.parts[0][1].nodes) != 1:
        return None
    node = item.chain.parts[0][1].nodes[0]
    return node if isinstance(node, Simple) else None


def name_of(node: Node) -> str:
    """Give the name of a command, behind the variables that are set for it; empty for one that only sets some."""
    if not isinstance(node, Simple):
        return ""
    return next((word.value for word in node.words if not _ASSIGNED.match(word.value)), "")


def is_test(pipe: Pipe) -> bool:
    """Tell whether a pipeline asks something whose answer is not known."""
    return len(pipe.nodes) == 1 and name_of(pipe.nodes[0]) in TESTS - {"false"}


def known(pipe: Pipe) -> bool | None:
    """Tell whether a pipeline surely succeeds or fails."""
    name = name_of(pipe.nodes[0]) if len(pipe.nodes) == 1 else ""
    told = {"true": True, ":": True, "false": False}.get(name)
    return told if told is None else told != pipe.is_negated


def known_of(block: Block) -> bool | None:
    """Tell whether a test surely succeeds or fails."""
    parts = block.items[0].chain.parts if len(block.items) == 1 else ()
    return known(parts[0][1]) if len(parts) == 1 else None
