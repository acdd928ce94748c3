"""Stages that do nothing: a draft has no place for them, and keeps the order through them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from gatepost.definitions.definition import Definition, RealStage

__all__ = ["before_it", "idle_of"]


def idle_of(stages: Collection[RealStage]) -> tuple[RealStage, ...]:
    """Give the stages that do nothing; none where no other is left."""
    idle = tuple(one for one in stages if one.idle)
    return idle if len(idle) < len(stages) else ()


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
