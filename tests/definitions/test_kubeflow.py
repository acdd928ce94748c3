"""A compiled Kubeflow pipeline: DAGs inside it laid flat, what runs after a failure, what the file does not tell."""

from __future__ import annotations

import json
from typing import Any

import pytest
from reading import edges, names, read, weak

from gatepost.definitions import Definition, DefinitionError


def spec(tasks: dict[str, Any], **components: Any) -> dict[str, Any]:
    """Write a compiled pipeline; each component is a DAG, given as its tasks, or `run`, which is a container."""
    return {
        "pipelineInfo": {"name": "p"},
        "components": {
            "run": {"executorLabel": "exec"},
            **{name: {"dag": {"tasks": inner}} for name, inner in components.items()},
        },
        "deploymentSpec": {
            "executors": {"exec": {"container": {"image": "i@sha256:ab", "command": ["python"], "args": ["f.py"]}}}
        },
        "root": {"dag": {"tasks": tasks}},
    }


def task(component: str = "run", **more: Any) -> dict[str, Any]:
    """Write a task of a component."""
    return {"componentRef": {"name": component}, **more}


def parameter(producer: str, key: str = "auc") -> dict[str, Any]:
    """Write inputs that take an output of a task."""
    return {"parameters": {"x": {"taskOutputParameter": {"producerTask": producer, "outputParameterKey": key}}}}


def pipeline(tasks: dict[str, Any], **components: Any) -> Definition:
    """Read a compiled pipeline."""
    return read("kubeflow", json.dumps(spec(tasks, **components), indent=1))


def test_tasks_wait_for_what_they_name_and_for_what_they_take() -> None:
    """Parameters, artifacts and bare order; what is handed over names the edge."""
    artifact = {"artifacts": {"m": {"taskOutputArtifact": {"producerTask": "fit", "outputArtifactKey": "model"}}}}
    found = pipeline(
        {
            "fit": task(),
            "check": task(inputs=parameter("fit")),
            "ship": task(dependentTasks=["fit", "check"], inputs=artifact),
        }
    )
    assert {(edge.before, edge.after, edge.via) for edge in found.edges} == {
        ("fit", "check", "auc"),
        ("fit", "ship", "model"),
        ("check", "ship", ""),
    }
    assert weak(found) == {}
    assert found.gaps == ()


def test_what_runs_whatever_happened_is_behind_weakened_edges() -> None:
    """An exit task, and any task that ignores a failure upstream."""
    found = pipeline(
        {
            "exit-handler-1": task("inside"),
            "tidy": task(dependentTasks=["exit-handler-1"], triggerPolicy={"strategy": "ALL_UPSTREAM_TASKS_COMPLETED"}),
            "after": task(
                dependentTasks=["exit-handler-1"], triggerPolicy={"strategy": "ALL_UPSTREAM_TASKS_SUCCEEDED"}
            ),
        },
        inside={"a": task(), "b": task(dependentTasks=["a"])},
    )
    assert edges(found) == {
        "exit-handler-1.a>exit-handler-1.b", "exit-handler-1.b>tidy", "exit-handler-1.b>after",
    }  # fmt: skip
    assert weak(found) == {"exit-handler-1.b>tidy": "triggerPolicy: ALL_UPSTREAM_TASKS_COMPLETED"}


def test_conditions_are_those_of_all_groups_around_a_task() -> None:
    """In the compiled pipeline's own words."""
    found = pipeline(
        {"if": task("outer", triggerPolicy={"condition": "auc > 0.8"})},
        outer={"also": task("inner", triggerPolicy={"condition": "size < 9"})},
        inner={"ship": task()},
    )
    assert names(found) == ["if.also.ship"]
    assert found.stages[0].condition == "condition: auc > 0.8 and condition: size < 9"


def test_a_loop_over_what_is_not_known_is_a_condition() -> None:
    """It may be over nothing; a loop over a list in the file always runs. What it goes over is waited for."""
    over = {"parameterIterator": {"items": {"inputParameter": "files"}}}
    listed = {"parameterIterator": {"items": {"raw": "[1, 2]"}}, "iteratorPolicy": {"parallelismLimit": 2}}
    found = pipeline(
        {"list": task(), "each": task("inside", inputs=parameter("list"), **over), "two": task("inside", **listed)},
        inside={"use": task()},
    )
    assert edges(found) == {"list>each.use"}
    assert [stage.condition for stage in found.stages] == [None, "parameterIterator: files", None]
    assert found.gaps == ()


def test_retries_images_and_commands_are_read() -> None:
    """A count may be written as a text; an importer runs no container."""
    text = spec({"a": task(retryPolicy={"maxRetryCount": "3"}), "b": task("data")})
    text["components"]["data"] = {"executorLabel": "load"}
    text["deploymentSpec"]["executors"]["load"] = {"importer": {"artifactUri": {"constant": "gs://x"}}}
    a, b = read("kubeflow", json.dumps(text)).stages
    assert (a.retries, a.image, a.command) == (3, "i@sha256:ab", "python f.py")
    assert (b.command, b.image) == ("importer", None)


def test_settings_of_the_platform_stand_in_a_document_of_their_own() -> None:
    """A time limit is one of them; YAML with several documents, or a job that holds the pipeline."""
    platform = """
---
platforms:
  kubernetes:
    deploymentSpec:
      executors:
        exec: {activeDeadlineSeconds: "600"}
"""
    text = json.dumps(spec({"a": task()}))
    assert read("kubeflow", text + platform).stages[0].timeout == 600.0
    assert names(read("kubeflow", json.dumps({"pipelineSpec": json.loads(text)}))) == ["a"]


def test_what_is_not_in_the_file_is_hidden_and_a_gap() -> None:
    """A component or an executor without a definition; a task that is not there."""
    text = spec({"a": task("nowhere"), "b": task("lost"), "c": task(dependentTasks=["d"])})
    text["components"]["lost"] = {"executorLabel": "gone"}
    found = read("kubeflow", json.dumps(text, indent=1))
    assert [stage.hidden for stage in found.stages] == ["component nowhere", "executor gone", None]
    assert [gap.message for gap in found.gaps] == [
        "what a runs is not known: component nowhere",
        "what b runs is not known: executor gone",
        "c waits for d, which is no task here",
    ]
    assert all(gap.line > 1 for gap in found.gaps)


def test_a_dag_without_tasks_is_one_stage() -> None:
    """So that order through it is not lost."""
    found = pipeline({"a": task(), "b": task("empty", dependentTasks=["a"]), "c": task(dependentTasks=["b"])}, empty={})
    assert edges(found) == {"a>b", "b>c"}


def test_circles_are_errors() -> None:
    """Tasks that wait for each other, a component that holds itself."""
    with pytest.raises(DefinitionError, match="wait for each other in a circle"):
        pipeline({"a": task(dependentTasks=["b"]), "b": task(dependentTasks=["a"])})
    with pytest.raises(DefinitionError, match="hold each other without end"):
        pipeline({"a": task("self")}, self={"b": task("self")})


def test_components_that_double_are_bounded() -> None:
    """Thirty layers of two are a thousand million stages: one error."""
    layers = {f"c{n}": {"a": task(f"c{n + 1}"), "b": task(f"c{n + 1}")} for n in range(25)}
    with pytest.raises(DefinitionError, match="more than 5,000 stages"):
        pipeline({"a": task("c0")}, **layers, c25={"a": task()})


def test_source_code_of_components_is_no_pipeline() -> None:
    """What was not compiled is refused, with what to do."""
    with pytest.raises(DefinitionError) as caught:
        read("kubeflow", "components: {}\nroot: {dag: {tasks: {}}}\n")
    assert caught.value.hint == "compile the pipeline, and name what comes out"
