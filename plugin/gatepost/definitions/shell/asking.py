"""What a command asks: the names of tests, and what a test surely answers."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Final

from gatepost.definitions.shell.state import BAD, Filled
from gatepost.definitions.shell.tree import Node, Simple
from gatepost.definitions.shell.words import is_assignment

__all__ = ["compared", "is_asking", "name_of"]

_TESTS: Final = frozenset({"[", "[[", "((", "test", "grep", "which", "cmp", "diff", "expr"})
"""Commands that are asked something: that they fail is an answer, and no failure."""
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
    return next((word.value for word in node.words if not is_assignment(word.value)), "")


def is_asking(name: str) -> bool:
    """Tell whether a command asks something whose answer is not known."""
    return name in _TESTS


def compared(given: list[Filled]) -> bool | None:
    """Tell what a test answers, `[ $? -eq 0 ]`, where every value that it may compare has the same answer."""
    name, rest = given[0].text, given[1:]
    if name not in {"[", "[[", "test"}:
        return None
    if name == "[":
        rest = rest[:-1]
    is_negated = bool(rest) and rest[0].text == "!" and len(rest) > 1
    told = _told(rest[1:] if is_negated else rest, is_pattern=name == "[[")
    return told if told is None else told != is_negated


def _told(words: list[Filled], *, is_pattern: bool) -> bool | None:
    match words:
        case [sign, one] if sign.text in {"-n", "-z"} and isinstance(one.value, str | int):
            return (one.value != "") == (sign.text == "-n")
        case [one, sign, other] if sign.text in _COMPARES:
            return _compared(one, sign.text, other, is_pattern=is_pattern)
        case _:
            return None


def _compared(one: Filled, sign: str, other: Filled, *, is_pattern: bool) -> bool | None:
    first, second = _codes(one), _codes(other)
    if first and second:
        answers = {_COMPARES[sign](code, limit) for code in first for limit in second}
        return answers.pop() if len(answers) == 1 else None
    if sign.startswith("-") or not isinstance(one.value, str) or not isinstance(other.value, str):
        return None
    if is_pattern and not {*other.value}.isdisjoint("*?[("):
        return None
    return (one.value == other.value) is not (sign == "!=")


def _codes(one: Filled) -> range | None:
    """Give the numbers that a word may be; None for one that is no number, or not known."""
    if one.value == BAD:
        return range(1, 256)
    if isinstance(one.value, str) and one.value.isdecimal():
        code = int(one.value[:9])
        return range(code, code + 1)
    return None
