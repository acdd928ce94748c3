"""When two values of a record's frontmatter mean the same, and which items of two lists belong together."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from gatepost.records import canonical
from gatepost.records.expressions import (
    Actions,
    Condition,
    Duration,
    ExpressionError,
    RolloutStep,
    parse_actions,
    parse_condition,
    parse_duration,
    parse_rollout_step,
)

__all__ = ["by_name", "identity_of", "rest_of", "same", "without_name"]

_IDENTITY: Final = ("id", "name", "step", "gate", "claim", "text", "outcome", "date")
"""What tells an item of a list from the others, the first key that it has."""
_Parsed = Condition | Duration | Actions | RolloutStep
_EXPRESSIONS: Final[dict[str, Callable[[str], _Parsed]]] = {
    "measure": parse_condition,
    "pass": parse_condition,
    "when": parse_condition,
    "expires": parse_duration,
    "timeout": parse_duration,
    "within": parse_duration,
    "on-fail": parse_actions,
    "on-reject": parse_actions,
    "rollout": parse_rollout_step,
}
"""Keys whose text is read, so that `1m` and `60s` are one value written in two ways."""
_SIGNS: Final = re.compile(r"\s*([<>=!]=?|\+)\s*")


def by_name(items: Sequence[Any], key: str) -> dict[str, Any]:
    """Give the items of a list by name, in order; of scalars that are the same, one."""
    named: dict[str, Any] = {}
    counts: dict[str, int] = {}
    for item in items:
        if not isinstance(item, dict):
            named.setdefault(_spelled(key, item), item)
            continue
        identity = identity_of(item)
        name = str(_normal(item[identity])) if identity else _text(item)
        counts[name] = counts.get(name, 0) + 1
        named[name if counts[name] == 1 else f"{name} ({counts[name]})"] = item
    return named


def identity_of(item: Mapping[str, Any]) -> str:
    """Give the key whose value names an item; empty when it has no such key."""
    return next((key for key in _IDENTITY if isinstance(item.get(key), str | int | float)), "")


def without_name(item: dict[str, Any]) -> dict[str, Any]:
    """Give what an item holds besides its name."""
    identity = identity_of(item)
    return {key: value for key, value in item.items() if key != identity}


def rest_of(item: object) -> str:
    """Give all of an item besides its name, as text; empty when there is nothing else, or it has no name."""
    if not isinstance(item, dict) or not (identity := identity_of(item)):
        return ""
    rest = without_name(item)
    return f"{identity} {_text(rest)}" if rest else ""


def _text(value: object) -> str:
    return json.dumps(_normal(value), sort_keys=True, ensure_ascii=False)


def _spelled(key: str, value: object) -> str:
    """Give a scalar's one spelling."""
    if not isinstance(value, str):
        return _text(value)
    return str(_normal(_SIGNS.sub(r" \1 ", value) if key in _EXPRESSIONS else value))


def _normal(value: Any) -> Any:  # noqa: ANN401 - frontmatter holds anything
    """Give a value with ids in their one spelling and white space of one space."""
    if isinstance(value, str):
        return canonical(" ".join(value.split()))
    if isinstance(value, list):
        return [_normal(one) for one in value]
    if isinstance(value, dict):
        return {key: _normal(one) for key, one in value.items() if one not in (None, [], {})}
    return value


def same(key: str, old: object, new: object) -> bool:
    """Tell whether two values of one key mean the same."""
    if isinstance(old, str) and isinstance(new, str):
        return _normal(old) == _normal(new) or _read_alike(key, old, new)
    return isinstance(old, bool) == isinstance(new, bool) and bool(_normal(old) == _normal(new))


def _read_alike(key: str, old: str, new: str) -> bool:
    parse = _EXPRESSIONS.get(key)
    if parse is None:
        return False
    try:
        one, two = parse(old), parse(new)
    except ExpressionError:
        return False
    return type(one) is type(two) and replace(one, text="") == replace(two, text="")
