"""Who comes before whom in a real definition, and over which edges a failure still stops what follows."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable

from gatepost.definitions.definition import RealEdge

__all__ = ["Reach"]


class Reach:
    """The edges of a definition."""

    def __init__(self, edges: Iterable[RealEdge]) -> None:
        self._after: dict[str, list[RealEdge]] = defaultdict(list)
        for edge in edges:
            self._after[edge.before].append(edge)

    def any(self, ones: Iterable[str], others: Iterable[str]) -> bool:
        """Tell whether a way leads from one of some stages to one of others."""
        return bool(self._way(ones, others, strong=False))

    def strong(self, ones: Iterable[str], others: Iterable[str]) -> bool:
        """Tell whether a way leads there on which every failure stops what follows."""
        return bool(self._way(ones, others, strong=True))

    def weakest(self, ones: Iterable[str], others: Iterable[str]) -> RealEdge | None:
        """Give the first weakened edge on a way; None when there is no way."""
        return next((edge for edge in self._way(ones, others, strong=False) if edge.weakened), None)

    def line(self, ones: Iterable[str], others: Iterable[str]) -> int:
        """Give the line of the last edge on a way; 0 when there is none."""
        way = self._way(ones, others, strong=False)
        return way[-1].line if way else 0

    def _way(self, ones: Iterable[str], others: Iterable[str], *, strong: bool) -> list[RealEdge]:
        """Give the edges of a shortest way; none when there is none."""
        goals, came = set(others), dict[str, RealEdge | None]()
        waiting = deque(ones)
        came.update(dict.fromkeys(waiting))
        while waiting:
            here = waiting.popleft()
            for edge in self._after.get(here, ()):
                if edge.after in came or (strong and edge.weakened):
                    continue
                came[edge.after] = edge
                if edge.after in goals:
                    return _back(came, edge)
                waiting.append(edge.after)
        return []


def _back(came: dict[str, RealEdge | None], last: RealEdge) -> list[RealEdge]:
    way: list[RealEdge] = []
    edge: RealEdge | None = last
    while edge is not None:
        way.insert(0, edge)
        edge = came[edge.before]
    return way
