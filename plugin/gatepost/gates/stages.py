"""What the stages of a contract leave unsaid or say wrongly: their order, their targets, what their gates judge."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from gatepost.book import Fault, KeyPath
from gatepost.pipeline import StageGraph
from gatepost.records import Pipeline, Stage

__all__ = ["out_of_order", "unjudged", "unsaid"]


def out_of_order(contract: Pipeline, graph: StageGraph) -> Iterator[Fault]:
    """Find `after` entries that name no stage, and stages that wait for each other."""
    for name, stage in contract.stages.items():
        for index, earlier in enumerate(stage.after):
            if earlier not in contract.stages:
                known = ", ".join(contract.stages)
                yield Fault(
                    f"after names {earlier}, which is no stage",
                    f"the stages are {known}",
                    ("stages", name, "after", index),
                    earlier,
                )
    waiting = [name for name in graph.cyclic if name in graph.ancestors(name)]
    if waiting:
        names = ", ".join(waiting)
        hint = "let one of them not wait: remove an `after:`, or write an artifact of another name"
        yield Fault(f"stages wait for each other in a circle: {names}", hint, ("stages", waiting[0]), names)


def unsaid(contract: Pipeline) -> Iterator[Fault]:
    """Find promotions without a target, approvals without a person, gates without a condition."""
    for name, stage in contract.stages.items():
        at: KeyPath = ("stages", name)
        if stage.kind == "promote" and stage.to is None:
            hint = "add `to:` with an environment"
            yield Fault(f"the promotion {name} does not say where to", hint, at, f"{name} to")
        if stage.kind == "approval" and not stage.by:
            yield Fault(f"the approval {name} does not say whose it is", "add `by:`", at, f"{name} by")
        if stage.kind == "gate" and not stage.pass_:
            yield Fault(f"the gate {name} has no condition", "add `pass:` with conditions", at, f"{name} pass")


def unjudged(contract: Pipeline, graph: StageGraph) -> Iterator[Fault]:
    """Find conditions on metrics that no artifact of the gate holds, or that no stage of the run has measured."""
    for name, stage in contract.stages.items():
        if stage.kind == "gate":
            yield from _conditions(contract, graph, name, stage)


def _conditions(contract: Pipeline, graph: StageGraph, name: str, stage: Stage) -> Iterator[Fault]:
    read = [artifact for artifact in stage.in_ if artifact in contract.artifacts]
    known = [key for artifact in read for key in contract.artifacts[artifact].keys]
    for index, condition in enumerate(stage.pass_):
        holders = [artifact for artifact in read if condition.key in contract.artifacts[artifact].keys]
        at = ("stages", name, "pass", index)
        if not holders:
            near = get_close_matches(condition.key, known, n=1)
            add = "list it under `keys:` of a metrics artifact that the gate has in `in:`"
            hint = f"did you mean {near[0]}?" if near else add
            message = f"the gate {name} asks for {condition.key}, which no artifact that it reads holds"
            yield Fault(message, hint, at, f"{name} {condition.key}")
        elif all(artifact not in graph.producers and contract.artifacts[artifact].source for artifact in holders):
            message = f"the gate {name} judges {condition.key} by {holders[0]}, which comes from outside the run"
            hint = "let a stage measure it: add the artifact to `out:` of that stage"
            yield Fault(message, hint, at, f"{name} {condition.key}")
