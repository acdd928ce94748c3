"""A time-out or a retry that the contract promises and the definition leaves out: told, open, or nothing to say."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from reading import read

from gatepost.definitions import Conformance, Difference, compare
from gatepost.definitions.draft import draft
from gatepost.records import Pipeline

ACTIONS = """\
jobs:
  fit: {runs-on: x, %s, steps: [{run: python fit.py}]}
  judge: {runs-on: x, needs: fit, %s, steps: [{run: python judge.py}]}
"""
GITLAB = """\
fit: {stage: build, script: [python fit.py], %s}
judge: {stage: test, script: [python judge.py], %s}
"""
ARGO = """\
kind: Workflow
spec:
  entrypoint: main
  templates:
    - name: main
      dag:
        tasks:
          - {name: fit, template: fit}
          - {name: judge, template: judge, depends: fit}
    - {name: fit, %s, container: {image: x, command: [python, fit.py]}}
    - {name: judge, %s, container: {image: x, command: [python, judge.py]}}
"""
AIRFLOW = """\
from datetime import timedelta
from airflow.sdk import DAG
from airflow.providers.standard.operators.bash import BashOperator

with DAG("d"):
    fit = BashOperator(task_id="fit", bash_command="python fit.py", %s)
    judge = BashOperator(task_id="judge", bash_command="python judge.py", %s)
    fit >> judge
"""
SNAPSHOT = """\
tool: dagster 1.13
stages:
  - {name: fit, command: python fit.py, %s}
  - {name: judge, command: python judge.py, %s}
edges: [{from: fit, to: judge}]
"""
DVC = """\
stages:
  fit: {cmd: python fit.py, %s outs: [m]}
  judge: {cmd: python judge.py, %s deps: [m]}
"""
TEXTS = {
    "github-actions": ACTIONS,
    "gitlab-ci": GITLAB,
    "argo": ARGO,
    "airflow": AIRFLOW,
    "snapshot": SNAPSHOT,
    "dvc": DVC,
}
SAID = {
    "github-actions": ("timeout-minutes: 5", ""),
    "gitlab-ci": ("timeout: 5m", "retry: 2"),
    "argo": ("activeDeadlineSeconds: 300", "retryStrategy: {limit: 2}"),
    "airflow": ("execution_timeout=timedelta(minutes=5)", "retries=2"),
    "snapshot": ("timeout: 300", "retries: 2"),
    "dvc": ("", ""),
}
"""How each tool says five minutes, and two more attempts."""
TOOLS = sorted(TEXTS)


def compiled(first: dict[str, Any], second: dict[str, Any]) -> str:
    """Give a compiled Kubeflow pipeline with the settings of its two tasks."""
    tasks = {
        "fit": {"componentRef": {"name": "fit"}, **first},
        "judge": {"componentRef": {"name": "judge"}, "dependentTasks": ["fit"], **second},
    }
    executors = {
        name: {"container": {"image": "x", "command": ["python"], "args": [f"{name}.py"]}} for name in ("fit", "judge")
    }
    components = {name: {"executorLabel": name} for name in executors}
    spec = {"components": components, "deploymentSpec": {"executors": executors}, "root": {"dag": {"tasks": tasks}}}
    platform = {"platforms": {"kubernetes": {"deploymentSpec": {"executors": {"fit": {"activeDeadlineSeconds": 300}}}}}}
    return yaml.safe_dump_all([spec, platform])


def written(tool: str, first: tuple[str, ...], second: tuple[str, ...]) -> str:
    """Give a definition with what its two stages say of time-outs and retries."""
    filler = {"github-actions": "env: {A: b}", "gitlab-ci": "tags: [x]", "argo": "inputs: {}", "airflow": "pool='p'"}
    joined = [", ".join(one for one in said if one) for said in (first, second)]
    return TEXTS[tool] % tuple(one or filler.get(tool, "image: x" if tool == "snapshot" else "") for one in joined)


def compared(tool: str, text: str, **defaults: Any) -> Conformance:
    """Compare a definition with a contract of two stages that promises so much for both."""
    stages: dict[str, Any] = {
        "fit": {"kind": "train", "run": "python fit.py"},
        "judge": {"kind": "validate", "run": "python judge.py", "after": ["fit"]},
    }
    if tool == "dvc":
        artifacts = {"m": {"type": "model", "path": "m"}}
        stages = {**stages, "fit": {**stages["fit"], "out": ["m"]}, "judge": {**stages["judge"], "in": ["m"]}}
    else:
        artifacts = {}
    own = defaults.pop("own", {})
    stages["judge"] = {**stages["judge"], **own}
    record = {
        "title": "T",
        "owner": "o",
        "source": {"kind": tool, "path": "d"},
        "defaults": defaults,
        "artifacts": artifacts,
        "stages": stages,
    }
    return compare(Pipeline.model_validate(record), read(tool, text, path="d/definition"), "d")


def told(tool: str, text: str, **defaults: Any) -> list[tuple[str, str, str]]:
    """Give each difference as its id, its weight and its message."""
    return [(one.id, one.weight, one.message) for one in compared(tool, text, **defaults).differences]


@pytest.mark.parametrize("tool", TOOLS)
def test_what_both_sides_say_is_no_difference(tool: str) -> None:
    """Each tool in its own words, for each stage."""
    retries = {} if tool in {"github-actions", "dvc"} else {"retries": 2}
    assert told(tool, written(tool, SAID[tool], SAID[tool]), timeout="5m", **retries) == []


@pytest.mark.parametrize(
    ("tool", "weight", "words"),
    [
        ("github-actions", "differs", "and the definition sets no limit, so GitHub ends it after 6h"),
        ("gitlab-ci", "unknown", "and the definition leaves the limit to a setting of the project"),
        ("argo", "differs", "and no limit is set in the definition"),
        ("airflow", "differs", "and no limit is set in the definition"),
        ("snapshot", "differs", "and no limit is set in the definition"),
    ],
)
def test_a_time_out_that_the_definition_leaves_out_is_told(tool: str, weight: str, words: str) -> None:
    """The tool could say it; what it does otherwise is known, or is a setting that nobody sees here."""
    text = written(tool, SAID[tool][:1], ())
    assert told(tool, text, timeout="5m") == [("timeout-differs", weight, f"judge may take 5m here, {words}")]


@pytest.mark.parametrize("tool", ["gitlab-ci", "argo", "airflow", "snapshot"])
def test_retries_that_the_definition_leaves_out_are_told(tool: str) -> None:
    """None of these tries a stage again by itself."""
    text = written(tool, SAID[tool], SAID[tool][:1])
    expected = [("retries-differ", "differs", "judge is tried again 2 times here, and not in the definition")]
    assert told(tool, text, timeout="5m", retries=2) == expected


def test_kubeflow_says_time_outs_in_its_platform_settings() -> None:
    """The compiled pipeline holds retries, the document behind it the deadline of each executor."""
    text = compiled({"retryPolicy": {"maxRetryCount": 2}}, {})
    assert told("kubeflow", text, timeout="5m", retries=2) == [
        ("timeout-differs", "differs", "judge may take 5m here, and no limit is set in the definition"),
        ("retries-differ", "differs", "judge is tried again 2 times here, and not in the definition"),
    ]


@pytest.mark.parametrize("tool", TOOLS)
def test_what_a_tool_does_by_itself_is_no_difference(tool: str) -> None:
    """No retries where none are said; six hours for a job of GitHub; nothing where the tool has no such thing."""
    timeout = {"timeout": "6h"} if tool == "github-actions" else {"timeout": "5m"} if tool == "dvc" else {}
    retries = 2 if tool in {"github-actions", "dvc"} else 0
    assert told(tool, written(tool, (), ()), retries=retries, **timeout) == []


def test_a_snapshot_that_says_no_time_outs_drops_none() -> None:
    """Its script may not write them down; one that writes some writes all."""
    assert told("snapshot", written("snapshot", (), ()), timeout="5m", retries=2) == []


def test_stages_that_lack_what_one_line_promises_are_one_difference() -> None:
    """It is told at the defaults, with all of them; a stage with a promise of its own is told at that."""
    text = written("argo", (), ())
    (found,) = compared("argo", text, timeout="5m").differences
    assert found.message == "fit and judge may take 5m here, and no limit is set in the definition"
    assert (found.at, found.line) == (("defaults", "timeout"), 8)
    both = compared("argo", text, timeout="5m", own={"timeout": "1h"}).differences
    assert [one.at for one in both] == [("defaults", "timeout"), ("stages", "judge", "timeout")]
    assert "activeDeadlineSeconds" in found.hint


def test_the_defaults_of_a_definition_count() -> None:
    """Of a DAG, of all templates, of all jobs: what a stage inherits is said."""
    dag = AIRFLOW.replace(
        'DAG("d")', 'DAG("d", default_args={"retries": 2, "execution_timeout": timedelta(minutes=5)})'
    )
    assert told("airflow", dag % ("pool='p'", "pool='p'"), timeout="5m", retries=2) == []
    defaults = "  templateDefaults: {activeDeadlineSeconds: 300, retryStrategy: {limit: 2}}\n  entrypoint: main"
    argo = written("argo", (), ()).replace("  entrypoint: main", defaults)
    assert told("argo", argo, timeout="5m", retries=2) == []
    of_the_workflow = "  retryStrategy: {limit: 2}\n  entrypoint: main"
    argo = written("argo", SAID["argo"][:1], SAID["argo"][:1]).replace("  entrypoint: main", of_the_workflow)
    assert told("argo", argo, timeout="5m", retries=2) == []
    gitlab = "default: {timeout: 5m, retry: 2}\n" + written("gitlab-ci", (), ())
    assert told("gitlab-ci", gitlab, timeout="5m", retries=2) == []


def test_a_retry_without_a_limit_is_one_without_end() -> None:
    """Argo then tries until it succeeds."""
    text = written("argo", ("retryStrategy: {retryPolicy: Always}",), ())
    expected = [("retries-differ", "differs", "fit is tried again 0 times here, and without end in the definition")]
    assert told("argo", text) == expected


@pytest.mark.parametrize(
    ("tool", "said"),
    [
        ("github-actions", "timeout-minutes: '${{ inputs.minutes }}'"),
        ("gitlab-ci", "timeout: $LIMIT, retry: 2"),
        ("gitlab-ci", "timeout: 5m, retry: $MANY"),
        ("argo", "activeDeadlineSeconds: '{{workflow.parameters.limit}}', retryStrategy: {limit: 2}"),
        ("airflow", "execution_timeout=LIMIT, retries=2"),
    ],
)
def test_a_number_that_only_running_tells_is_open(tool: str, said: str) -> None:
    """It is said, and nobody knows what: a gap, and no difference."""
    text = written(tool, (said,), SAID[tool])
    text = text.replace("from airflow.sdk", "from settings import LIMIT\nfrom airflow.sdk")
    retries = {} if tool == "github-actions" else {"retries": 2}
    found = compared(tool, text, timeout="5m", **retries)
    assert not found.of("differs"), [one.message for one in found.differences]
    assert any("is not known" in gap.message for gap in found.gaps)


def test_a_job_may_limit_its_one_step() -> None:
    """GitHub ends the step, which ends the job; several limits add up to nothing that is known."""
    one = ACTIONS % ("timeout-minutes: 5", "env: {A: b}")
    one = one.replace(
        "{run: python judge.py}", "{uses: actions/checkout@v4}, {run: python judge.py, timeout-minutes: 5}"
    )
    assert told("github-actions", one, timeout="5m") == []
    two = one.replace("python judge.py, ", "python judge.py, timeout-minutes: 5}, {run: tidy, ")
    found = compared("github-actions", two, timeout="5m")
    assert ([one.weight for one in found.differences], len(found.gaps)) == (["unknown"], 1)


def test_a_stage_that_only_waits_is_not_held_to_a_time_out() -> None:
    """Nothing runs while a person is waited for."""
    text = written("argo", SAID["argo"][:1], ()).replace(
        "container: {image: x, command: [python, judge.py]}", "suspend: {}"
    )
    own = {"kind": "approval", "run": None, "timeout": "1h"}
    assert told("argo", text, timeout="5m", own=own) == []


def difference(tool: str, **defaults: Any) -> Difference:
    """Give the one difference of a definition that says nothing."""
    (found,) = compared(tool, written(tool, (), ()), **defaults).differences
    return found


@pytest.mark.parametrize("tool", ["github-actions", "gitlab-ci", "argo", "airflow"])
def test_the_hint_says_what_to_write(tool: str) -> None:
    """In the words of the tool."""
    words = SAID[tool][0].partition(":" if tool != "airflow" else "=")[0]
    assert f"`{words}" in difference(tool, timeout="5m").hint


WHOLE = {
    "argo": ARGO.replace("  entrypoint: main\n", "  entrypoint: main\n  activeDeadlineSeconds: 7200\n"),
    "airflow": AIRFLOW.replace('DAG("d")', 'DAG("d", dagrun_timeout=timedelta(hours=2))'),
}
"""Definitions that limit their run as a whole."""


def whole(tool: str, first: str = "", second: str = "") -> str:
    """Give a definition that limits its run to two hours, with what its stages say themselves."""
    filler = {"argo": "inputs: {}", "airflow": "pool='p'"}[tool]
    return WHOLE[tool] % (first or filler, second or filler)


@pytest.mark.parametrize("tool", sorted(WHOLE))
def test_a_limit_of_the_whole_run_limits_each_stage(tool: str) -> None:
    """A promise of the same time is kept; another one is told with the limit that there is."""
    assert told(tool, whole(tool), timeout="2h") == []
    said = "and in the definition only the whole run is limited, to 2h"
    for promised in ("5m", "6h"):
        expected = [("timeout-differs", "differs", f"fit and judge may take {promised} here, {said}")]
        assert told(tool, whole(tool), timeout=promised) == expected


@pytest.mark.parametrize("tool", sorted(WHOLE))
def test_a_stage_says_less_than_the_whole_run(tool: str) -> None:
    """Its own limit is what it is held to."""
    assert told(tool, whole(tool, SAID[tool][0], SAID[tool][0]), timeout="5m") == []


def test_a_limit_of_the_whole_run_that_only_running_tells_is_open() -> None:
    """Nothing is called missing then."""
    text = whole("airflow").replace("timedelta(hours=2)", "limits()")
    assert [one[1] for one in told("airflow", text, timeout="2h")] == ["unknown"]


def test_an_exit_handler_of_argo_is_not_part_of_the_limited_run() -> None:
    """It still runs when the time of the workflow is over."""
    text = whole("argo").replace("  activeDeadline", "  onExit: judge\n  activeDeadline", 1)
    assert {one.name: one.run_limit for one in read("argo", text).stages} == {
        "fit": 7200.0,
        "judge": 7200.0,
        "onExit.judge": None,
    }


@pytest.mark.parametrize("tool", sorted(WHOLE))
def test_a_draft_takes_the_limit_of_the_whole_run(tool: str) -> None:
    """It says so, and the definition agrees."""
    written = draft(read(tool, whole(tool), path="d/definition"), "d", "T")
    assert "  timeout: 2h   # the limit of the whole run, for fit and judge: " in written
