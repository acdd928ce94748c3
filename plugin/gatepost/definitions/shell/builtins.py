"""A shell followed through the commands that are a part of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from gatepost.definitions.shell.asking import compared, is_asking
from gatepost.definitions.shell.files import moved
from gatepost.definitions.shell.filling import filled, known_text
from gatepost.definitions.shell.running import Running
from gatepost.definitions.shell.simple import said, setting
from gatepost.definitions.shell.state import BAD, Filled, Flow, Job, State, merged
from gatepost.definitions.shell.tree import Simple

__all__ = ["Builtins"]

_DECLARES: Final = frozenset({"export", "readonly", "declare", "typeset", "local"})
_FORGETS: Final = frozenset({"read", "unset", "let", "((", "mapfile", "readarray", "getopts"})
_NAMES: Final = re.compile(r"[A-Za-z_]\w*")


class Builtins(Running):
    """The part of a follower that follows what the shell does itself."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)
        self._own: dict[str, Callable[[str, Simple, list[Filled], State], list[State]]] = {
            **dict.fromkeys(_DECLARES, self._declared),
            **dict.fromkeys(_FORGETS, self._forgotten),
            **dict.fromkeys(("exit", "return"), self._left),
            **dict.fromkeys(("break", "continue"), self._looped),
            **dict.fromkeys(("set", "shift", "trap", ":", "true"), self._plain),
            **dict.fromkeys(("cd", "pushd", "popd"), self._moved),
            **dict.fromkeys(("wait", "fg"), self._waited),
            **dict.fromkeys((".", "source"), self._sourced),
            "false": self._failed,
            "eval": self._evaluated,
            "exec": self._replaced,
        }

    def builtin(self, name: str, simple: Simple, given: list[Filled], state: State) -> list[State] | None:
        """Follow a command that is a part of the shell; None for any other."""
        if (is_asking(name) and name not in _FORGETS) or (
            name == "command" and given[1:2] and given[1].text in {"-v", "-V"}
        ):
            return self._tested(simple, given, state)
        own = self._own.get(name)
        return own(name, simple, given, state) if own is not None else None

    def _declared(self, name: str, simple: Simple, given: list[Filled], state: State) -> list[State]:
        _, _, state = self.noted(simple, name, given, state)
        before, state = state, state.ended(0)
        for word in simple.words:
            one = filled([word], before)
            state = setting(word, one[0], state, before) if len(one) == 1 and "=" in word.value else state
        return [state]

    def _forgotten(self, name: str, simple: Simple, given: list[Filled], state: State) -> list[State]:
        _, _, state = self.noted(simple, name, given, state)
        words = [one.text for one in given[1:]]
        texts = [word.value for word in simple.words]
        names = set(_NAMES.findall(" ".join([*words, *texts])))
        if name == "((" and len(simple.words) == 1:
            names = {one for one, _ in state.names if one.isidentifier()}
        for one in names:
            state = state.holding(one, None).holding(f"{one}[]", None)
        if name == "getopts" and state.given == ():
            return [state.ended(1)]
        return [state.ended(0)] if name == "unset" else [state.ended(0), state.ended(BAD)]

    def _tested(self, simple: Simple, given: list[Filled], state: State) -> list[State]:
        number, _, state = self.noted(simple, given[0].text, given, state)
        told = compared(given)
        if told is not None:
            return [state.ended(0 if told else 1)]
        return self.chooser.test(state, number, said(given))

    def _left(self, name: str, simple: Simple, given: list[Filled], state: State) -> list[State]:
        self.noted(simple, name, [Filled(word.value, None) for word in simple.words], state)
        flow: Flow = "exit" if name == "exit" else "return"
        if len(given) == 1:
            return [state._replace(flow=flow, is_exempt=False)]
        return [state.ended(code)._replace(flow=flow) for code in _codes(given[1].value)]

    def _looped(self, name: str, simple: Simple, given: list[Filled], state: State) -> list[State]:
        _, _, state = self.noted(simple, name, given, state)
        levels = given[1].text if len(given) > 1 else "1"
        count = min(int(levels[:2]), len(self.tries)) if levels.isdecimal() else len(self.tries)
        return [state.ended(0)._replace(flow=name, levels=max(count, 1))]  # type: ignore[arg-type]

    def _plain(self, name: str, simple: Simple, given: list[Filled], state: State) -> list[State]:
        _, _, state = self.noted(simple, name, given, state)
        texts = [one.text for one in given]
        state = state.ended(0)
        match name:
            case "shift":
                count = int(texts[1][:3]) if len(texts) > 1 and texts[1].isdecimal() else 1
                state = state._replace(given=state.given[count:] if state.given is not None else None)
            case "trap" if len(texts) > 2:  # noqa: PLR2004 - what to do, and when
                state = _trapped(texts, state)
            case "set":
                state = _set(given, state)
        return [state]

    def _failed(self, name: str, simple: Simple, given: list[Filled], state: State) -> list[State]:
        number, record, state = self.noted(simple, name, given, state)
        ways = self.chooser.command(state, number, record, said(given), again=any(self.tries))
        return [state.ended(1), *(one for one in ways if one.last)]

    def _moved(self, name: str, simple: Simple, given: list[Filled], state: State) -> list[State]:
        number, record, state = self.noted(simple, name, given, state)
        there = state
        folders = [one for one in given[1:] if one.text not in {"-", "--", "-P", "-L"}]
        if name == "popd":
            there = state._replace(folder=state.stack[-1] if state.stack else None, stack=state.stack[:-1])
        elif (given[1:] and given[1].text == "-") or not folders:
            there = state._replace(folder=None)
        else:
            clones = any(text.startswith("git clone") for one in self.records.all for text in one.texts)
            is_other = clones and not folders[0].text.startswith(("/", "$"))
            there = state._replace(folder=None if is_other else moved(state.folder, folders[0]))
        if name == "pushd":
            there = there._replace(stack=(*state.stack, state.folder))
        ways = self.chooser.command(there, number, record, said(given), again=any(self.tries))
        return [one if not one.last else one._replace(folder=state.folder, stack=state.stack) for one in ways]

    def _waited(self, name: str, simple: Simple, given: list[Filled], state: State) -> list[State]:
        _, _, state = self.noted(simple, name, given, state)
        if name == "wait" and len(given) == 1:
            return [state.ended(0)]
        job = given[1].value if len(given) == 2 else None  # noqa: PLR2004 - for what it waits
        if isinstance(job, Job):
            return [state.ended(job.code)]
        return [state.ended(0), state.ended(BAD)]

    def _evaluated(self, name: str, simple: Simple, given: list[Filled], state: State) -> list[State]:
        text = known_text(given[1:])
        if text is None:
            self.unseen(simple, name, f"what `{said(given)[:60]}` runs is not known")
            return self._opaque(name, simple, given, state)
        script = self.read(text, is_own=True)
        kept, self.way = self.way, (*self.way, id(simple))
        found = self.inside(script, [state])
        self.way = kept
        return [one._replace(is_exempt=False) for one in found]

    def _sourced(self, name: str, simple: Simple, given: list[Filled], state: State) -> list[State]:
        found = self.sourced(simple, name, given, state)
        return found if found is not None else self._opaque(name, simple, given, state)

    def _opaque(self, name: str, simple: Simple, given: list[Filled], state: State) -> list[State]:
        """Follow a command that runs what is not known: it is taken to prepare what comes after it."""
        number, record, state = self.noted(simple, name, given, state)
        record.is_open = True
        return self.chooser.command(state, number, record, said(given), again=any(self.tries))

    def _replaced(self, name: str, simple: Simple, given: list[Filled], state: State) -> list[State]:
        rest = given[1:]
        while rest and rest[0].text.startswith("-"):
            rest = rest[1:]
        if not rest:
            return [state.ended(0)]
        found = self.running(simple, name, given, rest, state)
        return [one._replace(flow="exit", traps=()) for one in found]

    # ---- what a `trap` says

    def handled(self, state: State, signal: str) -> list[State]:
        """Run what a `trap` says; in a function a failure is not handled."""
        handler = next((text for one, text in state.traps if one == signal), None)
        if not handler or (signal == "ERR" and self.calls):
            return [state]
        kept = state.traps
        script = self.read(handler, is_own=True)
        way, self.way = self.way, (*self.way, id(script))
        quiet = state._replace(traps=tuple(pair for pair in kept if pair[0] != signal))
        found = self.inside(script, [quiet])
        self.way = way
        if signal == "EXIT":
            return found
        back = [one if one.flow else one._replace(last=state.last, traps=kept) for one in found]
        return merged(back)


def _codes(value: object) -> list[int]:
    """Give the exit codes that a value may stand for."""
    if isinstance(value, str):
        return [int(value[:9]) % 256 if value.isdecimal() else BAD]
    return [0, BAD] if value is None else [BAD]


def _trapped(texts: list[str], state: State) -> State:
    handler = texts[1] if texts[1] != "-" else ""
    signals = {"EXIT" if one in {"0", "EXIT"} else one.removeprefix("SIG") for one in texts[2:]}
    kept = {one: text for one, text in state.traps if one not in signals}
    kept |= {one: handler for one in signals & {"EXIT", "ERR"} if handler}
    return state._replace(traps=tuple(sorted(kept.items())))


def _set(given: list[Filled], state: State) -> State:
    texts = [one.text for one in given]
    for place, one in enumerate(texts[1:], 1):
        if one == "--" or one[:1] not in {"-", "+"}:
            is_option = place > 1 and texts[place - 1].endswith("o") and texts[place - 1][:1] in {"-", "+"}
            if not is_option:
                begin = place + 1 if one == "--" else place
                return state._replace(given=tuple(given[begin:]))
            continue
        is_on = one[0] == "-"
        name = texts[place + 1] if one.endswith("o") and place + 1 < len(texts) else ""
        if "e" in one[1:] or name == "errexit":
            state = state._replace(stops=is_on)
        if name == "pipefail":
            state = state._replace(pipefail=is_on)
    return state
