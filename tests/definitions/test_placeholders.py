"""A word that is filled in may become any other: it accuses nobody, and what it may become agrees."""

from __future__ import annotations

from typing import Any

import pytest
from reading import read

from gatepost.definitions import compare
from gatepost.definitions.commands import runs, runs_as_written
from gatepost.records import Pipeline

STAGES: dict[str, Any] = {
    "train": {"kind": "train", "run": "python train.py"},
    "gate": {"kind": "gate", "run": "python gate.py", "after": ["train"]},
    "ship": {"kind": "promote", "to": "production", "run": "python ship.py", "after": ["gate"]},
}


def told(kind: str, text: str) -> list[str]:
    """Compare a definition that has a job `lint` besides; tell the differences of guards and commands."""
    source = {"kind": kind, "path": "d", "besides": ["lint"]}
    record = Pipeline.model_validate({"title": "T", "owner": "o", "source": source, "stages": STAGES})
    found = compare(record, read(kind, text, path="d"), "").differences
    return [f"{one.id} {one.weight}" for one in found if one.id.startswith(("guard", "command"))]


def github(train: str, gate: str = "{run: python gate.py}", lint: str = "{run: ruff check}") -> str:
    """Give a workflow with the steps of three jobs, and a promotion behind them."""
    return f"""
    jobs:
      lint: {{steps: [{lint}]}}
      train: {{strategy: {{matrix: {{script: [train.py]}}}}, steps: [{train}]}}
      gate: {{needs: train, steps: [{gate}]}}
      ship: {{needs: gate, steps: [{{run: python ship.py}}]}}
    """


@pytest.mark.parametrize(
    ("train", "gate", "lint"),
    [
        ("{run: 'python ${{ matrix.script }}'}", "{run: python gate.py}", "{run: ruff check}"),
        ("{env: {SCRIPT: train.py}, run: 'python ${SCRIPT}'}", "{run: python gate.py}", "{run: ruff check}"),
        ("{run: python train.py}", "{run: python gate.py}, {run: 'python ${{ inputs.report }}'}", "{run: x}"),
        ("{run: python train.py}", "{run: python gate.py}", "{run: 'python ${{ matrix.tool }}'}"),
    ],
)
def test_a_word_that_is_filled_in_accuses_no_job(train: str, gate: str, lint: str) -> None:
    """A job that runs a script by a name from elsewhere is not said to run the promotion's."""
    assert told("github-actions", github(train, gate, lint)) == []


def test_a_stage_whose_own_command_is_filled_in_is_open() -> None:
    """What only a run tells may be the command of the contract, and may not."""
    assert told("github-actions", github("{run: python $(cat entry)}")) == ["command-differs unknown"]


def test_a_variable_of_gitlab_accuses_no_job() -> None:
    """`python ${CMD}` of the gate may be the gate's command."""
    text = """
    stages: [a, b, c]
    lint: {stage: a, needs: [], script: ruff check}
    train: {stage: a, script: python train.py}
    gate: {stage: b, variables: {CMD: gate.py}, script: 'python ${CMD}'}
    ship: {stage: c, script: python ship.py}
    """
    assert told("gitlab-ci", text) == []


def test_a_job_that_runs_the_promotion_is_told_all_the_same() -> None:
    """What is filled in beside the command, or behind it, makes it no other one."""
    lint = "{run: 'cd ${{ inputs.folder }} && python ship.py > ${LOG}'}"
    assert told("github-actions", github("{run: python train.py}", lint=lint)) == ["guard-missing differs"]


@pytest.mark.parametrize(
    ("theirs", "ours", "may", "does"),
    [
        ("make ${{ matrix.target }}", "make deploy", True, False),
        ("python {{ params.script }}", "python ship.py", True, False),
        ("sh -c '{{workflow.parameters.g}}'", "ship", True, False),
        ("ship --to ${REGION}", "ship --to ${REGION}", True, True),
        ("ship --to ${ZONE}", "ship --to ${REGION}", True, False),
        ("uv run ship", "ship", True, True),
    ],
)
def test_what_may_run_a_command_and_what_does(theirs: str, ours: str, may: bool, does: bool) -> None:  # noqa: FBT001 - a table
    """A placeholder that both sides have is the same on both; another one may become anything."""
    assert (runs(theirs, ours), runs_as_written(theirs, ours)) == (may, does)
