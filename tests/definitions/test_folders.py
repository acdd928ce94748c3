"""The same command in another folder runs other files: that is a difference, and what is not told is open."""

from __future__ import annotations

from typing import Any

import pytest
from comparing import differences, told

from gatepost.definitions.definition import Script
from gatepost.definitions.folders import folder_in

CHECKOUT = "{uses: actions/checkout@v4}"
COMMANDS = {"train": "python train.py", "gate": "python gate.py --min 0.8", "ship": "python ship.py"}
NEEDS = {"train": "", "gate": "needs: train, ", "ship": "needs: gate, "}


def github(step: str, top: str = "on: push", job: str = "") -> str:
    """Give a workflow of three jobs, of which each step says the same beside its command."""
    steps = {name: step.replace("%", command) for name, command in COMMANDS.items()}
    jobs = (f"  {name}: {{{NEEDS[name]}{job}steps: [{CHECKOUT}, {one}]}}" for name, one in steps.items())
    return "\n".join((top, "jobs:", *jobs))


DIFFERS = ["folder-differs differs"]
OPEN = ["folder-differs unknown"]


@pytest.mark.parametrize(
    ("step", "top", "job"),
    [
        ("{run: %, working-directory: ml}", "on: push", ""),
        ("{run: %, working-directory: ./ml/}", "on: push", ""),
        ("{run: %, working-directory: '${{ github.workspace }}/ml'}", "on: push", ""),
        ("{run: %, working-directory: '${{ env.WHERE }}'}", "env: {WHERE: ml}", ""),
        ("{run: %}", "on: push", "defaults: {run: {working-directory: ml}}, "),
        ("{run: %}", "defaults: {run: {working-directory: ml}}", ""),
        ("{run: %}", "defaults: {run: {working-directory: x}}", "defaults: {run: {working-directory: ml}}, "),
        ("{run: cd ml && %}", "on: push", ""),
        ('{run: "set -x\\ncd ml\\n%"}', "on: push", ""),
        ("{run: cd x && cd ../ml && %}", "on: push", ""),
        ("{run: 'cd $GITHUB_WORKSPACE/ml && %', working-directory: x}", "on: push", ""),
        ("{run: uv run --directory ml %}", "on: push", ""),
        ("{run: pushd ml && %}", "on: push", ""),
        ("{run: env -C ml %}", "on: push", ""),
        ("{run: \"bash -c 'cd ml; %'\"}", "on: push", ""),
    ],
)
def test_the_folder_of_the_contract_agrees_and_another_differs(step: str, top: str, job: str) -> None:
    """However it is said: by the step, by defaults, by `cd`."""
    text = github(step, top, job)
    assert told("github-actions", text, workdir="ml") == []
    assert told("github-actions", text, workdir="other") == DIFFERS
    assert told("github-actions", text, workdir=".") == DIFFERS


@pytest.mark.parametrize(
    "step",
    [
        "{run: %, working-directory: '${{ inputs.where }}'}",
        "{run: %, working-directory: /opt/app}",
        "{run: 'cd $WHERE && %'}",
        "{run: 'if [ -d ml ]; then cd ml; fi; %'}",
        "{run: 'pushd $WHERE && %'}",
    ],
)
def test_a_folder_that_only_a_run_knows_is_open(step: str) -> None:
    """What is filled in, what lies outside of the repository, what a test decides."""
    assert told("github-actions", github(step), workdir="ml") == OPEN


def test_a_repository_that_is_put_in_a_folder_begins_there() -> None:
    """`path` of the checkout is no folder of the repository."""
    text = github("{run: %, working-directory: src/ml}").replace("checkout@v4}", "checkout@v4, with: {path: src}}")
    assert told("github-actions", text, workdir="ml") == []
    assert told("github-actions", text, workdir="src/ml") == DIFFERS


def test_stages_in_one_wrong_folder_are_one_difference() -> None:
    """One line of the workflow is one cause; the message has both places."""
    (one,) = differences("github-actions", github("{run: %, working-directory: ml}"), workdir="jobs")
    assert one.message == "train, gate and ship run in the folder jobs here, and in the folder ml in the definition"
    assert one.at == ("workdir",)


def test_a_stage_that_leaves_the_folder_of_the_others_is_told() -> None:
    """Beside the contract's folder that is a difference; below it a contract has no words for it, so it is open."""
    text = github("{run: %, working-directory: ml}")
    gate = COMMANDS["gate"]
    moved = text.replace(gate, f"cd ../old && {gate}")
    assert told("github-actions", moved, workdir="ml") == DIFFERS
    below = text.replace(f"{gate}, working-directory: ml", gate)
    assert told("github-actions", below, workdir=".") == OPEN


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, []),
        ({"d/train.py": "", "d/gate.py": "", "d/ship.py": ""}, DIFFERS),
        ({"train.py": "", "gate.py": "", "ship.py": ""}, DIFFERS),
    ],
)
def test_where_neither_side_says_a_folder_the_files_tell(files: dict[str, str], expected: list[str]) -> None:
    """A contract runs in its own folder, a workflow in the root; without such files nothing is known to differ."""
    assert told("github-actions", github("{run: %}"), files) == expected
    assert told("github-actions", github("{run: %}"), files, workdir=".") == []


def test_a_command_that_names_no_file_runs_anywhere() -> None:
    """`helm upgrade` does the same in each folder; `make` does not."""
    stages: dict[str, Any] = {"ship": {"kind": "promote", "to": "production", "run": "helm upgrade app"}}
    text = "jobs: {ship: {steps: [{run: helm upgrade app}]}}"
    assert told("github-actions", text, {}, stages, workdir="ml") == []
    stages = {"ship": {"kind": "promote", "to": "production", "run": "make ship"}}
    assert told("github-actions", text.replace("helm upgrade app", "make ship"), {}, stages, workdir="ml") == DIFFERS


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("before_script: [cd ml], ", []),
        ("before_script: ['cd $CI_PROJECT_DIR/ml'], ", []),
        ("before_script: ['cd ${WHERE}'], variables: {WHERE: ml}, ", []),
        ("", DIFFERS),
        ("before_script: [cd other], ", DIFFERS),
        ("before_script: [cd $WHERE], ", OPEN),
    ],
)
def test_what_a_job_of_gitlab_does_before_its_script_counts(more: str, expected: list[str]) -> None:
    """Both have one shell."""
    text = f"""
    stages: [a, b, c]
    default: {{{more}}}
    train: {{stage: a, script: python train.py}}
    gate: {{stage: b, script: python gate.py --min 0.8}}
    ship: {{stage: c, script: python ship.py}}
    """
    assert told("gitlab-ci", text.replace("default: {}", "variables: {}"), workdir="ml") == expected


@pytest.mark.parametrize(
    ("script", "folder"),
    [
        ("(cd ml && make) && run it", "."),
        ("(cd ml && run it) && x", "ml"),
        ("cd a; cd b; run it", "a/b"),
        ("run it; cd a", "."),
        ("cd - && run it", None),
        ("cd ~ && run it", None),
        ("cd ../.. && run it", None),
        ("bash -c 'cd a; run it'", "a"),
    ],
)
def test_a_script_is_followed_through_its_moves(script: str, folder: str | None) -> None:
    """A subshell takes its folder with it."""
    found = folder_in(Script(script), "run it", ".")
    assert found is not None
    assert found[0] == folder
