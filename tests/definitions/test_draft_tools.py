"""Drafts of Airflow, Argo and Kubeflow: what their idioms mean, said once and in plain words."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from reading import read
from test_functions import kubeflow

from gatepost.definitions import compare
from gatepost.definitions.draft import draft
from gatepost.records import Pipeline

ARGO = """\
kind: Workflow
spec:
  entrypoint: main
  onExit: bye
  templates:
    - name: main
      dag:
        tasks:
          - {name: fit, template: fit}
          - {name: approve, template: wait, depends: fit}
          - {name: deploy, template: ship, depends: approve}
    - {name: fit, container: {command: [python, fit.py, "--date", "{{workflow.parameters.date}}"]}}
    - {name: wait, suspend: {duration: "86400"}}
    - {name: ship, container: {command: [python, ship.py]}}
    - name: bye
      steps:
        - - {name: back, template: back, when: "{{workflow.status}} WHEN"}
          - {name: tell, template: tell, when: "{{workflow.status}} WHEN"}
          - {name: tidy, template: tidy}
    - {name: back, container: {command: [python, rollback.py]}}
    - {name: tell, container: {command: [python, alert.py]}}
    - {name: tidy, container: {command: [python, tidy.py]}}
"""


def drafted(kind: str, text: str) -> tuple[Pipeline, str]:
    """Draft a contract: as a record, and as it is written."""
    found = read(kind, text, path="d.py")
    written = draft(found, "", "T")
    record = Pipeline.model_validate(yaml.safe_load(written))
    known = {"guard-weakened", "edge-weakened", "guard-conditional", "guard-cannot-fail", "approval-not-shown"}
    known.add("rollback-unasked")  # what answers each failure takes back what was not released yet
    assert {one.id for one in compare(record, found, "").differences} <= known
    return record, written


@pytest.mark.parametrize("when", ["!= Succeeded", "== Failed"])
def test_a_step_at_the_end_that_asks_for_a_failure_runs_only_after_one(when: str) -> None:
    """Argo's idiom for an alert: it is drafted as a handler, and nothing is said of a good end."""
    record, written = drafted("argo", ARGO.replace("WHEN", when))
    assert record.handlers == {"alert": "python alert.py"}
    assert record.stages["deploy"].rollback is not None
    assert "when all is well" not in written
    assert "onExit.bye.tidy runs at the end, whatever happened: python tidy.py" in written


def test_a_step_at_the_end_that_asks_for_success_answers_no_failure() -> None:
    """It is beside the pipeline, and no handler."""
    record, written = drafted("argo", ARGO.replace("WHEN", "== Succeeded"))
    assert record.handlers == {}
    assert "onExit.bye.tell runs at the end, when all is well: python alert.py" in written


def test_a_pause_that_ends_by_itself_is_no_approval() -> None:
    """The draft and the comparison say why; a pause without end waits for somebody."""
    text = ARGO.replace("WHEN", "!= Succeeded")
    record, written = drafted("argo", text)
    assert "    # it goes on by itself after 1d, approved or not: suspend with a duration\n" in written
    told = [one for one in compare(record, read("argo", text, path="d.py"), "").differences if one.id[:8] == "approval"]
    assert [one.message for one in told] == [
        "the approval approve is not shown by the definition: approve goes on by itself after 1d, approved or not"
    ]
    assert told[0].hint.startswith("`suspend: {}` without a duration waits until somebody resumes it")
    waiting = text.replace('suspend: {duration: "86400"}', "suspend: {}")
    found = compare(record, read("argo", waiting, path="d.py"), "").differences
    assert [one.id for one in found] == ["rollback-unasked"]


EXIT = {
    "exit-handler-1": {
        "fit": {"componentRef": {"name": "fit"}},
        "condition-2": {"componentRef": {"name": "if"}, "dependentTasks": ["fit"]},
    },
    "if": {"deploy": {"componentRef": {"name": "run"}}},
}


def compiled() -> str:
    """Give a compiled pipeline with an exit handler and a condition."""
    tasks: dict[str, Any] = {
        "exit-handler-1": {"componentRef": {"name": "exit-handler-1"}},
        "notify": {
            "componentRef": {"name": "tell"},
            "dependentTasks": ["exit-handler-1"],
            "triggerPolicy": {"strategy": "ALL_UPSTREAM_TASKS_COMPLETED"},
        },
    }
    executors = {
        name: {"container": {"image": "i", "command": ["python", f"{name}.py"]}} for name in ("run", "fit", "tell")
    }
    inner = {name: {"dag": {"tasks": value}} for name, value in EXIT.items()}
    return json.dumps(
        {
            "components": {**{name: {"executorLabel": name} for name in executors}, **inner},
            "deploymentSpec": {"executors": executors},
            "root": {"dag": {"tasks": tasks}},
        }
    )


def test_groups_of_the_compiler_are_no_part_of_a_name() -> None:
    """Kubeflow's own groups stand in `impl`; its exit task answers, and is no stage."""
    record, _ = drafted("kubeflow", compiled())
    assert {name: stage.impl for name, stage in record.stages.items()} == {
        "deploy": "exit-handler-1.condition-2.deploy",
        "fit": "exit-handler-1.fit",
    }
    assert record.source is not None
    assert record.source.besides == ("notify",)


def test_names_that_would_be_the_same_keep_their_groups() -> None:
    """Two tasks of one name in two groups."""
    text = json.loads(compiled())
    text["components"]["exit-handler-1"]["dag"]["tasks"]["deploy"] = {"componentRef": {"name": "run"}}
    record, _ = drafted("kubeflow", json.dumps(text))
    assert set(record.stages) == {"exit-handler-1.condition-2.deploy", "exit-handler-1.deploy", "fit"}


def test_the_function_of_an_exit_task_is_named() -> None:
    """It is no command, and so no handler."""
    text = json.loads(kubeflow("print(x)"))
    text["root"]["dag"]["tasks"]["fit"] |= {
        "dependentTasks": ["exit-handler-1"],
        "triggerPolicy": {"strategy": "ALL_UPSTREAM_TASKS_COMPLETED"},
    }
    text["root"]["dag"]["tasks"]["ship"] = {"componentRef": {"name": "group"}}
    text["root"]["dag"]["tasks"]["exit-handler-1"] = text["root"]["dag"]["tasks"].pop("ship")
    text["components"]["group"] = {"dag": {"tasks": {"ship": {"componentRef": {"name": "b"}}}}}
    _, written = drafted("kubeflow", json.dumps(text))
    assert "# d.py:1: fit runs at the end, whatever happened: the function train\n" in written


AIRFLOW = """\
from datetime import timedelta
from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator
from somewhere import tell

with DAG("d", default_args={"retries": 2, "execution_timeout": timedelta(hours=1), "on_failure_callback": tell}) as dag:
    start = EmptyOperator(task_id="start")
    get = BashOperator(task_id="get", bash_command="python get.py --date {{ ds }}")
    fit = BashOperator(task_id="fit", bash_command="python fit.py")
    join = EmptyOperator(task_id="join", trigger_rule="none_failed")
    look = BashOperator(task_id="look", bash_command="python look.py", execution_timeout=timedelta(minutes=5))
    start >> [get, fit] >> join >> look
"""


def test_a_task_that_does_nothing_is_left_out_and_order_kept() -> None:
    """What comes behind it waits for what comes before it."""
    record, written = drafted("airflow", AIRFLOW)
    assert list(record.stages) == ["get", "fit", "look"]
    assert record.stages["look"].after == ("get", "fit")
    assert record.source is not None
    assert record.source.besides == ("start", "join")
    assert "# d.py:8: start does nothing (EmptyOperator): its order is kept\n" in written


def test_what_most_stages_share_is_said_once() -> None:
    """The time-out and the retries of `default_args`, and a callback of all tasks."""
    record, written = drafted("airflow", AIRFLOW)
    assert written.count("retries: 2") == 1
    assert written.count("timeout: 1h") == 1
    assert str(record.stages["look"].timeout) == "5m"
    assert written.count("is not seen here") == 1
    assert "# d.py:9: somewhere.tell may answer a failure of any stage; what it runs is not seen" in written


def test_a_callback_that_a_package_makes_is_named() -> None:
    """And the stages that it answers, where they are not all."""
    given = "send_slack_notification(text='failed')"
    text = AIRFLOW.replace(": tell}", f": {given}}}").replace("minutes=5)", "minutes=5), on_failure_callback=None")
    text = f"from airflow.providers.slack.notifications.slack import send_slack_notification\n{text}"
    _, written = drafted("airflow", text)
    assert "slack.send_slack_notification may answer a failure of get and fit; what it runs is not seen" in written


def test_what_the_tool_fills_in_is_told() -> None:
    """A dry run has nothing that fills it in."""
    _, written = drafted("airflow", AIRFLOW)
    assert "    # the tool fills in {{ ds }}; for an executed dry run, put a value in its place\n" in written


def test_a_chain_too_long_to_read_is_told_in_plain_words() -> None:
    """With the limit, and what to do."""
    from gatepost.definitions import DefinitionError  # noqa: PLC0415

    text = "from airflow import DAG\nx = " + " >> ".join(["a"] * 5000)
    with pytest.raises(
        DefinitionError, match="one expression, such as a chain of `a >> b`, has more parts than can"
    ) as it:
        read("airflow", text, path="d.py")
    assert "2,500 parts" in it.value.hint


def test_a_time_out_is_shared_only_where_each_stage_that_runs_has_one() -> None:
    """An approval that is a command runs, too."""
    jobs = {"fit": ["python fit.py", 9], "approve": ["python ask.py", None], "deploy": ["python put.py", 9]}
    text = {
        "jobs": {
            name: {"steps": [{"run": run}], **({"timeout-minutes": limit} if limit else {})}
            for name, (run, limit) in jobs.items()
        }
    }
    record, _ = drafted("github-actions", yaml.safe_dump(text))
    assert str(record.defaults.timeout) == "6h"


GATE = """\
import subprocess
from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import ShortCircuitOperator
from quality import good

def page(context):
    subprocess.run(["python", "page.py"], check=True)

with DAG("d", on_failure_callback=page):
    fit = BashOperator(task_id="fit", bash_command="python fit.py")
    gate = ShortCircuitOperator(task_id="gate", python_callable=good)
    deploy = BashOperator(task_id="deploy", bash_command="python put.py new")
    back = BashOperator(task_id="rollback", bash_command="python put.py old", trigger_rule="one_failed")
    fit >> gate >> deploy >> back
"""


def test_what_a_callback_surely_runs_is_a_handler() -> None:
    """But not for a gate that rejects by skipping, which no callback learns of."""
    record, _ = drafted("airflow", GATE)
    assert record.handlers == {"page": "python page.py"}
    assert "page" not in str(record.stages["gate"].on_reject)
    assert "page" in str(record.stages["fit"].on_fail or record.defaults.on_fail)


def test_what_answers_failures_may_be_told_by_its_name() -> None:
    """Where the words of its command tell nothing."""
    record, _ = drafted("airflow", GATE)
    assert record.stages["deploy"].rollback is not None
    assert record.stages["deploy"].rollback.run == "python put.py old"


def test_a_draft_of_kubeflow_has_its_stages_in_the_order_that_they_run_in() -> None:
    """The compiler sorts them by name."""
    record, _ = drafted("kubeflow", compiled())
    assert list(record.stages) == ["fit", "deploy"]


def test_a_pause_that_is_called_no_approval_is_left_out() -> None:
    """It does nothing, and nobody is waited for."""
    record, written = drafted("argo", ARGO.replace("WHEN", "!= Succeeded").replace("approve", "soak"))
    assert list(record.stages) == ["fit", "deploy"]
    assert record.stages["deploy"].after == ("fit",)
    assert "soak pauses for 1d and goes on by itself: its order is kept\n" in written


@pytest.mark.parametrize(
    ("command", "run"),
    [
        ("[sh, -c, python fit.py]", "python fit.py"),
        ("[bash, -ec, 'python fit.py --seed 1']", "python fit.py --seed 1"),
        ("[sh, -c, 'python fit.py > log']", "sh -c 'python fit.py > log'"),
        ("[sh, -c, 'python fit.py && python look.py']", "sh -c 'python fit.py && python look.py'"),
        ("[python, fit.py, \"{{x['a']}}\"]", "python fit.py \"{{x['a']}}\""),
    ],
)
def test_a_command_is_drafted_without_a_shell_that_it_does_not_need(command: str, run: str) -> None:
    """And with quotes that people can read."""
    text = f"kind: Workflow\nspec: {{entrypoint: fit, templates: [{{name: fit, container: {{command: {command}}}}}]}}\n"
    record, _ = drafted("argo", text)
    assert [stage.run for stage in record.stages.values()] == [run]


PINNED = "registry/x@sha256:" + "ab" * 32


def test_an_image_that_every_stage_runs_in_is_said_once() -> None:
    """Under `defaults`; one of several images stands at its stage."""
    text = compiled().replace('"image": "i"', f'"image": "{PINNED}"')
    record, written = drafted("kubeflow", text)
    assert (record.defaults.environment, written.count(PINNED)) == (PINNED, 1)
    assert drafted("kubeflow", text.replace(PINNED, "i", 1))[0].defaults.environment is None


def test_a_rollback_may_take_as_long_as_what_runs_it() -> None:
    """A limit that the definition sets is the one that is offered."""
    text = ARGO.replace("WHEN", "!= Succeeded")
    assert "      # within: 15m   # how long it may take\n" in drafted("argo", text)[1]
    text = text.replace("{name: back, container", "{name: back, activeDeadlineSeconds: 600, container")
    assert "      # within: 10m   # as long as the definition lets it take\n" in drafted("argo", text)[1]


SENSING = """\
from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.sensors.external_task import ExternalTaskSensor
from airflow.sensors.filesystem import FileSensor

with DAG("d") as dag:
    wait = FileSensor(task_id="wait_for_data", filepath="in.csv")
    fit = BashOperator(task_id="fit", bash_command="python fit.py")
    hold = ExternalTaskSensor(task_id="approval", external_dag_id="people")
    ship = BashOperator(task_id="deploy", bash_command="python deploy.py")
    wait >> fit >> hold >> ship
"""


def test_a_sensor_waits_for_data_unless_its_name_speaks_of_an_approval() -> None:
    """A file that arrives approves nothing: as an approval it would let a release through that nobody looked at."""
    record, written = drafted("airflow", SENSING)
    assert {name: one.kind for name, one in record.stages.items()} == {
        "wait_for_data": "data",
        "fit": "train",
        "approval": "approval",
        "deploy": "promote",
    }
    assert "  wait_for_data:   # d.py:7\n    kind: data   # a guess, as it waits for FileSensor: check it\n" in written
