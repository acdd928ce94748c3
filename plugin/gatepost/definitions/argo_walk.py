"""The templates of an Argo workflow laid flat: DAGs and steps inside of each other, named by what holds them."""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from gatepost.definitions.argo_depends import parse_depends
from gatepost.definitions.argo_stage import (
    Given,
    conditions,
    filled,
    goes_on,
    leaf_of,
    never_runs,
    outputs_in,
    values_for,
)
from gatepost.definitions.definition import DefinitionError, Gap, RealEdge, RealStage
from gatepost.definitions.parts import Part, around
from gatepost.definitions.yaml_text import Lined, as_dict, as_list, as_text, line_of

__all__ = ["Templates", "Walk"]

Templates = dict[str, Lined]
_MOST: Final = 5_000
_MOST_EDGES: Final = 100_000
_DEEPEST: Final = 40
_LEFT_OUT: Final = re.compile(r"\.(?:Omitted|Skipped)\b")
"""What in a `depends` lets a task run though another was left out, for instance because one before it has failed."""
_AT_THE_END: Final = ("exit", "onExit")
"""The hooks that still run when the time of the workflow is over."""
_HANDED: Final = ("arguments", "when", "withParam", "inline")


class _Call(NamedTuple):
    """A task or a step, and where it stands."""

    name: str
    """With the names of what holds it."""
    task: Lined
    holders: tuple[int, ...]
    """The templates that hold it, by identity: a template may name itself."""
    given: Given
    """The inputs of the template that holds it."""
    conditions: tuple[str, ...]
    never: str | None = None
    """Why it never runs."""


class _Wait(NamedTuple):
    """One task waits for another."""

    weakened: str | None
    via: str = ""


class Walk:
    """One workflow."""

    def __init__(self, path: str, spec: Lined, libraries: dict[str, Templates]) -> None:
        self.path = path
        self.templates = templates_of(spec)
        self.libraries = libraries
        self.defaults = _defaults(spec)
        self.limit: float | None = None
        """How long the whole run may take, in seconds."""
        self.stages: dict[str, RealStage] = {}
        self.edges: dict[RealEdge, None] = {}
        self.gaps: dict[Gap, None] = {}

    def gap(self, message: str, line: int, touches: tuple[str, ...] | None = None) -> None:
        """Note what the text does not tell."""
        self.gaps[Gap(message, self.path, line or 1, touches)] = None

    def enter(self, name: str, template: Lined, given: Given, prefix: str = "") -> Part:
        """Unfold the template that a workflow begins with, or ends in; the inside of one that unfolds has no prefix."""
        call = _Call(name, template, (), given, ())
        inner = self._inner(template, prefix, call, values_for(Lined(0), template, given) | dict(given))
        return inner or self._leaf(call, template, given)

    def call(self, call: _Call) -> Part:
        """Unfold a task or a step, whatever it names, and the hooks that it has."""
        template, hidden = self._template(call)
        if hidden is not None:
            why = hidden.replace("templateRef", "it names the template", 1)
            self.gap(f"what {call.name} runs is not known: {why}", line_of(call.task, "name"), (call.name,))
            part = self._leaf(call, Lined(0), {}, hidden)
        else:
            given = values_for(call.task, template, call.given)
            never = call.never or never_runs(call.task, call.given)
            under = call._replace(conditions=(*call.conditions, *conditions(call.task)), never=never)
            part = self._inner(template, f"{call.name}.", under, given) or self._leaf(under, template, given)
        for hook, one in hooks_of(call.task).items():
            self.hook(part, call, hook, one)
        return part

    def hook(self, part: Part, call: _Call, hook: str, one: Lined) -> None:
        """Unfold what runs beside or after a task, whatever became of it."""
        expression = as_text(one.get("expression"))
        name = f"{call.name}.{hook}" if call.name else hook
        limit = self.limit
        self.limit = None if hook in _AT_THE_END else limit
        ran = self.call(call._replace(name=name, task=one))
        self.limit = limit
        words = f"hooks: {hook}" if not expression else f"hooks: {hook}, {expression}"
        self.join(part, ran, _Wait(words), one.line)

    def join(self, one: Part, other: Part, wait: _Wait, line: int) -> None:
        """Draw the edges between two parts."""
        if len(self.edges) > _MOST_EDGES:
            message = f"{self.path} unfolds into more than {_MOST_EDGES:,} edges"
            raise DefinitionError(message, "name the part of the workflow that is the pipeline", self.path, line or 1)
        words, is_single = str(wait.weakened or ""), one.first == one.last and len(one.last) == 1
        is_own = words.startswith("continueOn") and one.first == one.last
        is_direct = bool(words) and is_single and not _LEFT_OUT.search(words)
        for a in one.last:
            for b in other.first:
                edge = RealEdge(a, b, wait.via, wait.weakened, line, tolerated=is_own, direct=is_direct)
                self.edges[edge] = None

    def _template(self, call: _Call) -> tuple[Lined, str | None]:
        """Give the template that a task names, or why it is not known."""
        reference = as_dict(call.task.get("templateRef"))
        if isinstance(call.task.get("inline"), Lined):
            return as_dict(call.task["inline"]), None
        if reference:
            library, wanted = (filled(as_text(reference.get(key)), call.given) for key in ("name", "template"))
            found = self.libraries.get(library, {}).get(wanted)
            return found or Lined(0), None if found else f"templateRef {library}/{wanted}"
        wanted = filled(as_text(call.task.get("template")), call.given)
        found = self.templates.get(wanted)
        return found or Lined(0), None if found else f"template {wanted or 'of no name'}"

    def _inner(self, template: Lined, prefix: str, call: _Call, given: Given) -> Part | None:
        """Unfold a template with a DAG or steps; None for one that runs something itself."""
        if "dag" not in template and "steps" not in template:
            return None
        if id(template) in call.holders:
            self.gap(f"{call.name} runs a template that it is part of: how often is not shown here", template.line)
            return self._leaf(call, Lined(0), {}, hidden="a template that it is part of")
        if len(call.holders) > _DEEPEST or len(self.stages) > _MOST:
            message = f"{self.path} unfolds into more than {_MOST:,} stages, or {_DEEPEST} templates deep"
            raise DefinitionError(
                message, "name the part of the workflow that is the pipeline", self.path, template.line
            )
        inside = call._replace(holders=(*call.holders, id(template)), given=given)
        if "dag" in template:
            return self._dag(as_dict(template["dag"]), prefix, inside)
        return self._steps(as_list(template["steps"]), prefix, inside)

    # ---- DAGs

    def _dag(self, dag: Lined, prefix: str, call: _Call) -> Part | None:
        tasks = self._targeted(dag, {as_text(one.get("name")): one for one in map(as_dict, as_list(dag.get("tasks")))})
        parts = {name: self.call(call._replace(name=f"{prefix}{name}", task=task)) for name, task in tasks.items()}
        waits = {name: self._waits(name, task, tasks) for name, task in tasks.items()}
        for name, others in waits.items():
            line = line_of(tasks[name], "depends" if "depends" in tasks[name] else "dependencies")
            for other, wait in others.items():
                self.join(parts[other], parts[name], wait, line)
        self._note_outputs(tasks, waits)
        found = around(parts, waits)
        if parts and not found.first:
            message = f"{self.path}: the tasks of a DAG wait for each other in a circle"
            raise DefinitionError(message, "let one of them wait for none", self.path, dag.line or 1)
        return found if parts else None

    def _targeted(self, dag: Lined, tasks: dict[str, Lined]) -> dict[str, Lined]:
        """Give the tasks that run: all, or with `target` those and what they wait for."""
        wanted = as_text(dag.get("target")).split()
        if not wanted:
            return tasks
        if any(one not in tasks for one in wanted):
            self.gap(f"which tasks run is not known: target {' '.join(wanted)}", line_of(dag, "target"))
            return tasks
        kept: set[str] = set()
        while wanted:
            name = wanted.pop()
            if name in tasks and name not in kept:
                kept.add(name)
                wanted += _named(tasks[name])
        return {name: task for name, task in tasks.items() if name in kept}

    def _waits(self, name: str, task: Lined, tasks: dict[str, Lined]) -> dict[str, _Wait]:
        """Give the tasks that a task waits for, and what lets it run though one of them has failed."""
        text = as_text(task.get("depends"))
        depends = parse_depends(text) if text else None
        if text and depends is None:
            self.gap(f"what {name} waits for is not known: depends: {text[:80]}", line_of(task, "depends"))
        handed = dict(outputs_in([task.get(key) for key in _HANDED]))
        found: dict[str, _Wait] = {}
        for other in _named(task):
            if other not in tasks:
                self.gap(f"{name} waits for {other}, which is no task here", task.line)
                continue
            is_weak = bool(text) and (depends is None or other in depends.weak)
            found[other] = _Wait(f"depends: {text}" if is_weak else goes_on(tasks[other]), handed.get(other, ""))
        return found

    def _note_outputs(self, tasks: dict[str, Lined], waits: dict[str, dict[str, _Wait]]) -> None:
        """Note each output that is used by a task which does not wait for it, directly or by another."""
        for name, task in tasks.items():
            before: set[str] = set()
            waiting = list(waits[name])
            while waiting:
                other = waiting.pop()
                if other not in before:
                    before.add(other)
                    waiting += waits[other]
            for other in dict(outputs_in([task.get(key) for key in _HANDED])):
                if other not in before and other != name:
                    self.gap(f"{name} uses an output of {other} and does not wait for it", task.line)

    # ---- steps

    def _steps(self, groups: list[Any], prefix: str, call: _Call) -> Part | None:
        """Unfold steps: those of one group run side by side, each group waits for the one before."""
        before: list[tuple[Part, Lined]] = []
        first: tuple[str, ...] = ()
        for group in groups:
            steps = [as_dict(one) for one in as_list(group)]
            now = [
                (self.call(call._replace(name=f"{prefix}{as_text(step.get('name'))}", task=step)), step)
                for step in steps
            ]
            for part, step in now:
                handed = dict(outputs_in([step.get(key) for key in _HANDED]))
                for earlier, one in before:
                    via = handed.get(as_text(one.get("name")), "")
                    self.join(earlier, part, _Wait(goes_on(one), via), step.line)
            first = first or tuple(name for part, _ in now for name in part.first)
            before = now or before
        return Part(first, tuple(name for part, _ in before for name in part.last)) if first else None

    # ---- stages

    def _leaf(self, call: _Call, template: Lined, given: Given, hidden: str | None = None) -> Part:
        line = line_of(call.task, "name")
        if call.name in self.stages:
            self.gap(f"two stages are called {call.name}", line)
        found = leaf_of(template, self.defaults, given)
        for words in found.unknown:
            self.gap(words.replace("{}", call.name, 1), line, (call.name,))
        stage = RealStage(
            call.name,
            self.path,
            line,
            command=found.command,
            scripts=found.scripts,
            image=found.image,
            retries=found.retries,
            timeout=found.timeout,
            run_limit=self.limit,
            condition=", ".join(call.conditions) or None,
            waits_for=found.waits_for,
            resumes=found.resumes,
            hidden=hidden or found.hidden,
            is_told=found.is_told,
            never=call.never,
        )
        self.stages.setdefault(call.name, stage)
        return Part((call.name,), (call.name,))


def _defaults(spec: Lined) -> Lined:
    """Give what holds for each template that does not say otherwise; a retry strategy may stand beside the others."""
    found = Lined(spec.line)
    found.update({key: spec[key] for key in ("retryStrategy",) if key in spec})
    found.update(as_dict(spec.get("templateDefaults")))
    return found


def templates_of(spec: Lined) -> Templates:
    """Give the templates of a workflow by name."""
    return {as_text(one.get("name")): one for one in map(as_dict, as_list(spec.get("templates")))}


def hooks_of(task: Lined) -> dict[str, Lined]:
    """Give what runs beside or after a task or a workflow: its hooks, and `onExit`, the older way to write one."""
    found = {name: as_dict(one) for name, one in as_dict(task.get("hooks")).items()}
    handler = task.get("onExit")
    if handler is not None and "exit" not in found:
        older = Lined(line_of(task, "onExit"))
        older["template"] = handler
        found["onExit"] = older
    return found


def _named(task: Lined) -> list[str]:
    """Give the tasks that a task says it waits for."""
    depends = parse_depends(as_text(task.get("depends")))
    names = list(depends.tasks) if depends is not None else []
    return list(dict.fromkeys((*names, *map(as_text, as_list(task.get("dependencies"))))))
