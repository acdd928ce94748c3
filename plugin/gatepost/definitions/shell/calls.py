"""A failure followed through single commands: shells, functions, and what a command runs to fill in its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from gatepost.definitions.shell.asking import name_of
from gatepost.definitions.shell.branches import Branches
from gatepost.definitions.shell.fates import HARMLESS, NOT_RUN, Command, Fate, Found
from gatepost.definitions.shell.feeding import as_read, document_of, reads_input
from gatepost.definitions.shell.nested import nested
from gatepost.definitions.shell.outcomes import RETURNS, End
from gatepost.definitions.shell.quoting import ShellError
from gatepost.definitions.shell.tree import Script, Simple
from gatepost.definitions.shell.words import Redirection, Word

__all__ = ["Calls"]

_DEEPEST: Final = 8
_ALL: Final = frozenset({"$@", "${@}", "$*", "${*}"})
_LEAVES: Final = frozenset({"exit", "return", "break", "continue", "exec", "eval", "set", "trap", "shift"})
"""Commands that a function must name itself, and not be given, to be followed."""
_ENDS: Final[dict[Fate, End]] = {"stops": "fails", "hidden": "goes-on", "open": "open", "never": "goes-on"}


class Calls(Branches):
    """The part of a walk that follows single commands."""

    def __init__(self, script: Script, depth: int, *, stops: bool, pipefail: bool) -> None:
        super().__init__(script, stops=stops, pipefail=pipefail)
        self.depth = depth
        self.traps: list[tuple[str, set[str]]] = []
        self.given: tuple[Word, ...] | None = None
        """The arguments of the function that is being followed; None where they are not known."""
        self.is_fed = False
        """Whether what a command reads is written in the script, around more than that command."""

    def inside(self, text: str, *, stops: bool, pipefail: bool, is_own: bool) -> list[Command]:
        """Give the commands of a script within the script; one of its own shell has its functions."""
        raise NotImplementedError

    def simple(self, simple: Simple, *, tested: bool) -> list[Found]:
        """Follow a command; tests in brackets are commands, too."""
        self.spend()
        simple = self._filled(simple)
        values = [word.value for word in simple.words]
        name = name_of(simple)
        around = self._around(simple.words, simple.redirections, is_named=bool(name))
        if name in self.script.functions:
            return [*around, *self._called(name, simple.words, tested=tested)]
        if name == "set":
            self._set(values)
        elif name == "trap" and len(values) > 2:  # noqa: PLR2004 - what to do, and when
            self.traps.append((values[1], {one.removeprefix("SIG") for one in values[2:]}))
        elif name == "shift":
            self.given = None
        text = " ".join(" ".join(values).split())
        within = self._of_shell(simple) if name not in NOT_RUN else None
        if within is not None:
            return [*around, *within]
        end: End = "exits-bad" if name == "exec" and len(values) > 1 else "open" if name == "eval" else "fails"
        end = "goes-on" if name in {"true", ":"} else end
        return [*around, Found(text, end)] if values else around

    def _around(self, words: tuple[Word, ...], given: tuple[Redirection, ...], *, is_named: bool) -> list[Found]:
        """Follow what runs to fill in words, whose failure a command hides, and what runs beside."""
        filling = [text for word in words for text in word.inner]
        beside = [text for word in (*words, *(one.target for one in given)) for text in word.processes]
        targets = [text for one in given for text in (*one.inner, *one.target.inner)]
        found = self._of_text(filling)
        for one in found if is_named else []:
            one.end = "goes-on" if one.end == "fails" else one.end
        other = self._of_text([*beside, *targets])
        for one in other:
            one.is_beside = True
            one.end = ("open" if self.script.awaits else "goes-on") if one.end == "fails" else one.end
        return [*found, *other]

    def _of_text(self, texts: list[str]) -> list[Found]:
        """Follow commands that run in a copy of the shell; bash forgets `-e` there, and other shells do not."""
        found: list[Found] = []
        for text in texts:
            here = self._within(text, stops=False, pipefail=self.pipefail, is_own=True)
            same = self._within(text, stops=True, pipefail=self.pipefail, is_own=True) if self.stops else here
            for one, other in zip(here, same, strict=True):
                one.end = one.end if one.end == other.end else "open"
            found += here
        return found

    def redirected(self, given: tuple[Redirection, ...], follow: Callable[[], list[Found]]) -> list[Found]:
        """Follow what is more than a command, with where its input comes from."""
        around = self._around((), given, is_named=True)
        kept, self.is_fed = self.is_fed, self.is_fed or any(one.document is not None for one in given)
        found = follow()
        self.is_fed = kept
        return [*around, *found]

    def _filled(self, simple: Simple) -> Simple:
        """Fill in the arguments of the function that is being followed."""
        if self.given is None or not any(word.value in _ALL or word.value[1:].isdecimal() for word in simple.words):
            return simple
        words: list[Word] = []
        for word in simple.words:
            if word.value in _ALL:
                self.spend(len(self.given))
                words += self.given
            elif word.value[:1] == "$" and word.value[1:].isdecimal():
                words += self.given[int(word.value[1:2]) - 1 : int(word.value[1:2])] if word.value != "$0" else [word]
            else:
                words.append(word)
        made = replace(simple, words=tuple(words))
        if name_of(made) in _LEAVES and name_of(simple) not in _LEAVES:
            message = f"a function is given `{name_of(made)[:60]}` to run"
            raise ShellError(message)
        return made

    def _of_shell(self, simple: Simple) -> list[Found] | None:
        """Follow a command that runs a shell; None for others, and for those whose script is not known here."""
        values = [word.value for word in simple.words]
        shell = nested(values)
        if shell is None:
            return None
        text = document_of(simple) if reads_input(simple) else None
        if shell.place >= 0:
            text = as_read(values[shell.place], simple.words[shell.place].early, simple.words[shell.place].inner)
        if text is None and reads_input(simple) and self.is_fed:
            message = "what a shell in it reads is not followed"
            raise ShellError(message)
        if text is None and not shell.only_reads:
            return None
        found = self._within(text or "", stops=shell.stops, pipefail=shell.pipefail, is_own=False)
        for one in found if shell.only_reads else []:
            one.runs = "never"
        return found

    def _called(self, name: str, words: tuple[Word, ...], *, tested: bool) -> list[Found]:
        if name in self.calls or len(self.calls) > _DEEPEST:
            message = f"the function {name[:60]} calls itself"
            raise ShellError(message)
        place = next(number for number, word in enumerate(words) if word.value == name)
        kept, self.given = self.given, words[place + 1 :]
        self.calls.append(name)
        function = self.script.functions[name]
        found = self.block(function, tested=tested)
        self.calls.pop()
        self.given = kept
        for one in found:
            one.end, one.is_exempt = "open" if one.end == "breaks" else RETURNS.get(one.end, one.end), False
        text = " ".join(" ".join(word.value for word in words).split())
        call = Found(text, is_call=True)
        is_sure = name not in self.script.conditional
        takes = len(words) == place + 1 or any("$" in item.text for item in function.items)
        if all(_is_harmless(one.text) for one in found):
            call.end = "goes-on" if is_sure else "open"
            call.is_unsure = not takes
        call.is_unsure |= not is_sure
        return [call, *found]

    def _within(self, text: str, *, stops: bool, pipefail: bool, is_own: bool) -> list[Found]:
        """Give the commands of a script within the script, as far as they decide how the command ends that runs it."""
        if self.depth > _DEEPEST:
            message = "scripts hold each other too deep"
            raise ShellError(message)
        self.spent += len(text) // 8
        self.spend()
        return [
            Found(
                one.text,
                _ENDS[one.fate],
                "never" if one.fate == "never" else "always",
                is_swallowed=one.is_swallowed,
                is_call=one.is_call,
                is_unsure=one.is_unsure,
            )
            for one in self.inside(text, stops=stops, pipefail=pipefail, is_own=is_own)
        ]

    def _set(self, values: list[str]) -> None:
        for number, one in enumerate(values[1:], 1):
            if one == "--" or one[:1] not in {"-", "+"}:
                self.given = None
                continue
            is_on = one[0] == "-"
            name = values[number + 1] if one.endswith("o") and number + 1 < len(values) else ""
            if "e" in one[1:] or name == "errexit":
                self.stops, self.is_off = is_on, not is_on
            if name == "pipefail":
                self.pipefail = is_on


def _is_harmless(text: str) -> bool:
    """Tell whether a command never fails."""
    name, *given = text.split() or [""]
    return name in HARMLESS or (name in {"return", "exit"} and given in ([], ["0"]))
