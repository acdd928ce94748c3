"""`promotion-gated`: no path reaches production without a measurable gate and an approval."""

from __future__ import annotations

from typing import Final

from gatepost.book import Entry, Fault
from gatepost.gates.gate import NOT_APPLICABLE, Context, Gate, NotApplicable, Verdict
from gatepost.gates.violations import faults_of
from gatepost.pipeline import Contract, open_ways
from gatepost.records import Decision, Design, Pipeline

__all__ = ["GATE"]

_NOTHING: Final = NotApplicable("nothing is promoted to production")


def check(entry: Entry, context: Context) -> Verdict:
    """On a contract, look at each way into production; on a design, whether it has a contract at all."""
    if isinstance(entry.record, Design):
        return _has_contract(entry, context)
    if isinstance(entry.record, Pipeline):
        contract = Contract(entry.record)
        faults = list(faults_of(open_ways(contract, context.policy)))
        return faults if faults or contract.promotions else _NOTHING
    return NOT_APPLICABLE


def _has_contract(entry: Entry, context: Context) -> Verdict:
    book = context.book
    if book.pipeline(entry.id) or book.cannot_read("pipeline", entry.id):
        return NOT_APPLICABLE
    for other in book.of_kind("decision"):
        record = other.record
        if (
            other.design == entry.id
            and isinstance(record, Decision)
            and record.status == "accepted"
            and record.changes_production
        ):
            message = f"{other.id} changes production, but the design has no stage contract"
            return [Fault(message, "write pipeline.md beside this file: `gatepost new pipeline`", (), other.id)]
    return NOT_APPLICABLE


GATE = Gate(
    id="promotion-gated",
    code="GP202",
    kind="stop",
    applies_to=frozenset({"pipeline", "design"}),
    holds_when=(
        "No path reaches a production environment without a measurable gate and an approval, and no gate is bypassed."
    ),
    check=check,
)
