"""Each reader gives stages, order and what weakens it; what the text does not tell is a gap; nothing is run."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from reading import edges, names, read, weak

from gatepost.definitions import DefinitionError, compare, kind_of_definition
from gatepost.records import Pipeline

DVC = """\
vars:
  - config/common.yaml:paths
  - langs: [en, de]
stages:
  prepare:
    wdir: ../src
    cmd: python prepare.py --to ${paths.out}
    deps: [raw.csv]
    outs: [../out/prepared]
  train:
    foreach: ${langs}
    do:
      cmd: python train.py ${item} --depth ${model.depth}
      deps: ["../out/prepared/rows-${item}.csv"]
      params: [model.depth, other.yaml: [lr]]
      outs:
        - ../out/model-${item}.bin: {cache: false}
  tune:
    matrix:
      lr: [0.1, 0.2]
      size: [s, m]
    cmd: ["python tune.py ${item.lr}", "python check.py ${item.size}"]
    deps: [../out/prepared]
  evaluate:
    cmd: python evaluate.py
    deps: [../out/model-en.bin, ../out/model-de.bin]
    metrics: [../out/metrics.json: {cache: false}]
    frozen: true
"""
FILES = {"p/config/common.yaml": "paths: {out: ../out}\n", "p/params.yaml": "model: {depth: 3}\n"}


def test_dvc_unfolds_templates_foreach_and_matrix() -> None:
    """Variables come from files and inline; an input inside an output's folder is an edge."""
    found = read("dvc", DVC, FILES, "p/dvc.yaml")
    tuned = [f"tune@{lr}-{size}" for lr in ("0.1", "0.2") for size in ("s", "m")]
    assert names(found) == ["prepare", "train@en", "train@de", *tuned, "evaluate"]
    trained = {f"prepare>{name}" for name in ("train@en", "train@de", *tuned)}
    assert edges(found) == trained | {"train@en>evaluate", "train@de>evaluate"}
    assert found.gaps == ()
    train = found.stage("train@en")
    assert train is not None
    assert (train.command, train.writes) == ("python train.py en --depth 3", ("out/model-en.bin",))
    assert train.parameters == ("model.depth", "lr")
    assert found.stage("prepare").writes == ("out/prepared",)  # type: ignore[union-attr]
    assert found.stage(tuned[0]).command == "python tune.py 0.1 && python check.py s"  # type: ignore[union-attr]
    assert set(found.files) == {"p/dvc.yaml", *FILES}


def test_dvc_says_what_has_no_value() -> None:
    """A template without a value is a gap with its line, and no stage is invented."""
    found = read("dvc", "stages:\n  a: {cmd: 'run ${nothing}'}\n  b: {foreach: '${names}', do: {cmd: x}}\n")
    assert names(found) == ["a"]
    assert [gap.line for gap in found.gaps] == [2, 3]
    assert "${nothing} has no value" in found.gaps[0].message


ACTIONS = """\
name: release
on: {push: {branches: [main]}}
jobs:
  test:
    runs-on: ubuntu-24.04
    strategy: {matrix: {python: ["3.11", "3.12"]}}
    steps: [{uses: actions/checkout@v4}, {run: "pytest -q"}]
  train:
    needs: test
    runs-on: ubuntu-24.04
    timeout-minutes: 90
    container: {image: "python@sha256:ab"}
    steps: [{run: "python train.py\\npython pack.py"}]
  gate:
    needs: [train]
    continue-on-error: true
    runs-on: ubuntu-24.04
    steps: [{run: python gate.py}]
  deploy:
    needs: [gate, train]
    if: always() && github.ref == 'refs/heads/main'
    environment: {name: production}
    runs-on: ubuntu-24.04
    steps: [{run: python deploy.py}]
  notify:
    needs: deploy
    uses: org/shared/.github/workflows/notify.yml@v2
"""


def test_actions_give_jobs_needs_and_what_weakens_them() -> None:
    """`always()` lets a job run after a failure, `continue-on-error` hides one; `on:` is a key like any other."""
    found = read("github-actions", ACTIONS)
    waits = {"test>train", "train>gate", "gate>deploy", "train>deploy", "deploy>notify"}
    assert edges(found) == waits
    assert set(weak(found)) == {"gate>deploy", "train>deploy"}
    assert weak(found)["train>deploy"].startswith("if: always()")
    train = found.stage("train")
    assert train is not None
    assert (train.command, train.timeout, train.image) == (
        "python train.py && python pack.py",
        5400.0,
        "python@sha256:ab",
    )
    assert "reviewers are a setting" in str(found.stage("deploy").waits_for)  # type: ignore[union-attr]


def test_actions_say_that_a_reusable_workflow_hides_its_jobs() -> None:
    """What another repository's workflow does is a gap, and the job is marked hidden."""
    found = read("github-actions", ACTIONS)
    assert found.stage("notify").hidden == "reusable workflow org/shared/.github/workflows/notify.yml@v2"  # type: ignore[union-attr]
    assert [gap.line for gap in found.gaps] == [25]


def test_a_tolerated_last_step_hides_a_failure() -> None:
    """A gate whose only step may fail guards nothing."""
    text = "jobs:\n  a: {steps: [{run: gate, continue-on-error: true}]}\n  b: {needs: a, steps: [{run: ship}]}\n"
    assert weak(read("github-actions", text)) == {"a>b": "continue-on-error: true on every step that runs a command"}


GITLAB = """\
include:
  - local: ci/base.yml
  - project: group/shared
    file: x.yml
stages: [data, model, ship]
.python: &python
  image: python:3.12
  retry: {max: 2, when: runner_system_failure}
prepare:
  extends: .python
  stage: data
  script: [!reference [.setup, script], python prepare.py]
train:
  <<: *python
  stage: model
  timeout: 1h 30m
  script: python train.py
lint:
  stage: model
  needs: []
  script: ruff check
gate:
  stage: model
  needs: [train]
  allow_failure: true
  script: python gate.py
ship:
  stage: ship
  when: manual
  script: python ship.py
report:
  stage: ship
  needs: [{job: gate, optional: true}, ship]
  when: always
  script: python report.py
"""


def test_gitlab_orders_by_stages_and_needs() -> None:
    """A job waits for the stage before it, or for what it needs; includes, extends and references are followed."""
    base = ".setup: {script: [pip install -r lock]}\ndefault: {timeout: 20 minutes}\n"
    found = read("gitlab-ci", GITLAB, {"ci/base.yml": base}, ".gitlab-ci.yml")
    assert names(found) == ["prepare", "train", "lint", "gate", "ship", "report"]
    assert edges(found) == {
        "prepare>train",
        "train>gate",
        "train>ship",
        "lint>ship",
        "gate>ship",
        "gate>report",
        "ship>report",
    }
    assert weak(found) == {
        "gate>ship": "allow_failure: true",
        "gate>report": "when: always",
        "ship>report": "when: always",
    }
    prepare, train = found.stage("prepare"), found.stage("train")
    assert prepare is not None
    assert train is not None
    assert (prepare.command, prepare.image, prepare.retries, prepare.timeout) == (
        "pip install -r lock && python prepare.py",
        "python:3.12",
        2,
        1200.0,
    )
    assert train.timeout == 5400.0
    assert found.stage("ship").waits_for == "when: manual"  # type: ignore[union-attr]
    assert [gap.message for gap in found.gaps] == [
        "what project group/shared includes is not known: it lies outside of this repository"
    ]


def test_gitlab_that_extends_itself_is_refused() -> None:
    """A circle of `extends` ends in an error with its line."""
    with pytest.raises(DefinitionError, match="extends itself"):
        read("gitlab-ci", "a: {extends: b, script: x}\nb: {extends: a, script: y}\n")


ARGO = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: fraud-}
spec:
  entrypoint: main
  onExit: tidy
  templates:
    - name: main
      dag:
        tasks:
          - {name: prepare, template: run}
          - {name: train, template: fit, dependencies: [prepare]}
          - name: check
            template: gate
            depends: train.Succeeded
            arguments: {parameters: [{name: limit, value: "0.7"}]}
          - {name: fallback, template: run, depends: train.Failed}
          - {name: hold, template: wait, depends: check}
          - {name: ship, template: run, depends: "hold && (check || fallback)", when: "{{inputs.go}} == yes"}
    - name: fit
      steps:
        - [{name: one, template: run}, {name: two, template: run, continueOn: {failed: true}}]
        - [{name: join, template: run}]
    - name: run
      retryStrategy: {limit: "2"}
      activeDeadlineSeconds: 300
      container: {image: "python@sha256:ab", command: [python, p.py], args: [x]}
    - name: gate
      inputs: {parameters: [{name: limit}, {name: other, default: x}]}
      script: {image: python, source: "gate.py {{inputs.parameters.limit}} {{inputs.parameters.other}}"}
    - {name: wait, suspend: {}}
    - {name: tidy, container: {image: busybox, command: ["true"]}}
---
apiVersion: v1
kind: ConfigMap
"""


def test_argo_unfolds_dags_and_steps() -> None:
    """Steps inside a task carry its name; `depends` that goes on after a failure is weakened."""
    found = read("argo", ARGO)
    assert names(found) == [
        "prepare", "train.one", "train.two", "train.join", "check", "fallback", "hold", "ship", "onExit.tidy",
    ]  # fmt: skip
    assert {"prepare>train.one", "prepare>train.two", "train.one>train.join", "train.join>check"} <= edges(found)
    assert weak(found)["train.two>train.join"] == "continueOn: failed"
    assert weak(found)["train.join>fallback"] == "depends: train.Failed"
    assert weak(found)["check>ship"].startswith("depends: hold && (check || fallback)")
    assert "hold>ship" not in weak(found)
    assert "train.join>check" not in weak(found)
    ship, hold = found.stage("ship"), found.stage("hold")
    assert ship is not None
    assert hold is not None
    assert (ship.command, ship.retries, ship.timeout) == ("python p.py x", 2, 300.0)
    assert hold.waits_for == "suspend"
    assert found.stage("check").command == "gate.py 0.7 x"  # type: ignore[union-attr]
    assert weak(found)["ship>onExit.tidy"] == "onExit"


def test_argo_says_which_template_it_cannot_see() -> None:
    """A template of the cluster is hidden, and a gap says so."""
    text = ARGO.replace("{name: prepare, template: run}", "{name: prepare, templateRef: {name: lib, template: prep}}")
    found = read("argo", text)
    assert found.stage("prepare").hidden == "templateRef lib/prep"  # type: ignore[union-attr]
    assert "it names the template lib/prep" in found.gaps[0].message


KUBEFLOW = {
    "pipelineInfo": {"name": "p"},
    "components": {
        "comp-fit": {"executorLabel": "exec-fit"},
        "comp-if": {"dag": {"tasks": {"ship": {"componentRef": {"name": "comp-fit"}}}}},
    },
    "deploymentSpec": {
        "executors": {"exec-fit": {"container": {"image": "i@sha256:ab", "command": ["python", "f.py"]}}}
    },
    "root": {
        "dag": {
            "tasks": {
                "fit": {"componentRef": {"name": "comp-fit"}, "retryPolicy": {"maxRetryCount": 2}},
                "if-good": {
                    "componentRef": {"name": "comp-if"},
                    "inputs": {
                        "parameters": {
                            "x": {"taskOutputParameter": {"producerTask": "fit", "outputParameterKey": "auc"}}
                        }
                    },
                    "triggerPolicy": {"condition": "auc > 0.8"},
                },
                "tidy": {
                    "componentRef": {"name": "comp-fit"},
                    "dependentTasks": ["if-good"],
                    "triggerPolicy": {"strategy": "ALL_UPSTREAM_TASKS_COMPLETED"},
                },
            }
        }
    },
}


def test_kubeflow_unfolds_conditions_and_finds_exit_handlers() -> None:
    """A task inside a condition carries it; a task that runs whatever happened is a weakened edge."""
    found = read("kubeflow", json.dumps(KUBEFLOW))
    assert names(found) == ["fit", "if-good.ship", "tidy"]
    assert edges(found) == {"fit>if-good.ship", "if-good.ship>tidy"}
    assert weak(found) == {"if-good.ship>tidy": "triggerPolicy: ALL_UPSTREAM_TASKS_COMPLETED"}
    ship = found.stage("if-good.ship")
    assert ship is not None
    assert (ship.condition, ship.image, ship.command) == ("condition: auc > 0.8", "i@sha256:ab", "python f.py")
    assert found.stage("fit").retries == 2  # type: ignore[union-attr]


AIRFLOW = """
from datetime import timedelta
from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import BranchPythonOperator
from airflow.sensors.external_task import ExternalTaskSensor
from airflow.decorators import task
from airflow.models.baseoperator import chain
from airflow.utils.edgemodifier import Label
from airflow.utils.task_group import TaskGroup
from airflow.utils.trigger_rule import TriggerRule

open("{marker}", "w").write("the file was run")
ARGS = {{"retries": 1, "execution_timeout": timedelta(minutes=10)}}

def step(name, **more):
    return BashOperator(task_id=name, bash_command=f"python p.py {{name}}", **more)

with DAG("fraud", default_args=ARGS) as dag:
    ingest = step("ingest", retries=3)
    with TaskGroup("eval") as group:
        slices = [step(f"slice_{{one}}") for one in ("en", "de")]
        slices >> step("join")
    choose = BranchPythonOperator(task_id="choose", python_callable=lambda: "ship")
    hold = ExternalTaskSensor(task_id="hold", external_task_id="x")

    @task
    def ship(bundle):
        return bundle

    shipped = ship.override(task_id="ship_it")(ingest.output)
    tidy = BashOperator(task_id="tidy", bash_command="true", trigger_rule=TriggerRule.ALL_DONE)
    ingest >> group >> choose >> Label("good") >> hold
    hold.set_downstream(shipped)
    chain(shipped, tidy)
"""


def test_airflow_is_read_and_never_run(tmp_path: Path) -> None:
    """Operators, TaskFlow, groups, labels, helpers and chains give tasks and order; nothing of the file happens."""
    marker = tmp_path / "marker"
    found = read("airflow", AIRFLOW.format(marker=marker))
    assert not marker.exists()
    assert names(found) == [
        "ingest", "eval.slice_en", "eval.slice_de", "eval.join", "choose", "hold", "ship_it", "tidy",
    ]  # fmt: skip
    assert edges(found) == {
        "eval.slice_en>eval.join", "eval.slice_de>eval.join", "ingest>ship_it", "ingest>eval.slice_en",
        "ingest>eval.slice_de", "eval.join>choose", "choose>hold", "hold>ship_it", "ship_it>tidy",
    }  # fmt: skip
    assert weak(found) == {"ship_it>tidy": "trigger_rule: all_done"}
    assert found.gaps == ()
    ingest, joined = found.stage("ingest"), found.stage("eval.join")
    assert ingest is not None
    assert joined is not None
    assert (ingest.retries, ingest.timeout, ingest.command) == (3, 600.0, "python p.py ingest")
    assert joined.retries == 1
    assert found.stage("hold").waits_for == "ExternalTaskSensor"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("for one in load(): BashOperator(task_id=one)", "how often this loop runs is not known"),
        ("BashOperator(task_id=name())", "the name of a task is not known"),
        ("a = BashOperator(task_id='a')\n    a >> unknown", "what is put in order here is not known"),
        ("if flag(): BashOperator(task_id='a')", "leaves out is not known"),
        ("connect(BashOperator(task_id='a'))", "what connect does with tasks is not known"),
        ("while more(): BashOperator(task_id='a')", "is not followed"),
    ],
)
def test_airflow_says_what_only_running_tells(line: str, words: str) -> None:
    """What depends on the world outside the text is a gap with its line, never a guess."""
    found = read("airflow", f"from airflow import DAG\nwith DAG('d') as dag:\n    {line}\n")
    assert any(words in gap.message for gap in found.gaps), found.gaps


def test_airflow_with_several_dags_asks_which() -> None:
    """One DAG is chosen by name; without a name the message lists them."""
    text = (
        "from airflow import DAG\nwith DAG('a'): BashOperator(task_id='x')\nwith DAG('b'): BashOperator(task_id='y')\n"
    )
    with pytest.raises(DefinitionError, match="several DAGs: a, b"):
        read("airflow", text)
    assert names(read("airflow", text, dag="b")) == ["y"]


SNAPSHOT = """\
tool: dagster 1.13
stages:
  - {name: train, command: python train.py, writes: [out/model]}
  - {name: gate, command: python gate.py}
edges:
  - {from: train, to: gate, weakened: blocking is false}
unknown: [the sensor's schedule]
"""


def test_a_snapshot_says_what_another_tool_loaded() -> None:
    """Stages, edges, weakened edges, and what the tool could not tell either."""
    found = read("snapshot", SNAPSHOT)
    assert edges(found) == {"train>gate"}
    assert weak(found) == {"train>gate": "blocking is false"}
    assert found.gaps[0].message == "the sensor's schedule"
    with pytest.raises(DefinitionError, match="names nothing, which is no stage"):
        read("snapshot", SNAPSHOT.replace("to: gate", "to: nothing"))


@pytest.mark.parametrize(
    ("train", "gate", "expected"),
    [
        ("", "", []),
        ("writes: [out/model]", "", []),
        ("writes: [out/model]", "reads: [out/model]", []),
        ("writes: []", "", ["output-missing train"]),
        ("", "reads: [out/other]", ["input-missing gate"]),
        ("writes: [out/model, out/more]", "", ["output-undocumented train"]),
        (
            "writes: [out/other]",
            "reads: []",
            ["output-missing train", "output-undocumented train", "input-missing gate"],
        ),
    ],
)
def test_files_of_a_snapshot_are_compared_where_it_lists_them(train: str, gate: str, expected: list[str]) -> None:
    """A tool that does not tell what a stage reads or writes has said nothing against the contract; `[]` is none."""
    text = f"tool: x\nstages:\n  - {{name: train, {train}}}\n  - {{name: gate, {gate}}}\n"
    text += "edges: [{from: train, to: gate}]\n"
    record = Pipeline.model_validate(
        {
            "title": "T",
            "owner": "o",
            "artifacts": {"model": {"type": "model", "path": "out/model"}},
            "stages": {"train": {"kind": "train", "out": ["model"]}, "gate": {"kind": "validate", "in": ["model"]}},
        }
    )
    found = compare(record, read("snapshot", text), "").differences
    assert [f"{one.id} {one.at[1]}" for one in found] == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "r.yaml has no stages"),
        ("tool: dagster 1.13\n", "r.yaml has no stages"),
        ("tool: dagster 1.13\nstages: []\n", "r.yaml has no stages"),
        ("- train\n", "r.yaml holds no snapshot: expected `tool:` and `stages:`"),
        ("stages: [{name: train}]\n", "r.yaml: tool is missing"),
        ("tool: x\nstages: [{name: train}, {nme: gate}]\n", "r.yaml: stages.1.name is missing"),
        ("tool: x\nstages: [{name: train, retires: 1}]\n", "r.yaml: stages.0.retires is no key of a snapshot"),
        ("tool: x\nstages: {train: x}\n", "r.yaml: stages is no list"),
    ],
)
def test_a_snapshot_that_cannot_be_read_says_why(text: str, message: str) -> None:
    """An empty one has no stages, as with every other reader; what is wrong in it is said in words."""
    with pytest.raises(DefinitionError) as caught:
        read("snapshot", text)
    assert str(caught.value).replace(caught.value.path, "r.yaml") == message
    assert caught.value.hint


HOSTILE = {
    "nesting": "a: " + "[" * 500,
    "nesting without end": "a: " + "{b: " * 5000,
    "aliases": "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    + "".join(
        f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdefg", "bcdefgh", strict=True)
    ),
    "an alias of itself": "a: &a [*a]",
    "a tab": "a:\n\tb: 1",
    "a scalar": "just words",
    "nothing": "",
    "a list": "- 1\n- 2\n",
    "wrong types": "stages: [1]\njobs: x\nkind: Workflow\nspec: 3\nroot: {dag: []}\ntool: 3\n",
    "5 MB": "a: " + "x" * 5_000_000,
}


@pytest.mark.parametrize("kind", ["dvc", "github-actions", "gitlab-ci", "argo", "kubeflow", "snapshot"])
@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_yaml_ends_in_one_clear_error(kind: str, name: str) -> None:
    """The message names the file, a line and a mend; nothing crashes and nothing takes long."""
    with pytest.raises(DefinitionError) as caught:
        read(kind, HOSTILE[name])
    assert "p/definition" in str(caught.value)
    assert caught.value.hint
    assert caught.value.line >= 1


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "(" * 5000 + ")" * 5000,
        "def f(:\n",
        "x = 1\0",
        "f = lambda: f()\nf()",
        "with DAG('d'):\n    " + "a >> " * 3000 + "a",
        "def a(): b()\ndef b(): a()\na()",
        "x" * 2_000_000,
    ],
    ids=["brackets", "syntax", "a NUL", "a lambda", "a long chain", "functions that call each other", "2 MB"],
)
def test_hostile_python_ends_in_an_error_or_a_definition(text: str) -> None:
    """Whatever is in a DAG file, it is not run and does not crash the reader."""
    with contextlib.suppress(DefinitionError):
        assert read("airflow", text).tool == "airflow"


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("x/dvc.yaml", DVC, "dvc"),
        (".github/workflows/a.yml", ACTIONS, "github-actions"),
        ("release.yml", ACTIONS.replace("    runs-on", "    runs-on"), "github-actions"),
        (".gitlab-ci.yml", GITLAB, "gitlab-ci"),
        ("w.yaml", ARGO, "argo"),
        ("p.json", json.dumps(KUBEFLOW), "kubeflow"),
        ("dag.py", AIRFLOW, "airflow"),
        ("s.yaml", SNAPSHOT, "snapshot"),
        ("readme.txt", "hello", None),
    ],
)
def test_the_tool_is_told_by_name_and_content(path: str, text: str, kind: str | None) -> None:
    """What cannot be told is None, and is asked for."""
    assert kind_of_definition(path, text.encode()) == kind
