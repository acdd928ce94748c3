"""What a part of a shell script does when all that it runs succeeds: it goes on, fails on purpose, or leaves."""

from __future__ import annotations

from typing import Final

from gatepost.definitions.shell.asking import (
    Exit,
    answered,
    asks_status,
    is_test,
    known,
    name_of,
    names_status,
)
from gatepost.definitions.shell.outcomes import EXITS, RETURNS, WELL, End, Runs, agreed
from gatepost.definitions.shell.tree import AndOr, Block, Choice, Item, Loop, Node, Pipe, Redirected, Simple
from gatepost.definitions.shell.walk import Walk

__all__ = ["SETTING", "Results"]

SETTING: Final = frozenset({"((", "let", "export", "declare", "local", "readonly", "read", "eval"})
"""Commands that may set a variable."""


class Results(Walk):
    """The part of a walk that tells what parts of a script do when all is well."""

    is_left_out = False
    """Whether the last part of the `&&` and `||` that was followed last does not run."""

    def left(self, chain: AndOr) -> Runs:
        """Tell whether what follows a statement runs, when nothing has failed."""
        if self.result(chain, "goes-on") in WELL:
            return "never"
        return "open" if self._may_leave(chain) else "always"

    def _may_leave(self, chain: AndOr, *, is_looped: bool = False) -> bool:
        """Tell whether a statement may leave the script, or the loop that it is in, as if all were well."""
        leaving = WELL - {"breaks"} if is_looped else WELL
        blocks: list[tuple[Block, bool]] = []
        for _, pipe in chain.parts:
            node = pipe.nodes[0] if len(pipe.nodes) == 1 else None
            node = node.node if isinstance(node, Redirected) else node
            self.spend()
            match node:
                case Simple():
                    if self.done(node, "goes-on") in {*leaving, "open"}:
                        return True
                case Block():
                    blocks += [] if node.is_subshell else [(node, is_looped)]
                case Choice():
                    parts = [*(one for branch in node.branches for one in branch), node.otherwise]
                    blocks += [(one, is_looped) for one in parts if one is not None]
                case Loop():
                    blocks += [(one, True) for one in (node.test, node.body) if one is not None]
        return any(
            self._may_leave(item.chain, is_looped=within)
            for block, within in blocks
            for item in block.items
            if not item.is_background
        )

    def answer(self, block: Block, last: Exit = "fails") -> End:
        """Give what is done about a failure; where that is to set a variable, it may be answered later."""
        way = self.sequence(block, last)
        notes = way in {"goes-on", "may-leave"} and any(map(_sets, self.commands_in(block)))
        return "open" if notes else way

    def sequence(self, block: Block, last: Exit) -> End:
        """Give what commands one after another do; `last` is how the one before them ended."""
        ways: list[End] = []
        for item in block.items:
            way = self.statement(item, last)
            match way:
                case "fails" | "goes-on":
                    last = way
                case "may-leave":
                    ways, last = [way], "goes-on"
                case _:
                    ways.append(way)
                    break
        else:
            ways.append(last if block.items else "goes-on")
        way = agreed(ways)
        return EXITS.get(way, way) if block.is_subshell else way

    def statement(self, item: Item, last: Exit) -> End:
        """Give what a statement of a list does; a shell with `-e` ends when its last part fails."""
        if item.is_background:
            return "goes-on"
        way = self.result(item.chain, last)
        is_asked = self.is_left_out or item.chain.parts[-1][1].is_negated
        return "exits-bad" if way == "fails" and self.stops and not is_asked else way

    def result(self, chain: AndOr, last: Exit) -> End:
        """Give what `&&` and `||` make of pipelines, when all that they run succeeds."""
        way: End = "goes-on"
        is_asked = is_left_out = False
        for operator, pipe in chain.parts:
            match way:
                case "fails" | "goes-on":
                    before = last if not operator else way
                case _:
                    return way
            if is_asked:
                way = agreed([way, self.piped(pipe, before)])
            elif not operator or (operator == "&&") == (way == "goes-on"):
                way, is_left_out = self.piped(pipe, before), False
            else:
                is_left_out = True
            is_asked = is_test(pipe) and self.told(pipe, before) is None
        self.is_left_out = is_left_out
        return way

    def piped(self, pipe: Pipe, last: Exit) -> End:
        """Give what a pipeline does."""
        if not pipe.nodes:
            return "goes-on"
        way = self._done(pipe.nodes[-1], last)
        way = EXITS.get(way, way) if len(pipe.nodes) > 1 else way
        if pipe.is_negated and is_test(pipe) and self.told(pipe, last) is None:
            return "open"
        if pipe.is_negated:
            way = {"fails": "goes-on", "goes-on": "fails"}.get(way, way)  # type: ignore[assignment]
        return way

    def told(self, pipe: Pipe, last: Exit) -> bool | None:
        """Tell whether a pipeline surely succeeds or fails, where `last` is how the command before it ended."""
        node = pipe.nodes[0] if len(pipe.nodes) == 1 else None
        if not isinstance(node, Simple) or not asks_status(node, self.held):
            return known(pipe)
        told = answered(node, last, self.held)
        return told if told is None else told != pipe.is_negated

    def told_of(self, test: Block | None, last: Exit) -> bool | None:
        """Tell whether the test of a branch surely succeeds or fails."""
        parts = test.items[0].chain.parts if test is not None and len(test.items) == 1 else ()
        return self.told(parts[0][1], last) if len(parts) == 1 else None

    def _done(self, node: Node, last: Exit) -> End:
        self.spend()
        match node:
            case Simple():
                return self.done(node, last)
            case Block():
                return self.sequence(node, last)
            case Redirected():
                return self._done(node.node, last)
            case Choice():
                return self._chosen(node, last)
            case Loop():
                way = self.sequence(node.body, "goes-on")
                return agreed(["goes-on", "goes-on" if way == "breaks" else way])

    def _chosen(self, choice: Choice, last: Exit) -> End:
        ways: list[End] = []
        for test, body in choice.branches:
            told = self.told_of(test, last)
            if test is not None and told is None and self._asks(test):
                return "open"
            if told is not False:
                ways.append(self.sequence(body, "goes-on" if test is not None else last))
            if told:
                return agreed(ways)
            last = "fails" if test is not None else last
        ways.append(self.sequence(choice.otherwise, last) if choice.otherwise is not None else "goes-on")
        return agreed(ways)

    def _asks(self, test: Block) -> bool:
        """Tell whether a test asks for an exit code."""
        pipes = [pipe for item in test.items for _, pipe in item.chain.parts]
        return any(isinstance(one, Simple) and asks_status(one, self.held) for pipe in pipes for one in pipe.nodes)

    def done(self, simple: Simple | None, last: Exit) -> End:
        """Give what one command does, when it succeeds."""
        if simple is None:
            return "goes-on"
        name = name_of(simple)
        words = [word.value for word in simple.words]
        if name in {"exit", "return"}:
            return self.leaving(name, words[1:], last)
        if name in {"break", "continue"}:
            return "breaks" if words[1:] in ([], ["1"]) else "open"
        if not name and last == "fails" and any("$?" in word or "${?" in word for word in words):
            return "open"
        if name == "false":
            return "fails"
        if name == "exec" and len(words) > 1:
            return "exits-well"
        if asks_status(simple, self.held):
            told = answered(simple, last, self.held)
            return "open" if told is None else "goes-on" if told else "fails"
        if name in self.script.functions and name not in self.calls:
            self.calls.append(name)
            way = self.sequence(self.script.functions[name], last)
            self.calls.pop()
            return RETURNS.get(way, way)
        return "goes-on"

    def leaving(self, name: str, given: list[str], last: Exit) -> End:
        """Give how `exit` or `return` leaves, with the status that it is given or the last one."""
        code = given[0] if given else "$?"
        if names_status(code, self.held):
            is_bad = self.held.get(code, last) == "fails"
        elif code.isdecimal():
            is_bad = int(code[:9]) % 256 != 0
        else:
            return "open"
        if name == "exit":
            return "exits-bad" if is_bad else "exits-well"
        return "returns-bad" if is_bad else "returns-well"


def _sets(simple: Simple) -> bool:
    """Tell whether a command sets a variable of this shell."""
    name = name_of(simple)
    return name in SETTING or (not name and bool(simple.words))
