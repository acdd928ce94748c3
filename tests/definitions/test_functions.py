"""A stage that is a function of Python: what it shows of the contract's command, and what a draft leaves open."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from reading import read

from gatepost.definitions import compare
from gatepost.definitions.draft import draft
from gatepost.records import Pipeline

HEAD = """\
import subprocess, sys
from airflow.sdk import DAG, task
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.python import PythonOperator
from churn import training

"""
DAG = """
with DAG("d"):
    fit = PythonOperator(task_id="fit", python_callable=train)
    ship = BashOperator(task_id="ship", bash_command="python ship.py")
    fit >> ship
"""
SHIP = {"kind": "promote", "to": "production", "run": "python ship.py"}
OPEN = "whether the same is done is not shown"
HERE = "fit runs `python train.py` here and the function train (d.py:7) in the definition"
BOTH = "fit and look run commands here and functions in the definition"


def airflow(body: str, dag: str = DAG) -> str:
    """Give a DAG whose first task is a function with a body."""
    return f"{HEAD}def train():\n    {body}\n{dag}"


def told(kind: str, text: str, **runs: str) -> list[tuple[str, str]]:
    """Compare the commands of a contract with a definition; give weight and message of each that is not the same."""
    stages: dict[str, Any] = {name: {"kind": "train", "run": run} for name, run in runs.items()}
    record = Pipeline.model_validate({"title": "T", "owner": "o", "stages": {**stages, "ship": SHIP}})
    found = compare(record, read(kind, text, path="d.py"), "").differences
    return [(one.weight, one.message) for one in found if one.id == "command-differs"]


@pytest.mark.parametrize(
    "body",
    [
        "return training.run()",
        "subprocess.run(['git', 'rev-parse', 'HEAD'])\n    training.run()",
        "subprocess.run(words(), check=True)",
        "import torch\n    torch.save({}, 'model.pt')",
    ],
)
def test_a_function_leaves_open_whether_it_does_what_a_command_does(body: str) -> None:
    """Nobody is blamed: the definition shows a function, the contract a command."""
    assert told("airflow", airflow(body), fit="python train.py") == [
        (
            "unknown",
            f"{HERE}; {OPEN}",
        )
    ]


@pytest.mark.parametrize(
    "body",
    [
        "subprocess.run(['python', 'train.py'], check=True)",
        "subprocess.check_call([sys.executable, 'train.py'])",
        "command = 'python train.py'\n    subprocess.run(command, shell=True, check=True)\n    training.upload()",
    ],
)
def test_a_function_that_runs_the_command_is_the_same(body: str) -> None:
    """Its text shows the very command."""
    assert told("airflow", airflow(body), fit="python train.py") == []


def test_a_function_that_does_nothing_but_run_another_command_differs() -> None:
    """All that it does is seen, and it is something else."""
    body = "'''Fit it.'''\n    subprocess.run(['python', 'ship.py', 'staging'], check=True)"
    assert told("airflow", airflow(body), fit="python ship.py production") == [
        (
            "differs",
            f"{HERE.replace('train.py', 'ship.py production')}, which runs `python ship.py staging`",
        )
    ]


def test_the_name_of_the_function_is_accepted() -> None:
    """A contract that nobody executes may say it so."""
    assert told("airflow", airflow("return training.run()"), fit="train") == []


def test_several_functions_are_told_once() -> None:
    """One finding for all stages, with each function and its place."""
    dag = (
        DAG.replace("    fit >> ship", '    look = PythonOperator(task_id="look", python_callable=training.look)\n')
        + "    fit >> look >> ship\n"
    )
    assert told("airflow", airflow("return training.run()", dag), fit="python train.py", look="python look.py") == [
        (
            "unknown",
            f"{BOTH}: train (d.py:7) and churn.training.look (d.py:13); {OPEN}",
        )
    ]


def test_a_task_that_returns_its_command_runs_that() -> None:
    """`@task.bash` is a function that gives a command to a shell; one that puts it together shows none."""
    dag = '@task.bash\ndef fit():\n    return "python train.py"\n\nwith DAG("d"):\n    fit()\n'
    assert told("airflow", HEAD + dag, fit="python train.py") == []
    assert told("airflow", HEAD + dag, fit="python other.py")[0][0] == "differs"
    named = dag.replace('"python train.py"', "COMMAND").replace("@task", 'COMMAND = "python train.py"\n@task', 1)
    assert told("airflow", HEAD + named, fit="python train.py") == []


@pytest.mark.parametrize(
    "body",
    ["return training.command()", "COMMAND = training.command()\n    return COMMAND", "return WORDS", "return", "pass"],
)
def test_a_task_that_puts_its_command_together_shows_none(body: str) -> None:
    """Nobody knows it before it runs."""
    dag = (
        f'COMMAND = "python other.py"\nWORDS = ["a"]\n@task.bash\ndef fit():\n    {body}\n\nwith DAG("d"):\n    fit()\n'
    )
    assert [one for one, _ in told("airflow", HEAD + dag, fit="python train.py")] == ["unknown"]


def kubeflow(body: str) -> str:
    """Give a compiled pipeline whose first task is a component made of a function."""
    source = f"import kfp\nfrom kfp.dsl import *\nfrom typing import *\n\ndef train(x: int):\n    {body}\n"
    boot = 'if ! [ -x "$(command -v pip)" ]; then\n    python3 -m ensurepip || true\nfi\n"$0" "$@"\n'
    component = {
        "image": "python:3.11",
        "command": ["sh", "-c", boot, "sh", "-ec", "python3 -m kfp.dsl.executor_main", source],
        "args": ["--executor_input", "{{$}}", "--function_to_execute", "train"],
    }
    executors = {"a": {"container": component}, "b": {"container": {"image": "i", "command": ["python", "ship.py"]}}}
    ship = {"componentRef": {"name": "b"}, "dependentTasks": ["fit"]}
    return json.dumps(
        {
            "deploymentSpec": {"executors": executors},
            "components": {"a": {"executorLabel": "a"}, "b": {"executorLabel": "b"}},
            "root": {"dag": {"tasks": {"fit": {"componentRef": {"name": "a"}}, "ship": ship}}},
        }
    )


@pytest.mark.parametrize(
    ("body", "run", "weight"),
    [
        ("print(x)", "python train.py", "unknown"),
        ("print(x)", "train", ""),
        ("import subprocess\n    subprocess.run(['python', 'train.py'], check=True)", "python train.py", ""),
        ("import subprocess\n    subprocess.run(['python', 'no.py'], check=True)", "python train.py", "differs"),
    ],
)
def test_a_component_of_kubeflow_is_its_function(body: str, run: str, weight: str) -> None:
    """What kfp puts around it is not what the definition is said to run."""
    found = told("kubeflow", kubeflow(body), fit=run)
    assert [one for one, _ in found] == ([weight] if weight else [])
    assert all("the function train (d.py:1)" in message and "pip" not in message for _, message in found)


@pytest.mark.parametrize(
    ("kind", "text", "place"),
    [("airflow", airflow("return training.run()"), "d.py:7"), ("kubeflow", kubeflow("print(x)"), "d.py:1")],
)
def test_a_draft_leaves_the_command_of_a_function_to_a_person(kind: str, text: str, place: str) -> None:
    """It names the function and its place, and makes no command of a name."""
    found = read(kind, text, path="d.py")
    written = draft(found, "", "T")
    assert f'    # run: "<a command that does what the function train does>"   # {place}\n' in written
    assert Pipeline.model_validate(yaml.safe_load(written)).stages["fit"].run is None


def test_a_draft_has_the_command_that_a_function_merely_runs() -> None:
    """Where that is all the function does."""
    written = draft(read("airflow", airflow("subprocess.run(['python', 'train.py'], check=True)")), "", "T")
    assert "    run: python train.py\n" in written


GATE: dict[str, Any] = {"kind": "gate"}


@pytest.mark.parametrize(
    ("body", "run", "expected"),
    [
        ("assert training.auc() > 0.8", "python gate.py", ["command-differs unknown"]),
        ("assert training.auc() > 0.8", "train", []),
        ("assert training.auc() > 0.8", None, []),
        ("print(training.auc())", "train", ["guard-cannot-fail unknown"]),
        ("print(training.auc())", None, ["guard-cannot-fail unknown"]),
        ("subprocess.run(['python', 'gate.py'])", "python gate.py", ["guard-cannot-fail unknown"]),
        ("subprocess.run(['python', 'gate.py'], check=True)", "python gate.py", []),
        ("subprocess.run(['python', 'no.py'], check=True)", "python gate.py", ["command-differs differs"]),
    ],
)
def test_a_gate_that_is_a_function_has_to_show_how_it_fails(body: str, run: str | None, expected: list[str]) -> None:
    """However the contract calls it; that another command stands there is open."""
    gate = GATE if run is None else {**GATE, "run": run}
    stages = {"fit": gate, "ship": {**SHIP, "after": ["fit"]}}
    record = Pipeline.model_validate({"title": "T", "owner": "o", "stages": stages})
    found = compare(record, read("airflow", airflow(body), path="d.py"), "").differences
    told = [f"{one.id} {one.weight}" for one in found if one.id.startswith(("guard", "command"))]
    assert told == expected


def test_a_function_of_another_module_may_answer_a_failure() -> None:
    """What it runs is not seen, which is no proof that it runs nothing."""
    task = '    tell = PythonOperator(task_id="tell", python_callable=training.tell, trigger_rule="one_failed")\n'
    text = airflow("return training.run()", DAG + task + "    ship >> tell\n")
    stages = {"ship": {**SHIP, "on-fail": "halt + alert"}}
    source = {"kind": "airflow", "path": "d.py", "besides": ["fit"]}
    data = {"title": "T", "owner": "o", "stages": stages, "source": source, "handlers": {"alert": "python tell.py"}}
    found = compare(Pipeline.model_validate(data), read("airflow", text, path="d.py"), "").differences
    assert [one.weight for one in found if one.id == "answer-missing"] == ["unknown"]
