"""Who comes before whom in a real definition, and what still stops when a stage fails."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator

from gatepost.definitions.definition import Definition, RealEdge

__all__ = ["Reach"]


class Reach:
    """The order of a definition."""

    def __init__(self, definition: Definition) -> None:
        self._out: dict[str, list[RealEdge]] = defaultdict(list)
        for edge in definition.edges:
            self._out[edge.before].append(edge)
        self.weakens = any(edge.weakened or edge.beyond for edge in definition.edges)
        """Whether any edge lets a stage run though the one before it has failed."""
        self._later: dict[str, frozenset[str]] = {}
        self._stopped: dict[str, frozenset[str]] = {}

    def later(self, stage: str) -> frozenset[str]:
        """Give the stages that a way leads to."""
        if stage not in self._later:
            self._later[stage] = frozenset(self._ways(stage))
        return self._later[stage]

    def leads(self, ones: Iterable[str], others: Iterable[str]) -> bool:
        """Tell whether a way leads from one of some stages to one of others."""
        goals = set(others)
        return any(self.later(one) & goals for one in ones)

    def stopped(self, stage: str) -> frozenset[str]:
        """Give the stages that do not run when one has failed and everything else that runs succeeds."""
        if not self.weakens:
            return self.later(stage)
        if stage not in self._stopped:
            self._stopped[stage] = frozenset(self._stopping(stage))
        return self._stopped[stage]

    def _stopping(self, failed: str) -> set[str]:
        stopped: set[str] = set()
        waiting = [failed]
        while waiting:
            here = waiting.pop()
            for edge in self._out.get(here, ()):
                if not _passes(edge, failed) and edge.after not in stopped:
                    stopped.add(edge.after)
                    waiting.append(edge.after)
        return stopped

    def goes_on(self, stage: str) -> set[str]:
        """Give the stages that run when one was left out, because of what an edge says of that."""
        stopped: set[str] = set()
        waiting = [stage]
        while waiting:
            for edge in self._out.get(waiting.pop(), ()):
                if not (edge.skipped or edge.lets_all_through) and edge.after not in stopped:
                    stopped.add(edge.after)
                    waiting.append(edge.after)
        return set(self.later(stage)) - stopped

    def requires(self, stage: str, other: str) -> bool:
        """Tell whether a stage is never part of a run that another is no part of."""
        waiting, seen = [other], {other}
        while waiting:
            for edge in self._out.get(waiting.pop(), ()):
                if edge.required and edge.after not in seen:
                    seen.add(edge.after)
                    waiting.append(edge.after)
        return stage in seen

    def way(self, ones: Iterable[str], other: str) -> list[RealEdge]:
        """Give the edges of a shortest way from one of some stages to another; none when there is none."""
        for one in ones:
            came = self._ways(one)
            if other in came:
                return list(_back(came, one, other))
        return []

    def leak(self, one: str, other: str) -> RealEdge | None:
        """Give the edge over which one stage runs though another has failed; None when no way leads there."""
        way = self.way([one], other)
        return next((edge for edge in way if _passes(edge, one)), None)

    def _ways(self, stage: str) -> dict[str, RealEdge]:
        """Give each stage that is reached, with the last edge of a shortest way to it."""
        came: dict[str, RealEdge] = {}
        waiting = deque([stage])
        while waiting:
            for edge in self._out.get(waiting.popleft(), ()):
                if edge.after not in came:
                    came[edge.after] = edge
                    waiting.append(edge.after)
        return came


def _passes(edge: RealEdge, failed: str) -> bool:
    """Tell whether the later of two stages runs though one has failed, and the earlier with it or because of it."""
    if edge.beyond and not edge.weakened:
        return edge.before != failed
    return edge.lets_all_through or (edge.tolerated and edge.before == failed)


def _back(came: dict[str, RealEdge], one: str, other: str) -> Iterator[RealEdge]:
    way = [came[other]]
    while way[-1].before != one:
        way.append(came[way[-1].before])
    yield from reversed(way)
