"""Who comes before whom in a real definition, and what still stops when a stage fails."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import replace

from gatepost.definitions.definition import Definition, RealEdge
from gatepost.definitions.github_runs import Ended, Runs

__all__ = ["Reach"]


class Reach:
    """The order of a definition."""

    def __init__(self, definition: Definition) -> None:
        self._out: dict[str, list[RealEdge]] = defaultdict(list)
        for edge in definition.edges:
            self._out[edge.before].append(edge)
        self._runs = definition.runs
        self._conditions = {stage.name: stage.condition for stage in definition.stages}
        self.weakens = any(edge.weakened for edge in definition.edges) if self._runs is None else self._runs.passes_on
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
            stopping = self._stopping(stage) if self._runs is None else self._not_run(self._runs, stage)
            self._stopped[stage] = frozenset(stopping)
        return self._stopped[stage]

    def _not_run(self, runs: Runs, stage: str) -> Iterator[str]:
        """Give the jobs that surely do not run, be it that one has failed or that it was cancelled."""
        worlds = _worlds(runs, stage)
        return (one for one in self.later(stage) if all(world[one].starts is False for world in worlds))

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
        """Give the stages that run when one was left out, because of what an edge, or a condition, says of that."""
        if self._runs is not None:
            world = self._runs.after(stage, frozenset({"skipped"}))
            return {one for one in self.later(stage) if world[one].starts is not False}
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
        if self._runs is None:
            return next((edge for edge in way if _passes(edge, one)), None)
        kept = self.stopped(one)
        found = next((edge for edge in way if edge.after not in kept), None) if other not in kept else None
        return None if found is None else self._as_run(self._runs, one, found)

    def _as_run(self, runs: Runs, failed: str, edge: RealEdge) -> RealEdge:
        """Give an edge over which a job runs though one has failed, with what says so, and whether that is open."""
        told = [world[edge.after] for world in _worlds(runs, failed)]
        is_unread = all(one.is_open for one in told if one.starts is not False)
        is_open = edge.is_open or is_unread or len(runs.fails_as(failed)) > 1
        if edge.weakened or edge.skipped:
            return replace(edge, is_open=is_open)
        return replace(edge, weakened=self._conditions[edge.after], is_open=is_open)

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
    return edge.lets_all_through or (edge.tolerated and edge.before == failed)


def _worlds(runs: Runs, stage: str) -> tuple[dict[str, Ended], ...]:
    """Give what becomes of the jobs where one has failed, and where it was cancelled with the run."""
    return (
        runs.after(stage, runs.fails_as(stage)),
        runs.after(stage, frozenset({"cancelled"}), is_cancelled=True),
    )


def _back(came: dict[str, RealEdge], one: str, other: str) -> Iterator[RealEdge]:
    way = [came[other]]
    while way[-1].before != one:
        way.append(came[way[-1].before])
    yield from reversed(way)
