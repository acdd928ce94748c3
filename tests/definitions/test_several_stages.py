"""A stage of a contract for which several real ones stand, and what a real one hides of a failure."""

from __future__ import annotations

from typing import Any

import pytest
from comparing import told

STAGES: dict[str, dict[str, Any]] = {
    "train": {"kind": "train", "run": "python train.py"},
    "gate": {"kind": "gate", "run": "python gate.py", "after": ["train"]},
    "deploy": {
        "kind": "promote",
        "to": "production",
        "run": "python deploy.py --target production",
        "after": ["gate"],
        "on-fail": "halt + page",
    },
}
CALLED = """
on: {workflow_call: {}}
jobs:
  ship: {environment: production, steps: [{run: python deploy.py --target production}]}
  smoke: {needs: ship, steps: [{run: python smoke.py}]}
"""
CHECKS = """
on: {workflow_call: {}}
jobs:
  quality: {steps: [{run: python gate.py}]}
  lint: {steps: [{run: ruff check .}]}
"""
CALLING = """
on: push
jobs:
  train: {steps: [{run: pip install x}, {run: python train.py}]}
  gate: {needs: train, uses: ./.github/workflows/checks.yml}
  deploy: {needs: gate, uses: ./.github/workflows/ship.yml}
"""
NO_APPROVAL = "approval-not-shown"


def of_github(called: str = CALLED, checks: str = CHECKS, calling: str = CALLING) -> list[str]:
    """Compare with a workflow whose gate and promotion are workflows of the repository."""
    files = {".github/workflows/ship.yml": called, ".github/workflows/checks.yml": checks}
    return told("github-actions", calling, files, STAGES)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("--target production", "--target production", []),
        ("--target production", "--target staging", ["command-differs differs"]),
        ("python deploy.py --target production", "echo later", ["command-differs differs"]),
        ("environment: production", "environment: staging", ["target-differs differs"]),
        ("--target production}", "--target production || true}", ["answer-missing differs"]),
    ],
)
def test_one_of_several_does_what_the_promotion_says(old: str, new: str, expected: list[str]) -> None:
    """It runs the command, goes to the place, and fails when that fails; what else is there may be anything."""
    assert of_github(CALLED.replace(old, new)) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("python gate.py}", "python gate.py || true}", ["guard-cannot-fail differs"]),
        ("python gate.py}", "python gate.py --min 0}", ["command-differs differs"]),
        ("quality: {steps", "quality: {continue-on-error: true, steps", ["guard-weakened differs"]),
        ("lint: {steps", "lint: {continue-on-error: true, steps", []),
        ("ruff check .", "ruff check . || true", []),
    ],
)
def test_one_of_several_is_the_gate(old: str, new: str, expected: list[str]) -> None:
    """What runs the command of the gate has to hold the promotion back; what stands beside it may be lenient."""
    assert of_github(checks=CHECKS.replace(old, new)) == expected


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("{run: python train.py || true}", ["edge-weakened differs"]),
        ("{run: python train.py | tee log}", ["edge-weakened differs"]),
        ("{run: python train.py, continue-on-error: true}", ["edge-weakened differs"]),
        ("{run: python train.py, if: failure()}", ["stage-after-failure differs"]),
        ("{run: python train.py, if: cancelled()}", ["stage-after-failure differs"]),
        ("{run: python train.py}, {run: rm -r tmp || true}", []),
    ],
)
def test_what_stands_beside_a_command_does_not_hide_what_becomes_of_it(step: str, expected: list[str]) -> None:
    """A job that installs packages first is looked at for the command that the contract names."""
    assert of_github(calling=CALLING.replace("{run: python train.py}", step)) == expected


def dvc(command: str) -> list[str]:
    """Compare with a `foreach` of DVC."""
    text = f"stages:\n  train: {{foreach: [eu, us], do: {{cmd: {command!r}, outs: ['${{item}}.bin']}}}}\n"
    return told("dvc", text, None, {"train": {"kind": "train", "run": "python train.py --region eu"}}, workdir="ci")


def test_one_of_a_foreach_runs_what_the_contract_says() -> None:
    """Each adds its own item."""
    assert dvc("python train.py --region ${item}") == []
    assert dvc("python old.py --region ${item}") == ["command-differs differs"]


AIRFLOW = """
from airflow.sdk import DAG
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.sensors.external_task import ExternalTaskSensor
from airflow.providers.standard.sensors.filesystem import FileSensor
with DAG("d"):
    gate = BashOperator(task_id="gate", bash_command="python gate.py")
    approve = ExternalTaskSensor(task_id="approve", external_dag_id="ok")
    deploy = BashOperator(task_id="deploy", bash_command="python deploy.py", trigger_rule="all_success")
    gate >> approve >> deploy
"""
OF_AIRFLOW: dict[str, dict[str, Any]] = {
    "gate": {"kind": "gate", "run": "python gate.py"},
    "approve": {"kind": "approval", "by": ["lead"], "after": ["gate"]},
    "deploy": {"kind": "promote", "to": "production", "run": "python deploy.py", "after": ["approve"]},
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({'BashOperator(task_id="gate", bash_command="python gate.py")': 'FileSensor(task_id="gate", filepath="ok")'},
         ["guard-cannot-fail unknown"]),
        ({'"ok")': '"ok", soft_fail=True)', "all_success": "none_failed"}, ["guard-conditional unknown"]),
        ({'"ok")': '"ok", soft_fail=True)'}, []),
    ],
)  # fmt: skip
def test_a_sensor_of_airflow_is_no_command_and_may_leave_itself_out(
    changes: dict[str, str], expected: list[str]
) -> None:
    """What the contract gives a command is not shown by what only waits."""
    text = AIRFLOW
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    assert told("airflow", text, None, OF_AIRFLOW) == expected


GITLAB = """
stages: [gate, approve, deploy]
default: {before_script: ["apt-get update || true"]}
gate: {stage: gate, parallel: {matrix: [{REGION: [eu, us]}]}, script: ['python gate.py --min-auc "$MIN_AUC"']}
approve: {stage: approve, when: manual, allow_failure: false, script: [echo approved]}
deploy: {stage: deploy, environment: production, script: [python deploy.py]}
variables: {MIN_AUC: "0.80"}
"""
OF_GITLAB: dict[str, dict[str, Any]] = {
    **OF_AIRFLOW, "gate": {"kind": "gate", "run": "python gate.py --min-auc 0.80"}
}  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("stages:", "stages:", []),
        ("[echo approved]", '["curl x || true"]', []),
        ("allow_failure: false", "allow_failure: true", ["guard-weakened differs"]),
        ("variables:", 'workflow: {rules: [{if: $X, variables: {MIN_AUC: "0.1"}}]}\nvariables:',
         ["command-differs unknown"]),
        ("deploy: {", "deploy: {needs: [approve, {job: gate, parallel: {matrix: [{REGION: eu}]}}], ", []),
        ("script: [echo approved]", "script: [echo approved], after_script: [python deploy.py]",
         ["guard-missing differs"]),
    ],
)  # fmt: skip
def test_a_manual_job_waits_whatever_it_prints(old: str, new: str, expected: list[str]) -> None:
    """What is run behind the answer of a person does not matter, nor does what prepares the place."""
    assert told("gitlab-ci", GITLAB.replace(old, new), None, OF_GITLAB) == expected


def test_one_leg_of_a_gate_does_not_stand_for_the_others() -> None:
    """A promotion that waits for one region's gate alone may run though the other has rejected."""
    text = GITLAB.replace("deploy: {", "deploy: {needs: [{job: gate, parallel: {matrix: [{REGION: eu}]}}], ")
    assert "guard-weakened unknown" in told("gitlab-ci", text, None, OF_GITLAB)


NESTED = """
kind: Workflow
spec:
  entrypoint: main
  templates:
    - name: main
      dag:
        tasks:
          - {name: gate, template: gate}
          - {name: deploy, template: release, depends: gate}
          - {name: undo, template: undo, depends: deploy.Failed}
    - {name: release, steps: [[{name: ship, template: ship}], [{name: smoke, template: smoke}]]}
    - {name: gate, container: {command: [python, gate.py]}}
    - {name: ship, container: {command: [python, deploy.py]}}
    - {name: smoke, container: {command: [python, smoke.py]}}
    - {name: undo, container: {command: [python, deploy.py, --restore]}}
"""
HOOK = '{template: undo, expression: \'tasks["deploy"].status == "Failed"\'}'
HOOKED = NESTED.replace("          - {name: undo, template: undo, depends: deploy.Failed}\n", "").replace(
    "depends: gate}", f"depends: gate, hooks: {{failed: {HOOK}}}}}"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NESTED, []),
        (HOOKED, []),
        (NESTED.replace("deploy.Failed", "gate.Failed"), ["answer-missing differs", "rollback-unasked differs"]),
        (HOOKED.replace('["deploy"]', '["gate"]'), ["answer-missing differs", "rollback-unasked differs"]),
        (NESTED.replace("--restore]", "--restore, --dry-run]"), ["answer-missing differs"]),
    ],
)
def test_a_task_that_unfolds_is_rolled_back_as_one(text: str, expected: list[str]) -> None:
    """What answers the failure of the task answers that of each of its parts; a hook is no part of it."""
    back = {"to": "previous", "first": "off", "run": "python deploy.py --restore"}
    deploy = {**OF_AIRFLOW["deploy"], "after": ["gate"], "rollback": back, "on-fail": "rollback + page"}
    stages = {"gate": OF_AIRFLOW["gate"], "deploy": deploy}
    beside = "deploy.failed" if "hooks" in text else "undo"
    assert told("argo", text, None, stages, source={"kind": "argo", "path": "d", "besides": [beside]}) == expected


def test_a_script_of_the_repository_may_change_what_steps_behind_it_see() -> None:
    """What writes `GITHUB_ENV`, in a step, in its script or in a local action, leaves the value open."""
    gate = "{run: 'python gate.py --min $MIN'}"
    stages = {"gate": {"kind": "gate", "run": "python gate.py --min 0.8"}}
    writes = 'echo "MIN=0.1" >> "$GITHUB_ENV"\n'
    files = {"set.sh": writes, "a/action.yml": f"runs: {{using: composite, steps: [{{run: '{writes.strip()}'}}]}}\n"}
    for step, expected in (
        ("", []),
        ("{run: sh other.sh}, ", []),
        ("{run: sh set.sh}, ", ["command-differs unknown"]),
        ("{uses: ./a}, ", ["command-differs unknown"]),
    ):
        text = f"on: push\njobs:\n  gate: {{env: {{MIN: '0.8'}}, steps: [{step}{gate}]}}\n"
        assert told("github-actions", text, files, stages) == expected, step
