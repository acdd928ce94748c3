"""Where the stages of a contract stand in a picture: layers from left to right, lanes from top to bottom."""

from __future__ import annotations

import itertools
from typing import Final, NamedTuple

from gatepost.pipeline import StageGraph

__all__ = ["Layout", "Slot", "arrange"]

_SWEEPS: Final = 4
"""How often the lanes are put in order; more changes nothing on contracts that people write."""


class Slot(NamedTuple):
    """A place in a layer: a stage's, or one that an arrow over several layers passes through."""

    layer: int
    lane: int
    lanes: int
    """How many lanes its layer has."""


class Layout(NamedTuple):
    """Stages in their slots, and each arrow with the slots that it visits."""

    slots: dict[str, Slot]
    """By the name of the stage."""
    arrows: tuple[tuple[str, str, tuple[Slot, ...]], ...]
    """From, to, and every slot on the way, both ends included."""
    back: tuple[tuple[str, str], ...]
    """Arrows of a circle, which lead backwards."""
    depth: int
    """How many layers there are."""


def arrange(graph: StageGraph) -> Layout:
    """Give each stage its place; arrows that others imply are left out."""
    layer = _layers(graph)
    edges = [(before, name) for name, many in graph.before.items() for before in many]
    back = tuple((a, b) for a, b in edges if layer[a] >= layer[b])
    forward = [(a, b) for a, b in edges if layer[a] < layer[b] and not _implied(graph, a, b)]
    chains = {(a, b): [a, *(f"{a}\0{b}\0{at}" for at in range(layer[a] + 1, layer[b])), b] for a, b in forward}
    columns: list[list[str]] = [[] for _ in range(max(layer.values()) + 1)]
    for name in graph.before:
        columns[layer[name]].append(name)
    for (a, _), chain in chains.items():
        for offset, name in enumerate(chain[1:-1], 1):
            columns[layer[a] + offset].append(name)
    _order(columns, [pair for chain in chains.values() for pair in itertools.pairwise(chain)])
    slots = {
        name: Slot(number, lane, len(column))
        for number, column in enumerate(columns)
        for lane, name in enumerate(column)
    }
    arrows = tuple((a, b, tuple(slots[name] for name in chain)) for (a, b), chain in chains.items())
    return Layout({name: slots[name] for name in graph.before}, arrows, back, len(columns))


def _layers(graph: StageGraph) -> dict[str, int]:
    """Give the layer of each stage: one more than the latest before it; those of a circle come last, in a row."""
    layer: dict[str, int] = {}
    for name in graph.order:
        layer[name] = max((layer[before] + 1 for before in graph.before[name]), default=0)
    last = max(layer.values(), default=-1)
    for offset, name in enumerate(graph.cyclic, 1):
        layer[name] = last + offset
    return layer


def _implied(graph: StageGraph, a: str, b: str) -> bool:
    """Tell whether another way leads from one stage to the next."""
    return any(a in graph.ancestors(other) for other in graph.before[b] if other != a)


def _order(columns: list[list[str]], pairs: list[tuple[str, str]]) -> None:
    """Put each layer in the order of the middle of its neighbours, back and forth."""
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for a, b in pairs:
        before.setdefault(b, []).append(a)
        after.setdefault(a, []).append(b)
    place = {name: lane for column in columns for lane, name in enumerate(column)}
    for sweep in range(_SWEEPS):
        neighbours, forwards = (before, True) if sweep % 2 == 0 else (after, False)
        for column in columns if forwards else reversed(columns):
            column.sort(key=lambda name: _middle([place[one] for one in neighbours.get(name, [])], place[name]))
            place.update((name, lane) for lane, name in enumerate(column))


def _middle(lanes: list[int], own: int) -> float:
    return sum(lanes) / len(lanes) if lanes else own
