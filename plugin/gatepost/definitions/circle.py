"""Stages that wait for one another in a circle: no tool runs them."""

from __future__ import annotations

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from gatepost.definitions.definition import DefinitionError, RealEdge, RealStage

__all__ = ["refuse_circles"]


def refuse_circles(path: str, stages: Iterable[RealStage], edges: Iterable[RealEdge]) -> None:
    """Refuse edges that lead in a circle.

    Raises:
        DefinitionError: they do; the message names the circle.
    """
    lines = {stage.name: (stage.path, stage.line) for stage in stages}
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for edge in edges:
        sorter.add(edge.after, edge.before)
    try:
        sorter.prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        way = " → ".join(circle if len(circle) < 10 else [*circle[:8], "…", circle[-1]])  # noqa: PLR2004 - a line
        message = f"stages wait for one another in a circle: {way}"
        place = lines.get(circle[0], (path, 1))
        raise DefinitionError(message, "take one of these edges away", *place) from None
