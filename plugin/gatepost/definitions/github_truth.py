"""What an expression of GitHub comes to when a job before has failed, was cancelled, or was left out.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
"""

from __future__ import annotations

import json
import re
from enum import IntEnum
from functools import lru_cache
from typing import Final, NamedTuple

__all__ = ["BEYOND", "CANCELLED", "FAILED", "LEFT_OUT", "Truth", "World", "truth_of"]

_TOKEN: Final = re.compile(r"\s*('(?:[^']|'')*'|&&|\|\||[!=<>]=|[!<>(),]|[\w.*\-]+(?:\[[^\[\]()]*\][\w.*\-]*)*)")
_RESULT: Final = re.compile(r"needs(?:\.([\w*-]+)|\['([\w-]+)'\])\.result\Z", re.IGNORECASE)
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?\Z")
_DEEPEST: Final = 60
"""How deep an expression may nest to be followed."""


class Truth(IntEnum):
    """Whether an expression holds, the surest no first."""

    NO = 0
    UNREAD = 1
    """It depends on what the jobs before hand over, in a way that is not followed."""
    MAY = 2
    """It depends on something else than these jobs: whatever became of them, it may hold."""
    YES = 3


class World(NamedTuple):
    """What became of one job before."""

    result: str
    failed: bool
    """Whether a job before has failed, this one or one before it: what `failure()` tells."""
    cancelled: bool = False


FAILED: Final = World("failure", failed=True)
CANCELLED: Final = World("cancelled", failed=False, cancelled=True)
BEYOND: Final = World("skipped", failed=True)
"""It was left out because one before it has failed."""
LEFT_OUT: Final = World("skipped", failed=False)
"""Its own condition left it out."""


class _Listed(NamedTuple):
    """A list of texts; there may be more in it that is not known."""

    texts: frozenset[str]
    is_whole: bool


_Value = Truth | str | _Listed


@lru_cache(maxsize=4096)
def truth_of(text: str, before: str, world: World, *, is_alone: bool) -> Truth:
    """Tell whether an expression holds.

    Args:
        text: the expression.
        before: the job that has come to what the world says.
        world: what became of it.
        is_alone: whether it is the only job that the expression can ask for.
    """
    reading = _Reading(_tokens(text), before, world, is_alone=is_alone)
    try:
        found = _truth(reading.either(0))
    except (_UnreadError, IndexError):
        return Truth.UNREAD
    return found if reading.at == len(reading.tokens) else Truth.UNREAD


class _UnreadError(Exception):
    """An expression that is not followed."""


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            return []
        found.append(match[1])
        at = match.end()
    return found


class _Reading:
    def __init__(self, tokens: list[str], before: str, world: World, *, is_alone: bool) -> None:
        self.tokens = tokens
        self.before = before.casefold()
        self.world = world
        self.is_alone = is_alone
        self.at = 0

    def _takes(self, token: str) -> bool:
        is_next = self.at < len(self.tokens) and self.tokens[self.at] == token
        self.at += is_next
        return is_next

    def either(self, depth: int) -> _Value:
        """Read parts with `||` between them."""
        if depth > _DEEPEST:
            raise _UnreadError
        found = self._all(depth)
        while self._takes("||"):
            found = max(_truth(found), _truth(self._all(depth)))
        return found

    def _all(self, depth: int) -> _Value:
        found = self._compared(depth)
        while self._takes("&&"):
            found = min(_truth(found), _truth(self._compared(depth)))
        return found

    def _compared(self, depth: int) -> _Value:
        found = self._one(depth)
        for sign in ("==", "!="):
            if self._takes(sign):
                same = _same(found, self._one(depth))
                return _not(same) if sign == "!=" else same
        if self.at < len(self.tokens) and self.tokens[self.at] in {"<", ">", "<=", ">="}:
            self.at += 1
            return min(_known(found), _known(self._one(depth)))
        return found

    def _one(self, depth: int) -> _Value:
        if self._takes("!"):
            if depth > _DEEPEST:
                raise _UnreadError
            return _not(_truth(self._one(depth + 1)))
        if self._takes("("):
            found = self.either(depth + 1)
            if not self._takes(")"):
                raise _UnreadError
            return found
        token = self.tokens[self.at]
        self.at += 1
        if token.startswith("'"):
            return token[1:-1].replace("''", "'").casefold()
        return self._called(token.casefold(), depth) if self._takes("(") else self._named(token)

    def _named(self, token: str) -> _Value:
        plain = token.casefold()
        if plain in {"true", "false", "null"}:
            return Truth.YES if plain == "true" else Truth.NO
        if _NUMBER.match(plain):
            return plain
        if not plain.startswith("needs"):
            return Truth.MAY
        result = _RESULT.match(plain)
        if result is None:
            return Truth.UNREAD
        name = result[1] or result[2]
        if name == "*":
            return _Listed(frozenset({self.world.result}), self.is_alone)
        return self.world.result if name == self.before else Truth.MAY

    def _called(self, name: str, depth: int) -> _Value:
        given: list[_Value] = []
        while not self._takes(")"):
            given.append(self.either(depth + 1))
            if not self._takes(",") and self.tokens[self.at] != ")":
                raise _UnreadError
        match name, given:
            case "always", []:
                return Truth.YES
            case "success", []:
                return Truth.NO
            case "failure", []:
                return Truth.YES if self.world.failed else Truth.NO
            case "cancelled", []:
                return Truth.YES if self.world.cancelled else Truth.NO
            case "contains", [held, wanted]:
                return _contains(held, wanted)
            case "join", [_Listed() as held, *_]:
                return held
            case "fromjson", [str(text)]:
                return _parsed(text)
        return min(map(_known, given), default=Truth.MAY)


def _parsed(text: str) -> _Value:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise _UnreadError from None
    if isinstance(found, list) and all(isinstance(one, str) for one in found):
        return _Listed(frozenset(one.casefold() for one in found), is_whole=True)
    raise _UnreadError


def _contains(held: _Value, wanted: _Value) -> Truth:
    if isinstance(held, _Listed) and isinstance(wanted, str):
        return Truth.YES if wanted in held.texts else Truth.NO if held.is_whole else Truth.MAY
    if isinstance(held, str) and isinstance(wanted, str):
        return Truth.YES if wanted in held else Truth.NO
    return min(_known(held), _known(wanted))


def _same(one: _Value, other: _Value) -> Truth:
    if isinstance(one, str) and isinstance(other, str):
        return Truth.YES if one == other else Truth.NO
    pair = {one, other}
    if pair <= {Truth.YES, Truth.NO}:
        return Truth.YES if len(pair) == 1 else Truth.NO
    return min(_known(one), _known(other))


def _known(value: _Value) -> Truth:
    """Tell what can be said of what is made from a value: nothing for sure."""
    return Truth.UNREAD if value == Truth.UNREAD or isinstance(value, _Listed) else Truth.MAY


def _truth(value: _Value) -> Truth:
    if isinstance(value, Truth):
        return value
    return Truth.YES if isinstance(value, _Listed) or value not in {"", "0"} else Truth.NO


def _not(value: Truth) -> Truth:
    return {Truth.YES: Truth.NO, Truth.NO: Truth.YES}.get(value, value)
