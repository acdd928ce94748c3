"""At which commits a trend looks: the last of each week, as many as a chart can show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from gatepost.book.history import Commit

__all__ = ["Sample", "weekly"]


class Sample(NamedTuple):
    """A commit, and the day on which the log is judged as it has it."""

    commit: str
    day: dt.date


def weekly(line: Sequence[Commit], today: dt.date, most: int) -> tuple[list[Sample], int]:
    """Give the last commit of each week that is over; of too many weeks every second, third and so on, and the last.

    Which week of a log is chosen does not depend on how many follow, until there are twice as many: what was worked
    out about one is of use the next week.

    Args:
        line: the commits, oldest first.
        today: the day after which nothing is looked at; its own week is not over.
        most: how many there may be.

    Returns:
        The commits, oldest first, and the number of weeks with a commit from one to the next.
    """
    last: dict[tuple[int, int], tuple[int, Sample]] = {}
    for number, commit in enumerate(line):
        day = dt.date.fromisoformat(commit.day)
        last[_week(day)] = (number, Sample(commit.id, day))
    found: list[Sample] = []
    behind = len(line)
    for week in sorted(last, reverse=True):
        number, sample = last[week]
        if week < _week(today) and number < behind:  # else some clock was wrong: a later commit has an earlier day
            found.append(sample)
            behind = number
    found.reverse()
    every = 1
    while len(chosen := _every(found, every)) > most:
        every += 1
    return chosen, every


def _week(day: dt.date) -> tuple[int, int]:
    year, week, _ = day.isocalendar()
    return year, week


def _every(samples: list[Sample], step: int) -> list[Sample]:
    chosen = samples[::step]
    return chosen if not samples or chosen[-1] is samples[-1] else [*chosen, samples[-1]]
