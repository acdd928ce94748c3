"""`nothing-overdue`: dates that passed, and dates that are near."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from trees import checked, clean_log, edited, findings, outcome, said, with_key

GATE = "nothing-overdue"
FU1 = "churn/follow-ups/0001-switch-off-service.md"
RISK1 = "churn/risks/0001-stale-scores.md"
DUE = dt.date(2027, 2, 1)


@pytest.mark.parametrize(
    ("day", "state", "message"),
    [
        (DUE - dt.timedelta(days=22), "pass", None),
        (DUE - dt.timedelta(days=21), "pass", "due on 2027-02-01, in 21 days"),
        (DUE - dt.timedelta(days=1), "pass", "due on 2027-02-01, in 1 day"),
        (DUE, "pass", "due on 2027-02-01, today"),
        (
            DUE + dt.timedelta(days=1),
            "fail",
            "due on 2027-02-01, 1 day ago; the date passed, the record did not change",
        ),
        (
            DUE + dt.timedelta(days=9),
            "fail",
            "due on 2027-02-01, 9 days ago; the date passed, the record did not change",
        ),
    ],
)
def test_a_due_date_is_near_for_three_weeks_and_overdue_the_day_after(
    day: dt.date, state: str, message: str | None, tmp_path: Path
) -> None:
    """On the day itself nothing is overdue yet; advice comes 21 days ahead."""
    report = checked(tmp_path, clean_log(), day)
    assert outcome(report, "FU-1", GATE).state == state
    assert [one.message for one in findings(report, GATE) if one.record == "FU-0001"] == ([message] if message else [])
    assert {one.effect for one in findings(report, GATE)} <= {"advise"}
    assert report.passed


def test_the_policy_sets_how_far_ahead(tmp_path: Path) -> None:
    """`warn-days` is the horizon."""
    files = with_key(clean_log(), "policy.md", "warn-days: 70")
    assert said(checked(tmp_path, files), GATE) == ["due on 2027-02-01, in 70 days"]


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (FU1, "status: open", "status: done\noutcome: It is off"),
        (FU1, "status: open", "status: dropped\noutcome: Not needed"),
        (RISK1, "status: mitigated", "status: closed"),
    ],
)
def test_what_is_settled_has_no_due_date(path: str, old: str, new: str, tmp_path: Path) -> None:
    """Done, dropped and closed records are not overdue."""
    report = checked(tmp_path, edited(clean_log(), path, old, new), dt.date(2030, 1, 1))
    assert f"docs/{path}" not in {one.path for one in findings(report, GATE)}


def test_the_policy_can_make_it_block(tmp_path: Path) -> None:
    """A team that wants to stop on a date that passed says so; what is only near stays advice."""
    files = with_key(clean_log(), "policy.md", "enforcement: {nothing-overdue: block}")
    report = checked(tmp_path, files, dt.date(2027, 2, 12))
    assert [(one.record, one.effect) for one in findings(report, GATE)] == [
        ("FU-0001", "block"),
        ("RISK-0001", "advise"),
        ("RISK-0002", "advise"),
    ]
    assert not report.passed


def test_the_end_of_a_waiver_is_a_date_too(tmp_path: Path) -> None:
    """A waiver that ends soon is advice; one that has ended is overdue, and its gate blocks again."""
    lines = "waivers: [{gate: in-scope, reason: agreed, approved-by: Ana Ruiz, until: 2026-12-01}]"
    files = with_key(clean_log(), "churn/decisions/0003-logistic-regression.md", "domain: database")
    files = with_key(files, "churn/decisions/0003-logistic-regression.md", lines)
    assert said(checked(tmp_path, files), GATE) == ["the waiver of in-scope ends on 2026-12-01, in 8 days"]


def test_a_waiver_that_has_ended_is_overdue(tmp_path: Path) -> None:
    """The day after its last day the waiver is told as overdue."""
    lines = "waivers: [{gate: in-scope, reason: agreed, approved-by: Ana Ruiz, until: 2026-11-22}]"
    files = with_key(clean_log(), "churn/decisions/0003-logistic-regression.md", lines)
    (message,) = said(checked(tmp_path, files), GATE)
    assert message.startswith("the waiver of in-scope ")
    assert "2026-11-22, 1 day ago" in message
