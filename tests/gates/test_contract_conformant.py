"""`contract-conformant`: the contract matches the real definition that it names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from commands import command
from trees import checked, clean_log, edited, findings, outcome, said, write_tree

GATE = "contract-conformant"
CONTRACT = "churn/pipeline.md"
JOBS = ["features", "train", "evaluate", "quality-gate", "package", "promote"]


UNDO = "{if: failure(), run: python rollback.py}"


def workflow(**changes: str) -> str:
    """Give a workflow that does what the clean contract says, with some jobs written otherwise."""
    lines = {
        "features": "{steps: [{run: python features.py}]}",
        "train": "{needs: features, steps: [{run: python train.py}]}",
        "evaluate": "{needs: [train, features], steps: [{run: python evaluate.py}]}",
        "package": "{needs: [train, evaluate], steps: [{run: python package.py}]}",
        "promote": "{needs: package, environment: production, steps: [{run: python promote.py}, $undo]}",
        **changes,
    }
    jobs = "".join(f"  {name}: {text}\n" for name, text in lines.items())
    return "jobs:\n" + jobs.replace("steps: [", "timeout-minutes: 10, steps: [").replace("$undo", UNDO)


def log(text: str, kind: str = "github-actions") -> dict[str, str]:
    """Give the clean log with a definition, in which the gate lives in the code of `evaluate`."""
    files = edited(
        clean_log(), CONTRACT, "owner: growth-ml\n", f"owner: growth-ml\nsource: {{kind: {kind}, path: release.yml}}\n"
    )
    files = edited(files, CONTRACT, "    kind: gate\n", "    kind: gate\n    gate: {in: evaluate}\n")
    return {**files, "churn/release.yml": text}


def test_a_contract_without_a_definition_is_not_asked(tmp_path: Path) -> None:
    """Not every team has one in the repository."""
    assert outcome(checked(tmp_path, clean_log()), "churn/pipeline", GATE).state == "not-applicable"


def test_a_definition_that_agrees_is_met(tmp_path: Path) -> None:
    """What the definition cannot show is advice at most."""
    report = checked(tmp_path, log(workflow()))
    assert outcome(report, "churn/pipeline", GATE).state == "pass"
    assert {one.effect for one in findings(report, GATE)} <= {"advise"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"promote": "{needs: package, if: always(), environment: live, steps: [{run: python promote.py}, $undo]}"},
            "(if: always())",
        ),
        ({"package": "{needs: train, steps: [{run: python package.py}]}"}, "package does not wait for evaluate"),
        ({"train": "{needs: features, steps: [{run: python fit.py}]}"}, "train runs `python train.py` here"),
        ({"hotfix": "{steps: [{run: python promote.py}]}"}, "the definition runs hotfix"),
    ],
)
def test_each_drift_is_one_finding(changes: dict[str, str], words: str, tmp_path: Path) -> None:
    """The message names both places, and the finding blocks."""
    found = [one for one in findings(checked(tmp_path, log(workflow(**changes))), GATE) if one.effect == "block"]
    assert len(found) == 1, [one.message for one in found]
    assert words in found[0].message
    assert "docs/churn/release.yml" in found[0].message
    assert found[0].path == f"docs/{CONTRACT}"


def test_a_definition_that_cannot_be_read_fails(tmp_path: Path) -> None:
    """The finding says where the definition is broken."""
    (message,) = said(checked(tmp_path, log("jobs:\n\t- x")), GATE)
    assert message == "docs/churn/release.yml is not YAML: a tab indents this line (line 2)"


def test_gaps_leave_the_gate_unknown(tmp_path: Path) -> None:
    """What a reusable workflow hides is said to be unknown, with the place."""
    changes = {"package": "{needs: [train, evaluate], uses: org/x/.github/workflows/p.yml@v1}"}
    text = workflow(**changes).replace("  evaluate:", "  measure:").replace("evaluate]", "measure]")
    report = checked(tmp_path, log(text).copy())
    state = outcome(report, "churn/pipeline", GATE)
    assert state.state in {"unknown", "fail"}
    hidden = checked_again(tmp_path / "b", text)
    assert "the jobs inside package are not known" in hidden


def test_a_gap_leaves_the_gate_unknown_though_nothing_differs(tmp_path: Path) -> None:
    """What the text does not tell may be otherwise: a workflow elsewhere packs the model, nobody knows how."""
    package = "{needs: [train, evaluate], uses: org/x/.github/workflows/p.yml@v1}"
    state = outcome(checked(tmp_path, log(workflow(package=package))), "churn/pipeline", GATE)
    assert (state.state, "the jobs inside package are not known" in str(state)) == ("unknown", True)


def test_a_gate_that_nobody_can_follow_is_unknown(tmp_path: Path) -> None:
    """A definition without a gap may still leave open whether its gate runs."""
    evaluate = "{needs: [train, features], steps: [{if: github.ref == 'x', run: python evaluate.py}]}"
    state = outcome(checked(tmp_path, log(workflow(evaluate=evaluate))), "churn/pipeline", GATE)
    assert (state.state, "runs only with `if: github.ref == 'x'`" in str(state)) == ("unknown", True)


def test_a_gate_that_is_a_script_is_looked_into(tmp_path: Path) -> None:
    """The same script on both sides is no gate when its text always ends well; the file is read from the tree."""
    evaluate = "{needs: [train, features], steps: [{run: python evaluate.py}, {run: ./gate.sh}]}"
    files = log(workflow(evaluate=evaluate))
    files = edited(files, CONTRACT, "    gate: {in: evaluate}\n", "    gate: {in: evaluate}\n    run: ./gate.sh\n")

    def messages(script: str, name: str) -> list[str]:
        (tmp_path / name).mkdir()
        report = checked(tmp_path / name, {**files, "churn/gate.sh": f"#!/bin/sh\n{script}\n"})
        return [one.message for one in findings(report, GATE) if one.effect == "block"]

    assert messages("python gate.py", "fails") == []
    (message,) = messages("python gate.py || true", "swallows")
    assert "quality-gate cannot fail" in message
    assert "docs/churn/gate.sh ends well whatever fails in it" in message


def checked_again(root: Path, text: str) -> str:
    """Say what `gatepost conform` prints about a definition."""
    root.mkdir()
    return " ".join(command(write_tree(root, log(text)), "conform").out.split())


def test_the_command_prints_both_places(tmp_path: Path) -> None:
    """`gatepost conform` tells each difference, exits with 1, and reads the definition without running it."""
    changes = {"promote": "{needs: package, if: always(), steps: [{run: python promote.py}, $undo]}"}
    done = command(write_tree(tmp_path, log(workflow(**changes))), "conform", "churn")
    assert done.code == 1
    assert "DIFFERS  guard-weakened  stages.promote\n" in done.out
    assert "definition  docs/churn/release.yml:6\n" in done.out
    assert max(map(len, done.out.splitlines())) <= 80
    found = json.loads(command(tmp_path, "conform", "--format", "json").out)
    schema = json.loads(command(tmp_path, "schema", "conform").out)
    Draft202012Validator(schema).validate(found)
    assert found["conformant"] is False
    assert "| DIFFERS | `guard-weakened` |" in command(tmp_path, "conform", "--format", "markdown").out


def test_the_command_says_when_there_is_nothing_to_compare(tmp_path: Path) -> None:
    """A contract without `source` could not be compared, and the message says what to add."""
    done = command(write_tree(tmp_path, clean_log()), "conform")
    assert done.code == 3
    assert "add `source: {kind: dvc, path: dvc.yaml}`" in done.err


def test_a_contract_is_drafted_from_a_definition(tmp_path: Path) -> None:
    """`gatepost new pipeline --from` writes a contract that agrees with the definition at once."""
    files = {**clean_log(), "churn/release.yml": workflow()}
    del files[CONTRACT]
    root = write_tree(tmp_path, files)
    done = command(
        root,
        "new",
        "pipeline",
        "From facts to scores",
        "--from",
        "docs/churn/release.yml",
        "--kind",
        "github-actions",
    )
    assert done.code == 0, done.err
    assert command(root, "conform").code == 0
    assert "wrong" not in command(root, "check").err


def test_a_file_that_is_no_definition_is_told(tmp_path: Path) -> None:
    """The tool has to be named where the file does not tell."""
    files = {**clean_log(), "churn/a.txt": "hello"}
    del files[CONTRACT]
    done = command(write_tree(tmp_path, files), "new", "pipeline", "P", "--from", "docs/churn/a.txt")
    assert done.code == 2
    assert "say --kind dvc|github-actions" in done.err


def test_export_writes_a_skeleton(tmp_path: Path) -> None:
    """`gatepost export` prints it, or writes it to a file."""
    root = write_tree(tmp_path, clean_log())
    assert command(root, "export", "--to", "dvc").out.startswith("# A skeleton for DVC")
    assert command(root, "export", "churn", "--to", "github-actions", "--output", "w.yml").code == 0
    assert "needs: [train" in (root / "w.yml").read_text(encoding="utf-8")
