"""Argo Workflows: the DAG or the steps of a workflow, with nested templates unfolded.

Source: https://argo-workflows.readthedocs.io/en/latest/fields/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from gatepost.definitions.definition import Definition, DefinitionError, Gap, ReadFile, RealEdge, RealStage
from gatepost.definitions.yaml_text import Lined, as_dict, as_list, as_text, line_of, load_yaml
from gatepost.records.pipeline import Source

__all__ = ["read_argo"]

_KINDS: Final = frozenset({"Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow"})
_TERM: Final = re.compile(r"([A-Za-z0-9_][\w-]*)(?:\.(\w+))?")
_OUTPUT: Final = re.compile(r"\{\{=?\s*(?:tasks|steps)\.([\w-]+)\.")
_INPUT: Final = re.compile(r"\{\{\s*inputs\.parameters\.([\w-]+)\s*\}\}")
_GOOD: Final = frozenset({"", "Succeeded"})
_GOES_ON: Final = "continueOn"
_MAX_DEPTH: Final = 20
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class _Part(NamedTuple):
    """What a task or a step unfolded into: where it begins and where it ends."""

    first: tuple[str, ...]
    last: tuple[str, ...]


def read_argo(source: Source, path: str, content: bytes, read_file: ReadFile) -> Definition:  # noqa: ARG001 - as every reader
    """Read the first workflow of a file; templates of the other documents may be named by it.

    Raises:
        DefinitionError: it cannot be read, or holds no workflow with an entrypoint.
    """
    documents = [as_dict(one) for one in load_yaml(path, content)]
    workflows = [one for one in documents if as_text(one.get("kind")) in _KINDS]
    if not workflows:
        message = f"{path} holds no Argo workflow"
        raise DefinitionError(message, f"expected kind: {', '.join(sorted(_KINDS))}", path)
    return _Argo(path, workflows).read()


class _Argo:
    def __init__(self, path: str, workflows: list[Lined]) -> None:
        self.path = path
        self.spec = _spec(workflows[0])
        self.elsewhere = {
            as_text(as_dict(one.get("metadata")).get("name")): _templates(_spec(one)) for one in workflows[1:]
        }
        self.templates = _templates(self.spec)
        self.stages: list[RealStage] = []
        self.edges: list[RealEdge] = []
        self.gaps: list[Gap] = []

    def read(self) -> Definition:
        entry = as_text(self.spec.get("entrypoint"))
        if not entry and len(self.templates) == 1:
            entry = next(iter(self.templates))
        if not entry:
            entry = self._only_root()
        if entry not in self.templates:
            message = f"{self.path}: the entrypoint {entry or '(none)'} is no template of the workflow"
            raise DefinitionError(message, "name a template in `entrypoint`", self.path, self.spec.line or 1)
        template = self.templates[entry]
        inner = self._inner(template, "", 0)
        if inner is None:
            self._leaf(entry, template, template)
        exit_handler = as_text(self.spec.get("onExit"))
        if exit_handler:
            self._on_exit(exit_handler)
        return Definition("argo", self.path, tuple(self.stages), tuple(self.edges), tuple(self.gaps), (self.path,))

    def _only_root(self) -> str:
        """Give the one template that unfolds and that no other names; a template of a library has no entrypoint."""
        unfolding = [name for name, one in self.templates.items() if "dag" in one or "steps" in one]
        return unfolding[0] if len(unfolding) == 1 else ""

    def _on_exit(self, name: str) -> None:
        template = self.templates.get(name)
        if template is None:
            self.gaps.append(Gap(f"onExit names {name}, which is no template here", self.path, 1))
            return
        before = [stage.name for stage in self.stages]
        ends = [one for one in before if all(edge.before != one for edge in self.edges)]
        part = self._unfolded(f"onExit.{name}", template, template, 1)
        for one in ends:
            for first in part.first:
                self.edges.append(RealEdge(one, first, weakened="onExit", line=line_of(self.spec, "onExit")))

    def _inner(self, template: Lined, prefix: str, depth: int) -> _Part | None:
        """Unfold a template with a DAG or steps; None for one that runs something itself."""
        if depth > _MAX_DEPTH:
            message = f"{self.path}: templates name each other more than {_MAX_DEPTH} deep"
            raise DefinitionError(message, "end the recursion", self.path, template.line or 1)
        if "dag" in template:
            return self._dag(as_dict(template["dag"]), prefix, depth)
        if "steps" in template:
            return self._steps(as_list(template["steps"]), prefix, depth)
        return None

    def _dag(self, dag: Lined, prefix: str, depth: int) -> _Part:
        tasks = {as_text(as_dict(one).get("name")): as_dict(one) for one in as_list(dag.get("tasks"))}
        parts = {name: self._call(f"{prefix}{name}", task, depth) for name, task in tasks.items()}
        waited: set[str] = set()
        first: list[str] = []
        for name, task in tasks.items():
            wanted = list(self._wanted(name, task, tasks))
            for other, weakened, via in wanted:
                waited.add(other)
                self._join(parts[other], parts[name], via, weakened, line_of(task, "depends"))
            if not wanted:
                first += parts[name].first
        last = [one for name, part in parts.items() if name not in waited for one in part.last]
        return _Part(tuple(first), tuple(last))

    def _wanted(self, name: str, task: Lined, tasks: dict[str, Lined]) -> Iterator[tuple[str, str | None, str]]:
        depends = as_text(task.get("depends"))
        told: dict[str, str | None] = {}
        if depends:
            weak = f"depends: {depends}" if "||" in depends or "!" in depends else None
            for other, state in _TERM.findall(depends):
                told[other] = weak or (None if state in _GOOD else f"depends: {depends}")
        for other in as_list(task.get("dependencies")):
            told[as_text(other)] = None
        for other in dict.fromkeys((*told, *_outputs_in(task.get("arguments")))):
            if other not in tasks:
                self.gaps.append(Gap(f"{name} waits for {other}, which is no task here", self.path, task.line or 1))
                continue
            if other not in told:
                self.gaps.append(
                    Gap(f"{name} uses an output of {other} and does not wait for it", self.path, task.line or 1)
                )
            yield other, told.get(other) or _goes_on(tasks[other]), "output" if other not in told else ""

    def _steps(self, groups: list[Any], prefix: str, depth: int) -> _Part:
        before: list[tuple[_Part, Lined]] = []
        first: tuple[str, ...] = ()
        for group in groups:
            steps = [as_dict(one) for one in as_list(group)]
            parts = [(self._call(f"{prefix}{as_text(step.get('name'))}", step, depth), step) for step in steps]
            for part, step in parts:
                for earlier, one in before:
                    self._join(earlier, part, "", _goes_on(one), step.line or 1)
            first = first or tuple(name for part, _ in parts for name in part.first)
            before = parts or before
        return _Part(first, tuple(name for part, _ in before for name in part.last))

    def _join(self, one: _Part, other: _Part, via: str, weakened: str | None, line: int) -> None:
        tolerated = bool(weakened) and str(weakened).startswith(_GOES_ON) and one.first == one.last
        self.edges += [RealEdge(a, b, via, weakened, line, tolerated) for a in one.last for b in other.first]

    def _call(self, name: str, task: Lined, depth: int) -> _Part:
        """Unfold a task or a step, whatever it names."""
        line = line_of(task, "name")
        reference = as_dict(task.get("templateRef"))
        if reference:
            library = self.elsewhere.get(as_text(reference.get("name")), {})
            found = library.get(as_text(reference.get("template")))
            if found is None:
                label = f"{as_text(reference.get('name'))}/{as_text(reference.get('template'))}"
                self.gaps.append(Gap(f"what {name} runs is not known: it names the template {label}", self.path, line))
                return self._leaf(name, task, Lined(line), hidden=f"templateRef {label}")
            template = found
        elif isinstance(task.get("inline"), Lined):
            template = as_dict(task["inline"])
        else:
            wanted = as_text(task.get("template"))
            if wanted not in self.templates:
                self.gaps.append(
                    Gap(f"what {name} runs is not known: {wanted or 'it names no template'}", self.path, line)
                )
                return self._leaf(name, task, Lined(line), hidden=f"template {wanted}")
            template = self.templates[wanted]
        part = self._unfolded(name, task, template, depth + 1)
        for hook, one in as_dict(task.get("hooks")).items():
            handler = self.templates.get(as_text(as_dict(one).get("template")))
            if handler is not None:
                ran = self._unfolded(f"{name}.{hook}", as_dict(one), handler, depth + 1)
                self._join(part, ran, "", f"hook {hook}", line)
        return part

    def _unfolded(self, name: str, task: Lined, template: Lined, depth: int) -> _Part:
        inner = self._inner(template, f"{name}.", depth)
        if inner is None or not inner.first:
            return self._leaf(name, task, template)
        if task.get("withItems") is not None or task.get("withParam") is not None:
            self.gaps.append(Gap(f"how often {name} runs is not shown here", self.path, task.line or 1))
        return inner

    def _leaf(self, name: str, task: Lined, template: Lined, hidden: str | None = None) -> _Part:
        container = as_dict(template.get("container")) or as_dict(template.get("script"))
        given = _given(task, template)
        words = [as_text(one) for one in (*as_list(container.get("command")), *as_list(container.get("args")))]
        source = as_text(container.get("source")).strip()
        limit = as_dict(template.get("retryStrategy")).get("limit")
        has_retry = "retryStrategy" in template
        stage = RealStage(
            name,
            self.path,
            line_of(task, "name") if task.line else template.line or 1,
            command=_filled(" ".join(words) or source, given) or None,
            image=as_text(container.get("image")) or None,
            retries=int(as_text(limit)) if as_text(limit).isdigit() else None,
            timeout=_seconds(template.get("activeDeadlineSeconds") or template.get("timeout")),
            condition=f"when: {as_text(task.get('when'))}" if task.get("when") is not None else None,
            waits_for="suspend" if "suspend" in template else None,
            hidden=hidden,
        )
        if has_retry and stage.retries is None and limit is not None:
            self.gaps.append(
                Gap(f"how often {name} is tried again is not known: {as_text(limit)}", self.path, stage.line)
            )
        self.stages.append(stage)
        return _Part((name,), (name,))


def _given(task: Lined, template: Lined) -> dict[str, str]:
    """Give the values of a template's inputs: what the task hands over, else the default."""
    found: dict[str, str] = {}
    for holder in (as_dict(template.get("inputs")), as_dict(task.get("arguments"))):
        for one in as_list(holder.get("parameters")):
            parameter = as_dict(one)
            value = parameter.get("value", parameter.get("default"))
            if value is not None:
                found[as_text(parameter.get("name"))] = as_text(value)
    return found


def _filled(text: str, given: dict[str, str]) -> str:
    return _INPUT.sub(lambda match: given.get(match[1], match[0]), text)


def _spec(workflow: Lined) -> Lined:
    spec = as_dict(workflow.get("spec"))
    return as_dict(spec.get("workflowSpec")) or spec


def _templates(spec: Lined) -> dict[str, Lined]:
    return {as_text(as_dict(one).get("name")): as_dict(one) for one in as_list(spec.get("templates"))}


def _goes_on(task: Lined) -> str | None:
    """Say why what comes after a task runs though it has failed."""
    on = task.get("continueOn")
    return f"{_GOES_ON}: {', '.join(as_dict(on))}" if isinstance(on, dict) and any(on.values()) else None


def _outputs_in(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever YAML holds
    """Give the tasks whose outputs a task's arguments name."""
    if isinstance(value, dict):
        for one in value.values():
            yield from _outputs_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from _outputs_in(one)
    elif isinstance(value, str):
        yield from _OUTPUT.findall(value)


def _seconds(value: Any) -> float | None:  # noqa: ANN401 - whatever YAML holds
    text = as_text(value)
    if text.replace(".", "", 1).isdigit():
        return float(text)
    return float(text[:-1]) * _UNITS[text[-1]] if text and text[-1] in _UNITS and text[:-1].isdigit() else None
