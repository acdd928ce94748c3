"""A shell followed through single commands: what they are given, functions, shells within, and all others."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from gatepost.definitions.shell.asking import name_of
from gatepost.definitions.shell.branches import Branches
from gatepost.definitions.shell.files import seen_from_itself
from gatepost.definitions.shell.filling import demanded, filled
from gatepost.definitions.shell.records import HARMLESS, Record
from gatepost.definitions.shell.state import BAD, NOBODY, Filled, State, merged
from gatepost.definitions.shell.tree import Script, Simple
from gatepost.definitions.shell.words import Redirection, Word, is_assignment

__all__ = ["Commands"]

_DEEPEST: Final = 8
_UNSURE: Final = frozenset({"xargs", "parallel", "find"})
"""Commands that run another one as often as they are handed something, or never."""
_TELLING: Final = HARMLESS | {"logger"}
"""Commands that only tell the exit code that they are given; any other may judge it."""


class Commands(Branches):
    """The part of a follower that follows single commands."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)
        self.is_fed = False
        self._named: dict[int, Simple] = {}
        """Whether what a command reads is written in the script, around more than that command."""
        self.own: str | None = None
        """The folder of the file that is followed, from the root; None where no file is."""
        self.opened = 0
        """How many files of the repository that are opened are around the place."""

    def builtin(self, name: str, simple: Simple, given: list[Filled], state: State) -> list[State] | None:
        """Follow a command that is a part of the shell; None for any other."""
        raise NotImplementedError

    def inside(
        self, script: Script, states: list[State], *, is_shell: bool = False, tested: bool = False
    ) -> list[State]:
        """Follow another script in place of this one, to the end of its shell where it has one of its own."""
        raise NotImplementedError

    def of_shell(self, simple: Simple, given: list[Filled], state: State) -> list[State] | None:
        """Follow a command that runs a shell; None for others, and for those whose script is not known here."""
        raise NotImplementedError

    def running(self, simple: Simple, name: str, given: list[Filled], words: list[Filled], state: State) -> list[State]:
        """Follow a command that is no part of the shell, perhaps behind wrappers."""
        raise NotImplementedError

    def called(
        self, name: str, simple: Simple, given: list[Filled], states: list[State], *, tested: bool
    ) -> list[State]:
        """Follow a function."""
        raise NotImplementedError

    def simple(self, simple: Simple, states: list[State], *, tested: bool) -> list[State]:
        """Follow a command; tests in brackets are commands, too."""
        self.spend()
        if not states:
            if self.is_first:
                self._unreached(simple)
            return []
        found: list[State] = []
        for state in states:
            for one in self._around(simple.words, simple.redirections, state, tested=tested):
                found += [one] if one.flow else self._one(simple, one, tested=tested)
        return merged(found)

    def _unreached(self, simple: Simple) -> None:
        """Give a command that no way leads to its number, and what it runs."""
        state = State()._replace(flow="exit")
        for text in (*self._texts(simple.words), *self._beside(simple.words, simple.redirections)):
            self._within_text(text, [])
        words = [Filled(word.value, None) for word in simple.words]
        name = name_of(simple)
        if name in self.script.functions and name not in self.calls:
            self.called(name, simple, words, [], tested=False)
        elif name:
            self.noted(simple, name, words, state, is_reached=False)

    def _one(self, simple: Simple, state: State, *, tested: bool) -> list[State]:
        simple = self._itself(simple)
        given = filled(simple.words, state)
        self.spend(len(given) // 8)
        if demanded(simple.words, state):
            return [state.ended(1)._replace(flow="exit"), *self._run(simple, given, state, tested=tested)]
        return self._run(simple, given, state, tested=tested)

    def _itself(self, simple: Simple) -> Simple:
        """Fill in how a script names its own folder: `cd "$(dirname "$0")"`."""
        if not any("dirname" in one or "git rev-parse" in one for word in simple.words for one in word.inner):
            return simple
        if id(simple) not in self._named:
            words = tuple(_named(word, self.own) for word in simple.words)
            self._named[id(simple)] = replace(simple, words=words)
        return self._named[id(simple)]

    def _run(self, simple: Simple, given: list[Filled], state: State, *, tested: bool) -> list[State]:
        words = list(given)
        while words and is_assignment(words[0].text):
            words.pop(0)
        if not words:
            return [self.assigned(simple, given, state)]
        name = words[0].text
        if name in self.script.functions:
            return self.called(name, simple, given, [state], tested=tested)
        found = self.builtin(name, simple, words, state)
        if found is not None:
            return found
        return self.running(simple, name, given, words, state)

    def other(self, simple: Simple, name: str, given: list[Filled], state: State) -> list[State]:
        """Follow a command of which nothing more is known."""
        number, record, state = self.noted(simple, name, given, state)
        found = self.chooser.command(state, number, record, said(given), again=any(self.tries))
        judges = name not in _TELLING and any(one.value == BAD for one in given)
        return [*found, *(one.ended(BAD) for one in found if judges and not one.last)]

    def noted(
        self, node: object, name: str, given: list[Filled], state: State, *, is_reached: bool = True
    ) -> tuple[int, Record, State]:
        """Keep a command that is run."""
        number = self.records.number(self.way, node, name)
        record = self.records.all[number]
        text = said(given)
        if text not in record.texts and (is_reached or not record.texts):
            if not record.is_reached:
                record.texts.clear()
            record.texts.append(text)
        record.is_reached |= is_reached
        record.is_beside |= self.beside > 0
        record.is_within |= self.opened > 0
        if is_reached and state.failing == NOBODY and not self.is_first:
            record.folders.add(state.folder)
        bit = 0 if name in _UNSURE else 1 << number
        return number, record, state._replace(must=state.must | bit, may=state.may | 1 << number)

    def assigned(self, simple: Simple, given: list[Filled], state: State) -> State:
        """Set variables; the exit code is that of what ran to fill them in."""
        is_filling = any(word.inner for word in simple.words)
        before = state
        state = state if is_filling else state.ended(0) if given or simple.redirections else state
        for word, one in zip(simple.words, given, strict=False):
            state = setting(word, one, state, before)
        return state

    # ---- what runs to fill in words

    def _around(
        self, words: tuple[Word, ...], given: tuple[Redirection, ...], state: State, *, tested: bool = False
    ) -> list[State]:
        """Follow what runs to fill in words, and what runs beside."""
        states = [state]
        for text in self._texts(words):
            states = self._within_text(text, states, tested=tested)
        for text in self._beside(words, given):
            last = {id(one): one.last for one in states}
            ends = [
                one._replace(last=last[id(before)]).holding("!", None)
                for before in states
                for one in self._within_text(text, [before])
            ]
            states = merged(ends)
        return states

    @staticmethod
    def _texts(words: tuple[Word, ...]) -> list[str]:
        return [text for word in words for text in word.inner]

    @staticmethod
    def _beside(words: tuple[Word, ...], given: tuple[Redirection, ...]) -> list[str]:
        beside = [text for word in (*words, *(one.target for one in given)) for text in word.processes]
        return [*beside, *(text for one in given for text in (*one.inner, *one.target.inner))]

    def _within_text(self, text: str, states: list[State], *, tested: bool = False) -> list[State]:
        """Follow a script in a copy of the shell.

        bash forgets `-e` there, and so does whatever it sets there itself where something asks how the copy ends; other
        shells do neither.
        """
        script = self.read(text, is_own=True)
        found: list[State] = []
        for state in states:
            for stops, asked in itertools.product({state.stops, False}, {tested, False}):
                follow = partial(self.inside, script, is_shell=True, tested=asked)
                found += self.within(state, follow, stops=stops)
        if not states:
            self.inside(script, [])
        return merged(found)

    def redirected(
        self, given: tuple[Redirection, ...], states: list[State], follow: Callable[[list[State]], list[State]]
    ) -> list[State]:
        """Follow what is more than a command, with where its input comes from."""
        states = merged(one for state in states for one in self._around((), given, state))
        kept, self.is_fed = self.is_fed, self.is_fed or any(one.document is not None for one in given)
        found = follow(states)
        self.is_fed = kept
        return found


def _named(word: Word, own: str | None) -> Word:
    name, sign, text = word.value.partition("=")
    begin, text = (f"{name}=", text) if sign and is_assignment(word.value) else ("", word.value)
    found = seen_from_itself(text, own)
    return word if found is None else Word(f"{begin}{found}", is_plain=False)


def setting(word: Word, one: Filled, state: State, before: State) -> State:
    """Set a variable, `X=1`, where a word does; what is filled in is what it was before."""
    name, sign, _ = word.value.partition("=")
    if not sign:
        return state
    if name.endswith("+"):
        return state.holding(name[:-1], None).holding(f"{name[:-1]}[]", None)
    if word.items is not None:
        held = tuple(filled(word.items, before))
        return state.holding(f"{name}[]", held).holding(name, None)
    text = one.text.partition("=")[2]
    value = one.value
    if isinstance(value, str):
        return state.holding(name, value.partition("=")[2])
    alone = Word(word.value.partition("=")[2], is_plain=False, is_literal=False, is_kept=word.is_kept)
    alone.inner = word.inner
    known = filled([alone], before) if text else []
    return state.holding(name, known[0].value if known else "" if not text else None)


def said(given: list[Filled]) -> str:
    """Give a command as one text."""
    return " ".join(" ".join(one.text for one in given).split())
