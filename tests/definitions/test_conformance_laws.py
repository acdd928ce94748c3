"""Laws of comparing, held against a naive run of the definition in which one stage fails."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from effort import first
from gatepost.definitions import Definition, RealEdge, RealStage, compare
from gatepost.definitions.answers import Answers
from gatepost.definitions.reach import Reach
from gatepost.pipeline import Contract
from gatepost.records import Pipeline

ORDER = {"edge-missing", "edge-reversed", "edge-weakened", "guard-missing", "guard-weakened"}
LEAKS = {"edge-weakened", "guard-weakened"}


def contract(chance: random.Random) -> Pipeline:
    """Give a contract in which every stage has a command, with a promotion to production at the end."""
    stages: dict[str, Any] = {}
    for number in range(chance.randint(3, 9)):
        kind = chance.choice(["data", "train", "validate", "gate", "approval", "package"])
        before = chance.sample(list(stages), k=min(len(stages), chance.randint(0, 2)))
        stages[f"s{number}"] = {"kind": kind, "run": f"do {number}", "after": before}
    for name in [f"p{number}" for number in range(chance.randint(1, 2))]:
        before = chance.sample(list(stages), k=chance.randint(1, 3))
        stages[name] = {"kind": "promote", "to": "production", "run": f"ship {name}", "after": before}
    return Pipeline.model_validate({"title": "T", "owner": "o", "stages": stages})


def definition(record: Pipeline) -> Definition:
    """Give the definition that does exactly what a contract says."""
    graph = Contract(record).graph
    stages = tuple(
        RealStage(name, "d", number, stage.run) for number, (name, stage) in enumerate(record.stages.items(), 1)
    )
    edges = tuple(RealEdge(one, name) for name in record.stages for one in graph.before[name])
    return Definition("argo", "d", stages, edges)


def drifted(chance: random.Random, exact: Definition) -> Definition:
    """Drop edges, let a stage run whatever happened, let another's failure count as success."""
    edges = [edge for edge in exact.edges if chance.random() > 0.1]
    names = [stage.name for stage in exact.stages]
    for name in chance.sample(names, k=chance.randint(0, 2)):
        edges = [replace(edge, weakened=f"always {name}") if edge.after == name else edge for edge in edges]
    for name in chance.sample(names, k=chance.randint(0, 1)):
        edges = [
            replace(edge, weakened=edge.weakened or f"tolerated {name}", tolerated=not edge.weakened)
            if edge.before == name
            else edge
            for edge in edges
        ]
    return replace(exact, edges=tuple(edges))


def running(found: Definition, failed: str) -> set[str]:
    """Give the stages that run when one fails, by walking the definition as its tool would."""
    state: dict[str, str] = {}
    names = {stage.name for stage in found.stages}
    while len(state) < len(names):
        for name in sorted(names - state.keys()):
            into = [edge for edge in found.edges if edge.after == name]
            if all(edge.before in state for edge in into):
                state[name] = _state(found, name, failed, state)
    return {name for name, one in state.items() if one != "left out"}


def _state(found: Definition, name: str, failed: str, state: dict[str, str]) -> str:
    into = [edge for edge in found.edges if edge.after == name]
    regardless = [edge for edge in into if (edge.weakened or "").startswith("always")]
    lets = all(
        edge in regardless or state[edge.before] == "ok" or (edge.tolerated and state[edge.before] == "failed")
        for edge in into
    )
    return "left out" if not lets else "failed" if name == failed else "ok"


def leaks(record: Pipeline, found: Definition) -> Iterator[tuple[str, str]]:
    """Give each stage before a promotion whose failure does not keep the promotion back."""
    graph = Contract(record).graph
    for name, stage in record.stages.items():
        if stage.kind == "promote":
            for one in graph.ancestors(name):
                if name in running(found, one):
                    yield one, name


@pytest.mark.parametrize("block", first(range(20)))
def test_every_leak_is_told_and_nothing_else_is_called_one(block: int) -> None:
    """A stage whose failure keeps no promotion back is a difference; where none is told, every failure does."""
    for seed in range(block * 150, (block + 1) * 150):
        chance = random.Random(seed)  # noqa: S311 - a test
        record = contract(chance)
        found = drifted(chance, definition(record))
        told = {one.id for one in compare(record, found, "").differences}
        leaking = set(leaks(record, found))
        assert bool(told & ORDER) or not leaking, seed
        if told & LEAKS:
            assert leaking, seed
        guards = {one for one, _ in leaking if record.stages[one].kind in {"gate", "approval"}}
        assert ("guard-weakened" not in told) or guards, seed


@pytest.mark.parametrize("block", first(range(10)))
def test_whatever_runs_behind_a_failure_is_taken_for_its_handler(block: int) -> None:
    """No stage that runs though one before it has failed is overlooked; nothing else than what is behind it counts."""
    for seed in range(block * 150, (block + 1) * 150):
        chance = random.Random(seed)  # noqa: S311 - a test
        found = drifted(chance, definition(contract(chance)))
        reach = Reach(found)
        given = Answers(found, reach, frozenset())
        counted = {edge.before for edge in found.edges if edge.tolerated}
        for stage in found.stages:
            handlers = {one.name for one in given.handlers.of(stage.name)}
            assert handlers <= reach.later(stage.name), seed
            if stage.name not in counted:
                assert running(found, stage.name) & reach.later(stage.name) <= handlers, seed


@pytest.mark.parametrize("block", first(range(6)))
def test_one_change_is_one_difference(block: int) -> None:
    """What follows from a change is not told again: a missing stage has no missing edges, a lost edge no lost guard."""
    for seed in range(block * 150, (block + 1) * 150):
        chance = random.Random(seed)  # noqa: S311 - a test
        record = contract(chance)
        exact = definition(record)
        assert compare(record, exact, "").differences == (), seed
        name = chance.choice(list(record.stages))
        for expected, changed in changes(chance, exact, name):
            found = [one.id for one in compare(record, changed, "").differences]
            assert len(found) == 1, (seed, expected, found)
            assert found[0] in expected, (seed, expected, found)


def changes(chance: random.Random, exact: Definition, name: str) -> Iterator[tuple[set[str], Definition]]:
    """Give small changes of one definition, each with the differences that may tell it."""
    without = tuple(edge for edge in exact.edges if name not in {edge.before, edge.after})
    others = tuple(stage for stage in exact.stages if stage.name != name)
    yield {"stage-missing"}, replace(exact, stages=others, edges=without)
    more = (*exact.stages, RealStage("more", "d", 99, "more"))
    yield {"stage-undocumented"}, replace(exact, stages=more, edges=(*exact.edges, RealEdge(name, "more")))
    own = tuple(replace(stage, command="else") if stage.name == name else stage for stage in exact.stages)
    yield {"command-differs"}, replace(exact, stages=own)
    renamed = tuple(replace(stage, name="other") if stage.name == name else stage for stage in exact.stages)
    swapped = {name: "other"}
    edges = tuple(
        replace(edge, before=swapped.get(edge.before, edge.before), after=swapped.get(edge.after, edge.after))
        for edge in exact.edges
    )
    yield {"stage-missing"}, replace(exact, stages=renamed, edges=edges)
    if exact.edges:
        dropped = chance.choice(exact.edges)
        rest = tuple(edge for edge in exact.edges if edge != dropped)
        if dropped.after not in _later(rest, dropped.before):
            yield {"edge-missing", "guard-missing"}, replace(exact, edges=rest)
    loose = [
        RealEdge(one.name, other.name)
        for place, one in enumerate(exact.stages)
        for other in exact.stages[place + 1 :]
        if other.name not in _later(exact.edges, one.name)
    ]
    if loose:
        yield {"edge-undocumented"}, replace(exact, edges=(*exact.edges, chance.choice(loose)))


def _later(edges: tuple[RealEdge, ...], name: str) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        here = waiting.pop()
        for edge in edges:
            if edge.before == here and edge.after not in found:
                found.add(edge.after)
                waiting.append(edge.after)
    return found
