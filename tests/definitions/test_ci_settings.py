"""Settings of GitHub and GitLab that decide whether a gate is one: each beside its honest form."""

from __future__ import annotations

import pytest
from comparing import STAGES, told

GATE = "run: python gate.py --min 0.8"
SOFT = "continue-on-error: '${{ matrix.x == 1 }}', "
CONDITIONAL, OPEN = ["guard-conditional unknown"], ["guard-cannot-fail unknown"]


def github(gate: str = f"{{{GATE}}}", job: str = "", ship: str = "", top: str = "on: push", more: str = "") -> str:
    """Give a workflow, of which the gate, the promotion or the top says something."""
    return f"""
    {top}
    jobs:
      train: {{steps: [{{run: python train.py}}]}}
      gate: {{needs: train, {job}steps: [{gate}]}}
      ship: {{needs: gate, {ship}steps: [{{run: python ship.py}}{more}]}}
    """


def gitlab(gate: str = "", ship: str = "", script: str = "python gate.py --min 0.8") -> str:
    """Give a pipeline, of which the gate or the promotion says something."""
    return f"""
    stages: [a, b, c]
    train: {{stage: a, script: python train.py}}
    gate: {{stage: b, script: {script}{gate}}}
    ship: {{stage: c, script: python ship.py{ship}}}
    """


PIPED = "run: python gate.py --min 0.8 | tee log"
TWO = 'run: "python gate.py --min 0.8\\necho done"'


@pytest.mark.parametrize(
    ("step", "top", "job", "expected"),
    [
        (f"{{{PIPED}, shell: bash}}", "on: push", "", []),
        (f"{{{PIPED}}}", "defaults: {run: {shell: bash}}", "", []),
        (f"{{{PIPED}}}", "on: push", "defaults: {run: {shell: bash}}, ", []),
        (f"{{{PIPED}}}", "on: push", "", ["guard-cannot-fail differs"]),
        (f"{{{PIPED}, shell: sh}}", "defaults: {run: {shell: bash}}", "", ["guard-cannot-fail differs"]),
        (f"{{{TWO}, shell: 'bash -e {{0}}'}}", "on: push", "", []),
        (f"{{{TWO}, shell: 'bash {{0}}'}}", "on: push", "", ["guard-cannot-fail differs"]),
        (f"{{{GATE}, shell: pwsh}}", "on: push", "", []),
        (f"{{{TWO}, shell: pwsh}}", "on: push", "", ["guard-cannot-fail unknown"]),
        (f"{{{TWO}}}", "on: push", "runs-on: windows-latest, ", ["guard-cannot-fail unknown"]),
        ("{run: 'import gate; gate.main()', shell: python}", "on: push", "", ["command-differs unknown"]),
    ],
)
def test_the_shell_decides_whether_a_failure_ends_the_step(step: str, top: str, job: str, expected: list[str]) -> None:
    """`bash` by name has `pipefail`, the default has not; what another interpreter reads is open."""
    assert told("github-actions", github(step, job, top=top)) == expected


@pytest.mark.parametrize(
    ("gate", "job", "ship", "expected"),
    [
        (f"{{{GATE}, if: success()}}", "", "", []),
        (f"{{{GATE}, if: failure()}}", "", "", ["guard-cannot-fail differs"]),
        (f"{{run: echo x}}, {{{GATE}, if: cancelled()}}", "", "", ["guard-cannot-fail differs"]),
        (f"{{{GATE}}}", "if: '!inputs.skip_gate', ", "", []),
        (f"{{{GATE}}}", "if: '!inputs.skip_gate', ", "if: '!failure() && !cancelled()', ", CONDITIONAL),
        (f"{{{GATE}, if: '!inputs.skip_gate'}}", "", "", OPEN),
        (f"{{{GATE}, if: \"!contains(github.event.head_commit.message, '[skip]')\"}}", "", "", OPEN),
        (f"{{{GATE}}}", "strategy: {fail-fast: false, matrix: {x: [1, 2]}}, ", "", []),
        (f"{{{GATE}}}", f"{SOFT}strategy: {{matrix: {{x: [1, 2]}}}}, ", "", ["guard-weakened unknown"]),
    ],
)  # fmt: skip
def test_a_gate_of_github_that_may_be_left_out_is_told(gate: str, job: str, ship: str, expected: list[str]) -> None:
    """A job that is skipped skips the promotion; a step that is skipped does not."""
    assert told("github-actions", github(gate, job, ship)) == expected


@pytest.mark.parametrize(
    ("gate", "ship", "expected"),
    [
        ("", "", []),
        (", rules: [{changes: [src/*]}]", "", ["guard-conditional unknown"]),
        (", rules: [{changes: [src/*]}]", ", needs: [gate]", []),
        ("", ", needs: [{job: gate, optional: true}]", []),
        (", rules: [{if: $CI_TAG}]", ", needs: [{job: gate, optional: true}]", ["guard-conditional unknown"]),
        (", when: manual", "", ["guard-weakened differs"]),
        (", when: manual, allow_failure: false", "", []),
        (", rules: [{when: manual}]", "", []),
        (", rules: [{when: manual, allow_failure: true}]", "", ["guard-weakened differs"]),
        (", when: on_failure", "", ["guard-conditional differs"]),
        (", allow_failure: {exit_codes: [137]}", "", ["guard-weakened unknown"]),
        (", allow_failure: {exit_codes: [137, 10]}", "", ["guard-weakened differs"]),
        (", allow_failure: false", "", []),
        (", interruptible: true", "", []),
    ],
)
def test_a_gate_of_gitlab_that_may_be_left_out_is_told(gate: str, ship: str, expected: list[str]) -> None:
    """A manual job allows its failure unless a rule makes it manual; a rejection is exit code 10."""
    assert told("gitlab-ci", gitlab(gate, ship)) == expected


@pytest.mark.parametrize(
    ("script", "more", "expected"),
    [
        ("[python gate.py --min 0.8, echo done]", "", []),
        ("[set +e, python gate.py --min 0.8, echo done]", "", ["guard-cannot-fail differs"]),
        ("[python gate.py --min 0.8, echo done]", ", before_script: [set +e]", ["guard-cannot-fail differs"]),
        ("[python gate.py --min 0.8, echo done]", ", before_script: [set -e]", []),
        ("echo x", ", after_script: [python gate.py --min 0.8]", ["command-differs differs"]),
    ],
)
def test_what_surrounds_a_script_of_gitlab_counts(script: str, more: str, expected: list[str]) -> None:
    """`before_script` has the same shell; the end of `after_script` counts for nothing."""
    assert told("gitlab-ci", gitlab(more, script=script)) == expected


@pytest.mark.parametrize(
    ("theirs", "environments", "to", "expected"),
    [
        ("production", {}, "production", []),
        ("Production", {}, "production", []),
        ("prod-eu", {}, "production", []),
        ("${{ inputs.where }}", {}, "production", []),
        ("staging", {}, "production", ["target-differs differs"]),
        ("canary", {"canary": {}, "production": {}}, "production", ["target-differs differs"]),
        ("production", {"staging": {"production": False}}, "staging", ["target-differs differs"]),
        ("stage", {"staging": {"production": False}}, "staging", []),
    ],
)
def test_a_promotion_goes_where_the_contract_says(
    theirs: str, environments: dict[str, dict[str, bool]], to: str, expected: list[str]
) -> None:
    """Another environment of the contract is another place, and so is a trial for production; a spelling is none."""
    stages = {**STAGES, "ship": {**STAGES["ship"], "to": to}}
    text = github(ship=f"environment: '{theirs}', ")
    assert told("github-actions", text, {}, stages, environments=environments) == expected
    text = gitlab(ship=f", environment: '{theirs}'")
    assert told("gitlab-ci", text, {}, stages, environments=environments) == expected


@pytest.mark.parametrize(
    ("places", "is_told"),
    [("production", False), ("production, prod-eu", False), ("staging, production", True), ("staging", True)],
)
def test_a_matrix_of_places_goes_to_those_of_the_contract_alone(places: str, *, is_told: bool) -> None:
    """One leg to staging is a promotion that the contract does not have; how a production is spelt says nothing."""
    expected = ["target-differs differs"] * is_told
    matrix = f"strategy: {{matrix: {{where: [{places}]}}}}, environment: '${{{{ matrix.where }}}}', "
    assert told("github-actions", github(ship=matrix), {}, STAGES) == expected
    matrix = f", parallel: {{matrix: [{{WHERE: [{places}]}}]}}, environment: {{name: $WHERE}}"
    assert told("gitlab-ci", gitlab(ship=matrix), {}, STAGES) == expected


BACK = {"to": "previous", "run": "python back.py"}
CANCELS = "concurrency: {group: x, cancel-in-progress: true}"


@pytest.mark.parametrize(
    ("top", "ship", "more", "is_told"),
    [
        ("concurrency: release", "", "", False),
        (CANCELS.replace("true", "false"), "", "", False),
        (CANCELS, "", "", True),
        ("on: push", f"{CANCELS}, ", "", True),
        (CANCELS, "", ", {run: python back.py, if: failure()}", True),
        (CANCELS, "", ", {run: python back.py, if: failure() || cancelled()}", False),
        (CANCELS.replace("true", "'${{ inputs.hurry }}'"), "", "", True),
    ],
)
def test_a_promotion_that_a_newer_run_may_cancel_is_open(top: str, ship: str, more: str, *, is_told: bool) -> None:
    """Nothing that waits for a failure runs then; what also runs for a cancelled job answers it."""
    stages = {**STAGES, "ship": {**STAGES["ship"], "rollback": BACK}}
    found = told("github-actions", github(top=top, ship=ship, more=more), {}, stages)
    assert ("promotion-cancelled unknown" in found) is is_told


def test_a_promotion_of_gitlab_that_may_be_interrupted_is_open() -> None:
    """By a newer pipeline, where the project lets it."""
    assert told("gitlab-ci", gitlab(ship=", interruptible: true")) == ["promotion-cancelled unknown"]
    assert told("gitlab-ci", gitlab(ship=", interruptible: false")) == []


def test_a_variable_of_which_nothing_is_known_accuses_nobody() -> None:
    """`$MIN` may be the limit of the contract."""
    assert told("gitlab-ci", gitlab(script="python gate.py --min $MIN")) == ["command-differs unknown"]
    assert told("gitlab-ci", gitlab(script="python other.py --min $MIN")) == ["command-differs differs"]
