"""`gatepost conform`: both places of each difference, for people and for programs."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from commands import command
from gatepost.definitions.difference import DifferenceId
from gatepost.records.pipeline import Source
from trees import WORKFLOW, clean_log, edited, git, write_tree

CONTRACT = "churn/pipeline.md"
SCHEMA = json.loads((files("gatepost.report") / "conform-1.schema.json").read_text(encoding="utf-8"))
SOURCE = "owner: growth-ml\nsource: {kind: github-actions, path: release.yml}\n"
WEAK = WORKFLOW.replace("{needs: package, ", "{needs: package, if: always(), ")
HIDDEN = WORKFLOW.replace("steps: [{run: python gate.py}]", "uses: org/x/.github/workflows/gate.yml@v1").replace(
    "quality-gate", "checks"
)
MORE = WORKFLOW.replace("python train.py", "python fit.py") + "  lint: {steps: [{run: ruff check}]}\n"


def tree(workflow: str) -> dict[str, str]:
    """Give the clean log with a workflow as its real definition."""
    return {**edited(clean_log(), CONTRACT, "owner: growth-ml\n", SOURCE), "churn/release.yml": workflow}


def line_of(text: str, words: str) -> int:
    """Give the line that some words stand on, from 1."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


def test_each_difference_names_both_places(tmp_path: Path) -> None:
    """The line of the contract, the line of the definition, what differs and the mend; lines fit 80 columns."""
    done = command(write_tree(tmp_path, tree(WEAK)), "conform", "churn")
    here = line_of(tree(WEAK)[CONTRACT], "  promote:") + 1
    assert done.code == 1
    assert "DIFFERS  guard-weakened  stages.promote\n" in done.out
    assert f"    contract    docs/churn/pipeline.md:{here}\n" in done.out
    assert "    definition  docs/churn/release.yml:7\n" in done.out
    assert "    hint: take that condition away" in done.out
    assert "1 difference; 6 stages and" in done.out
    assert max(map(len, done.out.splitlines())) <= 80


def test_a_contract_that_agrees_is_said_to(tmp_path: Path) -> None:
    """What the definition does not show is told and blocks nothing."""
    done = command(write_tree(tmp_path, tree(WORKFLOW)), "conform")
    assert done.code == 0
    assert "DIFFERS" not in done.out
    assert "The contract and the definition agree; 6 stages" in " ".join(done.out.split())


def test_what_is_open_is_told_and_is_no_difference(tmp_path: Path) -> None:
    """A gate that may be inside of another repository's workflow is unknown, and the verdict says why."""
    text = tree(HIDDEN)
    text = edited(text, CONTRACT, "path: release.yml}", "path: release.yml, besides: [checks]}")
    done = command(write_tree(tmp_path, text), "conform")
    assert done.code == 0, done.out
    assert "UNKNOWN  stage-missing  stages.quality-gate" in done.out
    assert "GAP  docs/churn/release.yml:5" in done.out
    assert "1 thing unknown, as it has 1 gap" in " ".join(done.out.split())


@pytest.mark.parametrize(
    ("workflow", "conformant"), [(WORKFLOW, True), (WEAK, False), (MORE, False), (HIDDEN, False)], ids=str
)
def test_json_keeps_to_its_schema(workflow: str, conformant: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a table
    """The JSON is what `gatepost schema conform` says; its places are those of the text."""
    done = command(write_tree(tmp_path, tree(workflow)), "conform", "--format", "json")
    found: dict[str, Any] = json.loads(done.out)
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(found)] == []
    assert json.loads(command(tmp_path, "schema", "conform").out) == SCHEMA
    assert found["conformant"] is conformant
    assert (done.code == 0) is conformant
    said = command(tmp_path, "conform").out
    for one in found["differences"]:
        assert f"{one['contract']['path']}:{one['contract']['line']}\n" in said
        assert one["id"] in said
    train = next(stage for stage in found["stages"] if stage["name"] == "train")
    assert train["stands_for"] == ["train"]


def test_the_schema_is_sound_and_says_what_every_field_is() -> None:
    """The schema is a valid one, each property is described, and its lists are those of the source."""
    Draft202012Validator.check_schema(SCHEMA)
    for part in (SCHEMA, *SCHEMA["$defs"].values()):
        for key, field in part.get("properties", {}).items():
            assert field.get("description"), key
    assert SCHEMA["$defs"]["difference"]["properties"]["id"]["enum"] == list(get_args(DifferenceId))
    kinds = SCHEMA["properties"]["definition"]["properties"]["kind"]["enum"]
    assert kinds == list(get_args(Source.model_fields["kind"].annotation))


def test_markdown_shows_hostile_names_as_they_are(tmp_path: Path) -> None:
    """Markup in a name of the definition is shown, not obeyed, and does not break the table."""
    hostile = WORKFLOW + '  "<b>|`x": {steps: [{run: y}]}\n'
    done = command(write_tree(tmp_path, tree(hostile)), "conform", "--format", "markdown")
    assert "<b>" not in done.out.replace("`<b>", "")
    row = next(line for line in done.out.splitlines() if "stage-undocumented" in line)
    assert row.replace("\\|", "").count("|") == 7


def test_a_definition_of_another_revision_is_read_from_there(tmp_path: Path) -> None:
    """`--rev` takes contract and definition from a commit."""
    root = write_tree(tmp_path, tree(WEAK))
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "A weak edge")
    (root / "docs/churn/release.yml").write_text(WORKFLOW, encoding="utf-8")
    assert command(root, "conform").code == 0
    assert command(root, "conform", "--rev", "HEAD").code == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"churn/release.yml": "jobs:\n\t- x"}, "docs/churn/release.yml:2: docs/churn/release.yml is not YAML"),
        ({"churn/release.yml": None}, "docs/churn/pipeline.md names release.yml, which does not exist"),
        (
            {"churn/release.yml": None, "churn/release.yml/x": "1"},
            "docs/churn/pipeline.md names release.yml, which is a folder",
        ),
        (
            {CONTRACT: tree(WORKFLOW)[CONTRACT].replace("path: release.yml", "path: ../release.yml")},
            "docs/churn/pipeline.md names ../release.yml, which is refused: it holds `..`",
        ),
        ({CONTRACT: clean_log()[CONTRACT]}, "add `source: {kind: dvc, path: dvc.yaml}`"),
    ],
)
def test_what_cannot_be_compared_is_told(changed: dict[str, str | None], words: str, tmp_path: Path) -> None:
    """No source, no file, or a broken one is no difference: the exit code is 3."""
    wanted = {name: text for name, text in {**tree(WORKFLOW), **changed}.items() if text is not None}
    done = command(write_tree(tmp_path, wanted), "conform")
    assert done.code == 3
    assert words in " ".join(done.err.split())


def test_each_value_of_a_contract_that_cannot_be_read_is_told_with_its_line(tmp_path: Path) -> None:
    """Nothing is compared, and all of them are said at once."""
    files = edited(tree(WORKFLOW), CONTRACT, "timeout: 10m", "timeout: 10 minutes")
    files = edited(files, CONTRACT, "kind: monitor", "kind: monitr")
    done = command(write_tree(tmp_path, files), "conform", "churn")
    assert done.code == 3
    for words, said in (("timeout: 10 minutes", "like 10m"), ("monitr", "did you mean monitor?")):
        assert f"line {line_of(files[CONTRACT], words)}: " in done.err
        assert said in done.err
