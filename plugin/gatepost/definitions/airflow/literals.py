"""Computing with plain values, as the file would: bounded, and unknown where it is not sure."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from typing import Any, Final

from gatepost.definitions.airflow.judging import is_same, truth
from gatepost.definitions.airflow.values import REST, UNKNOWN, Imported, Unknown

__all__ = ["LONGEST", "built_in", "compared", "computed", "formatted", "iterated", "string_method"]

LONGEST: Final = 5_000
"""The most items of a list, and of rounds of a loop, that are followed."""
_MAX_TEXT: Final = 65_536
_MAX_BITS: Final = 256
_FIELD: Final = re.compile(r"\{\{|\}\}|\{([A-Za-z_]\w*|\d*)\}|[{}]")
_PERCENT: Final = re.compile(r"%(?:\((\w+)\))?(%|s|d|0?\d{1,2}d)|%")
_SPEC: Final = re.compile(r"[<>^]?0?\d{0,2}[ds]?\Z")
_METHODS: Final = frozenset(
    (  # noqa: SIM905 - words read best as a text
        "capitalize casefold count endswith find index isdigit join lower lstrip partition removeprefix removesuffix "
        "replace rpartition rsplit rstrip split startswith strip title upper"
    ).split()
)
_NUMBERS: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_ORDERS: Final[dict[type[ast.cmpop], Callable[[Any, Any], Any]]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def bounded(value: object) -> object:
    """Give a value, or unknown where it grows beyond what a pipeline needs."""
    too_much = (
        (isinstance(value, int) and value.bit_length() > _MAX_BITS)
        or (isinstance(value, str) and len(value) > _MAX_TEXT)
        or (isinstance(value, list | dict) and len(value) > LONGEST)
    )
    return UNKNOWN if too_much else value


def computed(op: ast.operator, left: object, right: object) -> object:
    """Compute `left op right`."""
    if isinstance(op, ast.Mod) and isinstance(left, str):
        return _percent(left, right)
    if isinstance(op, ast.Add) and isinstance(left, list) and isinstance(right, list):
        return bounded([*left, *right])
    if isinstance(op, ast.Add) and isinstance(left, str) and isinstance(right, str):
        return bounded(left + right)
    if isinstance(op, ast.BitOr) and isinstance(left, dict) and isinstance(right, dict):
        return bounded({**left, **right})
    if isinstance(op, ast.Mult) and isinstance(left, str | list) and isinstance(right, int):
        return bounded(left * right) if 0 <= right * max(len(left), 1) <= LONGEST else UNKNOWN
    if isinstance(left, int | float) and isinstance(right, int | float) and type(op) in _NUMBERS:
        try:
            return bounded(_NUMBERS[type(op)](left, right))
        except ArithmeticError:
            return UNKNOWN
    return UNKNOWN


def compared(op: ast.cmpop, left: object, right: object) -> bool | None:
    """Compare two values; None when that is not known."""
    match op:
        case ast.Eq() | ast.Is():
            return _equal(left, right)
        case ast.NotEq() | ast.IsNot():
            equal = _equal(left, right)
            return None if equal is None else not equal
        case ast.In() | ast.NotIn():
            found = _contains(right, left)
            return None if found is None else found == isinstance(op, ast.In)
        case _:
            numbers = isinstance(left, int | float) and isinstance(right, int | float)
            texts = isinstance(left, str) and isinstance(right, str)
            return bool(_ORDERS[type(op)](left, right)) if numbers or texts else None


def _is_plain(value: object) -> bool:
    if isinstance(value, list):
        return all(map(_is_plain, value))
    if isinstance(value, dict):
        return all(map(_is_plain, value.values()))
    return value is None or isinstance(value, str | int | float | bytes)


def _equal(left: object, right: object) -> bool | None:
    if is_same(left, right):
        return None if isinstance(left, Unknown) else True
    if left is None or right is None:
        return None if isinstance(left if right is None else right, Unknown | Imported) else False
    return bool(left == right) if _is_plain(left) and _is_plain(right) else None


def _contains(holder: object, wanted: object) -> bool | None:
    if isinstance(holder, str) and isinstance(wanted, str):
        return wanted in holder
    if not isinstance(holder, list | dict):
        return None
    results = [None if one == REST else _equal(one, wanted) for one in holder]
    return True if True in results else None if None in results else False


def iterated(value: object) -> list[object] | None:
    """Give what a loop over a value goes through; None when that is not known."""
    if not isinstance(value, list | dict | str) or len(value) > LONGEST or (isinstance(value, dict) and REST in value):
        return None
    found: list[object] = list(value)
    return None if any(isinstance(one, Unknown) for one in found) else found


def formatted(value: object, spec: str = "", conversion: int = -1) -> str | None:
    """Give a value as an f-string writes it; None when that is not known."""
    if not isinstance(value, str | int | float) or not _SPEC.match(spec):
        return None
    try:
        shown = repr(value) if conversion == ord("r") else value
        return format(shown, spec)
    except (ValueError, TypeError):
        return None


def _percent(pattern: str, given: object) -> object:
    """Fill in `%s` and `%d`."""
    waiting = list(given) if isinstance(given, list) else [given]
    parts: list[str] = []
    at = 0
    for match in _PERCENT.finditer(pattern):
        parts.append(pattern[at : match.start()])
        at = match.end()
        if match[2] == "%":
            parts.append("%")
            continue
        value = given.get(match[1], UNKNOWN) if match[1] and isinstance(given, dict) else None
        if not match[1]:
            value = waiting.pop(0) if waiting else UNKNOWN
        text = formatted(value, "" if match[2] == "s" else match[2] or "?")
        if text is None:
            return UNKNOWN
        parts.append(text)
    return bounded("".join([*parts, pattern[at:]]))


def string_method(text: str, name: str, given: list[object], named: dict[str, object]) -> object:
    """Call a method of a text that gives a text, a list of texts, a number or a truth."""
    if name == "format":
        return _format(text, given, named)
    if name not in _METHODS or named or not all(map(_is_plain, given)):
        return UNKNOWN
    try:
        found = getattr(text, name)(*given)
    except (TypeError, ValueError, IndexError):
        return UNKNOWN
    return bounded(list(found) if isinstance(found, tuple) else found)


def _format(text: str, given: list[object], named: dict[str, object]) -> object:
    """Fill in `{}`, `{0}` and `{name}`; nothing that reaches into a value, nothing that pads."""
    parts: list[str] = []
    at, count = 0, 0
    for match in _FIELD.finditer(text):
        parts.append(text[at : match.start()])
        at = match.end()
        if match[0] in {"{{", "}}"}:
            parts.append(match[0][0])
            continue
        key = match[1]
        if key is None:
            return UNKNOWN
        if key and not key.isdecimal():
            value = named.get(key, UNKNOWN)
        else:
            number = int(key[:4]) if key else count
            count += 1
            value = given[number] if number < len(given) else UNKNOWN
        filled = formatted(value)
        if filled is None:
            return UNKNOWN
        parts.append(filled)
    return bounded("".join([*parts, text[at:]]))


def built_in(name: str, given: list[object]) -> object:  # noqa: C901, PLR0912 - one case for each function
    """Call a function of Python itself on known values."""
    first = given[0] if given else UNKNOWN
    many = iterated(first)
    match name:
        case "range" if given and all(type(one) is int for one in given):
            numbers = [one for one in given if isinstance(one, int)]
            if len(numbers) > 3 or numbers[2:] == [0]:  # noqa: PLR2004 - what range takes
                return UNKNOWN
            steps = range(*numbers)
            return list(steps) if len(steps) <= LONGEST else UNKNOWN
        case "list" | "tuple" | "set" | "frozenset" if not given:
            return []
        case "list" | "tuple" if many is not None:
            return many
        case "set" | "frozenset" if many is not None and _is_plain(many):
            return list({repr(one): one for one in many}.values())
        case "dict" if not given:
            return {}
        case "dict" if isinstance(first, dict):
            return dict(first)
        case "dict" if many is not None and all(isinstance(one, list) and len(one) == 2 for one in many):  # noqa: PLR2004 - pairs
            return _paired(many)
        case "len" if isinstance(first, str) or many is not None:
            return len(many or ())
        case "enumerate" if many is not None:
            start = given[1] if len(given) > 1 and isinstance(given[1], int) else 0
            return [[number, one] for number, one in enumerate(many, start)]
        case "zip":
            rows = [iterated(one) for one in given]
            known = [row for row in rows if row is not None]
            return [list(one) for one in zip(*known, strict=False)] if len(known) == len(rows) else UNKNOWN
        case "sorted" if many is not None and len(given) == 1 and all(isinstance(one, str) for one in many):
            return sorted(many, key=str)
        case "sorted" if many is not None and len(given) == 1 and all(isinstance(one, int) for one in many):
            return sorted(many, key=lambda one: one if isinstance(one, int) else 0)
        case "reversed" if many is not None:
            return many[::-1]
        case "str":
            text = formatted(first) if given else ""
            return UNKNOWN if text is None else text
        case "int" if isinstance(first, str | int | float):
            return _number(int, first)
        case "float" if isinstance(first, str | int | float):
            return _number(float, first)
        case "bool":
            told = truth(first) if given else False
            return UNKNOWN if told is None else told
        case "sum" | "min" | "max" if many and all(type(one) is int for one in many):
            numbers = [one for one in many if isinstance(one, int)]
            return bounded({"sum": sum(numbers), "min": min(numbers), "max": max(numbers)}[name])
        case "any" | "all" if many is not None:
            told_each = [truth(one) for one in many]
            found = any(told_each) if name == "any" else all(told_each)
            return UNKNOWN if None in told_each else found
        case _:
            return UNKNOWN


def _paired(many: list[object]) -> object:
    pairs = [one for one in many if isinstance(one, list)]
    return dict(pairs) if all(isinstance(key, str | int | float) for key, _ in pairs) else UNKNOWN


def _number(kind: type[int | float], value: str | float) -> object:
    try:
        return kind(value) if not isinstance(value, str) or len(value) < 40 else UNKNOWN  # noqa: PLR2004 - no number of a pipeline is longer
    except (ValueError, OverflowError):
        return UNKNOWN
