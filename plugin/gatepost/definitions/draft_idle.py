"""The order of a draft's stages: through those that do nothing, for which it has no place, and as they run."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from gatepost.definitions.definition import Definition, RealStage
from gatepost.definitions.guess import stage_kind

__all__ = ["before_it", "idle_of", "in_order", "why_idle"]


def idle_of(stages: Collection[RealStage]) -> tuple[RealStage, ...]:
    """Give the stages that do nothing, or only pause and are called no approval; none where no other is left."""
    idle = tuple(one for one in stages if one.idle or (one.resumes and stage_kind(one)[0] != "approval"))
    return idle if len(idle) < len(stages) else ()


def why_idle(stage: RealStage) -> str:
    """Say in which way a stage does nothing."""
    return f"does nothing ({stage.idle})" if stage.idle else f"pauses for {stage.resumes} and goes on by itself"


def in_order(definition: Definition, stages: Collection[RealStage]) -> tuple[RealStage, ...]:
    """Give stages in an order in which each comes behind those that it waits for, else in the order that they have."""
    into: dict[str, set[str]] = {}
    for edge in definition.edges:
        into.setdefault(edge.after, set()).add(edge.before)
    depth: dict[str, int] = {}
    waiting = [one.name for one in definition.stages]
    while waiting:
        ready = [one for one in waiting if into.get(one, set()) <= set(depth)]
        if not ready:
            return tuple(stages)
        level = len(set(depth.values()))
        depth |= dict.fromkeys(ready, level)
        waiting = [one for one in waiting if one not in depth]
    return tuple(sorted(stages, key=lambda one: depth[one.name]))


def before_it(definition: Definition, name: str, idle: Iterable[str]) -> list[str]:
    """Give the stages directly before one, with those before a stage that does nothing in the place of that."""
    into: dict[str, list[str]] = {}
    for edge in definition.edges:
        into.setdefault(edge.after, []).append(edge.before)
    left_out = set(idle)
    found: dict[str, None] = {}
    waiting, seen = list(into.get(name, ())), {name}
    while waiting:
        one = waiting.pop(0)
        if one in seen:
            continue
        seen.add(one)
        if one in left_out:
            waiting = [*into.get(one, ()), *waiting]
        else:
            found[one] = None
    return list(found)
