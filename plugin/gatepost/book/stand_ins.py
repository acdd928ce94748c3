"""What may stand where a value cannot be read: for each form of value as few as show whether it matters which it is."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from difflib import get_close_matches
from re import match, split, sub
from typing import Any, Final, get_args

from pydantic import ValidationError

from gatepost.book.explain import path_in, spelling_in
from gatepost.book.faults import KeyPath
from gatepost.book.forms import keys_at, schema_at
from gatepost.book.mends import Edit, both, held_at, named_otherwise, put, taken_away
from gatepost.book.names import artifacts_in, environments_in, signals_in, stages_in, unlisted_in
from gatepost.records import MODEL_OF_KIND, Kind
from gatepost.records.pipeline import StageKind

__all__ = ["NOBODY_WROTE", "stand_ins"]

NOBODY_WROTE: Final = "gatepost-stands-in"
"""Is part of each name that is made up here; what a gate says about it says nothing about the record."""

_TYPO: Final = 0.75
"""So much is a word like the one that is meant, of which it is a misspelling or another form."""
_DAYS: Final = ("1000-01-01", "9000-01-01")
_MANY: Final = 1_000_000
_TYPES: Final = ("model", "metrics", "package", "dataset", "report", NOBODY_WROTE)
_ACTIONS: Final = ("halt + alert", "rollback + page", "quarantine + page", "retry + halt + alert")
_STEPS: Final = ("50% 1s", "0.001% 1s", "100%")
_CLAIMS: Final = ("exact", {"metric": 0.01}, {"none": NOBODY_WROTE})
_DIGEST: Final = "^[0-9a-f]{64}$"


def stand_ins(kind: Kind, data: dict[str, Any], path: KeyPath, error: str, value: object) -> list[Edit]:
    """Give the edits of which each mends one fault in another way; none where nobody can tell what may stand there.

    Args:
        kind: the kind of record.
        data: what was read.
        path: where the fault is.
        error: what it is, in pydantic's words; `key` when it is the key that is refused.
        value: what stands there.
    """
    if not path or path[0] in {"waivers", "workdir"}:
        return []  # what sets gates aside, and where all files are looked for
    if error == "extra_forbidden":
        return list(_renamed(kind, data, path, value))
    if error == "key":
        return list(_keys(kind, data, path))
    if "repeat" in path[1:]:
        return [put(path[: path.index("repeat") + 1], one) for one in _CLAIMS]
    if kind == "pipeline" and (found := _of_contract(data, path, value)) is not None:
        return found
    return _of_form(kind, data, path, value)


def _of_form(kind: Kind, data: dict[str, Any], path: KeyPath, value: object) -> list[Edit]:
    """Give what the schema lets stand at a path."""
    schema = schema_at(kind, path)
    form = schema.get("type")
    if form == "array":
        return _lists(kind, data, path, value)
    if form == "string" and "examples" in schema:
        return _expressions(data, path, str(schema["examples"][0]))
    if form == "string" and "enum" not in schema:
        return _texts(kind, path, schema)
    return [put(path, one) for one in _plain(schema, value)]


def _plain(schema: dict[str, Any], value: object) -> list[object]:
    if "enum" in schema:
        choices: list[str] = schema["enum"]
        near = get_close_matches(str(value).lower(), choices, n=1)
        return [*near, *(one for one in choices if one not in near)]
    match schema.get("type"):
        case "boolean":
            return [False, True]
        case "integer" | "number":
            above = schema.get("exclusiveMinimum", -_MANY)
            return [schema.get("minimum", above + 1), schema.get("maximum", _MANY)]
        case _:
            return []


def _texts(kind: Kind, path: KeyPath, schema: dict[str, Any]) -> list[Edit]:
    if schema.get("format") == "date":
        return [put(path, day) for day in _DAYS]
    if schema.get("pattern") == _DIGEST:
        return [put(path, "0" * 64)]
    if "pattern" in schema or (kind != "pipeline" and path != ("title",)):
        return []  # elsewhere than in a contract texts are compared with each other
    return [put(path, NOBODY_WROTE)]


def _expressions(data: dict[str, Any], path: KeyPath, example: str) -> list[Edit]:
    """Give expressions of the form of an example; a condition also with one on each metric that the contract names."""
    if " >= " in example:
        unknown = f"{NOBODY_WROTE} >= 0"
        every = tuple(f"{name} >= 0" for name in signals_in(data))
        return [put(path, unknown), put(path, unknown, every)] if isinstance(path[-1], int) else [put(path, unknown)]
    choices = _ACTIONS if " + " in example else _STEPS if "%" in example else ("1s",)
    return [put(path, one) for one in choices]


def _lists(kind: Kind, data: dict[str, Any], path: KeyPath, value: object) -> list[Edit]:
    """Give lists: of the words of a text, where all of them mean something there; else of what may stand in it."""
    words: list[str] = []
    if isinstance(value, str):
        signs = r"\s*,\s*" if "examples" in schema_at(kind, (*path, 0)) else r"[\s,]+"
        words = [word for word in split(signs, value.strip("[] \t")) if word]
    known = _known(data, path)
    if words and (known is None or known.issuperset(words)):
        return [put(path, words)]
    inside = stand_ins(kind, data, (*path, 0), "", None)
    without = [put(path, [])] if value is None and inside else []
    said = [put(path, words)] if words and inside else []
    return [*said, *without, *(both(put(path, [None]), edit) for edit in inside)]


def _known(data: dict[str, Any], path: KeyPath) -> set[str] | None:
    """Give the names that mean something in a list of a contract; None where any word does."""
    match path:
        case ("stages", str(stage), "after"):
            return set(stages_in(data)) - {stage}
        case ("stages", _, "in" | "out"):
            return set(artifacts_in(data))
        case ("stages", _, "watch" | "signals") | ("artifacts", _, "keys"):
            return set(signals_in(data))
        case _:
            return None


def _of_contract(data: dict[str, Any], path: KeyPath, value: object) -> list[Edit] | None:
    """Give what may stand in a field of a contract whose values mean something beyond their form; None for others."""
    if (names := _names(data, path)) is not None:
        return [put(path, NOBODY_WROTE), put(path, NOBODY_WROTE, tuple(names))]
    match path:
        case ("stages", _, "kind") if near := get_close_matches(str(value).lower(), get_args(StageKind), 1, _TYPO):
            return [put(path, near[0])]
        case ("stages", _, "to"):
            return [put(path, place) for place in (NOBODY_WROTE, *environments_in(data))]
        case ("artifacts", _):
            more = {"source": f"{NOBODY_WROTE}@2026-01-01", "keys": signals_in(data), "sign": "cosign", "final": True}
            return [put(path, {"type": one, **rest}) for rest in ({}, more) for one in _TYPES]
        case ("artifacts", _, "type"):
            return [put(path, one) for one in _TYPES]
        case ("environments",) if isinstance(value, list):
            return [put(path, {str(name): {} for name in value})]
        case ("environments", _):
            return [put(path, {}), put(path, {"production": True}), put(path, {"production": False})]
        case ("stages", _, "rollback"):
            whole = {"to": NOBODY_WROTE, "first": NOBODY_WROTE, "run": NOBODY_WROTE, "within": "1s", "when": [None]}
            limits = _expressions(data, (*path, "when", 0), " >= ")
            return [both(put(path, {**whole, "when": [None]}), edit) for edit in limits]
        case _:
            return None


def _names(data: dict[str, Any], path: KeyPath) -> list[str] | None:
    """Give the names that one item of a list of names may be, so far as that makes a difference; None for others."""
    match path:
        case ("stages", str(stage), "after", int()):
            every = stages_in(data)
            return every[: every.index(stage)]
        case ("stages", _, "in" | "out", int()):
            return artifacts_in(data)
        case ("stages", _, "watch" | "signals", int()) | ("artifacts", _, "keys", int()):
            return signals_in(data)
        case _:
            return None


def _renamed(kind: Kind, data: dict[str, Any], path: KeyPath, value: object) -> Iterator[Edit]:
    """Let an unknown key be the known one that it comes close to; without such, any that is free; or take it away."""
    above, key = path[:-1], str(path[-1])
    holder = held_at(data, above)
    free = [one for one in keys_at(kind, above) if spelling_in(holder, one) is None]
    near = get_close_matches(key.replace("_", "-"), free, n=1, cutoff=0.7)
    without = taken_away(path)
    if value is None and (separate := match(r"([\w-]+):([^\s/].*)", key)):
        yield both(without, put((*above, separate[1]), separate[2]))
        return
    for other in near or free:
        edit = both(without, put((*above, other), value))
        if near or _fits(kind, data, edit, (*above, other)):
            yield edit
    yield without


def _fits(kind: Kind, data: dict[str, Any], edit: Edit, path: KeyPath) -> bool:
    """Tell whether what an edit puts at a path has the form of what stands there, be there faults inside it or not."""
    tried = deepcopy(data)
    edit(tried)
    try:
        MODEL_OF_KIND[kind].model_validate(tried)
    except ValidationError as error:
        return all(path_in(tried, one["loc"]) != path for one in error.errors(include_url=False))
    return True


def _keys(kind: Kind, data: dict[str, Any], path: KeyPath) -> Iterator[Edit]:
    """Give a key that is refused other names, also those of what is named and not there; what names it goes along."""
    key = str(path[-1])
    made_up = f"{NOBODY_WROTE}-{sub(r'[^A-Za-z0-9]', '-', key)}"
    known = schema_at(kind, path[:-1]).get("propertyNames", {}).get("enum")
    for name in known or (made_up, *unlisted_in(data, str(path[0]))):
        yield named_otherwise(key, name)
