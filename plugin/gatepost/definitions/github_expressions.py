"""Expressions of GitHub Actions as trees: read once, judged elsewhere. Bounded; what is not followed is no tree.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

__all__ = ["Node", "asks_for_status", "parsed", "plain_of"]

_TOKEN: Final = re.compile(r"\s*('(?:[^']|'')*'|&&|\|\||[!=<>]=|[!<>(),]|[\w.*\-]+(?:\[[^\[\]()]*\][\w.*\-]*)*)")
_STATUS: Final = re.compile(r"\b(?:always|failure|cancelled|success)\s*\(", re.IGNORECASE)
_TEXT: Final = re.compile(r"'(?:[^']|'')*'")
_INDEX: Final = re.compile(r"\[\s*'([^']*)'\s*\]")
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?\Z")
_BRACES: Final = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_LONGEST: Final = 1_000
"""A longer expression is not taken apart."""
_DEEPEST: Final = 60
"""How deep an expression may nest to be followed."""


class Node(NamedTuple):
    """A part of an expression."""

    kind: str
    """text, number, name, call, `!`, `&&`, `||`, or what compares: `==`, `!=`, `<`, `>`, `<=`, `>=`."""
    text: str = ""
    """What a literal holds; what a name or a function is called, in small letters, `a['b']` written as `a.b`."""
    parts: tuple[Node, ...] = ()


class _UnreadError(Exception):
    """An expression that is not followed."""


@lru_cache(maxsize=4096)
def plain_of(words: str) -> str | None:
    """Give the expression of an `if:`, without the braces around all of it.

    Returns:
        None where other text stands beside the braces: then the whole is a text that is not empty, which always holds.
    """
    if "${{" not in words:
        return words.strip()
    plain = words.removeprefix("${{")
    is_whole = plain != words and plain.endswith("}}") and "${{" not in plain and "}}" not in plain[:-2]
    return plain[:-2].strip() if is_whole else None


@lru_cache(maxsize=4096)
def asks_for_status(words: str) -> bool:
    """Tell whether an `if:` has a status function; one without has `success() &&` before it.

    Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions
    """
    plain = plain_of(words)
    said = plain if plain is not None else " ".join(_BRACES.findall(words))
    return bool(_STATUS.search(_TEXT.sub("''", said)))


@lru_cache(maxsize=4096)
def parsed(plain: str) -> Node | None:
    """Read an expression; None for one that is not followed."""
    tokens = _tokens(plain) if len(plain) <= _LONGEST else []
    reading = _Reading(tokens)
    try:
        found = reading.joined("||", 0)
    except (_UnreadError, IndexError):
        return None
    return found if reading.at == len(tokens) else None


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
    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.at = 0

    def _takes(self, *wanted: str) -> str:
        token = self.tokens[self.at] if self.at < len(self.tokens) else ""
        if token not in wanted:
            return ""
        self.at += 1
        return token

    def joined(self, sign: str, depth: int) -> Node:
        """Read parts with `||`, or `&&`, between them."""
        if depth > _DEEPEST:
            raise _UnreadError
        parts = [self._part(sign, depth)]
        while self._takes(sign):
            parts.append(self._part(sign, depth))
        return Node(sign, parts=tuple(parts)) if len(parts) > 1 else parts[0]

    def _part(self, sign: str, depth: int) -> Node:
        return self.joined("&&", depth) if sign == "||" else self._compared(depth)

    def _compared(self, depth: int) -> Node:
        found = self._one(depth)
        while sign := self._takes("==", "!=", "<", ">", "<=", ">="):
            found = Node(sign, parts=(found, self._one(depth)))
        return found

    def _one(self, depth: int) -> Node:
        if depth > _DEEPEST:
            raise _UnreadError
        if self._takes("!"):
            return Node("!", parts=(self._one(depth + 1),))
        if self._takes("("):
            found = self.joined("||", depth + 1)
            self._must_take(")")
            return found
        token = self.tokens[self.at]
        self.at += 1
        if token.startswith("'"):
            return Node("text", token[1:-1].replace("''", "'").casefold())
        if not re.match(r"[\w*-]", token):
            raise _UnreadError
        if _NUMBER.match(token):
            return Node("number", token)
        name = _INDEX.sub(r".\1", token).casefold()
        return Node("call", name, self._given(depth)) if self._takes("(") else Node("name", name)

    def _given(self, depth: int) -> tuple[Node, ...]:
        given: list[Node] = []
        while not self._takes(")"):
            given.append(self.joined("||", depth + 1))
            if not self._takes(",") and self.tokens[self.at] != ")":
                raise _UnreadError
        return tuple(given)

    def _must_take(self, token: str) -> None:
        if not self._takes(token):
            raise _UnreadError
