"""Hera builds workflows as objects and writes Argo's YAML: our reader gives the stages and edges of the objects."""

from __future__ import annotations

import importlib.util
import itertools
import os
import random
import re
from typing import Any

import pytest
from reading import names, read

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("hera") is None and not os.environ.get("GATEPOST_REQUIRE_ALL"),
        reason="hera is not installed: the extra `oracles`",
    ),
]


class _Walked:
    """What Hera's own objects say, walked without our reader."""

    def __init__(self, workflow: Any) -> None:
        self.templates = {one.name: one for one in workflow.spec.templates}
        self.stages: dict[str, str | None] = {}
        self.edges: dict[tuple[str, str], bool] = {}
        self.walk(workflow.spec.entrypoint, "")

    def walk(self, name: str, prefix: str) -> tuple[list[str], list[str]]:
        """Walk a template that unfolds; give the stages that begin it and those that end it."""
        template = self.templates[name]
        if template.steps is not None:
            return self._steps([_plain(one) for one in template.steps], prefix)
        tasks = {one.name: one for one in template.dag.tasks}
        ends = {one: self._ends(task, prefix) for one, task in tasks.items()}
        waits = {one: _waits(task) for one, task in tasks.items()}
        for one, others in waits.items():
            for other, is_weak in others.items():
                goes_on = tasks[other].continue_on is not None
                self._join(ends[other], ends[one], is_weak=is_weak or goes_on)
        waited = {other for others in waits.values() for other in others}
        first = [stage for one in tasks if not waits[one] for stage in ends[one][0]]
        return first, [stage for one in tasks if one not in waited for stage in ends[one][1]]

    def _ends(self, task: Any, prefix: str) -> tuple[list[str], list[str]]:
        template = self.templates[task.template]
        name = f"{prefix}{task.name}"
        if template.dag is not None or template.steps is not None:
            return self.walk(task.template, f"{name}.")
        self.stages[name] = template.container.image if template.container is not None else None
        return [name], [name]

    def _steps(self, groups: list[list[Any]], prefix: str) -> tuple[list[str], list[str]]:
        rows = [[(step, self._ends(step, prefix)) for step in group] for group in groups]
        for before, after in itertools.pairwise(rows):
            for step, one in before:
                for _, other in after:
                    self._join(one, other, is_weak=step.continue_on is not None)
        begin = [stage for _, ends in rows[0] for stage in ends[0]]
        return begin, [stage for _, ends in rows[-1] for stage in ends[1]]

    def _join(self, one: tuple[list[str], list[str]], other: tuple[list[str], list[str]], *, is_weak: bool) -> None:
        self.edges.update({(a, b): is_weak for a in one[1] for b in other[0]})


def _plain(group: Any) -> list[Any]:
    return list(getattr(group, "__root__", None) or getattr(group, "root", None) or group)


def _waits(task: Any) -> dict[str, bool]:
    """Give the tasks that a task waits for, each with whether its failure lets the task run."""
    if not task.depends:
        return dict.fromkeys(task.dependencies or (), False)
    terms = re.findall(r"([\w-]+)(?:\.(\w+))?", task.depends)
    has_or = "||" in task.depends
    return {name: has_or or result not in {"", "Succeeded"} for name, result in terms}


def _random(seed: int) -> Any:
    """Build a workflow of DAGs and steps inside of each other."""
    from hera.workflows import DAG, Container, Step, Steps, Suspend, Task, Workflow  # noqa: PLC0415 - an extra
    from hera.workflows.models import ContinueOn  # noqa: PLC0415 - the same

    draw = random.Random(seed)  # noqa: S311 - a workflow, no secret

    def options() -> dict[str, Any]:
        return {"continue_on": ContinueOn(failed=True)} if draw.random() < 0.15 else {}

    with Workflow(generate_name="random-", entrypoint="main") as workflow:
        known: list[Any] = [
            Container(name="run", image="python:3.12", command=["python", "p.py"]),
            Container(name="fit", image="ml@sha256:ab", command=["fit"]),
            Suspend(name="hold"),
        ]
        for number in range(draw.randint(1, 4)):
            if draw.random() < 0.4:
                with Steps(name=f"steps{number}") as made:
                    for step in range(draw.randint(1, 3)):
                        if draw.random() < 0.5:
                            Step(name=f"s{step}", template=draw.choice(known), **options())
                        else:
                            with made.parallel():
                                Step(name=f"s{step}l", template=draw.choice(known), **options())
                                Step(name=f"s{step}r", template=draw.choice(known))
            else:
                with DAG(name=f"dag{number}") as made:
                    _tasks(draw, Task, known, options)
            known.append(made)
        with DAG(name="main"):
            _tasks(draw, Task, known, options)
    return workflow


def _tasks(draw: random.Random, task: Any, known: list[Any], options: Any) -> None:
    made: list[Any] = []
    for number in range(draw.randint(2, 6)):
        one = task(name=f"t{number}", template=draw.choice(known), **options())
        for other in draw.sample(made, min(len(made), draw.randint(0, 2))):
            way = draw.randrange(6)
            if way == 0:
                other.on_failure(one)
            elif way == 1:
                other.on_error(one)
            elif way == 2:
                other.on_success(one)
            else:
                other >> one
        if len(made) > 1 and not one.depends and draw.random() < 0.3:
            one.depends = f"{made[0].name} || {made[1].name}.Failed"
        made.append(one)


@pytest.mark.parametrize("seed", range(60))
def test_a_workflow_is_read_as_hera_built_it(seed: int) -> None:
    """Stages, images, edges, and which of them a failure passes."""
    workflow = _random(seed)
    real = _Walked(workflow.build())
    found = read("argo", workflow.to_yaml())
    assert sorted(names(found)) == sorted(real.stages)
    assert {(edge.before, edge.after): bool(edge.weakened) for edge in found.edges} == real.edges
    assert {stage.name: stage.image for stage in found.stages} == real.stages
    assert found.gaps == ()


def test_exit_handlers_suspended_tasks_and_limits_are_read_as_hera_wrote_them() -> None:
    """A workflow with all that a promotion needs."""
    from hera.workflows import DAG, Container, RetryStrategy, Suspend, Task, Workflow  # noqa: PLC0415 - an extra

    with Workflow(generate_name="release-", entrypoint="main", on_exit="tidy") as workflow:
        Container(name="tidy", image="busybox", command=["true"])
        run = Container(
            name="run",
            image="python:3.12",
            command=["python", "p.py"],
            retry_strategy=RetryStrategy(limit="2"),
            active_deadline_seconds=300,
        )
        hold = Suspend(name="hold")
        with DAG(name="main"):
            train = Task(name="train", template=run)
            wait = Task(name="wait", template=hold, when="{{workflow.parameters.go}} == yes")
            train >> wait >> Task(name="ship", template=run)
    found = read("argo", workflow.to_yaml())
    assert names(found) == ["train", "wait", "ship", "onExit.tidy"]
    train_stage, wait_stage = found.stages[:2]
    assert (train_stage.command, train_stage.retries, train_stage.timeout) == ("python p.py", 2, 300.0)
    assert (wait_stage.waits_for, wait_stage.condition) == ("suspend", "when: {{workflow.parameters.go}} == yes")
    assert {edge.weakened for edge in found.edges if edge.after == "onExit.tidy"} == {"onExit"}
