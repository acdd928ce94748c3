"""The compiled form (IR) of a Kubeflow pipeline: tasks of the root DAG, with DAGs inside it unfolded.

Source: https://github.com/kubeflow/pipelines/blob/master/api/v2alpha1/pipeline_spec.proto
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from gatepost.definitions.conditions import is_false
from gatepost.definitions.definition import (
    Called,
    Definition,
    DefinitionError,
    Gap,
    ReadFile,
    RealEdge,
    RealStage,
    Script,
)
from gatepost.definitions.kubeflow_functions import program_of_text
from gatepost.definitions.parts import Part, around
from gatepost.definitions.python_ends import doubt_of_text
from gatepost.definitions.yaml_text import Lined, as_dict, as_list, as_text, load_yaml
from gatepost.records.pipeline import Source

__all__ = ["read_kubeflow"]

_DEEPEST: Final = 30
_MOST_STAGES: Final = 5_000
_MOST_EDGES: Final = 100_000
_ALWAYS: Final = "ALL_UPSTREAM_TASKS_COMPLETED"
_ITERATORS: Final = ("parameterIterator", "artifactIterator")
_RUNS_FUNCTION: Final = "--function_to_execute"
"""The argument of kfp that names the function of a component."""
_NO_ITEMS: Final = "a list without items"


def read_kubeflow(source: Source, path: str, content: bytes, read_file: ReadFile) -> Definition:  # noqa: ARG001 - as every reader
    """Read a compiled pipeline, in YAML or JSON; a document behind the first holds settings of the platform.

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
    platform = next((one for one in documents if "platforms" in one), Lined(0))
    return _Walk(path, spec, platform).read()


class _Under(NamedTuple):
    """Where a task stands."""

    prefix: str = ""
    components: tuple[str, ...] = ()
    """The components that hold it."""
    conditions: tuple[str, ...] = ()


class _Walk:
    def __init__(self, path: str, spec: Lined, platform: Lined) -> None:
        self.path = path
        self.components = as_dict(spec.get("components"))
        self.executors = _executors(spec)
        self.settings = _executors(as_dict(as_dict(platform.get("platforms")).get("kubernetes")))
        self.root = as_dict(as_dict(spec.get("root")).get("dag"))
        self.stages: list[RealStage] = []
        self.edges: dict[RealEdge, None] = {}
        self.gaps: dict[Gap, None] = {}

    def read(self) -> Definition:
        self._dag(self.root, _Under())
        return Definition("kubeflow", self.path, tuple(self.stages), tuple(self.edges), tuple(self.gaps), (self.path,))

    def _gap(self, message: str, line: int) -> None:
        self.gaps[Gap(message, self.path, line or 1)] = None

    def _dag(self, dag: Lined, under: _Under) -> Part:
        tasks = {name: as_dict(task) for name, task in as_dict(dag.get("tasks")).items()}
        parts = {name: self._task(name, task, under) for name, task in tasks.items()}
        waits = {name: self._waits(name, task, tasks) for name, task in tasks.items()}
        for name, others in waits.items():
            for other, via in others.items():
                self._join(parts[other], parts[name], via, tasks[name])
        found = around(parts, waits)
        if not found.first:
            message = f"{self.path}: the tasks of a DAG wait for each other in a circle"
            raise DefinitionError(message, "compile the pipeline again", self.path, dag.line or 1)
        return found

    def _waits(self, name: str, task: Lined, tasks: dict[str, Lined]) -> dict[str, str]:
        """Give the tasks that a task waits for, each with what it hands over."""
        found: dict[str, str] = {}
        for other, via in _wanted(task):
            if other in tasks:
                found[other] = found.get(other) or via
            else:
                self._gap(f"{name} waits for {other}, which is no task here", task.line)
        return found

    def _join(self, one: Part, other: Part, via: str, task: Lined) -> None:
        strategy = as_text(as_dict(task.get("triggerPolicy")).get("strategy"))
        weakened = f"triggerPolicy: {strategy}" if strategy == _ALWAYS else None
        if len(self.edges) > _MOST_EDGES:
            message = f"{self.path} unfolds into more than {_MOST_EDGES:,} edges"
            raise DefinitionError(message, "name a pipeline that people can follow", self.path, task.line or 1)
        for a in one.last:
            for b in other.first:
                self.edges[RealEdge(a, b, via, weakened, task.line)] = None

    def _task(self, key: str, task: Lined, under: _Under) -> Part:
        name = f"{under.prefix}{key}"
        wanted = as_text(as_dict(task.get("componentRef")).get("name"))
        component = as_dict(self.components.get(wanted))
        conditions = (*under.conditions, *_conditions(task))
        if not component:
            self._gap(f"what {name} runs is not known: component {wanted or 'of no name'}", task.line)
            return self._leaf(name, task, Lined(0), conditions, hidden=f"component {wanted}")
        inner = as_dict(component.get("dag"))
        if not inner.get("tasks"):
            return self._leaf(name, task, component, conditions)
        if wanted in under.components or len(under.components) > _DEEPEST or len(self.stages) > _MOST_STAGES:
            message = f"{self.path}: components hold each other without end, or more than {_MOST_STAGES:,} stages"
            raise DefinitionError(message, "compile the pipeline again", self.path, task.line or 1)
        return self._dag(inner, _Under(f"{name}.", (*under.components, wanted), conditions))

    def _leaf(
        self, name: str, task: Lined, component: Lined, conditions: tuple[str, ...], hidden: str | None = None
    ) -> Part:
        label = as_text(component.get("executorLabel"))
        executor = as_dict(self.executors.get(label))
        if component and not executor:
            self._gap(f"what {name} runs is not known: executor {label or 'of no name'}", task.line)
            hidden = f"executor {label}"
        container = as_dict(executor.get("container"))
        words = [as_text(one) for key in ("command", "args") for one in as_list(container.get(key))]
        function = _function(words)
        kind = next((key for key in ("importer", "resolver", "customJob") if key in executor), None)
        stage = RealStage(
            name,
            self.path,
            task.line or 1,
            command=function or " ".join(words) or kind,
            scripts=(Script(function or shlex.join(words)),) if words else (),
            function=Called(function, f"{self.path}:{task.line or 1}") if function else None,
            program=program_of_text(words, function, task.line or 1) if function else None,
            doubt=doubt_of_text(words, function) if function else None,
            image=as_text(container.get("image")) or None,
            retries=_whole(as_dict(task.get("retryPolicy")).get("maxRetryCount")),
            timeout=_whole(as_dict(self.settings.get(label)).get("activeDeadlineSeconds")),
            condition=" and ".join(conditions) or None,
            hidden=hidden,
            never=next((one for one in conditions if is_false(one.partition(": ")[2]) or one == _NO_ITEMS), None),
        )
        self.stages.append(stage)
        return Part((name,), (name,))


def _function(words: list[str]) -> str:
    """Give the function of Python that a component runs through kfp, whose own shell around it hands on how it ends."""
    place = words.index(_RUNS_FUNCTION) if _RUNS_FUNCTION in words else -1
    return words[place + 1] if 0 <= place < len(words) - 1 and words[place + 1].isidentifier() else ""


def _executors(spec: Lined) -> Lined:
    return as_dict(as_dict(spec.get("deploymentSpec")).get("executors"))


def _whole(value: Any) -> int | None:  # noqa: ANN401 - whatever the compiler wrote
    """Give a whole number; JSON may write it as a text or with a fraction of zero."""
    text = as_text(value).removesuffix(".0")
    return int(text) if text.isdecimal() and len(text) < 10 else None  # noqa: PLR2004 - no count is longer


def _conditions(task: Lined) -> Iterator[str]:
    """Give when a task runs at all: its condition, and a loop over what is only known while it runs."""
    condition = as_text(as_dict(task.get("triggerPolicy")).get("condition"))
    if condition:
        yield f"condition: {condition}"
    for key in _ITERATORS:
        items = as_dict(as_dict(task.get(key)).get("items"))
        if items and as_text(items.get("raw")).strip() in {"", "[]"}:
            if as_text(items.get("raw")).strip() == "[]":
                yield _NO_ITEMS
                continue
            over = as_text(items.get("inputParameter")) or as_text(items.get("inputArtifact")) or "nothing"
            yield f"{key}: {over}"


def _wanted(task: Lined) -> Iterator[tuple[str, str]]:
    """Give the tasks that a task waits for, with what they hand over."""
    for name in as_list(task.get("dependentTasks")):
        yield as_text(name), ""
    yield from _outputs(task.get("inputs"))
    for key in _ITERATORS:
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
