"""kfp compiles pipelines and reads them back itself: our reader gives the same tasks, order and settings."""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path
from typing import Any

import pytest
from reading import names, read

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("kfp") is None and not os.environ.get("GATEPOST_REQUIRE_ALL"),
        reason="kfp is not installed: the extra `oracles`",
    ),
]

_ALWAYS = 2
"""ALL_UPSTREAM_TASKS_COMPLETED in kfp's own message."""


class _Walked:
    """What kfp's message says, walked without our reader: tasks that run, and who waits for whom."""

    def __init__(self, spec: Any) -> None:
        self.spec = spec
        self.tasks: dict[str, tuple[str, int]] = {}
        self.edges: dict[tuple[str, str], bool] = {}
        self.walk(spec.root.dag, "")

    def walk(self, dag: Any, prefix: str) -> tuple[list[str], list[str]]:
        """Walk a DAG; give the tasks that begin it and those that end it."""
        ends = {name: self._ends(task, f"{prefix}{name}") for name, task in dag.tasks.items()}
        waits = {name: self._waits(task) for name, task in dag.tasks.items()}
        for name, task in dag.tasks.items():
            is_weak = task.trigger_policy.strategy == _ALWAYS
            self.edges.update({(a, b): is_weak for other in waits[name] for a in ends[other][1] for b in ends[name][0]})
        waited = set().union(*waits.values())
        first = [one for name in ends if not waits[name] for one in ends[name][0]]
        return first, [one for name in ends if name not in waited for one in ends[name][1]]

    def _ends(self, task: Any, name: str) -> tuple[list[str], list[str]]:
        component = self.spec.components[task.component_ref.name]
        if component.dag.tasks:
            return self.walk(component.dag, f"{name}.")
        executor = self.spec.deployment_spec["executors"][component.executor_label]
        image = executor["container"]["image"] if "container" in executor else ""
        self.tasks[name] = (image, task.retry_policy.max_retry_count)
        return [name], [name]

    @staticmethod
    def _waits(task: Any) -> set[str]:
        found = set(task.dependent_tasks)
        found |= {one.task_output_parameter.producer_task for one in task.inputs.parameters.values()}
        found |= {one.task_final_status.producer_task for one in task.inputs.parameters.values()}
        found |= {one.task_output_artifact.producer_task for one in task.inputs.artifacts.values()}
        return found - {""}


def _agree(text: str) -> None:
    import yaml  # noqa: PLC0415 - kfp brings it
    from google.protobuf import json_format  # noqa: PLC0415 - the same
    from kfp.pipeline_spec import pipeline_spec_pb2  # noqa: PLC0415 - an extra

    data = next(one for one in yaml.safe_load_all(text) if "root" in one)
    real = _Walked(json_format.ParseDict(data, pipeline_spec_pb2.PipelineSpec()))
    found = read("kubeflow", text)
    assert sorted(names(found)) == sorted(real.tasks)
    assert {(edge.before, edge.after): bool(edge.weakened) for edge in found.edges} == real.edges
    assert {one.name: (one.image or "", one.retries or 0) for one in found.stages} == real.tasks
    assert found.gaps == ()


def _compiled(pipeline: Any, file: Path) -> str:
    from kfp import compiler  # noqa: PLC0415 - an extra

    compiler.Compiler().compile(pipeline, str(file))
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["release", "nested", "branching"])
def test_kfp_reads_the_same_from_what_it_compiled(name: str, tmp_path: Path) -> None:
    """Conditions, loops, exit handlers, importers, pipelines inside pipelines, one of three ways; YAML and JSON."""
    import kfp_release  # noqa: PLC0415 - needs kfp
    import yaml  # noqa: PLC0415 - kfp brings it

    text = _compiled(getattr(kfp_release, name), tmp_path / "p.yaml")
    _agree(text)
    _agree(json.dumps(next(one for one in yaml.safe_load_all(text) if "root" in one), indent=2))


@pytest.mark.parametrize("seed", range(25))
def test_kfp_reads_the_same_from_random_pipelines(seed: int, tmp_path: Path) -> None:
    """Whatever is nested in what."""
    from kfp_release import random_pipeline  # noqa: PLC0415 - needs kfp

    _agree(_compiled(random_pipeline(seed), tmp_path / "p.yaml"))
