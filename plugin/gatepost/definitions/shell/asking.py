"""What a command asks: the names of tests, and what a test of an exit code surely answers."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from typing import Final, Literal

from gatepost.definitions.shell.tree import Item, Node, Pipe, Redirected, Simple

__all__ = ["Exit", "answered", "asks_status", "is_test", "known", "name_of", "names_status", "simple_of"]

Exit = Literal["fails", "goes-on"]
"""How a command ended: with an exit code above zero, of which more is not known, or with zero."""
_TESTS: Final = frozenset({"[", "[[", "((", "test", "grep", "which", "cmp", "diff", "expr"})
"""Commands that are asked something: that they fail is an answer, and no failure."""
_ASSIGNED: Final = re.compile(r"[A-Za-z_]\w*\+?=")
_STATUS: Final = frozenset({"$?", "${?}"})
_CODES: Final[dict[Exit, range]] = {"fails": range(1, 256), "goes-on": range(1)}
_COMPARES: Final[dict[str, Callable[[int, int], bool]]] = {
    **dict.fromkeys(("-eq", "=", "=="), operator.eq),
    **dict.fromkeys(("-ne", "!="), operator.ne),
    "-gt": operator.gt,
    "-ge": operator.ge,
    "-lt": operator.lt,
    "-le": operator.le,
}


def name_of(node: Node) -> str:
    """Give the name of a command, behind the variables that are set for it; empty for one that only sets some."""
    if not isinstance(node, Simple):
        return ""
    return next((word.value for word in node.words if not _ASSIGNED.match(word.value)), "")


def simple_of(item: Item) -> Simple | None:
    """Give the one command that a statement is, if it is no more than that."""
    if len(item.chain.parts) != 1 or len(item.chain.parts[0][1].nodes) != 1:
        return None
    node = item.chain.parts[0][1].nodes[0]
    return node if isinstance(node, Simple) else None


def is_test(pipe: Pipe) -> bool:
    """Tell whether a pipeline asks something whose answer is not known."""
    node = pipe.nodes[0] if len(pipe.nodes) == 1 else None
    node = node.node if isinstance(node, Redirected) else node
    if not isinstance(node, Simple):
        return False
    name = name_of(node)
    return name in _TESTS or (name == "command" and [word.value for word in node.words][1:2] in (["-v"], ["-V"]))


def known(pipe: Pipe) -> bool | None:
    """Tell whether a pipeline surely succeeds or fails."""
    name = name_of(pipe.nodes[0]) if len(pipe.nodes) == 1 else ""
    told = {"true": True, ":": True, "false": False}.get(name)
    return told if told is None else told != pipe.is_negated


def names_status(word: str, held: Iterable[str]) -> bool:
    """Tell whether a word is the last exit code, or a variable that holds it."""
    return word in _STATUS or word in held


def asks_status(simple: Simple, held: Iterable[str]) -> bool:
    """Tell whether a command is a test of the last exit code, or of a variable that holds one."""
    return name_of(simple) in _TESTS and any(names_status(word.value, held) for word in simple.words)


def answered(simple: Simple, ended: Exit, held: dict[str, Exit]) -> bool | None:
    """Tell what a test of an exit code answers, `[ $? -eq 0 ]`, where every code that it can be has the same answer.

    Args:
        simple: the test.
        ended: how the command before it ended.
        held: the variables that hold an exit code.
    """
    words = [word.value for word in simple.words]
    words = words[1:-1] if words[0] == "[" else words[1:] if words[0] in {"test", "[["} else []
    if len(words) != 3 or words[1] not in _COMPARES or not words[2].isdecimal():  # noqa: PLR2004 - `$?`, `-eq`, a number
        return None
    how = ended if words[0] in _STATUS else held.get(words[0])
    if how is None:
        return None
    answers = {_COMPARES[words[1]](code, int(words[2][:9])) for code in _CODES[how]}
    return answers.pop() if len(answers) == 1 else None
