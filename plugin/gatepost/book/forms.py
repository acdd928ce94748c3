"""What a record's schema says of a place in it: which keys it knows there, and the form that a text has."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any, Final

from gatepost.book.faults import KeyPath
from gatepost.records import MODEL_OF_KIND, Kind

__all__ = ["form_for", "keys_at", "schema_at"]

_LONGEST: Final = 60
"""How many characters of what was written a form repeats."""


def keys_at(kind: Kind, path: KeyPath) -> list[str]:
    """Give the keys that a record knows at a path, from its JSON Schema; none where any key may stand."""
    return list(schema_at(kind, path).get("properties", {}))


def form_for(kind: Kind, path: KeyPath, value: object) -> str | None:
    """Say how an expression is written where something else than text stands; None where any text may stand.

    What was written is put into that form where it tells enough: `[halt, alert]` becomes `halt + alert`.

    Args:
        kind: the kind of record.
        path: where the value stands.
        value: what stands there.
    """
    examples = schema_at(kind, path).get("examples")
    if not examples:
        return None
    example = str(examples[0])
    joined = _joined(value, example) or _compared(value, example)
    return f"write it as one text: {joined}" if joined else f"write it as one text, like {example}"


def _joined(value: object, example: str) -> str | None:
    """Give a list of words joined as an example joins them."""
    if not isinstance(value, list) or " + " not in example or not all(isinstance(one, str) for one in value):
        return None
    return _short(" + ".join(value)) if value else None


def _compared(value: object, example: str) -> str | None:
    """Give a key with a number as a condition; which way it is meant is for the author to say."""
    if not isinstance(value, dict) or len(value) != 1 or " >= " not in example:
        return None
    ((key, limit),) = value.items()
    is_number = isinstance(limit, int | float | Decimal) and not isinstance(limit, bool)
    return _short(f"{key} >= {limit}, or {key} <= {limit}") if is_number else None


def _short(text: str) -> str | None:
    return text if len(text) <= _LONGEST and text.isprintable() else None


@cache
def _schema(kind: Kind) -> dict[str, Any]:
    return MODEL_OF_KIND[kind].model_json_schema()


def schema_at(kind: Kind, path: KeyPath) -> dict[str, Any]:
    """Give what the JSON Schema of a record says of a path; empty where it says nothing."""
    schema = _schema(kind)
    here: dict[str, Any] = schema
    for step in path:
        here = _resolve(schema, here)
        here = here.get("items", {}) if isinstance(step, int) else _below(here, step)
    return _resolve(schema, here)


def _below(here: dict[str, Any], key: str) -> dict[str, Any]:
    """Give what is said of a key: by its name, or as one of many that are named by the author."""
    known = here.get("properties", {}).get(key)
    found = known if known is not None else here.get("additionalProperties")
    named: dict[str, Any] = next(iter(here.get("patternProperties", {}).values()), {})
    return found if isinstance(found, dict) else named


def _resolve(schema: dict[str, Any], here: dict[str, Any]) -> dict[str, Any]:
    for choice in here.get("anyOf", ()):
        if choice.get("type") != "null":
            return _resolve(schema, choice)
    if "$ref" in here:
        target: dict[str, Any] = schema["$defs"][here["$ref"].rsplit("/", 1)[-1]]
        return target
    return here
