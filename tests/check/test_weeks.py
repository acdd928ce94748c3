"""At which commits a trend looks."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from gatepost.book.history import Commit
from gatepost.check.weeks import weekly

MONDAY = dt.date(2026, 1, 5)


def _line(*days: int) -> list[Commit]:
    """Give a line with a commit on each of some days, counted from a Monday."""
    dates = [MONDAY + dt.timedelta(days=day) for day in days]
    return [Commit(f"c{number}", "Ana", f"{day}T12:00:00+00:00", "") for number, day in enumerate(dates)]


def _names(*days: int, today: int, most: int = 60) -> list[str]:
    samples, _ = weekly(_line(*days), MONDAY + dt.timedelta(days=today), most)
    return [sample.commit for sample in samples]


def test_the_last_commit_of_each_week_that_is_over_counts() -> None:
    """Weeks begin on Monday; those without a commit are left out; the week of today is not over."""
    assert _names(0, 6, 7, 21, 28, today=30) == ["c1", "c2", "c3"]


def test_what_lies_ahead_of_today_is_left_out() -> None:
    """With `as_of` in the past, later commits make no points."""
    assert _names(0, 7, 14, today=8) == ["c0"]


@pytest.mark.parametrize("weeks", [59, 60, 61, 118, 119, 500])
def test_too_many_weeks_are_thinned_evenly_and_the_first_and_the_last_stay(weeks: int) -> None:
    """There are never more points than asked for, and from one to the next it is always as long, but for the last."""
    samples, every = weekly(_line(*range(0, 7 * weeks, 7)), MONDAY + dt.timedelta(weeks=weeks), 59)
    numbers = [(sample.day - MONDAY).days // 7 for sample in samples]

    assert len(samples) <= 59
    assert (numbers[0], numbers[-1]) == (0, weeks - 1)
    assert {two - one for one, two in pairwise(numbers[:-1])} <= {every}


def test_one_more_week_leaves_the_others_as_they_are() -> None:
    """Which weeks are shown changes only when there are too many again, so that what was kept is of use."""
    before = _names(*range(0, 7 * 100, 7), today=7 * 100, most=59)
    after = _names(*range(0, 7 * 101, 7), today=7 * 101, most=59)

    assert before[:-1] == [name for name in after if name in before][: len(before) - 1]


def test_a_clock_that_was_wrong_takes_no_other_week_away() -> None:
    """A commit dated before those that it builds upon does not count; one dated in the future does not either."""
    assert _names(0, 7, -3000, 14, 9000, 21, today=35) == ["c0", "c1", "c3", "c5"]


def test_an_empty_line_has_no_weeks() -> None:
    """A repository without commits gives nothing to look at."""
    assert _names(today=0) == []
