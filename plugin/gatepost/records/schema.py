"""The JSON Schema of each kind of record, with the words that describe its fields in the source.

The models are built without those words, which would cost each start of the command a tenth of a second.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from gatepost.records import MODEL_OF_KIND, PASS_THROUGH, PREFIX_OF_KIND, Kind, Model

__all__ = ["DIALECT", "describe_fields", "schema_of"]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_PASSES: Final = "A key of MkDocs, Material or a plugin; Gatepost lets it through."


def schema_of(kind: Kind) -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of a kind of record's frontmatter, in the canonical spelling of its keys."""
    model = MODEL_OF_KIND[kind]
    schema = model.model_json_schema(by_alias=True)
    _describe(schema, model)
    classes = {one.__name__: one for one in _models(Model)}
    for name, definition in schema.get("$defs", {}).items():
        _describe(definition, classes[name])
    _fit_to_files(schema, kind)
    head = {
        "$schema": DIALECT,
        "$id": f"urn:gatepost:record:{kind}",
        "title": f"Gatepost {kind}",
        "description": inspect.cleandoc(model.__doc__ or ""),
    }
    return {**head, **{key: value for key, value in schema.items() if key not in head}}


def describe_fields(model: type[Model]) -> dict[str, str]:
    """Give the words below each field of a model in the source, by the field's name; inherited ones too."""
    words: dict[str, str] = {}
    for one in reversed(model.__mro__):
        if issubclass(one, Model):
            words |= _words_below_fields(one)
    return words


def _words_below_fields(model: type[Model]) -> dict[str, str]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(model)))
    body = next(node for node in tree.body if isinstance(node, ast.ClassDef)).body
    found = {}
    for field, below in pairwise(body):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str() as text)),
            ):
                found[name] = inspect.cleandoc(text)
            case _:
                continue
    return found


def _models(model: type[Model]) -> Iterator[type[Model]]:
    for one in model.__subclasses__():
        yield one
        yield from _models(one)


def _describe(schema: dict[str, Any], model: type[Model]) -> None:
    words = describe_fields(model)
    keys = {field.alias or name: name for name, field in model.model_fields.items()}
    for key, described in schema.get("properties", {}).items():
        described.pop("title", None)
        described["description"] = words[keys[key]]


def _fit_to_files(schema: dict[str, Any], kind: Kind) -> None:
    """Say what the reader of files does beyond the model: ids from names, keys that pass through."""
    properties = schema["properties"]
    if "id" in properties and (kind in PREFIX_OF_KIND or kind == "design"):
        schema["required"].remove("id")
    if kind in PREFIX_OF_KIND:
        properties["id"]["pattern"] = rf"^{PREFIX_OF_KIND[kind]}-\d{{1,9}}$"
    if kind == "decision":
        status = properties["status"]
        choices = {key: status.pop(key) for key in ("enum", "type")}
        status["anyOf"] = [choices, {"type": "string", "pattern": r"^superseded by ADR-\d{1,9}"}]
    properties |= {key: {"description": _PASSES} for key in sorted(PASS_THROUGH) if key not in properties}
    schema["patternProperties"] = {"^x-": {"description": "A key of your own; Gatepost lets it through."}}
