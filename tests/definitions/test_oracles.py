"""Kubeflow and Hera load definitions themselves: our readers give the same stages and edges."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Any

import pytest
from reading import edges, names, read

pytestmark = pytest.mark.slow


def needs(module: str) -> pytest.MarkDecorator:
    """Skip where a tool is not installed, unless nothing may be skipped."""
    missing = importlib.util.find_spec(module) is None and not os.environ.get("GATEPOST_REQUIRE_ALL")
    return pytest.mark.skipif(missing, reason=f"{module} is not installed: the extra `oracles`")


@needs("kfp")
def test_kubeflow_s_own_compiler_gives_the_same_graph(tmp_path: Path) -> None:
    """Conditions, loops, exit handlers and parallel tasks, as kfp compiles them and reads them back."""
    import yaml  # noqa: PLC0415 - the same
    from google.protobuf import json_format  # noqa: PLC0415 - comes with kfp
    from kfp import compiler  # noqa: PLC0415 - an extra
    from kfp.pipeline_spec import pipeline_spec_pb2  # noqa: PLC0415 - the same
    from kfp_release import release  # noqa: PLC0415 - the same

    file = tmp_path / "release.yaml"
    compiler.Compiler().compile(release, str(file))
    data = next(yaml.safe_load_all(file.read_text(encoding="utf-8")))
    spec = json_format.ParseDict(data, pipeline_spec_pb2.PipelineSpec())
    real_names, real_edges = _walked(spec, spec.root.dag, "")
    found = read("kubeflow", file.read_text(encoding="utf-8"))
    assert sorted(names(found)) == sorted(real_names)
    assert edges(found) == real_edges


def _walked(spec: Any, dag: Any, prefix: str) -> tuple[list[str], set[str]]:
    """Walk kfp's own message: every task that runs, and every pair of which the second waits for the first."""
    leaves: list[str] = []
    pairs: set[str] = set()
    ends: dict[str, tuple[list[str], list[str]]] = {}
    for name, task in dag.tasks.items():
        component = spec.components[task.component_ref.name]
        if component.dag.tasks:
            inner, inner_pairs = _walked(spec, component.dag, f"{prefix}{name}.")
            firsts = [one for one in inner if not any(pair.endswith(f">{one}") for pair in inner_pairs)]
            lasts = [one for one in inner if not any(pair.startswith(f"{one}>") for pair in inner_pairs)]
            leaves += inner
            pairs |= inner_pairs
            ends[name] = (firsts, lasts)
        else:
            leaves.append(f"{prefix}{name}")
            ends[name] = ([f"{prefix}{name}"], [f"{prefix}{name}"])
    for name, task in dag.tasks.items():
        waits = set(task.dependent_tasks)
        waits |= {one.task_output_parameter.producer_task for one in task.inputs.parameters.values()} - {""}
        waits |= {one.task_output_artifact.producer_task for one in task.inputs.artifacts.values()} - {""}
        pairs |= {f"{a}>{b}" for other in waits for a in ends[other][1] for b in ends[name][0]}
    return leaves, pairs


@needs("hera")
def test_hera_s_workflows_give_the_same_graph() -> None:
    """A DAG with `depends`, steps and a suspended task, as Hera writes Argo's YAML."""
    from hera.workflows import DAG, Container, Step, Steps, Suspend, Task, Workflow  # noqa: PLC0415 - an extra

    with Workflow(generate_name="release-", entrypoint="main") as workflow:
        run = Container(name="run", image="python:3.12", command=["python", "p.py"])
        hold = Suspend(name="hold")
        with Steps(name="fit") as fit:
            Step(name="one", template=run)
            with fit.parallel():
                Step(name="left", template=run)
                Step(name="right", template=run)
        with DAG(name="main"):
            prepare = Task(name="prepare", template=run)
            train = Task(name="train", template=fit)
            wait = Task(name="wait", template=hold)
            ship = Task(name="ship", template=run)
            tidy = Task(name="tidy", template=run, depends="train.Failed")
            prepare >> train >> wait >> ship
            del tidy
    found = read("argo", workflow.to_yaml())
    assert names(found) == ["prepare", "train.one", "train.left", "train.right", "wait", "ship", "tidy"]
    assert edges(found) == {
        "prepare>train.one", "train.one>train.left", "train.one>train.right", "train.left>wait", "train.right>wait",
        "wait>ship", "train.left>tidy", "train.right>tidy",
    }  # fmt: skip
    assert found.stage("wait").waits_for == "suspend"  # type: ignore[union-attr]
