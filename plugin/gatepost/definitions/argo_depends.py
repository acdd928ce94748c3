"""The `depends` of an Argo task: `A && (B.Succeeded || C.Failed)`. Who is waited for, and whose failure still stops.

Source: https://argo-workflows.readthedocs.io/en/latest/enhanced-depends-logic/
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

__all__ = ["Depends", "parse_depends"]

_TOKEN: Final = re.compile(r"\s*(&&|\|\||!|\(|\)|[A-Za-z0-9_][\w-]*(?:\.\w+)?)")
_DEEPEST: Final = 50
_LONGEST: Final = 4096
_MODES: Final = ("Failed", "Errored", "Skipped")
_TRUE_IN: Final = {
    "Failed": {"Failed", "AllFailed", "AnySucceeded"},
    "Errored": {"Errored"},
    "Skipped": {"Skipped", "Omitted"},
}
"""The results that may be asked for by name and hold when a task ended in a way that is no success."""


class _Term(NamedTuple):
    task: str
    result: str


class _Joined(NamedTuple):
    is_all: bool
    parts: list[_Node]


class _Not(NamedTuple):
    part: _Node


_Node = _Term | _Joined | _Not


class Depends(NamedTuple):
    """A `depends` that could be read."""

    tasks: tuple[str, ...]
    """The tasks that it names, in their order."""
    weak: frozenset[str]
    """Those whose failure, or whose being left out where that is named, lets the task run."""


def parse_depends(text: str) -> Depends | None:
    """Read a `depends` expression; None when it is none."""
    tokens: list[str] = []
    at = 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None or len(text) > _LONGEST:
            return None
        tokens.append(match[1])
        at = match.end()
    parser = _Parser(tokens)
    node = parser.either(0)
    if node is None or parser.waiting:
        return None
    names = dict.fromkeys(token.partition(".")[0] for token in tokens if token[0].isalnum() or token[0] == "_")
    weak = {name for name in names if any(_can(node, name, mode)[0] for mode in _MODES)}
    return Depends(tuple(names), frozenset(weak))


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self.waiting = tokens

    def _take(self, *wanted: str) -> bool:
        if self.waiting and self.waiting[0] in wanted:
            self.waiting = self.waiting[1:]
            return True
        return False

    def either(self, depth: int) -> _Node | None:
        return self._joined(depth, "||")

    def _joined(self, depth: int, operator: str) -> _Node | None:
        parts: list[_Node] = []
        while True:
            part = self._joined(depth, "&&") if operator == "||" else self._single(depth)
            if part is None:
                return None
            parts.append(part)
            if not self._take(operator):
                return parts[0] if len(parts) == 1 else _Joined(operator == "&&", parts)

    def _single(self, depth: int) -> _Node | None:
        if depth > _DEEPEST or not self.waiting:
            return None
        if self._take("!"):
            part = self._single(depth + 1)
            return _Not(part) if part is not None else None
        if self._take("("):
            part = self.either(depth + 1)
            return part if part is not None and self._take(")") else None
        token, self.waiting = self.waiting[0], self.waiting[1:]
        if not (token[0].isalnum() or token[0] == "_"):
            return None
        task, _, result = token.partition(".")
        return _Term(task, result)


def _can(node: _Node, failed: str, mode: str) -> tuple[bool, bool]:
    """Tell whether an expression can hold, and whether it can not, when one task ended so and others anyhow."""
    match node:
        case _Term():
            if node.task != failed:
                return True, True
            holds = node.result in _TRUE_IN[mode]
            return holds, not holds
        case _Not():
            holds, fails = _can(node.part, failed, mode)
            return fails, holds
        case _Joined():
            told = [_can(part, failed, mode) for part in node.parts]
            ones, others = [one for one, _ in told], [other for _, other in told]
            return (all(ones), any(others)) if node.is_all else (any(ones), all(others))
