"""The names that a contract gives to things, taken from frontmatter of which parts cannot be read."""

from __future__ import annotations

from typing import Any

from gatepost.records.expressions import ExpressionError, parse_condition

__all__ = ["artifacts_in", "environments_in", "signals_in", "stages_in", "unlisted_in"]


def environments_in(data: dict[str, Any]) -> list[str]:
    """Give the environments."""
    return list(_mapping(data.get("environments")))


def artifacts_in(data: dict[str, Any]) -> list[str]:
    """Give the artifacts that are listed, read or written."""
    named = (name for stage in _stages(data) for key in ("in", "out") for name in _texts(stage.get(key)))
    return list(dict.fromkeys((*_mapping(data.get("artifacts")), *named)))


def stages_in(data: dict[str, Any]) -> list[str]:
    """Give the stages."""
    return list(_mapping(data.get("stages")))


def unlisted_in(data: dict[str, Any], what: str) -> list[str]:
    """Give the artifacts, stages or environments that are named and not listed under the key of that name."""
    named = {
        "artifacts": artifacts_in(data),
        "stages": [name for stage in _stages(data) for name in _texts(stage.get("after"))],
        "environments": [name for stage in _stages(data) for name in _texts([stage.get("to")])],
    }
    return [name for name in dict.fromkeys(named.get(what, ())) if name not in _mapping(data.get(what))]


def signals_in(data: dict[str, Any]) -> list[str]:
    """Give the metrics and the signals, each of which can stand in a condition."""
    found = [key for one in _mapping(data.get("artifacts")).values() for key in _texts(_mapping(one).get("keys"))]
    for stage in _stages(data):
        found += [*_texts(stage.get("watch")), *_texts(stage.get("signals"))]
        for text in (*_texts(stage.get("pass")), *_texts(_mapping(stage.get("rollback")).get("when"))):
            found += _asked(text)
    return [name for name in dict.fromkeys(found) if any(_asked(f"{name} >= 0"))]


def _asked(text: str) -> list[str]:
    """Give the metrics of a condition; none when it cannot be read."""
    try:
        condition = parse_condition(text)
    except ExpressionError:
        return []
    return [key for key in (condition.key, condition.reference) if key]


def _stages(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [_mapping(stage) for stage in _mapping(data.get("stages")).values()]


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
