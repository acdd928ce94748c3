"""What an expression of GitHub Actions comes to, as far as what is known decides it.

One reader for every place: the `if:` of jobs and of steps, whatever is known of the jobs and steps before. A status
function asks the scope that the expression stands in:

- `success()`: every step before has succeeded; of a job: every job of the chain before it, so a job that was skipped or
  cancelled anywhere before it counts as well as one that failed;
- `failure()`: some step before has failed; of a job: some job of the chain before it;
- `cancelled()`: the run was cancelled; `always()`: whatever happened.

An expression without any of the four has `success() &&` before it.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Iterable
from enum import IntEnum
from typing import Final, NamedTuple

from gatepost.definitions.github_expressions import Node, asks_for_status, parsed, plain_of

__all__ = ["ANY", "Listed", "Operand", "Scope", "Texts", "Truth", "holds", "truth_of"]


class Truth(IntEnum):
    """Whether an expression holds, the surest no first."""

    NO = 0
    UNREAD = 1
    """It depends on what the jobs before hand over, in a way that is not followed."""
    MAY = 2
    """It depends on something else than these jobs: whatever became of them, it may hold."""
    YES = 3

    @property
    def sure(self) -> bool | None:
        """Whether it surely holds, or surely does not; None for neither."""
        return {Truth.NO: False, Truth.YES: True}.get(self)


class Texts(NamedTuple):
    """The texts that an operand may be, in small letters: GitHub compares without regard to them."""

    can: frozenset[str]


class Listed(NamedTuple):
    """A list of texts of which each may be some."""

    items: tuple[frozenset[str], ...]
    is_whole: bool = True
    """Whether there is nothing else in it."""


class _Number(NamedTuple):
    text: str


Operand = Truth | Texts | Listed | _Number
NULL: Final = Texts(frozenset({""}))


class Scope(NamedTuple):
    """What is known where an expression stands."""

    succeeded: Truth
    """Whether all before has succeeded: `success()`."""
    failed: Truth
    """Whether something before has failed: `failure()`."""
    cancelled: Truth
    """Whether the run was cancelled: `cancelled()`."""
    value: Callable[[str], Operand | None] = lambda _: None
    """Gives what a name stands for, `needs.gate.result`; None for what is not known."""


ANY: Final = Scope(Truth.MAY, Truth.MAY, Truth.MAY)
"""Where nothing is known."""


def holds(words: str, scope: Scope) -> Truth:
    """Tell whether an `if:` holds; nothing said asks for success."""
    found = truth_of(words, scope) if words else Truth.YES
    return found if asks_for_status(words) else min(found, scope.succeeded)


def truth_of(words: str, scope: Scope) -> Truth:
    """Tell whether an expression holds, taken at its words."""
    plain = plain_of(words)
    if plain is None:
        return Truth.YES
    tree = parsed(plain)
    return _truth(_of(tree, scope)) if tree is not None else Truth.UNREAD


def _of(node: Node, scope: Scope) -> Operand:
    match node.kind:
        case "text":
            return Texts(frozenset({node.text}))
        case "number":
            return _Number(node.text)
        case "name":
            return _named(node.text, scope)
        case "call":
            return _called(node, scope)
        case "!":
            return _not(_truth(_of(node.parts[0], scope)))
        case "&&" | "||":
            return _joined(node, scope)
        case "==":
            return _same(*(_of(one, scope) for one in node.parts))
        case "!=":
            return _not(_same(*(_of(one, scope) for one in node.parts)))
        case _:
            return min(_known(_of(one, scope)) for one in node.parts)


def _joined(node: Node, scope: Scope) -> Operand:
    """Give the operand that decides, as GitHub does; where that is not known, only whether it holds."""
    found = _of(node.parts[0], scope)
    ending = Truth.NO if node.kind == "&&" else Truth.YES
    for part in node.parts[1:]:
        truth = _truth(found)
        if truth == ending:
            return found
        other = _of(part, scope)
        least = min if node.kind == "&&" else max
        found = other if truth in {Truth.YES, Truth.NO} else least(truth, _truth(other))
    return found


def _named(name: str, scope: Scope) -> Operand:
    if name in {"true", "false"}:
        return Truth.YES if name == "true" else Truth.NO
    if name == "null":
        return NULL
    found = scope.value(name)
    if found is not None:
        return found
    return Truth.UNREAD if name.startswith("needs") else Truth.MAY


def _called(node: Node, scope: Scope) -> Operand:
    status = {"always": Truth.YES, "success": scope.succeeded, "failure": scope.failed, "cancelled": scope.cancelled}
    if node.text in status:
        return Truth.UNREAD if node.parts else status[node.text]
    given = [_of(one, scope) for one in node.parts]
    match node.text, given:
        case "contains", [Listed() as held, Texts() as wanted]:
            return _is_in(held, wanted)
        case "contains", [Texts() as held, Texts() as wanted]:
            return _all_pairs(held, wanted, lambda one, other: other in one)
        case "startswith", [Texts() as held, Texts() as wanted]:
            return _all_pairs(held, wanted, str.startswith)
        case "endswith", [Texts() as held, Texts() as wanted]:
            return _all_pairs(held, wanted, str.endswith)
        case "join", [Listed() as held, *_]:
            return held
        case "fromjson", [Texts() as texts] if len(texts.can) == 1:
            return _read(next(iter(texts.can)))
    return min(map(_known, given), default=Truth.MAY)


def _read(text: str) -> Operand:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return Truth.UNREAD
    if isinstance(found, list) and all(isinstance(one, str) for one in found):
        return Listed(tuple(frozenset({one.casefold()}) for one in found))
    if isinstance(found, bool):
        return Truth.YES if found else Truth.NO
    return Truth.UNREAD


def _is_in(held: Listed, wanted: Texts) -> Truth:
    if len(wanted.can) == 1 and any(one == wanted.can for one in held.items):
        return Truth.YES
    if held.is_whole and len(wanted.can) > 1 and _covers(held, wanted):
        return Truth.YES
    is_possible = not held.is_whole or any(one & wanted.can for one in held.items)
    return Truth.MAY if is_possible else Truth.NO


def _covers(held: Listed, wanted: Texts) -> bool:
    return all(any(one == {text} for one in held.items) for text in wanted.can)


def _all_pairs(one: Texts, other: Texts, tells: Callable[[str, str], bool]) -> Truth:
    return _agreed(tells(*pair) for pair in itertools.product(one.can, other.can))


def _agreed(ways: Iterable[bool]) -> Truth:
    found = set(ways)
    return Truth.MAY if len(found) != 1 else Truth.YES if True in found else Truth.NO


def _same(one: Operand, other: Operand) -> Truth:
    if isinstance(one, Texts) and isinstance(other, Texts):
        return _all_pairs(one, other, str.__eq__)
    ones, others = _numbers(one), _numbers(other)
    if ones is None or others is None:
        return min(_known(one), _known(other))
    return _agreed(a == b for a, b in itertools.product(ones, others))


def _numbers(value: Operand) -> list[float] | None:
    """Give the numbers that values of two kinds are compared as; None where that is not known."""
    if isinstance(value, Truth):
        return [float(value == Truth.YES)] if value in {Truth.YES, Truth.NO} else None
    if isinstance(value, Listed):
        return None
    return [_number(text) for text in ([value.text] if isinstance(value, _Number) else value.can)]


def _number(text: str) -> float:
    try:
        return float(text) if text.strip() else 0.0
    except ValueError:
        return math.nan


def _known(value: Operand) -> Truth:
    """Tell what can be said of what is made from a value: nothing for sure."""
    return Truth.UNREAD if value == Truth.UNREAD or isinstance(value, Listed) else Truth.MAY


def _truth(value: Operand) -> Truth:
    match value:
        case Truth():
            return value
        case Listed():
            return Truth.YES
        case _Number():
            return Truth.YES if _number(value.text) else Truth.NO
        case Texts():
            return _agreed(text != "" for text in value.can)


def _not(value: Truth) -> Truth:
    return {Truth.YES: Truth.NO, Truth.NO: Truth.YES}.get(value, value)
