"""`contract-conformant`: the contract matches the real definition in the repository that it names."""

from __future__ import annotations

from gatepost.book import Entry
from gatepost.gates.gate import NOT_APPLICABLE, Context, Gate, NotApplicable, Unknown, Verdict
from gatepost.records import Pipeline

__all__ = ["GATE"]


def check(entry: Entry, context: Context) -> Verdict:
    """Read the definition, and compare."""
    record = entry.record
    if not isinstance(record, Pipeline):
        return NOT_APPLICABLE
    if record.source is None:
        return NotApplicable("the contract names no real definition")
    if entry.is_reading:
        return Unknown("it is open what the contract says")
    from gatepost.gates.conformance import conformance  # noqa: PLC0415 - the readers of all tools, a tenth of a start

    return conformance(entry, context, record, record.source)


GATE = Gate(
    id="contract-conformant",
    code="GP110",
    kind="quality",
    applies_to=frozenset({"pipeline"}),
    holds_when="The contract matches the real pipeline definition in the repository that it names.",
    check=check,
)
