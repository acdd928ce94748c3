"""How a log stood over time: the numbers of each point, what moved in between, and what is kept between runs."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from pathlib import Path

import pytest
from trend_histories import RandomLog, commit_on

from gatepost.book import Entry, Fault
from gatepost.check import check_book, history_of, read_project
from gatepost.check.trend import Trend, trend_of
from gatepost.check.trend_walk import Walk
from gatepost.gates import GATES, Context, Gate
from gatepost.sources import WorkingTree, find_project
from trees import clean_log, edited, git, write_tree

RISK = "churn/risks/0001-stale-scores.md"
LOCK = "churn/requirements.lock"
FIRST = dt.date(2026, 11, 26)


def _weeks(root: Path, *changes: tuple[str, str | None], first: dt.date = FIRST) -> Path:
    """Commit the clean log, and a week later each change, one after the other."""
    write_tree(root, clean_log())
    commit_on(root, first)
    for number, (path, text) in enumerate(changes, 1):
        if text is None:
            (root / "docs" / path).unlink()
        else:
            (root / "docs" / path).write_text(text, encoding="utf-8")
        commit_on(root, first + dt.timedelta(weeks=number))
    return root


def _trend(root: Path, today: dt.date, gates: tuple[Gate, ...] = GATES) -> Trend:
    tree = WorkingTree(find_project(root))
    return trend_of(check_book(read_project(tree), today, gates, history_of(tree)), tree)


def _unowned() -> str:
    return edited(clean_log(), RISK, "owner: Ana Ruiz\n", "")[RISK]


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the commits that are judged while the test runs."""
    judged: list[str] = []
    step = Walk.step

    def counted(self: Walk, snapshot, day):  # noqa: ANN001, ANN202 - the walk's own
        judged.append(snapshot.tree.commit)
        return step(self, snapshot, day)

    monkeypatch.setattr(Walk, "step", counted)
    return judged


def test_each_point_counts_the_whole_log_of_its_day(tmp_path: Path) -> None:
    """Records, gates, exposure and what is overdue are those of the commit; the last point is the report."""
    late = edited(clean_log(), RISK, "due: 2027-03-01", "due: 2026-12-05")[RISK]
    root = _weeks(tmp_path, (RISK, late), (RISK, None))

    points = _trend(root, FIRST + dt.timedelta(weeks=3)).points

    assert [(point.day, point.records, point.exposure, point.overdue) for point in points] == [
        ("2026-11-26", 11, 14, 0),
        ("2026-12-03", 11, 14, 0),
        ("2026-12-10", 10, 8, 0),
        ("2026-12-17", 10, 8, 0),
    ]


def test_a_date_that_passes_moves_a_gate_though_no_record_changed(tmp_path: Path) -> None:
    """What is overdue counts from the day on which it is, and the gate's move has that day."""
    late = edited(clean_log(), RISK, "due: 2027-03-01", "due: 2026-12-05")[RISK]
    root = _weeks(tmp_path, (RISK, late), (LOCK, f"{clean_log()[LOCK]}\n"))

    trend = _trend(root, FIRST + dt.timedelta(weeks=3))

    assert [point.overdue for point in trend.points] == [0, 0, 1, 1]
    moved = [move for move in trend.moves if move.gate == "nothing-overdue"]
    assert [(move.day, move.record, move.before, move.after) for move in moved] == [
        ("2026-12-10", "RISK-0001", "pass", "fail")
    ]
    assert moved[0].commit.id == trend.points[2].commit


def test_gates_that_are_met_again_and_met_no_more_are_moves(tmp_path: Path) -> None:
    """A risk that lost its owner and got one again moves its own gate, and that of the decision that leaves it."""
    root = _weeks(tmp_path, (RISK, _unowned()), (RISK, clean_log()[RISK]))

    moves = _trend(root, FIRST + dt.timedelta(weeks=3)).moves

    assert {(move.day, move.record, move.gate, move.before, move.after) for move in moves} == {
        ("2026-12-03", "RISK-0001", "risks-owned", "pass", "fail"),
        ("2026-12-03", "ADR-0002", "risks-owned", "pass", "fail"),
        ("2026-12-10", "RISK-0001", "risks-owned", "fail", "pass"),
        ("2026-12-10", "ADR-0002", "risks-owned", "fail", "pass"),
    }


def test_what_is_not_committed_counts_in_the_last_point_only(tmp_path: Path) -> None:
    """The working tree is the last point, with its moves."""
    root = _weeks(tmp_path, (LOCK, "# nothing\n"))
    (root / "docs" / RISK).write_text(_unowned(), encoding="utf-8")

    trend = _trend(root, FIRST + dt.timedelta(weeks=2))

    assert [(move.day, move.record) for move in trend.moves if move.gate == "risks-owned"] == [
        ("2026-12-10", "ADR-0002"),
        ("2026-12-10", "RISK-0001"),
    ]


def test_points_begin_with_the_first_record(tmp_path: Path) -> None:
    """Years of a repository before its log are not shown as years without a record."""
    write_tree(tmp_path, {"about.md": "# About\n"})
    commit_on(tmp_path, FIRST - dt.timedelta(days=700))
    root = _weeks(tmp_path, (LOCK, "# nothing\n"))

    assert _trend(root, FIRST + dt.timedelta(weeks=2)).points[0].day == "2026-11-26"


def test_gates_that_need_a_history_are_named_and_not_counted(tmp_path: Path) -> None:
    """An accepted decision that is rewritten fails in the report, and moves nothing in the trend."""
    decision = "churn/decisions/0003-logistic-regression.md"
    text = edited(clean_log(), decision, "The features are close to linear", "Nothing is linear")[decision]
    root = _weeks(tmp_path, (decision, text))

    trend = _trend(root, FIRST + dt.timedelta(weeks=2))

    assert trend.left_out == ("lifecycle-legal", "accepted-immutable", "links-current")
    assert not trend.moves
    assert {point.blocking for point in trend.points} == {0}


@pytest.mark.parametrize("kept", [True, False])
def test_a_second_run_judges_nothing_again_and_gives_the_same(
    *, kept: bool, tmp_path: Path, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was worked out is kept, without a cache folder while the process runs; one more week costs one commit."""
    if not kept:
        monkeypatch.setenv("GATEPOST_CACHE_DIR", "")
    root = _weeks(tmp_path, (RISK, _unowned()), (LOCK, "# nothing\n"))
    first = _trend(root, FIRST + dt.timedelta(weeks=3))
    assert len(steps) == 3

    assert _trend(root, FIRST + dt.timedelta(weeks=3)) == first
    assert len(steps) == 3

    (root / "docs" / RISK).write_text(clean_log()[RISK], encoding="utf-8")
    commit_on(root, FIRST + dt.timedelta(weeks=3))
    _trend(root, FIRST + dt.timedelta(weeks=4))
    assert len(steps) == 4


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2))])
def test_the_index_changes_nothing(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Brought forward week by week, or worked out at once without any index, the trend is the same."""
    (tmp_path / "log").mkdir()
    log = RandomLog(tmp_path / "log", 40 + seed, links=seed == 1)
    for _ in range(8):
        log.week()
        kept = _trend(log.root, log.day + dt.timedelta(weeks=1))
    monkeypatch.setenv("GATEPOST_CACHE_DIR", str(tmp_path / "empty"))

    assert _trend(log.root, log.day + dt.timedelta(weeks=1)) == kept


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE point SET said = replace(said, '2026-11-26', '2026-11-27')",
        "UPDATE point SET said = '[]'",
        "DELETE FROM point",
        "DROP TABLE point",
    ],
)
def test_a_point_that_was_tampered_with_is_not_believed(
    change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that do not fit their seal are worked out anew."""
    monkeypatch.setenv("GATEPOST_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "log").mkdir()
    root = _weeks(tmp_path / "log", (RISK, _unowned()))
    before = _trend(root, FIRST + dt.timedelta(weeks=2))
    for file in (tmp_path / "cache").glob("*.db"):
        with sqlite3.connect(file) as database:
            database.execute(change)
        database.close()

    assert _trend(root, FIRST + dt.timedelta(weeks=2)) == before


def test_evidence_that_names_a_commit_is_looked_up_again(tmp_path: Path) -> None:
    """A commit that is fetched later makes the points right that were kept when it was not there."""
    decision = "churn/decisions/0003-logistic-regression.md"
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    write_tree(tmp_path / "two", {})
    there = commit_on(tmp_path / "two", FIRST, "Elsewhere")
    cite = f"evidence:\n  - {{kind: commit, claim: It is done, commit: {there}}}\n"
    cited = edited(clean_log(), decision, "evidence:\n", cite)
    root = _weeks(tmp_path / "one", (decision, cited[decision]))
    before = _trend(root, FIRST + dt.timedelta(weeks=2)).points[1]
    git(root, "fetch", "--quiet", str(tmp_path / "two"))

    after = _trend(root, FIRST + dt.timedelta(weeks=2)).points[1]

    assert (before.blocking, after.blocking) == (1, 0)


def _late(entry: Entry, context: Context) -> list[Fault]:
    return (
        [Fault("late", "hurry", ("title",))] if entry.kind == "risk" and context.today >= dt.date(2026, 12, 10) else []
    )


def test_gates_of_other_packages_are_asked_at_each_point(tmp_path: Path) -> None:
    """Nobody knows what they look at, so they are asked about every record each time, also about the day alone."""
    gate = Gate("no-tens", "XX001", "quality", frozenset({"risk"}), "It is early.", _late)
    root = _weeks(tmp_path, (LOCK, "# nothing\n"), (LOCK, "# nothing more\n"))

    moves = [one for one in _trend(root, FIRST + dt.timedelta(weeks=3), (*GATES, gate)).moves if one.gate == "no-tens"]

    assert {(move.day, move.record, move.after) for move in moves} == {
        ("2026-12-10", "RISK-0001", "fail"),
        ("2026-12-10", "RISK-0002", "fail"),
    }


def test_a_shallow_clone_has_one_point_and_says_why(tmp_path: Path) -> None:
    """Without its history a log has no trend; the report itself is still a point."""
    (tmp_path / "log").mkdir()
    root = _weeks(tmp_path / "log", (LOCK, "# nothing\n"))
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{root}", "clone")

    trend = _trend(tmp_path / "clone", FIRST + dt.timedelta(weeks=2))

    assert len(trend.points) == 1
    assert "shallow clone" in trend.problem


def test_no_repository_has_one_point_and_says_why(tmp_path: Path) -> None:
    """A folder without git is no reason to fail."""
    root = _weeks(tmp_path, (LOCK, "# nothing\n"))
    shutil.rmtree(root / ".git")

    trend = _trend(root, FIRST)

    assert (len(trend.points), bool(trend.problem)) == (1, True)


def test_an_empty_repository_has_one_point_and_no_problem(tmp_path: Path) -> None:
    """A log that was never committed is a beginning."""
    trend = _trend(write_tree(tmp_path, clean_log()), FIRST)

    assert (len(trend.points), trend.points[0].commit, trend.problem) == (1, "", "")
