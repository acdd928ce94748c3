"""What pydantic refuses, in words that say what is wrong and how to mend it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from difflib import get_close_matches
from re import match, search
from typing import TYPE_CHECKING, Any, Final

from gatepost.book.faults import NOT_READ, Fault, KeyPath
from gatepost.book.forms import form_for, keys_at
from gatepost.book.invisible import invisible_in
from gatepost.records import Kind

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

__all__ = ["explain_errors", "path_in", "spelling_in"]

_LIMITS: Final = {
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}
_OWN: Final = frozenset(
    {
        "accepted_risk",
        "day",
        "decision_makers",
        "evidence_file",
        "evidence_number",
        "evidence_place",
        "expression",
        "outcome",
        "record_id",
        "repeat",
        "residual",
    },
)
_ASKED_BY: Final = {
    "accepted_risk": ("status",),
    "decision_makers": ("status",),
    "outcome": ("status",),
    "residual": ("residual-likelihood", "residual-impact"),
}
_SYNONYMS: Final = {
    "approved": "accepted",
    "closed": "done",
    "declined": "rejected",
    "doing": "in-progress",
    "draft": "proposed",
    "obsolete": "deprecated",
    "replaced": "superseded",
    "todo": "open",
    "wip": "in-progress",
}
"""Words that people write for a status, where another one is meant."""
_OWN_HINT: Final = {
    "accepted_risk": "add accepted-by and accepted-on, or set the status back to open",
    "day": "write the date as year-month-day",
    "decision_makers": "add `decision-makers: [name, …]`",
    "expression": "see the guide's grammar of conditions, durations and actions",
    "outcome": "add `outcome:` with one sentence",
    "residual": "add the other one",
    "record_id": "write the prefix of its kind, a dash and a number",
}


_EXACT: Final = frozenset({"day", "expression", "literal_error", "record_id", "string_pattern_mismatch"})
"""Errors of fields in which each character counts."""
_PATTERNS: Final = {
    r"^/": "a JSON Pointer starts with /: /auc",
    r"^https?://[^\s]+$": "an address starts with http:// or https:// and holds no space",
    r"^[0-9a-f]{64}$": "write 64 lower-case hexadecimal digits",
    r"^[0-9a-f]{7,64}$": "write the commit's 7 to 64 lower-case hexadecimal digits",
    r"^[a-z0-9][a-z0-9-]*$": "write lower-case letters, digits and dashes: churn-batch",
    r"^[A-Za-z0-9][\w.-]*$": "write letters, digits, dashes, dots and underscores, without spaces",
}
"""What the patterns of fields mean, in words."""


def explain_errors(kind: Kind, data: dict[str, Any], error: ValidationError) -> tuple[Fault, ...]:
    """Turn what pydantic refused in one record into faults, in the order of the file.

    What is refused for a value that was not read is told by the reader already.
    """
    refused = error.errors(include_url=False)
    return tuple(_explain(kind, data, one) for one in refused if one["type"] == "missing" or not _is_open(one["input"]))


def _is_open(value: object) -> bool:
    """Tell whether a value, or one inside it, was not read."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return value is NOT_READ or any(map(_is_open, inside))


def _explain(kind: Kind, data: dict[str, Any], details: ErrorDetails) -> Fault:
    path = path_in(data, details["loc"])
    name = _spell(path) or "the record"
    message, hint = _words(kind, path, name, details)
    if details["type"] == "string_type" and (number := _comma_number(data, path)):
        hint = f"write a decimal point: {number}"
    at = path or _asking_key(data, details["type"])
    return Fault(message, hint, at, details["type"], details.get("ctx", {}).get("offset", 0))


def _comma_number(data: dict[str, Any], path: KeyPath) -> str | None:
    """Give the number that a decimal comma cut in two: in `[rate > 0,3]` the 3 is an item of its own."""
    here: Any = data
    for step in path[:-1]:
        key = spelling_in(here, step) if isinstance(here, dict) and isinstance(step, str) else step
        here = here[key] if key is not None else None
    last = path[-1] if path else None
    if not isinstance(here, list) or not isinstance(last, int) or last == 0 or type(here[last]) is not int:
        return None
    before = search(r"(?<![\w.])[+-]?\d+\Z", str(here[last - 1]))
    return f"{before[0]}.{here[last]}" if before and isinstance(here[last - 1], str) else None


def _asking_key(data: dict[str, Any], error: str) -> KeyPath:
    """Give the key that makes a record as a whole ask for another one."""
    return next(((key,) for key in _ASKED_BY.get(error, ()) if spelling_in(data, key)), ())


def _words(kind: Kind, path: KeyPath, name: str, details: ErrorDetails) -> tuple[str, str]:
    error, value, context = details["type"], details["input"], details.get("ctx", {})
    if isinstance(value, str) and error in _EXACT and (unseen := invisible_in(value)):
        return f"{name} holds {unseen[0]}", unseen[1]
    if error == "missing":
        return f"{name} is missing", f"add `{path[-1]}:`"
    if error == "extra_forbidden":
        return _unknown_key(kind, path)
    if value is None:
        return f"{name} is empty", "write a value, or remove the key"
    if error == "literal_error":
        return f"{name} is '{value}'", _closest(str(value), str(context["expected"]))
    if error in _LIMITS:
        word, key = _LIMITS[error]
        return f"{name} is {value}", f"write a number of {word} {context[key]}"
    if error in _OWN:
        text = details["msg"]
        said = text if not path or error in {"decision_makers", "outcome"} else f"{name}: {text}"
        return said, _OWN_HINT.get(error, "correct it here")
    if error == "string_pattern_mismatch":
        pattern = context["pattern"]
        return f"{name} is '{value}'", _PATTERNS.get(pattern, f"it must match {pattern}")
    if error in {"string_too_short", "too_short"}:
        return f"{name} is empty", "write a value, or remove the key"
    form = form_for(kind, path, value) if error == "string_type" else None
    return f"{name} is {_noun(value)}", form or f"expected {_expected(error)}"


def _unknown_key(kind: Kind, path: KeyPath) -> tuple[str, str]:
    key = str(path[-1])
    where = _spell(path[:-1]) or f"a {kind}"
    known = keys_at(kind, path[:-1])
    near = get_close_matches(key.replace("_", "-"), known, n=1, cutoff=0.7)
    if near:
        others = f" Known are {', '.join(known)}" if len(path) > 1 else ""
        return f"the key {key} is unknown in {where}", f"did you mean {near[0]}?{others}"
    if match(r"[\w-]+:[^\s/]", key):
        return f"the key {key} is unknown in {where}", "put a space after the colon"
    if " " in key:
        return f"'{key[:60]}' is no key of {where}", "put the value before it in quotes: in {…} a comma ends a value"
    own = "a key of your own starts with x-"
    return f"the key {key} is unknown in {where}", f"known are {', '.join(known)}; {own}" if known else own


def _closest(value: str, expected: str) -> str:
    choices = [choice.strip().strip("'") for choice in expected.replace(" or ", ", ").split(",")]
    near = [_SYNONYMS[value.lower()]] if _SYNONYMS.get(value.lower()) in choices else []
    near = near or get_close_matches(value.lower(), choices, n=1, cutoff=0.6)
    listed = ", ".join(choices)
    return f"did you mean {near[0]}? Allowed are {listed}" if near else f"allowed are {listed}"


def _noun(value: object) -> str:
    match value:
        case bool():
            return f"the truth value {str(value).lower()}"
        case int() | float() | Decimal():
            return f"the number {value}"
        case dt.date():
            return f"the date {value}"
        case str():
            return f"'{value[:60]}'"
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return repr(value)[:60]


def _expected(error: str) -> str:
    words = {
        "string_type": "text; put it in quotes",
        "tuple_type": "a list: [one, two]",
        "list_type": "a list: [one, two]",
        "int_type": "a whole number",
        "int_parsing": "a whole number",
        "int_from_float": "a whole number",
        "float_type": "a number",
        "float_parsing": "a number",
        "finite_number": "a finite number",
        "decimal_type": "a number",
        "decimal_parsing": "a number",
        "bool_type": "true or false",
        "bool_parsing": "true or false",
        "dict_type": "a mapping of keys to values",
        "model_type": "a mapping of keys to values",
        "model_attributes_type": "a mapping of keys to values",
    }
    return words.get(error, error.replace("_", " "))


def path_in(data: object, loc: tuple[str | int, ...]) -> KeyPath:
    """Keep of pydantic's path what the frontmatter has: tags of unions and key markers are no keys."""
    path: list[str | int] = []
    here: Any = data
    if loc and loc[0] == "superseded-by" and isinstance(data, dict) and not spelling_in(data, "superseded-by"):
        return ("status",)
    for position, step in enumerate(loc):
        last = position == len(loc) - 1
        if step == "[key]":
            continue
        if isinstance(here, dict) and isinstance(step, str):
            key = spelling_in(here, step)
            if key is not None or last:
                path.append(step)
                here = here.get(key) if key is not None else None
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            path.append(step)
            here = here[step]
    return tuple(path)


def spelling_in(data: dict[str, Any], key: str) -> str | None:
    """Give the spelling in which a mapping has a key, or None."""
    return next((spelling for spelling in (key, key.replace("-", "_")) if spelling in data), None)


def _spell(path: KeyPath) -> str:
    """Write a key path as people read it: `options[2].security`, counted from 1."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text
