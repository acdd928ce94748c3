"""A shell script played without being run: which of its commands run, in order, where some of them fail.

Everything that is not said to fail succeeds. What a test decides is not known: both ways are played then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, NamedTuple

from gatepost.definitions.shell.asking import answered, is_test, name_of
from gatepost.definitions.shell.fates import HARMLESS
from gatepost.definitions.shell.nested import nested
from gatepost.definitions.shell.parser import parse
from gatepost.definitions.shell.quoting import ShellError
from gatepost.definitions.shell.tree import AndOr, Block, Choice, Item, Loop, Node, Pipe, Redirected, Script, Simple
from gatepost.definitions.truth import all_of, negated

__all__ = ["Fails", "Played", "Ran", "played"]

Fails = Callable[[str], bool | None]
"""Tells of a command whether it fails; None where it may be one that does."""
_DEEPEST: Final = 8
_MOST: Final = 5_000
_NOT_PLAYED: Final = frozenset(
    {"trap", "eval", ".", "source", "break", "continue", "xargs", "shopt", "wait", "fg", "return"}
)


class Ran(NamedTuple):
    """A command that has run."""

    text: str
    is_sure: bool
    """Whether it surely runs; else it may."""


class Played(NamedTuple):
    """What became of a script."""

    ran: tuple[Ran, ...]
    failed: bool | None
    """Whether it has ended badly; None where that is not known."""


def played(text: str, fails: Fails, *, stops: bool | None, pipefail: bool | None = None) -> Played:
    """Play a script.

    Args:
        text: the script.
        fails: which commands fail.
        stops: whether its shell ends at the first failure (`-e`); None where that is not known.
        pipefail: whether a pipe fails when any part of it does; None where that is not known.

    Raises:
        ShellError: it cannot be followed.
    """
    ways = [
        _Play(parse(text), fails, 0, stops=way, pipefail=piped).whole()
        for way in ((True, False) if stops is None else (stops,))
        for piped in ((True, False) if pipefail is None else (pipefail,))
    ]
    ends = {way.failed for way in ways}
    most = max(ways, key=lambda way: len(way.ran))
    sure = [{one.text for one in way.ran if one.is_sure} for way in ways]
    ran = tuple(Ran(one.text, one.is_sure and all(one.text in texts for texts in sure)) for one in most.ran)
    return Played(ran, ends.pop() if len(ends) == 1 else None)


class _Play:
    """One shell. What a command gives back is whether it succeeded; None where that is not known."""

    def __init__(self, script: Script, fails: Fails, depth: int, *, stops: bool, pipefail: bool) -> None:
        if depth > _DEEPEST:
            message = "its shells nest too deep"
            raise ShellError(message)
        self.script, self.fails, self.depth = script, fails, depth
        self.stops, self.pipefail = stops, pipefail
        self.ran: list[Ran] = []
        self.is_sure = True
        """Whether no test decides if the place that is played is reached."""
        self.is_doubtful = False
        """Whether the shell may have ended, or whether what is to fail has, may depend on a test."""
        self.gone = False
        """Whether the place is surely not reached any more: the shell has ended."""
        self.ends: list[bool | None] = []
        """How the shell may have ended before its last command."""
        self.last: bool | None = True
        self.held: dict[str, bool | None] = {}
        """The variables that hold an exit code."""

    def whole(self) -> Played:
        """Play all of it."""
        self.block(self.script.body, tested=False)
        ways = {*self.ends, *(() if self.gone else (self.last,))} or {False}
        return Played(tuple(self.ran), None if len(ways) != 1 or None in ways else ways != {True})

    def block(self, block: Block, *, tested: bool) -> bool | None:
        """Play statements one after another."""
        if block.is_subshell:
            return self._inside(replace(block, is_subshell=False), tested=tested)
        result: bool | None = True
        for item in block.items:
            if self.gone:
                break
            result = self.last = self._item(item, tested=tested)
        return result

    def _item(self, item: Item, *, tested: bool) -> bool | None:
        if not item.is_background:
            return self.chain(item.chain, tested=tested)
        kept, self.is_sure = self.is_sure, False
        self._inside(Block((replace(item, is_background=False),)), tested=tested)
        self.is_sure = kept
        return True

    def chain(self, chain: AndOr, *, tested: bool) -> bool | None:
        """Play what `&&` and `||` join."""
        kept = self.is_sure
        result: bool | None = True
        for number, (operator, pipe) in enumerate(chain.parts):
            wanted = True if not number else result if operator != "||" else negated(result)
            if wanted is False:
                continue
            is_last = number == len(chain.parts) - 1
            before, self.is_sure = result, kept and wanted is True
            result = self.last = self._pipe(pipe, tested=tested or not is_last)
            if is_last and not pipe.is_negated:
                self._may_stop(result, tested=tested)
            self.is_sure = kept
            if self.gone and wanted is None:
                self.gone, result = False, before if operator == "||" else None
            if self.gone:
                break
            if wanted is None and before is not result:
                result = True if operator == "||" and result is True else None
        return result

    def _may_stop(self, result: bool | None, *, tested: bool) -> None:  # noqa: FBT001 - what a command gave
        if self.stops and not tested and result is not True and not self.gone:
            self.ends.append(result)
            self.gone = result is False
            self.is_doubtful = self.is_doubtful or result is None

    def _leave(self, result: bool | None) -> None:  # noqa: FBT001 - what a command gave
        """End the shell here; where a test decides whether it comes to that, a bad end is taken for none."""
        self.gone = True
        if self.is_sure or result is not False:
            self.ends.append(result)
        self.is_doubtful = self.is_doubtful or (not self.is_sure and result is not False)

    def _pipe(self, pipe: Pipe, *, tested: bool) -> bool | None:
        if len(pipe.nodes) == 1:
            result = self.node(pipe.nodes[0], tested=tested or pipe.is_negated)
        else:
            ends = [self._inside(Block((_alone(one),)), tested=tested or pipe.is_negated) for one in pipe.nodes]
            result = all_of(*ends) if self.pipefail else ends[-1]
        return negated(result) if pipe.is_negated else result

    def _inside(self, body: Block, *, tested: bool) -> bool | None:
        """Play a part of the script in a copy of its shell."""
        return self._shell(Script(body, self.script.functions), self.stops and not tested, self.pipefail)

    def _shell(self, script: Script, stops: bool, pipefail: bool) -> bool | None:  # noqa: FBT001 - how a shell is set
        inner = _Play(script, self.fails, self.depth + 1, stops=stops, pipefail=pipefail)
        inner.is_sure, inner.is_doubtful, inner.held = self.is_sure, self.is_doubtful, dict(self.held)
        found = inner.whole()
        self.ran += found.ran
        self.is_doubtful = inner.is_doubtful
        return negated(found.failed)

    def node(self, node: Node, *, tested: bool) -> bool | None:
        """Play a part of a pipeline."""
        if len(self.ran) > _MOST:
            message = "it runs too much"
            raise ShellError(message)
        match node:
            case Simple():
                return self._simple(node, tested=tested)
            case Block():
                return self.block(node, tested=tested)
            case Choice():
                return self._choice(node, tested=tested)
            case Loop():
                return self._loop(node, tested=tested)
            case Redirected():
                return self.node(node.node, tested=tested)

    def _choice(self, choice: Choice, *, tested: bool) -> bool | None:
        kept = self.is_sure
        ways: list[tuple[bool | None, bool]] = []
        for test, body in choice.branches:
            told = self.block(test, tested=True) if test is not None else None
            if self.gone:
                message = "a test may end it"
                raise ShellError(message)
            if told is not False:
                self.is_sure = self.is_sure and told is True
                ways.append((self.block(body, tested=tested), self.gone))
                self.gone = False
            if told is True:
                break
        else:
            self.is_sure = self.is_sure and not ways
            ways.append((self.block(choice.otherwise or Block(()), tested=tested), self.gone))
        self.is_sure, self.gone = kept, all(is_gone for _, is_gone in ways)
        results = {result for result, is_gone in ways if not is_gone}
        return results.pop() if len(results) == 1 else None

    def _loop(self, loop: Loop, *, tested: bool) -> bool | None:
        """Play a loop once."""
        kept = self.is_sure
        told = self.block(loop.test, tested=True) if loop.test is not None else None
        if told is not None and told is loop.is_until:
            return True
        self.is_sure = kept and (loop.is_sure or told is not None)
        result = self.block(loop.body, tested=tested)
        self.gone = self.gone and loop.is_sure
        self.is_sure = kept
        self.is_doubtful = self.is_doubtful or told is not None
        return result if loop.is_sure or result is True else None

    def _simple(self, simple: Simple, *, tested: bool) -> bool | None:
        words = [word.value for word in simple.words]
        name, text = name_of(simple), " ".join(words)
        if name in _NOT_PLAYED:
            message = f"`{name}` is not followed"
            raise ShellError(message)
        if name in {"set", "exit"}:
            return self._exit(words[1:]) if name == "exit" else self._set(words[1:])
        if not name:
            return self._assigned(simple, text)
        self._filled_in(simple)
        if any(word.value in {"$?", "${?}", *self.held} for word in simple.words) and is_test(_pipe(simple)):
            told = self._asked(simple, words)
            return told if told is not None or tested else True
        if name == "false" or is_test(_pipe(simple)):
            return False if name == "false" else None if tested else True
        if name in self.script.functions and name not in self.script.conditional:
            return self._called(name, tested=tested)
        shell = nested(words)
        if shell is not None and shell.place >= 0 and not shell.only_reads:
            return self._shell(parse(words[shell.place]), shell.stops, shell.pipefail)
        if shell is not None and shell.place < 0 and shell.file < 0:
            message = "a shell that reads its script from its input is not followed"
            raise ShellError(message)
        return self._run(name, text, words)

    def _run(self, name: str, text: str, words: list[str]) -> bool | None:
        said = " ".join(words[1:]) if name == "exec" else text
        self.ran.append(Ran(said, self.is_sure and not self.is_doubtful))
        fails = False if name in HARMLESS else self.fails(said)
        self.is_doubtful = self.is_doubtful or (fails is not False and not self.is_sure)
        if name == "exec":
            self._leave(negated(fails))
        return negated(fails)

    def _assigned(self, simple: Simple, text: str) -> bool | None:
        variable, _, value = text.partition("=")
        for one in (f"${variable}", f"${{{variable}}}"):
            self.held.pop(one, None)
            if value in {"$?", "${?}"} or value.isdecimal():
                ended = self.last if not value.isdecimal() else int(value[:9]) == 0
                self.held[one] = ended if self.is_sure else None
        return self._filled_in(simple)

    def _filled_in(self, simple: Simple) -> bool | None:
        """Play what runs so that its output can be filled in; give how the last of it has ended."""
        inner = [one for word in simple.words for one in (*word.inner, *word.processes)]
        results = [self._shell(parse(one), self.stops, self.pipefail) for one in inner]
        return results[-1] if results else True

    def _asked(self, simple: Simple, words: list[str]) -> bool | None:
        asked = next((word for word in words if word in {"$?", "${?}", *self.held}), "$?")
        ended = self.held.get(asked, self.last)
        if ended is None:
            return None
        how = "goes-on" if ended else "fails"
        return answered(simple, how, {asked: how})  # type: ignore[arg-type, dict-item]

    def _set(self, given: list[str]) -> bool:
        for place, one in enumerate(given):
            if one[:1] in {"-", "+"} and "e" in one[1:] and not one.startswith("--"):
                self.stops = one[0] == "-"
            elif one in {"pipefail", "errexit"} and place and given[place - 1][:1] in {"-", "+"}:
                is_on = given[place - 1][0] == "-"
                self.pipefail, self.stops = (is_on, self.stops) if one == "pipefail" else (self.pipefail, is_on)
        return True

    def _exit(self, given: list[str]) -> bool | None:
        code = given[0] if given else "$?"
        known = self.held.get(code, self.last) if code in {"$?", "${?}", *self.held} else None
        result = int(code[:9]) % 256 == 0 if code.isdecimal() else known
        self._leave(result)
        return result

    def _called(self, name: str, *, tested: bool) -> bool | None:
        """Play a function, which does not call itself."""
        body = self.script.functions[name]
        kept, others = self.script, {key: one for key, one in self.script.functions.items() if key != name}
        self.script = Script(kept.body, others)
        result = self.block(body, tested=tested)
        self.script = kept
        return result


def _alone(node: Node) -> Item:
    return Item(AndOr((("", Pipe((node,), is_negated=False)),)), is_background=False, text="")


def _pipe(simple: Simple) -> Pipe:
    return Pipe((simple,), is_negated=False)
