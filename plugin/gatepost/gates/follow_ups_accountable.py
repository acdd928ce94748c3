"""`follow-ups-accountable`: each follow-up has an owner, a due date and a verification step."""

from __future__ import annotations

from gatepost.book import Entry
from gatepost.gates.accountable import broken_promises, left_by, promises
from gatepost.gates.gate import NOT_APPLICABLE, Because, Context, Gate, NotApplicable, Verdict
from gatepost.records import Decision, FollowUp

__all__ = ["GATE"]


def check(entry: Entry, context: Context) -> Verdict:
    """On a follow-up, look for its promises; on a decision, at its follow-ups."""
    record = entry.record
    if isinstance(record, FollowUp):
        return list(promises(record))
    if not isinstance(record, Decision):
        return NOT_APPLICABLE
    named = left_by(context.book, entry, record.follow_ups, FollowUp)
    if not named:
        return NotApplicable("no follow-ups")
    broken = broken_promises(context.book, named)
    return Because(broken) if broken else []


GATE = Gate(
    id="follow-ups-accountable",
    code="GP107",
    kind="quality",
    applies_to=frozenset({"decision", "follow-up"}),
    holds_when="Each follow-up has an owner, a due date and a verification step.",
    check=check,
)
