"""What becomes of a script when one of its commands fails and everything else succeeds: whether the failure gets out.

One rule for all shells: the script is followed from the command outwards, through `&&`, `||`, pipes, branches and what
comes after, with what the shell does at a failure (`-e`, `pipefail`). What cannot be followed is open, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from gatepost.definitions.shell import Nested, nested
from gatepost.definitions.shell_results import (
    BAD,
    EXITS,
    LEAVING,
    RETURNS,
    TESTS,
    End,
    Results,
    Runs,
    agreed,
    is_test,
    known,
    known_of,
    leaving,
    name_of,
    simple_of,
)
from gatepost.definitions.shell_syntax import AndOr, Block, Choice, Item, Loop, Node, Pipe, Script, Simple, parse
from gatepost.definitions.shell_words import ShellError

__all__ = ["NOT_RUN", "Command", "Fate", "script_ends"]

Fate = Literal["stops", "hidden", "never", "open"]
_FROM_STATUS: Final = re.compile(r"([A-Za-z_]\w*)=\$\?\Z")
_STATUS: Final = re.compile(r"\$\{?\?|PIPESTATUS")
_DEEPEST: Final = 8


class Command(NamedTuple):
    """A command that a script holds."""

    text: str
    fate: Fate
    """What becomes of the script when it fails."""
    is_swallowed: bool
    """Whether the script says that its failure is to be forgotten: `|| true`."""


@dataclass(slots=True)
class _Found:
    text: str
    end: End = "fails"
    runs: Runs = "always"
    needs: list[_Found] = field(default_factory=list)
    """The commands that must succeed for it to run."""
    is_exempt: bool = False
    """Whether a shell with `-e` goes on after it: only the last command of a `&&` ends it."""
    is_swallowed: bool = False


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


class _Shell(Results):
    def __init__(self, script: Script, depth: int, *, stops: bool, pipefail: bool) -> None:
        super().__init__(script, stops=stops, pipefail=pipefail)
        self.depth = depth
        self.traps: list[tuple[str, set[str]]] = []
        self.is_off = False
        """Whether the script says that its shell is to go on after a failure."""

    def commands(self) -> list[Command]:
        """Give every command, with its fate."""
        found = self._block(self.script.body, tested=False)
        trap = self._trap()
        fates = {id(one): _fate(one, trap) for one in found}
        return [Command(one.text, self._needed(one, fates), one.is_swallowed) for one in found]

    def _needed(self, one: _Found, fates: dict[int, Fate]) -> Fate:
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

    # ---- lists

    def _block(self, block: Block, *, tested: bool) -> list[_Found]:
        kept = self.stops, self.pipefail
        found: list[_Found] = []
        behind = self._behind(block.items, tested=tested)
        left: Runs = "always"
        for number, item in enumerate(block.items):
            here = self._chain(item.chain, tested=tested or item.is_background)
            for one in here:
                one.runs = _both(one.runs, left)
                if item.is_background:
                    one.end = "open" if any("wait" in other.text for other in block.items) else "goes-on"
                elif one.end == "fails":
                    self._pass_on(one, block.items[number + 1 :], behind[number + 1], tested=tested)
            left = _both(left, self.left(item.chain))
            found += here
        if block.is_subshell:
            self.stops, self.pipefail = kept
            for one in found:
                one.end = EXITS.get(one.end, one.end)
                one.is_exempt = False
        return found

    def _pass_on(self, one: _Found, later: tuple[Item, ...], behind: End, *, tested: bool) -> None:
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

    def _chain(self, chain: AndOr, *, tested: bool) -> list[_Found]:
        found: list[_Found] = []
        tests: list[_Found] = []
        left: Runs = "always"
        for number, (operator, pipe) in enumerate(chain.parts):
            is_last = number == len(chain.parts) - 1
            here = self._pipe(pipe, tested=tested or not is_last)
            before = chain.parts[number - 1][1] if number else None
            left = self.left(AndOr(chain.parts[:number])) if number else left
            for one in here:
                one.needs += tests
                if before is not None:
                    one.runs = _both(_both(one.runs, left), _reached(operator, before))
                self._along(one, chain.parts[number + 1 :])
            if operator == "||":
                tests = []
            if pipe.is_negated or (len(pipe.nodes) == 1 and name_of(pipe.nodes[0]) in TESTS):
                tests = [*tests, *here]
            found += here
        return found

    def _along(self, one: _Found, later: tuple[tuple[str, Pipe], ...]) -> None:
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

    def _pipe(self, pipe: Pipe, *, tested: bool) -> list[_Found]:
        found: list[_Found] = []
        for number, node in enumerate(pipe.nodes):
            kept = self.stops, self.pipefail
            here = self._node(node, tested=tested or pipe.is_negated)
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

    # ---- commands

    def _node(self, node: Node, *, tested: bool) -> list[_Found]:
        match node:
            case Simple():
                return self._simple(node, tested=tested)
            case Block():
                return self._block(node, tested=tested)
            case Choice():
                return self._choice(node, tested=tested)
            case Loop():
                return self._loop(node, tested=tested)

    def _choice(self, choice: Choice, *, tested: bool) -> list[_Found]:
        found: list[_Found] = []
        before: list[_Found] = []
        reached: Runs = "always"
        set_before = self.stops, self.pipefail
        set_after = set()
        otherwise = [choice.otherwise] if choice.otherwise is not None else []
        for number, (test, body) in enumerate(choice.branches):
            told = known_of(test) if test is not None else None
            asked = self._block(test, tested=True) if test is not None else []
            no = self._merged([other for _, other in choice.branches[number + 1 :]], otherwise)
            yes = self.answer(body, "goes-on")
            for one in asked:
                one.runs = _both(one.runs, reached)
                one.needs += before
                one.is_swallowed = one.is_swallowed or one.end in {"fails", "goes-on"}
                one.end = {"fails": no, "goes-on": yes}.get(one.end, one.end)
            here = self._block(body, tested=tested)
            set_after.add((self.stops, self.pipefail))
            self.stops, self.pipefail = set_before
            way = reached if told else "never" if told is False else reached if test is not None else "open"
            for one in here:
                one.runs = _both(one.runs, way)
                one.needs += [*before, *(asked if told is None else [])]
            found += [*asked, *here]
            is_told_off = told is False or yes in BAD
            reached = "never" if told else reached if is_told_off else "open"
        for body in otherwise:
            here = self._block(body, tested=tested)
            set_after.add((self.stops, self.pipefail))
            for one in here:
                one.runs = _both(one.runs, reached)
            found += here
        if len(set_after | ({set_before} if not otherwise else set())) > 1:
            message = "it sets what its shell does at a failure in one branch only"
            raise ShellError(message)
        return found

    def _merged(self, branches: list[Block], otherwise: list[Block]) -> End:
        """Give what happens when a test fails: what comes next, or nothing."""
        ways: list[End] = [self.answer(one) for one in (*branches, *otherwise)]
        return agreed(ways if otherwise else [*ways, "goes-on"])

    def _loop(self, loop: Loop, *, tested: bool) -> list[_Found]:
        kept = self.stops, self.pipefail
        asked = self._block(loop.test, tested=True) if loop.test is not None else []
        for one in asked:
            one.end = "open"
        found = self._block(loop.body, tested=tested)
        for one in found:
            if not loop.is_sure:
                one.end = "open" if one.end == "fails" else one.end
                one.runs = _both(one.runs, "open")
        if (self.stops, self.pipefail) != kept:
            message = "it sets what its shell does at a failure in a loop"
            raise ShellError(message)
        return [*asked, *found]

    def _simple(self, simple: Simple, *, tested: bool) -> list[_Found]:
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
        return [*inner, _Found(" ".join(" ".join(values).split()))] if values else inner

    def _of_shell(self, shell: Nested, values: list[str]) -> list[_Found]:
        found = self._inside(values[shell.place], stops=shell.stops, pipefail=shell.pipefail)
        for one in found if shell.only_reads else []:
            one.runs = "never"
        return found

    def _called(self, name: str, *, tested: bool) -> list[_Found]:
        if name in self.calls or len(self.calls) > _DEEPEST:
            message = f"the function {name[:60]} calls itself"
            raise ShellError(message)
        self.calls.append(name)
        found = self._block(self.script.functions[name], tested=tested)
        self.calls.pop()
        for one in found:
            one.end = RETURNS.get(one.end, one.end)
        return found

    def _inside(self, text: str, *, stops: bool, pipefail: bool) -> list[_Found]:
        """Give the commands of a script within the script, as far as they decide how the command ends that runs it."""
        if self.depth > _DEEPEST:
            message = "scripts hold each other too deep"
            raise ShellError(message)
        ends: dict[Fate, End] = {"stops": "fails", "hidden": "goes-on", "open": "open", "never": "goes-on"}
        self.spent += len(text) // 8
        self.spend()
        return [
            _Found(
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


NOT_RUN: Final = frozenset(
    (  # noqa: SIM905 - words read best as a text
        "echo printf true false : cat logger test [ [[ grep which type command-v alias export declare local readonly "
        "ls touch rm man read"
    ).split()
)
"""Commands that do not run what their arguments say."""


def _fate(one: _Found, trap: Fate) -> Fate:
    if one.runs == "never":
        return "never"
    fate: Fate = "stops" if one.end in BAD else "open" if one.end == "open" else "hidden"
    if fate == "stops" and trap != "stops":
        return trap
    return "open" if fate == "stops" and one.runs == "open" else fate


def _both(one: Runs, other: Runs) -> Runs:
    return "never" if "never" in {one, other} else "open" if "open" in {one, other} else "always"


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
