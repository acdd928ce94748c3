"""`nothing-overdue`: no live risk or follow-up is past its due date, no waiver has expired."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from gatepost.book import Entry, Fault, KeyPath
from gatepost.gates.gate import Context, Gate, Passed, Verdict
from gatepost.records import KINDS, Decision, FollowUp, Risk

__all__ = ["GATE"]


def check(entry: Entry, context: Context) -> Verdict:
    """Compare each promised day with today; what is near is advice."""
    ahead = min(context.policy.warn_days, (dt.date.max - context.today).days)
    horizon = context.today + dt.timedelta(days=ahead)
    past, near = [], []
    for at, day, what in _days(entry):
        if day < context.today:
            late = _length(context.today - day)
            message = f"{what} {day}, {late} ago; the date passed, the record did not change"
            past.append(Fault(message, _hint(at), at, str(day)))
        elif day <= horizon:
            left = f"in {_length(day - context.today)}" if day > context.today else "today"
            near.append(Fault(f"{what} {day}, {left}", "plan it", at, str(day)))
    return past or Passed(tuple(near))


def _days(entry: Entry) -> Iterator[tuple[KeyPath, dt.date, str]]:
    record = entry.record
    if isinstance(record, Risk | FollowUp) and record.is_live and record.due:
        yield ("due",), record.due, "due on"
    if isinstance(record, Decision) and record.is_history:
        return
    for index, waiver in enumerate(record.waivers):
        yield ("waivers", index, "until"), waiver.until, f"the waiver of {waiver.gate} ends on"


def _length(span: dt.timedelta) -> str:
    return "1 day" if span.days == 1 else f"{span.days} days"


def _hint(at: KeyPath) -> str:
    return "finish it, or set a new date and say why" if at == ("due",) else "meet the gate, or have it renewed"


GATE = Gate(
    id="nothing-overdue",
    code="GP112",
    kind="quality",
    applies_to=frozenset(KINDS),
    holds_when="No live risk or follow-up is past its due date, and no waiver has expired.",
    check=check,
    enforcement="advise",
)
