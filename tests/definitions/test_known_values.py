"""What the file itself says that a name stands for is read, and what only a run knows is open."""

from __future__ import annotations

import pytest
from comparing import told

LOWER = "0.5"


def github(gate: str, top: str = "on: push", job: str = "") -> str:
    """Give a workflow whose gate has some step, or several, and says more beside them."""
    return f"""
    {top}
    jobs:
      train: {{steps: [{{run: python train.py}}]}}
      gate: {{needs: train, {job}steps: [{gate}]}}
      ship: {{needs: gate, steps: [{{run: python ship.py}}]}}
    """


ENV = '{run: "python gate.py --min ${{ env.MIN }}"}'
SHELL = '{run: "python gate.py --min $MIN"}'
BRACES = '{run: "python gate.py --min ${MIN}"}'


@pytest.mark.parametrize("step", [ENV, SHELL, BRACES, '{run: "python gate.py --min \\"$MIN\\""}'])
@pytest.mark.parametrize(
    ("top", "job"),
    [
        ("env: {MIN: 0.8}", ""),
        ("env: {MIN: 0.5}", "env: {MIN: 0.8}, "),
        ("env: {BASE: 0.8}", "env: {MIN: '${{ env.BASE }}'}, "),
    ],
)
def test_a_variable_of_the_workflow_is_what_it_says(step: str, top: str, job: str) -> None:
    """The narrower `env` wins; the same value agrees, and another one is another command."""
    assert told("github-actions", github(step, top, job)) == []
    other = github(step, top.replace("0.8", LOWER), job.replace("0.8", LOWER))
    assert told("github-actions", other) == ["command-differs differs"]


@pytest.mark.parametrize(
    ("gate", "top", "job"),
    [
        ('{run: "python gate.py --min ${{ vars.MIN }}"}', "on: push", ""),
        ('{run: "python gate.py --min ${{ inputs.min }}"}', "on: {workflow_dispatch: {inputs: {min: }}}", ""),
        (f"{{run: 'echo MIN=0.1 >> $GITHUB_ENV'}}, {ENV}", "env: {MIN: 0.8}", ""),
        ('{run: "python gate.py --min ${{ matrix.min }}"}', "on: push", "strategy: {matrix: '${{ fromJSON(x) }}'}, "),
        ('{run: "python gate.py --min $(cat limit)"}', "on: push", ""),
    ],
)  # fmt: skip
def test_what_only_a_run_knows_is_open(gate: str, top: str, job: str) -> None:
    """A setting, what a person chooses, what a step writes: the command may be that of the contract."""
    assert told("github-actions", github(gate, top, job)) == ["command-differs unknown"]


def test_a_matrix_of_which_no_value_gives_the_command_differs() -> None:
    """A matrix of one value is that value; of several, one must fit."""
    step = '{run: "python gate.py --min ${{ matrix.min }}"}'
    assert told("github-actions", github(step, job="strategy: {matrix: {min: [0.8]}}, ")) == []
    assert told("github-actions", github(step, job="strategy: {matrix: {min: [0.7, 0.6]}}, ")) == [
        "command-differs differs"
    ]


ACTION = """
inputs: {min: {default: 0.8}}
runs: {using: composite, steps: [{shell: bash, run: "python gate.py --min ${{ inputs.min }}"}]}
"""


@pytest.mark.parametrize(
    ("given", "expected"),
    [("", []), (", with: {min: 0.8}", []), (", with: {min: 0.5}", ["command-differs differs"])],
)
def test_the_inputs_of_a_local_action_are_filled_in(given: str, expected: list[str]) -> None:
    """As the step gives them, or else their default."""
    text = github(f"{{uses: ./tools/gate{given}}}")
    assert told("github-actions", text, {"tools/gate/action.yml": ACTION}) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [("", []), (", with: {min: 0.8}", []), (", with: {min: 0.5}", ["command-differs differs"])],
)
def test_the_inputs_of_a_local_workflow_are_filled_in(given: str, expected: list[str]) -> None:
    """As the job gives them, or else their default."""
    text = f"""
    jobs:
      train: {{steps: [{{run: python train.py}}]}}
      gate: {{needs: train, uses: ./.github/workflows/gate.yml{given}}}
      ship: {{needs: gate, steps: [{{run: python ship.py}}]}}
    """
    called = """
    on: {workflow_call: {inputs: {min: {type: string, default: "0.8"}}}}
    jobs: {judge: {steps: [{run: "python gate.py --min ${{ inputs.min }}"}]}}
    """
    assert told("github-actions", text, {".github/workflows/gate.yml": called}) == expected


GATE = "run: python gate.py --min 0.8"
MATRIX = "continue-on-error: '${{ matrix.soft }}', "
SOFT = f"{GATE}, continue-on-error: '${{{{ env.SOFT == 1 }}}}'"


@pytest.mark.parametrize(
    ("gate", "top", "job", "expected"),
    [
        (f"{{{GATE}, if: env.SKIP != 'true'}}", "env: {SKIP: 'false'}", "", []),
        (f"{{{GATE}, if: env.SKIP != 'true'}}", "env: {SKIP: 'true'}", "", ["guard-conditional differs"]),
        (f"{{{GATE}, if: env.SKIP != 'true'}}", "env: {SKIP: '${{ vars.SKIP }}'}", "", ["guard-cannot-fail unknown"]),
        (f"{{{GATE}, if: '!inputs.skip_gate'}}", "on: workflow_dispatch", "", ["guard-cannot-fail unknown"]),
        (f"{{{SOFT}}}", "env: {SOFT: 0}", "", []),
        (f"{{{SOFT}}}", "env: {SOFT: 1}", "", ["guard-weakened differs"]),
        (f"{{{GATE}, continue-on-error: '${{{{ inputs.soft }}}}'}}", "on: push", "", ["guard-weakened unknown"]),
        (f"{{{GATE}}}", "on: push", "continue-on-error: '${{ vars.SOFT == 1 }}', ", ["guard-weakened unknown"]),
        (f"{{{GATE}}}", "on: push", f"{MATRIX}strategy: {{matrix: {{soft: [false]}}}}, ", []),
        (f"{{{GATE}}}", "on: push", "continue-on-error: true, ", ["guard-weakened differs"]),
    ],
)  # fmt: skip
def test_what_is_known_decides_a_condition(gate: str, top: str, job: str, expected: list[str]) -> None:
    """A gate that a literal leaves out, or lets fail, is none; what hangs on a run is open."""
    assert told("github-actions", github(gate, top, job)) == expected


def gitlab(gate: str, top: str = "") -> str:
    """Give a pipeline whose gate says something."""
    return f"""
    {top}
    stages: [a, b, c]
    train: {{stage: a, script: python train.py}}
    gate: {{stage: b, {gate}}}
    ship: {{stage: c, script: python ship.py}}
    """


@pytest.mark.parametrize("script", ["script: 'python gate.py --min $MIN'", "script: ['python gate.py --min ${MIN}']"])
@pytest.mark.parametrize(
    ("top", "job"),
    [
        ("variables: {MIN: '0.8'}", ""),
        ("variables: {MIN: '0.5'}", "variables: {MIN: '0.8'}, "),
        ("variables: {BASE: '0.8', MIN: $BASE}", ""),
        (".limits: {variables: {MIN: '0.8'}}", "variables: !reference [.limits, variables], "),
        (".limits: {variables: {MIN: '0.8'}}", "extends: .limits, "),
    ],
)
def test_a_variable_of_gitlab_is_what_it_says(script: str, top: str, job: str) -> None:
    """Those of the job win over those of the file."""
    assert told("gitlab-ci", gitlab(job + script, top)) == []
    other = gitlab((job + script).replace("0.8", LOWER), top.replace("0.8", LOWER))
    assert told("gitlab-ci", other) == ["command-differs differs"]


@pytest.mark.parametrize(
    ("top", "job"),
    [
        ("", ""),
        ("variables: {MIN: {value: '0.8', description: the limit}}", ""),
        ("variables: {MIN: '0.8'}", "inherit: {variables: false}, "),
        ("variables: {MIN: '0.8'}", "rules: [{if: $CI_TAG, variables: {MIN: '0.1'}}, {when: on_success}], "),
    ],
)
def test_a_variable_of_gitlab_that_has_no_one_value_is_open(top: str, job: str) -> None:
    """One that is offered to people, that a rule sets, that is not inherited."""
    text = gitlab(job + "script: 'python gate.py --min ${MIN}'", top)
    assert told("gitlab-ci", text) == ["command-differs unknown"]


def test_a_variable_that_the_script_sets_itself_is_left_alone() -> None:
    """The file's own value would be another one; what the script sets it to is followed."""
    text = gitlab("script: ['MIN=0.8', 'python gate.py --min ${MIN}']", "variables: {MIN: '0.5'}")
    assert told("gitlab-ci", text) == []
    assert told("gitlab-ci", text.replace("MIN=0.8", "MIN=$OTHER")) == ["command-differs unknown"]
