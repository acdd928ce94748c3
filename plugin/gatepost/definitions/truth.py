"""Conditions of a definition, answered as far as what is known of a run decides them: true, false, or not known.

The operators are those of Argo; what stands between them is asked of whoever knows the run.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

__all__ = ["Value", "all_of", "any_of", "holds", "negated"]

Value = bool | str | None
"""What an operand is; None where that is not known."""
_TOKEN: Final = re.compile(r"\s*(&&|\|\||==|!=|=~|[()!]|'(?:[^']|'')*'|\"[^\"]*\")")
_LONGEST: Final = 1_000
_DEEPEST: Final = 20


class _UnreadError(Exception):
    """An expression that is not followed."""


def all_of(*ones: bool | None) -> bool | None:
    """Tell whether all of some things hold."""
    return False if False in ones else None if None in ones else True


def any_of(*ones: bool | None) -> bool | None:
    """Tell whether one of some things holds."""
    return True if True in ones else None if None in ones else False


def negated(one: bool | None) -> bool | None:  # noqa: FBT001 - the thing itself
    """Tell whether something does not hold."""
    return None if one is None else not one


def holds(text: str, value_of: Callable[[str], Value]) -> bool | None:
    """Tell whether a condition holds; None where that is not known.

    Args:
        text: the condition; what a tool fills in may stand in braces.
        value_of: gives what an operand is that is no literal: a name, or a function with its arguments.
    """
    plain = text.replace("${{", " ").replace("{{", "").replace("}}", " ").strip()
    if not plain or len(plain) > _LONGEST:
        return None if plain else True
    try:
        reader = _Reader(plain, value_of)
        found = reader.either(0)
    except _UnreadError:
        return None
    return found if reader.is_done else None


class _Reader:
    def __init__(self, text: str, value_of: Callable[[str], Value]) -> None:
        self.text = text
        self.value_of = value_of
        self.at = 0

    @property
    def is_done(self) -> bool:
        return not self.text[self.at :].strip()

    def either(self, depth: int) -> bool | None:
        found = [self._both(depth)]
        while self._take("||"):
            found.append(self._both(depth))
        return any_of(*found)

    def _both(self, depth: int) -> bool | None:
        found = [self._compared(depth)]
        while self._take("&&"):
            found.append(self._compared(depth))
        return all_of(*found)

    def _compared(self, depth: int) -> bool | None:
        one = self._operand(depth)
        for sign in ("==", "!=", "=~"):
            if self._take(sign):
                return _compare(sign, one, self._operand(depth))
        return one != "" if isinstance(one, str) else one

    def _operand(self, depth: int) -> Value:
        if depth > _DEEPEST:
            raise _UnreadError
        if self._take("!"):
            one = self._operand(depth + 1)
            return negated(one != "" if isinstance(one, str) else one)
        if self._take("("):
            found = self.either(depth + 1)
            if not self._take(")"):
                raise _UnreadError
            return found
        quoted = _TOKEN.match(self.text, self.at)
        if quoted is not None and quoted[1][0] in "'\"":
            self.at = quoted.end()
            return quoted[1][1:-1]
        return self._word()

    def _word(self) -> Value:
        """Read a name, a number, or a function with all that its parentheses hold."""
        begin, level = self.at, 0
        while self.at < len(self.text):
            sign = self.text[self.at]
            if level == 0 and (sign == ")" or self.text.startswith(("&&", "||", "==", "!=", "=~"), self.at)):
                break
            level += (sign == "(") - (sign == ")")
            self.at += 1
        word = self.text[begin : self.at].strip()
        if not word or level:
            raise _UnreadError
        if word.casefold() in {"true", "false"}:
            return word.casefold() == "true"
        return self.value_of(re.sub(r"\s+", "", word))

    def _take(self, sign: str) -> bool:
        found = _TOKEN.match(self.text, self.at)
        if found is None or found[1] != sign:
            return False
        self.at = found.end()
        return True


def _compare(sign: str, one: Value, other: Value) -> bool | None:
    if one is None or other is None or isinstance(one, bool) is not isinstance(other, bool) or sign == "=~":
        return None
    same = one.casefold() == other.casefold() if isinstance(one, str) and isinstance(other, str) else one == other
    return same if sign == "==" else not same
