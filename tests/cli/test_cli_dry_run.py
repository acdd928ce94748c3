"""`gatepost dry-run`: every branch of a contract, for people and for programs."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from commands import command
from trees import clean_log, edited, write_tree

CONTRACT = "churn/pipeline.md"
UNSAFE = edited(clean_log(), CONTRACT, "first: disable-route, ", "")
SCHEMA = json.loads((files("gatepost.report") / "dry-run-1.schema.json").read_text(encoding="utf-8"))


def test_a_safe_contract_is_told_in_a_table(tmp_path: Path) -> None:
    """Each stage says what can go wrong, what follows and how it ends; the exit code is 0; lines fit 80 columns."""
    done = command(write_tree(tmp_path, clean_log()), "dry-run", "churn")
    assert done.code == 0
    assert "quality-gate  reject, inconclusive" in done.out
    assert "Every branch ends safely, and somebody is told of each fault." in done.out
    assert max(map(len, done.out.splitlines())) <= 80


def test_what_is_broken_comes_first_with_the_branch_that_shows_it(tmp_path: Path) -> None:
    """An unsafe contract names the invariant, the field, the branch and the mend; the exit code is 1."""
    done = command(write_tree(tmp_path, UNSAFE), "dry-run", "--quiet")
    assert done.code == 1
    assert "BROKEN  first-release  stages.promote.rollback" in done.out
    assert "shown by: first release → " in done.out
    assert "hint: say what is done then: `first: disable-route`" in done.out
    assert "1 invariant is broken." in done.out
    assert "STAGE" not in done.out


def test_what_no_branch_shows_is_told_as_such(tmp_path: Path) -> None:
    """That nobody reads an artifact is seen in the contract; no branch is missing in the answer."""
    tree = edited(clean_log(), CONTRACT, "sign: cosign}\n", "sign: cosign}\n  loose: {type: report, path: out/loose}\n")
    root = write_tree(tmp_path, tree)
    assert "shown by: the contract alone, whatever branch is taken" in command(root, "dry-run", "--quiet").out
    assert "| the contract alone, whatever branch is taken |" in command(root, "dry-run", "--format", "markdown").out
    (broken,) = json.loads(command(root, "dry-run", "--format", "json").out)["violations"]
    assert broken["branch"] is None


@pytest.mark.parametrize("tree", [clean_log(), UNSAFE], ids=["safe", "unsafe"])
def test_json_keeps_to_its_schema(tree: dict[str, str], tmp_path: Path) -> None:
    """The JSON is what `gatepost schema dry-run` says, and holds every branch with its path."""
    done = command(write_tree(tmp_path, tree), "dry-run", "churn", "--format", "json")
    found = json.loads(done.out)
    Draft202012Validator(SCHEMA).validate(found)
    assert json.loads(command(tmp_path, "schema", "dry-run").out) == SCHEMA
    assert found["safe"] is (done.code == 0)
    assert len(found["branches"]) == 1 + found["single_faults"] + found["failing_rollbacks"]
    assert len({branch["branch"] for branch in found["branches"]}) == len(found["branches"])


def test_markdown_shows_hostile_names_as_they_are(tmp_path: Path) -> None:
    """A title with markup is shown, not obeyed."""
    tree = edited(UNSAFE, CONTRACT, "title: From customer facts to scores", 'title: "<script>alert(1)</script> | x"')
    done = command(write_tree(tmp_path, tree), "dry-run", "--format", "markdown")
    assert "<script>" not in done.out
    assert "| `first-release` |" in done.out


def test_a_circle_is_told_and_no_table_is_made(tmp_path: Path) -> None:
    """Where stages wait for each other there is no branch that ends."""
    tree = edited(clean_log(), CONTRACT, "{kind: data,", "{kind: data, after: [evaluate],")
    done = command(write_tree(tmp_path, tree), "dry-run")
    assert done.code == 1
    assert "BROKEN  ordered" in done.out
    assert json.loads(command(tmp_path, "dry-run", "--format", "json").out)["pairs"] is None


def test_a_contract_that_is_not_there_is_a_wrong_argument(tmp_path: Path) -> None:
    """The message names the designs that have one."""
    done = command(write_tree(tmp_path, clean_log()), "dry-run", "chrun")
    assert done.code == 2
    assert "those with one are churn" in done.err


def test_a_contract_that_cannot_be_read_could_not_be_checked(tmp_path: Path) -> None:
    """It is not taken for one that is missing."""
    tree = edited(clean_log(), CONTRACT, "kind: approval", "kind: aproval")
    done = command(write_tree(tmp_path, tree), "dry-run", "churn")
    assert done.code == 3
    assert "docs/churn/pipeline.md cannot be read" in done.err


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_all_that_is_to_be_mended_in_a_contract_that_cannot_be_read_is_told(form: str, tmp_path: Path) -> None:
    """Two values and two defects are told at once, with their lines, on standard error; no branch is shown as known."""
    tree = edited(UNSAFE, CONTRACT, "timeout: 10m", "timeout: 10 minutes")
    tree = edited(edited(tree, CONTRACT, "auc >= 0.72,", "auc >== 0.72,"), CONTRACT, "by: [ml-lead], ", "")
    done = command(write_tree(tmp_path, tree), "dry-run", "churn", "--format", form)
    assert (done.code, done.out) == (3, "")
    for words in ("timeout: 10 minutes", "auc >== 0.72", "kind: approval", "    rollback:"):
        assert f"docs/{CONTRACT}:{line_of(tree[CONTRACT], words)}:" in done.err
    for said in ("like 10m", "expected a number, or a metric", "add `by:`", "first: disable-route"):
        assert said in " ".join(done.err.split())
    assert max(map(len, done.err.splitlines()[1:])) <= 80


def line_of(text: str, words: str) -> int:
    """Give the line that some words stand on, from 1."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)
