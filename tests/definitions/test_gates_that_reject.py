"""A gate that shows no command, or no way to reject, is not taken for one; what only prints is none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from reading import read
from test_gate_commands import OPEN, argo, github, gitlab, told

from gatepost.definitions import compare
from gatepost.records import Pipeline

GATE = {"kind": "gate"}
HIDDEN = ["guard-cannot-fail differs"]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("{uses: actions/checkout@v4}", OPEN),
        ("{uses: acme/gate@v1}", OPEN),
        ("{run: echo ok}", HIDDEN),
        ("{run: 'true'}", HIDDEN),
        ("{uses: actions/checkout@v4}, {run: cat out/scores.json}", HIDDEN),
        ('{run: "set -e\\nprintf ok\\nexit 0"}', HIDDEN),
        ("{uses: acme/gate@v1}, {run: echo ok}", OPEN),
        ("{run: python gate.py}", []),
        ("{run: 'echo judging; python gate.py'}", []),
        ("{run: 'python gate.py || exit 1'}", []),
        ("{run: 'if [ \"$OK\" != yes ]; then exit 1; fi'}", OPEN),
    ],
)
def test_a_job_that_only_prints_is_no_gate(steps: str, expected: list[str]) -> None:
    """Nobody knows what an action of others does; without any command, nobody knows what the gate is."""
    assert told("github-actions", github(steps), GATE) == expected


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("{run: exit 1}", ["stage-missing differs"]),
        ('{run: "echo later\\nexit 2"}', ["stage-missing differs"]),
        ("{run: exit 1, if: env.AUC < 0.8}", OPEN),
        ("{run: 'python gate.py || exit 1'}", []),
        ("{run: python eval.py}, {run: exit 1}", []),
    ],
)
def test_a_gate_that_can_only_fail_is_still_to_be_written(steps: str, expected: list[str]) -> None:
    """It evaluates nothing, unless something asks before: a condition, or another command."""
    assert told("github-actions", github(steps), GATE) == expected


def test_other_tools_print_as_well() -> None:
    """Lines of GitLab, a container of Argo."""
    assert told("gitlab-ci", gitlab('script: ["true"]'), GATE) == HIDDEN
    assert told("gitlab-ci", gitlab("script: [echo gate ok]"), GATE) == HIDDEN
    assert told("argo", argo("container: {command: [echo, ok]}"), GATE) == HIDDEN
    assert told("argo", argo("container: {image: registry/gate}"), GATE) == OPEN


def test_a_person_who_starts_a_job_is_no_command() -> None:
    """A manual job that only prints waits for somebody."""
    manual = gitlab("script: [echo ok], when: manual, allow_failure: false")
    assert told("gitlab-ci", manual, GATE) == []


def airflow(gate: str) -> str:
    """Give a DAG with a gate before the promotion."""
    return f"""
from airflow.sdk import DAG, task
from airflow.exceptions import AirflowException
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import PythonOperator, ShortCircuitOperator
import json, sys

def wape():
    with open("out/scores.json") as file:
        return json.load(file)["wape"]

{gate}
    gate >> BashOperator(task_id="ship", bash_command="ship")
"""


def of(body: str, operator: str = "PythonOperator") -> str:
    """Give a gate that is a function with a body."""
    return f'def check():\n    {body}\n\nwith DAG("d"):\n    gate = {operator}(task_id="gate", python_callable=check)'


TASKFLOW = '@task\ndef check():\n    BODY\n\nwith DAG("d"):\n    gate = check.override(task_id="gate")()'


@pytest.mark.parametrize(
    ("gate", "expected"),
    [
        ('with DAG("d"):\n    gate = EmptyOperator(task_id="gate")', HIDDEN),
        (of("pass"), OPEN),
        (of("return wape() <= 0.3"), OPEN),
        (of("print(wape())"), OPEN),
        (of("try:\n        assert wape() <= 0.3\n    except Exception:\n        print('no')"), OPEN),
        (of("assert wape() <= 0.3"), []),
        (of("if wape() > 0.3:\n        raise AirflowException('no')"), []),
        (of("sys.exit(1 if wape() > 0.3 else 0)"), []),
        (of("return wape() <= 0.3", "ShortCircuitOperator"), []),
        (TASKFLOW.replace("BODY", "return wape() <= 0.3"), OPEN),
        (TASKFLOW.replace("BODY", "assert wape() <= 0.3"), []),
    ],
)  # fmt: skip
def test_a_function_shows_how_it_rejects(gate: str, expected: list[str]) -> None:
    """It raises, asserts or exits, and does not swallow that itself; a branch chooses what runs next."""
    assert told("airflow", airflow(gate), GATE) == expected


BOOT = (
    '\nif ! [ -x "$(command -v pip)" ]; then\n    python3 -m ensurepip || python3 -m ensurepip --user || '
    'python3-pip\nfi\n\nPIP_DISABLE_PIP_VERSION_CHECK=1 python3 -m pip install --quiet \'kfp==2.17.3\' && "$0" "$@"\n'
)
EPHEMERAL = (
    'program_path=$(mktemp -d)\n\nprintf "%s" "$0" > "$program_path/ephemeral_component.py"\n'
    '_KFP_RUNTIME=true python3 -m kfp.dsl.executor_main --component_module_path "$program_path/x.py" "$@"\n'
)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("if wape > 0.3:\n        raise SystemExit('no')", []),
        ("print(wape)", OPEN),
        ("return wape <= 0.3", OPEN),
        ("return (", OPEN),
    ],
)
def test_kubeflow_runs_a_function_behind_its_own_shell(body: str, expected: list[str]) -> None:
    """What kfp puts around a component tolerates a missing pip, and hands on how the function ends."""
    source = f"import kfp\nfrom kfp import dsl\n\ndef gate(wape: float):\n    {body}\n"
    container = {
        "image": "python:3.11",
        "command": ["sh", "-c", BOOT, "sh", "-ec", EPHEMERAL, source],
        "args": ["--executor_input", "{{$}}", "--function_to_execute", "gate"],
    }
    executors = {"g": {"container": container}, "s": {"container": {"image": "i", "command": ["ship"]}}}
    ship = {"componentRef": {"name": "s"}, "dependentTasks": ["gate"]}
    text = json.dumps(
        {
            "deploymentSpec": {"executors": executors},
            "components": {"g": {"executorLabel": "g"}, "s": {"executorLabel": "s"}},
            "root": {"dag": {"tasks": {"gate": {"componentRef": {"name": "g"}}, "ship": ship}}},
        }
    )
    assert told("kubeflow", text, GATE) == expected


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("{uses: actions/checkout@v4}", ["unknown"]),
        ("{uses: acme/train@v1}", ["unknown"]),
        ("{uses: nick-fields/retry@v3, with: {max_attempts: 3, command: python train.py}}", ["unknown"]),
        ("{uses: acme/train@v1}, {run: echo done}", ["unknown"]),
        ("{run: echo done}", ["differs"]),
        ("{run: python train.py}", []),
    ],
)
def test_a_stage_whose_command_is_not_there(steps: str, expected: list[str]) -> None:
    """The contract says what it runs; the definition shows nothing of it, or something that is not seen."""
    stages: dict[str, Any] = {"train": {"kind": "train", "run": "python train.py"}}
    record = Pipeline.model_validate({"title": "T", "owner": "o", "stages": stages})
    found = compare(record, read("github-actions", f"jobs:\n  train: {{steps: [{steps}]}}\n", path="d"), "").differences
    assert [one.weight for one in found if one.id == "command-differs"] == expected
