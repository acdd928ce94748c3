"""Exit codes that a script keeps, and asks for later: `$?`, `${PIPESTATUS[0]}`, `code=$?` and `exit $code`."""

from __future__ import annotations

import re
from typing import Final

from gatepost.definitions.shell.asking import Exit, name_of, simple_of
from gatepost.definitions.shell.outcomes import End
from gatepost.definitions.shell.results import SETTING, Results
from gatepost.definitions.shell.tree import Block, Choice, Item, Pipe, Simple

__all__ = ["Codes", "note_in"]

_PIPES: Final = 10
"""So many commands of a pipe are told apart."""
_HOLDS: Final = re.compile(r"([A-Za-z_]\w*)=(\$\?|\$\{\?\}|\$\{PIPESTATUS\[\d\]\})\Z")
_NOTES: Final = re.compile(r"([A-Za-z_]\w*)=(?:\$\?|\$\{\?\}|0*[1-9]\d*)\Z")
_STATUS: Final = re.compile(r"\$\{?\?|PIPESTATUS")
_TELLING: Final = frozenset({"echo", "printf", "logger"})
"""Commands that only tell the exit code that they are given."""


def note_in(pipe: Pipe) -> str:
    """Give the variable that an answer to a failure keeps it in, `|| code=$?`; empty for any other answer."""
    node = pipe.nodes[0] if len(pipe.nodes) == 1 else None
    if not isinstance(node, Simple) or len(node.words) != 1 or pipe.is_negated:
        return ""
    found = _NOTES.match(node.words[0].value)
    return found[1] if found else ""


class Codes(Results):
    """The part of a walk that follows exit codes."""

    def asked_for(self, later: tuple[Item, ...], place: int | None, last: Exit) -> End | None:
        """Follow a failure whose exit code the next statement takes; None where it does not.

        Args:
            later: the statements behind the one that has failed.
            place: which command of a pipe has failed, from 0; None where that is not known.
            last: how the statement has ended: well, where only a part of a pipe has failed.
        """
        text, first = later[0].text, simple_of(later[0])
        is_of_pipe = "PIPESTATUS" in text
        if (last == "goes-on" and not is_of_pipe) or not (_STATUS.search(text) or name_of_leaving(first)):
            return None
        pipes: dict[str, Exit] = {
            f"${{PIPESTATUS[{number}]}}": "fails" if number == place else "goes-on"
            for number in range(_PIPES if place is not None else 0)
        }
        if held := _HOLDS.match(text):
            how = pipes.get(held[2], "open") if is_of_pipe else last
            return self.noted(held[1], later[1:]) if how == "fails" else None if how == "goes-on" else "open"
        kept, self.held = self.held, {**self.held, **pipes}
        end = self._answered(later, first, last)
        self.held = kept
        return end

    def _answered(self, later: tuple[Item, ...], first: Simple | None, last: Exit) -> End | None:
        if first is not None and name_of_leaving(first):
            return self.done(first, last)
        if any("PIPESTATUS" in item.text for item in later[1:]):
            return "open"
        if self._is_understood(later[0], last):
            return self.sequence(Block(later), last)
        return None if first is not None and name_of(first) in _TELLING else "open"

    def _is_understood(self, item: Item, last: Exit) -> bool:
        """Tell whether a statement begins with a test of the exit code whose answer is sure."""
        pipe = item.chain.parts[0][1]
        node = pipe.nodes[0] if len(pipe.nodes) == 1 else None
        if isinstance(node, Choice):
            return self.told_of(node.branches[0][0], last) is not None
        return node is not None and self.told(pipe, last) is not None

    def noted(self, name: str, later: tuple[Item, ...]) -> End:
        """Follow a failure that a variable holds through the statements behind it."""
        words = (f"${name}", f"${{{name}}}")
        self.spend(len(later))
        if any(_may_set(one, name) for one in self.commands_in(Block(later))):
            return "open"
        kept, self.held = self.held, {**self.held, **dict.fromkeys(words, "fails")}
        end = self.sequence(Block(later), "goes-on")
        self.held = kept
        asks = re.compile(rf"\$\{{?{name}\b|\(\(.*\b{name}\b")
        seen = sum(len(asks.findall(item.text)) for item in later)
        is_asked_elsewhere = len(asks.findall(self.script.text)) > seen
        return "open" if end in {"goes-on", "may-leave"} and is_asked_elsewhere else end


def _may_set(simple: Simple, name: str) -> bool:
    """Tell whether a command may give a variable another value."""
    values = [word.value for word in simple.words]
    command = name_of(simple)
    is_set = any(value.startswith((f"{name}=", f"{name}+=")) for value in values)
    return command in {"((", "eval", "let"} or (
        (is_set and (not command or command in SETTING)) or (command in {"read", "unset"} and name in values)
    )


def name_of_leaving(simple: Simple | None) -> str:
    """Give the name of a command that leaves a script or a function; empty for any other."""
    name = name_of(simple) if simple is not None else ""
    return name if name in {"exit", "return"} else ""
