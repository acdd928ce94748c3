"""How a log stood over time: numbers week by week, and the gates that became met or are met no more in between.

At the last commit of each week the whole log as of that commit is judged on that commit's day: by the gates of
today, with the policy of that time, in the documentation folder of today. The last point is the report itself.
Gates that need a history are left out of all points, the last one too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from gatepost.check.gate_moves import GateMove
from gatepost.check.standing import Standing, standing_of
from gatepost.check.trend_rows import Row, Rows, States, TrendPoint
from gatepost.check.weeks import Sample, weekly
from gatepost.sources import GitHistory, ProjectError, RevisionTree, snapshots

if TYPE_CHECKING:
    from gatepost.book.history import Commit
    from gatepost.check.results import Report
    from gatepost.sources import Tree

__all__ = ["MOST_POINTS", "Trend", "TrendPoint", "trend_of"]

MOST_POINTS: Final = 60
"""How many points a trend has at most."""
_UNMET: Final = frozenset({"fail", "error"})
_SETTLED: Final = frozenset({"pass", "waived"})


class Trend(NamedTuple):
    """How a log stood over time."""

    points: tuple[TrendPoint, ...]
    """Oldest first; the last is the report that the trend leads to."""
    moves: tuple[GateMove, ...] = ()
    """The gates that became met, or are met no more, from one point to the next, oldest first."""
    problem: str = ""
    """Why the history is not known; empty while it is."""
    every: int = 1
    """The number of weeks with a commit from one point to the next."""
    left_out: tuple[str, ...] = ()
    """The gates that are not part of it."""


def trend_of(report: Report, tree: Tree) -> Trend:
    """Give the trend that leads to a report; what was worked out before is not worked out again.

    Args:
        report: the log as it is, checked.
        tree: the tree that it was read from.
    """
    head = tree.commit if isinstance(tree, RevisionTree) else tree.repository.head or ""
    left_out = tuple(gate.id for gate in report.gates if gate.needs_history)
    standings = [standing_of(record, frozenset(left_out)) for record in report.records]
    now = _point(standings, report.today, head)
    history = report.history
    if history.problem or not isinstance(history, GitHistory):
        return Trend((now,), problem=history.problem or "no history", left_out=left_out)
    line = history.line[history.begins :] if history.begins is not None else ()
    samples, every = weekly(line, report.today, MOST_POINTS - 1)
    try:
        rows = _rows(report, tree, history, samples)
    except ProjectError as error:
        return Trend((now,), problem=str(error), left_out=left_out)
    while rows and not rows[0].point.records:
        rows = rows[1:]
    states: dict[str, Mapping[str, str]] = {}
    moves: list[GateMove] = []
    commits = {commit.id: commit for commit in history.line}
    for number, row in enumerate(rows):
        moves.extend(_moves(states, row, commits[row.point.commit]) if number else ())
        _bring_forward(states, row.changed)
    if rows:
        last = Row(now, _changed(states, _by_name(standings)), {})
        moves.extend(_moves(states, last, commits[head]))
    return Trend((*(row.point for row in rows), now), tuple(moves), "", every, left_out)


def _rows(report: Report, tree: Tree, history: GitHistory, samples: list[Sample]) -> list[Row]:
    """Give a row for each sample: those that are kept, then those that are worked out now."""
    store = Rows(tree, report.gates, history)
    before = ["", *(sample.commit for sample in samples)]
    rows = store.kept((old, sample.commit) for old, sample in zip(before, samples, strict=False))
    new = list(_judged(report, tree, samples[len(rows) :], rows))
    if new:
        store.keep(zip(before[len(rows) :], new, strict=False))
    return [*rows, *new]


def _judged(report: Report, tree: Tree, samples: list[Sample], rows: list[Row]) -> Iterator[Row]:
    """Judge the log at each sample; what comes before them is known."""
    if not samples:
        return
    from gatepost.check.trend_walk import Walk  # noqa: PLC0415 - only for points that are new

    states: dict[str, Mapping[str, str]] = {}
    for row in rows:
        _bring_forward(states, row.changed)
    walk = Walk(report.gates)
    commits = [sample.commit for sample in samples]
    for sample, snapshot in zip(samples, snapshots(tree, commits), strict=True):
        standings = list(walk.step(snapshot, sample.day).values())
        changed = _changed(states, _by_name(standings))
        _bring_forward(states, changed)
        yield Row(_point(standings, sample.day, sample.commit), changed, dict(walk.watch.commits))


def _point(standings: Iterable[Standing], day: dt.date, commit: str) -> TrendPoint:
    found = list(standings)
    return TrendPoint(
        day.isoformat(),
        commit,
        sum(one.met for one in found),
        sum(one.asked for one in found),
        sum(one.blocking for one in found),
        sum(one.exposure for one in found),
        sum(one.due is not None and one.due < day for one in found),
        len(found),
    )


def _by_name(standings: Iterable[Standing]) -> dict[str, Mapping[str, str]]:
    """Give the states of each record by its id; further records of one id have a number behind it."""
    found: dict[str, Mapping[str, str]] = {}
    for one in standings:
        name, number = one.id, 1
        while name in found:
            number += 1
            name = f"{one.id}\0{number}"
        found[name] = one.states
    return found


def _changed(before: States, after: States) -> dict[str, Mapping[str, str]]:
    """Give what is otherwise than before; nothing for a record that is gone."""
    found = {
        name: states for name, states in after.items() if (old := before.get(name)) is not states and old != states
    }
    return {**found, **{name: {} for name in before if name not in after}}


def _bring_forward(states: dict[str, Mapping[str, str]], changed: States) -> None:
    for name, said in changed.items():
        if said:
            states[name] = said
        else:
            states.pop(name, None)


def _moves(before: States, row: Row, commit: Commit) -> Iterator[GateMove]:
    """Give the gates that became met, or waived, and those that are met no more."""
    for name, after in row.changed.items():
        was = before.get(name, {})
        for gate in after.keys() | was.keys() if after else ():
            old, new = was.get(gate, ""), after.get(gate, "")
            if old != new and ((new in _UNMET and old not in _UNMET) or (old in _UNMET and new in _SETTLED)):
                yield GateMove(row.point.day, commit, name.partition("\0")[0], gate, old, new)
