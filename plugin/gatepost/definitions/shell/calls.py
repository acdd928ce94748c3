"""A shell followed through what it calls: functions, and shells within the script."""

from __future__ import annotations

from typing import Final

from gatepost.definitions.shell.feeding import as_read, document_of, reads_input
from gatepost.definitions.shell.nested import nested
from gatepost.definitions.shell.quoting import ShellError
from gatepost.definitions.shell.simple import Commands, said
from gatepost.definitions.shell.state import Filled, State, merged
from gatepost.definitions.shell.tree import Script, Simple
from gatepost.definitions.shell.words import Word

__all__ = ["Calls"]

_DEEPEST: Final = 8


class Calls(Commands):
    """The part of a follower that follows calls."""

    def inside(
        self, script: Script, states: list[State], *, is_shell: bool = False, tested: bool = False
    ) -> list[State]:
        """Follow another script in place of this one, to the end of its shell where it has one of its own.

        Where something asks how a copy of the shell ends, no failure within ends it, not even after `set -e`.
        """
        if self.depth > _DEEPEST:
            message = "scripts hold each other too deep"
            raise ShellError(message)
        kept, self.script = self.script, script
        self.depth += 1
        found = self.block(script.body, states, tested=tested)
        found = self.ended(found) if is_shell else found
        self.depth -= 1
        self.script = kept
        return found

    def of_shell(self, simple: Simple, given: list[Filled], state: State) -> list[State] | None:
        """Follow a command that runs a shell; None for others, and for those whose script is not known here."""
        values = [one.text for one in given]
        shell = nested(values)
        if shell is None:
            return None
        text = document_of(simple) if reads_input(simple) else None
        if shell.place >= 0:
            word = next((one for one in simple.words if one.value == values[shell.place]), Word())
            text = as_read(values[shell.place], word.early, word.inner)
        if text is None and reads_input(simple) and self.is_fed:
            message = "what a shell in it reads is not followed"
            raise ShellError(message)
        if text is None or shell.only_reads:
            return [state.ended(0)] if shell.only_reads and text is not None else None
        script = self.read(text, is_own=False)
        kept, self.way = self.way, (*self.way, id(simple))
        found = self.within(
            state,
            lambda states: self.inside(script, states, is_shell=True),
            stops=shell.stops,
            pipefail=shell.pipefail,
            names=(),
            given=None,
        )
        self.way = kept
        return found

    def called(
        self, name: str, simple: Simple, given: list[Filled], states: list[State], *, tested: bool
    ) -> list[State]:
        """Follow a function."""
        if name in self.calls or len(self.calls) > _DEEPEST:
            message = f"the function {name[:60]} calls itself"
            raise ShellError(message)
        function = self.script.functions[name]
        place = next((number for number, one in enumerate(given) if one.text == name), 0)
        arguments = tuple(given[place + 1 :])
        begun: list[State] = []
        others: list[State] = []
        number = self.records.number(self.way, simple, name)
        record = self.records.all[number]
        record.is_call = True
        record.is_unsure |= bool(arguments) and not any("$" in item.text for item in function.items)
        for state in states:
            _, _, ran = self.noted(simple, name, given, state)
            begun.append(ran._replace(given=arguments))
            if name in self.script.conditional:
                record.is_unsure = record.is_open = True
                others += self.chooser.command(ran, number, record, said(given), again=any(self.tries))
        if not states:
            self.noted(simple, name, given, State(), is_reached=False)
        kept, self.way = self.way, (*self.way, id(simple))
        self.calls.append(name)
        before = states[0].given if states else None
        ends = self.block(function, begun, tested=tested)
        self.calls.pop()
        self.way = kept
        back = [
            one._replace(flow="" if one.flow == "return" else one.flow, is_exempt=False, given=before) for one in ends
        ]
        record.codes |= {one.last == 0 for one in back if one.flow != "exit"} | {False for one in back if one.flow}
        return merged([*back, *others])
