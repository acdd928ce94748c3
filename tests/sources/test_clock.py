"""The day on which a log is judged."""

from __future__ import annotations

import datetime as dt

import pytest

from gatepost.sources import ClockError, judged_on

DAY = dt.date(2026, 11, 23)


def test_a_day_that_is_asked_for_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """An argument beats the environment."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert judged_on(DAY) == DAY


@pytest.mark.parametrize(
    ("epoch", "day"), [("0", dt.date(1970, 1, 1)), ("86399", dt.date(1970, 1, 1)), ("1795442400", DAY)]
)
def test_the_day_of_source_date_epoch(epoch: str, day: dt.date, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds since 1970 give the day in UTC, whatever the machine's time zone is."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    assert judged_on() == day


def test_today_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without either it is today, in UTC; an empty variable counts as none."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "")
    assert abs((judged_on() - dt.datetime.now(dt.UTC).date()).days) <= 1


@pytest.mark.parametrize("epoch", ["soon", "-1", "1.5", "1_0", "٣", " 1", "9" * 20, "9" * 5000])
def test_what_is_no_number_of_seconds(epoch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that says no day is an error, not silently today."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(ClockError, match="not a number of seconds since 1970"):
        judged_on()
