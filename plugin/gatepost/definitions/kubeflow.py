"""The compiled form (IR) of a Kubeflow pipeline: tasks of the root DAG, with DAGs inside it unfolded.

Source: https://github.com/kubeflow/pipelines/blob/master/api/v2alpha1/pipeline_spec.proto
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from gatepost.definitions.definition import Definition, DefinitionError, Gap, ReadFile, RealEdge, RealStage
from gatepost.definitions.yaml_text import Lined, as_dict, as_list, as_text, line_of, load_yaml
from gatepost.records.pipeline import Source

__all__ = ["read_kubeflow"]

_MAX_DEPTH: Final = 30
_ALWAYS: Final = "ALL_UPSTREAM_TASKS_COMPLETED"


class _Part(NamedTuple):
    first: tuple[str, ...]
    last: tuple[str, ...]


def read_kubeflow(source: Source, path: str, content: bytes, read_file: ReadFile) -> Definition:  # noqa: ARG001 - as every reader
    """Read a compiled pipeline; the documents behind the first hold settings of the platform.

    Raises:
        DefinitionError: it cannot be read, or is no compiled pipeline.
    """
    documents = [as_dict(one) for one in load_yaml(path, content)]
    spec = next((one for one in documents if "root" in one), None)
    if spec is None and documents:
        spec = as_dict(documents[0].get("pipelineSpec"))
    if not spec or not as_dict(as_dict(as_dict(spec.get("root")).get("dag")).get("tasks")):
        message = f"{path} is no compiled Kubeflow pipeline: it has no tasks in root.dag"
        raise DefinitionError(message, "compile the pipeline, and name what comes out", path)
    return _Kubeflow(path, spec).read()


class _Kubeflow:
    def __init__(self, path: str, spec: Lined) -> None:
        self.path = path
        self.components = as_dict(spec.get("components"))
        self.executors = as_dict(as_dict(spec.get("deploymentSpec")).get("executors"))
        self.root = as_dict(as_dict(spec.get("root")).get("dag"))
        self.stages: list[RealStage] = []
        self.edges: list[RealEdge] = []
        self.gaps: list[Gap] = []

    def read(self) -> Definition:
        self._dag(self.root, "", 0)
        edges = tuple(dict.fromkeys(self.edges))
        return Definition("kubeflow", self.path, tuple(self.stages), edges, tuple(self.gaps), (self.path,))

    def _dag(self, dag: Lined, prefix: str, depth: int, condition: str = "") -> _Part:
        if depth > _MAX_DEPTH:
            message = f"{self.path}: components hold each other more than {_MAX_DEPTH} deep"
            raise DefinitionError(message, "compile the pipeline again", self.path, dag.line or 1)
        tasks = {name: as_dict(task) for name, task in as_dict(dag.get("tasks")).items()}
        parts = {name: self._task(f"{prefix}{name}", task, depth, condition) for name, task in tasks.items()}
        waited: set[str] = set()
        first: list[str] = []
        for name, task in tasks.items():
            wanted = dict(_wanted(task))
            weakened = _weakened(task)
            for other, via in wanted.items():
                if other not in parts:
                    self.gaps.append(Gap(f"{name} waits for {other}, which is no task here", self.path, task.line or 1))
                    continue
                waited.add(other)
                pairs = ((a, b) for a in parts[other].last for b in parts[name].first)
                self.edges += [RealEdge(a, b, via, weakened, task.line) for a, b in pairs]
            if not wanted:
                first += parts[name].first
        last = [one for name, part in parts.items() if name not in waited for one in part.last]
        return _Part(tuple(first), tuple(last))

    def _task(self, name: str, task: Lined, depth: int, condition: str) -> _Part:
        own = as_text(as_dict(task.get("triggerPolicy")).get("condition"))
        condition = " and ".join(one for one in (condition, own) if one)
        component = as_dict(self.components.get(as_text(as_dict(task.get("componentRef")).get("name"))))
        inner = as_dict(component.get("dag"))
        if inner.get("tasks"):
            for key in ("parameterIterator", "artifactIterator", "iteratorPolicy"):
                if key in task:
                    self.gaps.append(Gap(f"how often {name} runs is not shown here", self.path, line_of(task, key)))
                    break
            return self._dag(inner, f"{name}.", depth + 1, condition)
        self._leaf(name, task, as_text(component.get("executorLabel")), condition)
        return _Part((name,), (name,))

    def _leaf(self, name: str, task: Lined, label: str, condition: str) -> None:
        executor = as_dict(self.executors.get(label))
        container = as_dict(executor.get("container"))
        words = [*as_list(container.get("command")), *as_list(container.get("args"))]
        retry = as_dict(task.get("retryPolicy")).get("maxRetryCount")
        stage = RealStage(
            name,
            self.path,
            task.line or 1,
            command=" ".join(as_text(one) for one in words) or ("importer" if "importer" in executor else None),
            image=as_text(container.get("image")) or None,
            retries=retry if isinstance(retry, int) else None,
            condition=f"condition: {condition}" if condition else None,
        )
        self.stages.append(stage)


def _weakened(task: Lined) -> str | None:
    strategy = as_text(as_dict(task.get("triggerPolicy")).get("strategy"))
    return f"triggerPolicy: {strategy}" if strategy == _ALWAYS else None


def _wanted(task: Lined) -> Iterator[tuple[str, str]]:
    """Give the tasks that a task waits for, with what they hand over."""
    for name in as_list(task.get("dependentTasks")):
        yield as_text(name), ""
    yield from _outputs(task.get("inputs"))
    for key in ("parameterIterator", "artifactIterator"):
        yield from _outputs(as_dict(task.get(key)))


def _outputs(value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - whatever the compiler wrote
    if isinstance(value, dict):
        producer = as_text(value.get("producerTask"))
        if producer:
            key = as_text(value.get("outputArtifactKey")) or as_text(value.get("outputParameterKey"))
            yield producer, key
        for inner in value.values():
            yield from _outputs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _outputs(inner)
