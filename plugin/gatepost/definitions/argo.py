"""Argo Workflows: the DAG or the steps of a workflow, with nested templates unfolded.

Source: https://argo-workflows.readthedocs.io/en/latest/fields/
"""

from __future__ import annotations

from typing import Final

from gatepost.definitions.argo_stage import Given, given_by, seconds, values_for
from gatepost.definitions.argo_walk import Walk, hooks_of, templates_of
from gatepost.definitions.definition import Definition, DefinitionError, ReadFile, RealEdge
from gatepost.definitions.yaml_text import Lined, as_dict, as_list, as_text, line_of, load_yaml
from gatepost.records.pipeline import Source

__all__ = ["read_argo"]

_RUNNING: Final = ("Workflow", "CronWorkflow")
_LIBRARIES: Final = ("WorkflowTemplate", "ClusterWorkflowTemplate")


def read_argo(source: Source, path: str, content: bytes, read_file: ReadFile) -> Definition:  # noqa: ARG001 - as every reader
    """Read the workflow of a file; the other documents may hold templates that it names.

    Args:
        source: names the workflow by `dag`, where the file has several.
        path: where the file is.
        content: its bytes.
        read_file: not used: a `templateRef` names a template of the cluster, not a file.

    Raises:
        DefinitionError: it cannot be read, holds no workflow with an entrypoint, or several.
    """
    documents = [as_dict(one) for one in load_yaml(path, content)]
    workflows = [one for one in documents if as_text(one.get("kind")) in {*_RUNNING, *_LIBRARIES}]
    if not workflows:
        message = f"{path} holds no Argo workflow"
        raise DefinitionError(message, f"expected kind: {', '.join(sorted({*_RUNNING, *_LIBRARIES}))}", path)
    workflow = _chosen(path, workflows, source.dag)
    libraries = {_name(one): templates_of(_spec(one)) for one in workflows if one is not workflow}
    spec = _spec(workflow)
    reference = as_text(as_dict(spec.get("workflowTemplateRef")).get("name"))
    if reference:
        spec = _referred(path, spec, reference, workflows)
    return _read(path, Walk(path, spec, libraries), spec)


def _chosen(path: str, workflows: list[Lined], wanted: str | None) -> Lined:
    """Give the workflow that is meant: the one that runs, before libraries of templates."""
    running = [one for one in workflows if as_text(one.get("kind")) in _RUNNING] or workflows
    named = [one for one in workflows if _name(one) == wanted] if wanted is not None else running
    if len(named) == 1 or (named and len({_name(one) for one in named}) == 1) or len(running) == 1:
        return (named or running)[0]
    if wanted is None and as_text(running[0].get("kind")) in _LIBRARIES:
        begun = [one for one in running if as_text(_spec(one).get("entrypoint"))]
        return (begun or running)[0]
    names = ", ".join(_name(one) for one in running)
    message = (
        f"{path} holds several workflows: {names}"
        if not wanted
        else f"{path} holds no workflow {wanted}: it has {names}"
    )
    raise DefinitionError(message, "name one: `source: {kind: argo, path: …, dag: …}`", path, running[0].line or 1)


def _name(workflow: Lined) -> str:
    metadata = as_dict(workflow.get("metadata"))
    return as_text(metadata.get("name")) or as_text(metadata.get("generateName")).rstrip("-")


def _spec(workflow: Lined) -> Lined:
    spec = as_dict(workflow.get("spec"))
    return as_dict(spec.get("workflowSpec")) or spec


def _referred(path: str, spec: Lined, name: str, workflows: list[Lined]) -> Lined:
    """Give the spec of the workflow template that a workflow runs, with what the workflow says itself on top."""
    found = next((_spec(one) for one in workflows if _name(one) == name and _spec(one) is not spec), None)
    if found is None:
        message = f"{path} runs the workflow template {name}, which is not in this file"
        line = line_of(spec, "workflowTemplateRef")
        raise DefinitionError(message, f"name the file that holds {name}", path, line)
    whole = Lined(spec.line)
    for one in (found, spec):
        whole.update(one)
        whole.lines.update(one.lines)
    return whole


def _read(path: str, walk: Walk, spec: Lined) -> Definition:
    entry = as_text(spec.get("entrypoint")) or _only_root(walk)
    template = walk.templates.get(entry)
    if template is None:
        message = f"{path}: the entrypoint {entry or '(none)'} is no template of the workflow"
        raise DefinitionError(message, "name a template in `entrypoint`", path, spec.line or 1)
    limit = as_text(spec.get("activeDeadlineSeconds"))
    walk.limit = seconds(limit)
    if limit and walk.limit is None:
        walk.gap(f"how long the workflow may run is not known: {limit[:60]}", line_of(spec, "activeDeadlineSeconds"))
    given = given_by(spec)
    walk.enter(entry, template, given)
    walk.limit = None  # what runs at the end runs though the time is over
    before = list(walk.stages)
    for hook, one in hooks_of(spec).items():
        _hook(walk, before, (hook, one), given)
    return Definition("argo", path, tuple(walk.stages.values()), tuple(walk.edges), tuple(walk.gaps), (path,))


def _hook(walk: Walk, before: list[str], named: tuple[str, Lined], given: Given) -> None:
    """Let what runs at the end of a workflow, or beside it, wait for all of it, whatever became of it."""
    hook, one = named
    wanted = as_text(one.get("template"))
    template = walk.templates.get(wanted)
    if template is None:
        walk.gap(f"{hook} names {wanted or 'no template'}, which is no template here", one.line)
        return
    expression = as_text(one.get("expression"))
    words = hook if hook == "onExit" else f"hooks: {hook}, {expression}" if expression else f"hooks: {hook}"
    name = f"{hook}.{wanted}"
    part = walk.enter(name, template, values_for(one, template, given), f"{name}.")
    going_on = {edge.before for edge in walk.edges}
    for end in (name for name in before if name not in going_on):
        for first in part.first:
            walk.edges[RealEdge(end, first, weakened=words, line=one.line)] = None


def _only_root(walk: Walk) -> str:
    """Give the one template that unfolds and that no other names; a template of a library has no entrypoint."""
    if len(walk.templates) == 1:
        return next(iter(walk.templates))
    unfolding = [name for name, one in walk.templates.items() if "dag" in one or "steps" in one]
    named = {called for name in unfolding for called in _called(walk.templates[name])}
    roots = [name for name in unfolding if name not in named] or unfolding
    return roots[0] if len(roots) == 1 else ""


def _called(template: Lined) -> list[str]:
    tasks = as_list(as_dict(template.get("dag")).get("tasks"))
    steps = [one for group in as_list(template.get("steps")) for one in as_list(group)]
    return [as_text(as_dict(one).get("template")) for one in (*tasks, *steps)]
