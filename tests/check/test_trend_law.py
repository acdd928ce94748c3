"""The law of the trend: what is judged step by step is what judging each commit whole would give."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from trend_histories import RandomLog

from gatepost.book import read_book
from gatepost.check import check_book
from gatepost.check.standing import Standing, standing_of
from gatepost.check.trend_walk import Walk
from gatepost.gates import GATES, GateSet, Unknown
from gatepost.sources import RevisionTree, WorkingTree, find_project, snapshots

_BESIDES = frozenset(gate.id for gate in GATES if gate.needs_history)


def _whole(tree: RevisionTree, day: dt.date, gates: GateSet) -> Mapping[str, Standing]:
    """Judge one commit whole, without the gates that need a history."""
    asked = [replace(gate, check=lambda _, __: Unknown("no")) if gate.needs_history else gate for gate in gates]
    report = check_book(read_book(tree.documents(), files=tree, docs=tree.docs), day, asked)
    return {one.entry.path: standing_of(one, _BESIDES) for one in report.records}


def _same(log: RandomLog, gates: GateSet) -> None:
    today = WorkingTree(find_project(log.root))
    days = [log.day_of[commit] for commit in log.commits]
    walk = Walk(gates)
    for day, snapshot in zip(days, snapshots(today, log.commits), strict=True):
        found = walk.step(snapshot, day)
        whole = _whole(RevisionTree(today.project, today.repository, snapshot.tree.commit), day, gates)
        assert list(found.items()) == list(whole.items()), snapshot.tree.commit


@pytest.mark.parametrize("seed", range(12))
def test_judging_step_by_step_gives_what_judging_each_commit_whole_gives(seed: int, tmp_path: Path) -> None:
    """After whatever happens to a log, each record stands as it does when the whole commit is checked."""
    log = RandomLog(tmp_path, seed, links=seed % 3 == 2)
    for _ in range(20):
        log.week()
    _same(log, GateSet(GATES))
