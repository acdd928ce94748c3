"""Days on which something was decided: they lie neither in the future nor before there were such records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from gatepost.book import Fault, KeyPath
from gatepost.records import AnyRecord, Decision, Risk

__all__ = ["impossible_dates"]

_EARLIEST: Final = dt.date(1990, 1, 1)
"""A decision about models in production is younger than this; an older day is a slip of the keyboard."""


def impossible_dates(record: AnyRecord, today: dt.date) -> Iterator[Fault]:
    """Find days that cannot be the day of what they stand for; what is still pending may lie ahead."""
    for name, day, at, is_past in _days(record):
        if is_past and day > today:
            yield Fault(f"{name} is {day}, in the future", "correct it", at, "future")
        elif day < _EARLIEST:
            yield Fault(f"{name} is {day}, before {_EARLIEST.year}", "correct it", at, "early")


def _days(record: AnyRecord) -> Iterator[tuple[str, dt.date, KeyPath, bool]]:
    """Give each day: its name, itself, its place, and whether what it stands for has happened."""
    if isinstance(record, Decision):
        yield "date", record.date, ("date",), record.status != "proposed"
    elif isinstance(record, Risk):
        if record.accepted_on is not None:
            yield "accepted-on", record.accepted_on, ("accepted-on",), True
        if record.escalation is not None:
            decided = record.escalation.outcome != "pending"
            yield "escalation.date", record.escalation.date, ("escalation", "date"), decided
