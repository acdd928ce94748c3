"""The law of the trend: what is judged step by step is what judging each commit whole would give."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from trend_histories import RandomLog, commit_on

from effort import first
from gatepost.book import Entry, Fault, read_book
from gatepost.check import check_book
from gatepost.check.standing import Standing, standing_of
from gatepost.check.trend_walk import Walk
from gatepost.gates import GATES, Context, Gate, GateSet, Unknown
from gatepost.sources import RevisionTree, WorkingTree, find_project, snapshots
from trees import clean_log, commit_files, edited, git, with_key, write_tree


def _foreign(entry: Entry, context: Context) -> list[Fault]:
    odd = (len(context.book.entries) + context.today.day) % 2
    return [Fault("odd", "even it out", ("title",))] if odd and entry.document.text else []


FOREIGN = Gate("even", "XX001", "quality", frozenset({"decision", "risk"}), "The number is even.", _foreign)
"""A gate of another package, which looks at the whole book and at the day."""
_BESIDES = frozenset(gate.id for gate in GATES if gate.needs_history)


def _whole(tree: RevisionTree, day: dt.date, gates: GateSet) -> Mapping[str, Standing]:
    """Judge one commit whole, without the gates that need a history."""
    asked = [replace(gate, check=lambda _, __: Unknown("no")) if gate.needs_history else gate for gate in gates]
    report = check_book(read_book(tree.documents(), files=tree, docs=tree.docs), day, asked)
    return {one.entry.path: standing_of(one, _BESIDES) for one in report.records}


def _same(log: RandomLog, gates: GateSet) -> list[Mapping[str, Standing]]:
    """Judge a log step by step and whole; give how it stands at each commit."""
    steps = []
    today = WorkingTree(find_project(log.root))
    days = [log.day_of[commit] for commit in log.commits]
    walk = Walk(gates)
    for day, snapshot in zip(days, snapshots(today, log.commits), strict=True):
        found = walk.step(snapshot, day)
        whole = _whole(RevisionTree(today.project, today.repository, snapshot.tree.commit), day, gates)
        assert list(found.items()) == list(whole.items()), snapshot.tree.commit
        steps.append(found)
    return steps


@pytest.mark.parametrize("seed", first(range(12), 2))
def test_judging_step_by_step_gives_what_judging_each_commit_whole_gives(seed: int, tmp_path: Path) -> None:
    """After whatever happens to a log, each record stands as it does when the whole commit is checked."""
    log = RandomLog(tmp_path, seed, links=seed % 3 == 2)
    for _ in range(20):
        log.week()
    _same(log, GateSet((*GATES, FOREIGN) if seed % 4 == 1 else GATES))


def _decision(number: int, successor: int = 0) -> str:
    by = f"superseded-by: [ADR-000{successor}]\n" if successor else ""
    return (
        f"---\nid: ADR-000{number}\ntitle: D\nstatus: superseded\ndate: 2026-09-01\n{by}decision-makers: [Ana]\n---\n"
    )


def _waived(until: str) -> str:
    path = "churn/decisions/0003-logistic-regression.md"
    files = edited(clean_log(), path, "  out: [How often it is trained (ADR-0002)]\n", "")
    waiver = f"waivers:\n  - {{gate: scope-explicit, reason: later, approved-by: Ana Ruiz, until: {until}}}"
    return with_key(files, path, waiver)[path]


CIRCLE = {f"churn/decisions/000{number}-d.md": _decision(number, number % 3 + 5) for number in (5, 6, 7)}
FAR = [
    pytest.param(
        [CIRCLE, {"churn/decisions/0007-d.md": _decision(7)}],
        ("docs/churn/decisions/0006-d.md", "links-agree"),
        id="a circle is broken two records away",
    ),
    pytest.param(
        [{}, {"aaa/index.md": with_key(clean_log(), "churn/index.md", "id: churn")["churn/index.md"]}],
        ("docs/churn/decisions/0003-logistic-regression.md", "evidence-backed"),
        id="another design takes the id, and files are looked for in its folder",
    ),
    pytest.param(
        [{"churn/decisions/0003-logistic-regression.md": _waived("2027-03-08")}, {}],
        ("docs/churn/decisions/0003-logistic-regression.md", "scope-explicit"),
        id="a waiver comes so near that the policy allows it",
    ),
    pytest.param(
        [{}, {"churn/evidence/metrics.json": '{"auc": 0.5}'}],
        ("docs/churn/decisions/0003-logistic-regression.md", "evidence-backed"),
        id="a cited number changes",
    ),
]


@pytest.mark.parametrize(("weeks", "moved"), FAR)
def test_what_changes_far_from_a_record_is_seen(
    weeks: list[dict[str, str]], moved: tuple[str, str], tmp_path: Path
) -> None:
    """A gate may stand otherwise though its record, and all that it names, is what it was."""
    log = RandomLog(tmp_path, 0, links=False)
    log.day = dt.date(2026, 11, 25)
    for files in weeks:
        for path, text in files.items():
            (log.docs / path).parent.mkdir(exist_ok=True)
            (log.docs / path).write_text(text, encoding="utf-8")
        log.day += dt.timedelta(weeks=1)
        log.commits.append(commit_on(log.root, log.day))
        log.day_of[log.commits[-1]] = log.day

    path, gate = moved
    found = _same(log, GateSet(GATES))
    assert found[1][path].states[gate] != found[2][path].states[gate]


def test_a_file_that_comes_or_goes_below_a_pipeline_is_noticed(tmp_path: Path) -> None:
    """A dry run that did not have it counts no more, though neither the record nor the contract was touched."""
    run, metrics = "churn/evidence/dry-runs/2026-11-04.md", "churn/evidence/metrics.json"
    files = edited(clean_log(), "policy.md", 'executed: "off"', "executed: require")
    files = edited(files, run, "result: passed", "result: passed\ntool: gatepost 0.0.1")
    steps: list[Mapping[str, str | None]] = [
        files,
        {"churn/code/deep/train.py": "pass\n"},
        {"churn/code/deep/train.py": "pass  # more\n"},
        {metrics: files[metrics] + "\n", "other.py": "pass\n"},
        {"churn/code/deep/train.py": None},
    ]
    root, day = write_tree(tmp_path, {}), dt.date(2026, 11, 20)
    commits = []
    for step in steps:
        commit_files(root, step)
        commits.append(git(root, "rev-parse", "HEAD").strip())
    today = WorkingTree(find_project(root))
    walk, gates, contract = Walk(GateSet(GATES)), GateSet(GATES), "docs/churn/pipeline.md"
    stands = []
    for snapshot in snapshots(today, commits):
        found = walk.step(snapshot, day)
        whole = _whole(RevisionTree(today.project, today.repository, snapshot.tree.commit), day, gates)
        assert list(found.items()) == list(whole.items()), snapshot.tree.commit
        stands.append(found[contract])
    assert [one == stands[0] for one in stands] == [True, False, False, False, True]
