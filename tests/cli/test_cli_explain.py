"""`gatepost explain`, `gatepost schema`, and the reference of all commands."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from commands import command
from gatepost.cli.app import COMMANDS, app
from gatepost.cli.reference import render
from gatepost.gates import GATES
from gatepost.records import KINDS, MODEL_OF_KIND, Model
from gatepost.records.schema import describe_fields, schema_of
from trees import checked, clean_log

each_kind = pytest.mark.parametrize("kind", KINDS)


def test_without_a_name_every_gate_is_listed() -> None:
    """The list has each gate's code, name and sentence, and fits 80 columns."""
    run = command(Path(), "explain")
    assert run.code == 0
    assert [line.split()[:2] for line in run.out.splitlines() if line.startswith("GP")] == [
        [gate.code, gate.id] for gate in GATES
    ]
    assert [line for line in run.out.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.id)
def test_a_gate_is_explained_by_name_and_by_code(gate: Any) -> None:
    """Both spellings give the gate's page with its six sections."""
    by_name = command(Path(), "explain", gate.id)
    by_code = command(Path(), "explain", gate.code.lower())
    assert by_name == by_code
    assert by_name.out.startswith(f"{gate.code}  {gate.id}  {gate.kind}")
    for section in ("What it does", "Why", "Passes", "Fails", "How to mend", "How to waive"):
        assert f"\n## {section}\n" in by_name.out
    page = (files("gatepost.gates") / f"{gate.id.replace('-', '_')}.md").read_text(encoding="utf-8")
    assert " ".join(page.split("\n## ", 1)[1].split()) in " ".join(by_name.out.split())


def test_an_unknown_gate_gets_the_nearest_ones() -> None:
    """A typing error is wrong usage, with a hint."""
    run = command(Path(), "explain", "evidence-backd")
    assert run.code == 2
    assert "did you mean evidence-backed" in run.err


@each_kind
def test_a_schema_is_valid_and_describes_each_field(kind: Any) -> None:
    """Every field of every model has a description, in the schema and so in the editor."""
    schema = json.loads(command(Path(), "schema", kind).out)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:gatepost:record:{kind}"
    for described in (schema, *schema.get("$defs", {}).values()):
        for key, field in described.get("properties", {}).items():
            assert len(field.get("description", "")) > 3, key


def models(model: type[Model]) -> list[type[Model]]:
    """Give every model of the records."""
    return [model, *(one for below in model.__subclasses__() for one in models(below))]


@pytest.mark.parametrize("model", models(Model)[1:], ids=lambda model: model.__name__)
def test_every_field_of_every_model_is_described_in_the_source(model: type[Model]) -> None:
    """A field without words below it is a hole in the reference."""
    assert set(model.model_fields) <= set(describe_fields(model))


def plain(value: object) -> object:
    """Give what YAML has and JSON has not: exact numbers, days."""
    return float(value) if isinstance(value, Decimal) else str(value)


def test_the_records_of_a_sound_log_are_valid_by_their_schemas(tmp_path: Path) -> None:
    """What the command reads without a finding, an editor with the schema accepts too."""
    schemas = {kind: jsonschema.Draft202012Validator(schema_of(kind)) for kind in MODEL_OF_KIND}
    for entry in checked(tmp_path, clean_log()).book.entries:
        data = json.loads(json.dumps({"kind": entry.kind, **(entry.document.data or {})}, default=plain))
        assert [error.message for error in schemas[entry.kind].iter_errors(data)] == [], entry.path


@pytest.mark.parametrize(
    "data",
    [
        {"title": "x", "status": "acepted", "date": "2026-01-01"},
        {"title": "x", "status": "proposed"},
        {"title": "x", "status": "proposed", "date": "2026-01-01", "decider": "Ana"},
        {"title": "x", "status": "proposed", "date": "2026-01-01", "id": "RISK-1"},
        {"title": "x", "status": "proposed", "date": "2026-01-01", "options": [{"name": "a", "security": 9}]},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(data: dict[str, Any]) -> None:
    """An unknown status, a missing date, an unknown key, another kind's id, a score off the scale."""
    assert not jsonschema.Draft202012Validator(schema_of("decision")).is_valid(data)


def test_the_schema_lets_through_what_the_reader_lets_through() -> None:
    """Keys of MkDocs and of one's own, an id left to the file's name, MADR's way to say superseded."""
    data = {"title": "x", "status": "superseded by ADR-2", "date": "2026-01-01", "tags": ["a"], "x-own": 1}
    assert jsonschema.Draft202012Validator(schema_of("decision")).is_valid(data)


def test_the_reference_has_every_command_option_and_exit_code() -> None:
    """What the command can do and what the reference says are the same."""
    text = render()
    context = app.make_context("gatepost", [], resilient_parsing=True)
    for name in COMMANDS:
        found = app.get_command(context, name)
        assert found is not None
        assert f"\n## gatepost {name}\n" in text
        for param in found.params:
            for spelling in param.opts:
                assert param.param_type_name == "argument" or f"`{spelling}`" in text
    assert re.findall(r"^\| (\d) \|", text, re.MULTILINE) == ["0", "1", "2", "3"]
    assert "    " not in text


def test_the_list_of_commands_says_what_each_command_says() -> None:
    """The one-line help that spares an import is the first sentence of the command's own help."""
    context = app.make_context("gatepost", [], resilient_parsing=True)
    for name, (_, said) in COMMANDS.items():
        found = app.get_command(context, name)
        assert found is not None
        assert found.name == name
        assert (found.help or "").startswith(said)
