"""The order of a draft's stages: through those that do nothing, for which it has no place, and as they run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from graphlib import CycleError, TopologicalSorter

from gatepost.definitions.definition import Definition, RealStage
from gatepost.definitions.guess import stage_kind

__all__ = ["before_it", "befores", "idle_of", "in_order", "why_idle"]


def idle_of(stages: Collection[RealStage]) -> tuple[RealStage, ...]:
    """Give the stages that do nothing, or only pause and are called no approval; none where no other is left."""
    idle = tuple(one for one in stages if one.idle or (one.resumes and stage_kind(one)[0] != "approval"))
    return idle if len(idle) < len(stages) else ()


def why_idle(stage: RealStage) -> str:
    """Say in which way a stage does nothing."""
    return f"does nothing ({stage.idle})" if stage.idle else f"pauses for {stage.resumes} and goes on by itself"


def in_order(definition: Definition, stages: Collection[RealStage]) -> tuple[RealStage, ...]:
    """Give stages so that each comes behind those that it waits for, else as they stand; in a circle, as they stand."""
    sorter = TopologicalSorter({name: set(before) for name, before in befores(definition).items()})
    depth: dict[str, int] = {}
    try:
        sorter.prepare()
    except CycleError:
        return tuple(stages)
    level = 0
    while sorter.is_active():
        ready = sorter.get_ready()
        depth |= dict.fromkeys(ready, level)
        sorter.done(*ready)
        level += 1
    return tuple(sorted(stages, key=lambda one: depth.get(one.name, 0)))


def befores(definition: Definition) -> dict[str, list[str]]:
    """Give for each stage that waits for any those that it waits for directly.

    What may fail as it likes, such as a linter with `allow_failure`, holds nothing back; of a gate that is told.
    """
    into: dict[str, list[str]] = {}
    stages = {stage.name: stage for stage in definition.stages}
    for edge in definition.edges:
        if edge.tolerated and not edge.is_open and stage_kind(stages[edge.before])[0] not in {"gate", "approval"}:
            continue
        into.setdefault(edge.after, []).append(edge.before)
    return into


def before_it(into: Mapping[str, list[str]], name: str, over: Collection[str]) -> list[str]:
    """Give the stages directly before one; of a stage that a draft passes over, those before that in its place.

    Args:
        into: for each stage those directly before it.
        name: the stage.
        over: the stages that the draft passes over.
    """
    found: dict[str, None] = {}
    waiting, seen = list(into.get(name, ())), {name}
    while waiting:
        one = waiting.pop(0)
        if one in seen:
            continue
        seen.add(one)
        if one in over:
            waiting = [*into.get(one, ()), *waiting]
        else:
            found[one] = None
    return list(found)
