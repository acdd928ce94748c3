"""`verification-measurable`: each item can be measured, and what was measured meets it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal

from gatepost.book import Entry, Fault, KeyPath
from gatepost.book.pointer import rounds_to
from gatepost.book.quoted import quoted_number
from gatepost.gates.gate import NOT_APPLICABLE, Context, Gate, Verdict
from gatepost.records import Checklist, Item

__all__ = ["GATE"]


def check(entry: Entry, context: Context) -> Verdict:
    """Look at each item of a checklist."""
    if not isinstance(entry.record, Checklist):
        return NOT_APPLICABLE
    return [fault for index, item in enumerate(entry.record.items) for fault in _item(entry, context, index, item)]


def _item(entry: Entry, context: Context, index: int, item: Item) -> Iterator[Fault]:
    at = ("items", index)
    condition = item.condition
    if condition is None and not (item.command and item.expect):
        hint = "add metric, operator and threshold, or command and expect"
        yield Fault(f"{item.id} is not measurable: '{item.criterion}'", hint, at, item.id)
    elif condition is not None and not math.isfinite(condition.number):
        yield Fault(
            f"{item.id}: the threshold is {condition.number}", "write a finite number", (*at, "threshold"), item.id
        )
    elif condition is not None and item.measured is not None and not condition.holds(item.measured):
        message = f"{item.id}: measured {item.measured:g}, but {condition} is asked for"
        yield Fault(
            message, "mend what is measured, not the threshold", (*at, "measured"), f"{item.id} {item.measured:g}"
        )
    elif condition is None and item.result is not None and item.result != item.expect:
        message = f"{item.id}: the result is '{item.result}', but '{item.expect}' is asked for"
        yield Fault(message, "mend what is measured", (*at, "result"), item.id)
    if item.measured is not None or item.result is not None:
        yield from _measurement(entry, context, index, item)


def _measurement(entry: Entry, context: Context, index: int, item: Item) -> Iterator[Fault]:
    at = ("items", index)
    if item.measured_on is None:
        yield Fault(f"{item.id} was measured, but not said when", "add `measured-on:`", (*at, "measured-on"), item.id)
    elif item.measured_on > context.latest_today:
        message = f"{item.id}: measured-on is {item.measured_on}, in the future"
        yield Fault(message, "correct it", (*at, "measured-on"), item.id)
    if item.evidence and "#/" in item.evidence:
        yield from _source(entry, context, index, item)


def _source(entry: Entry, context: Context, index: int, item: Item) -> Iterator[Fault]:
    """Compare the measured value with the number in the file; a file that is not there is another gate's finding."""
    measured, evidence = item.measured, item.evidence or ""
    place = context.book.files.look(evidence.partition("#")[0], context.book.folder(entry))
    if measured is None or place.state != "found":
        return
    found = quoted_number(context.book, entry, evidence)
    here: KeyPath = ("items", index, "measured")
    if isinstance(found, str):
        message = f"{item.id}: the number {evidence} was not found: {found}"
        yield Fault(message, "correct the pointer", ("items", index, "evidence"), item.id)
    elif not rounds_to(found, Decimal(str(measured)).normalize()):
        message = f"{item.id}: measured is {measured:g}, but {evidence} has {found}"
        yield Fault(message, "write the number that was measured", here, f"{item.id} evidence")
    elif item.condition and item.condition.holds(measured) and not item.condition.holds(float(found)):
        message = f"{item.id}: {evidence} has {found}, and {item.condition} holds only for the rounded {measured:g}"
        yield Fault(message, "write it with more digits", here, f"{item.id} rounded")


GATE = Gate(
    id="verification-measurable",
    code="GP108",
    kind="quality",
    applies_to=frozenset({"checklist"}),
    holds_when="Each checklist item is measurable, and where a value was measured, it meets the threshold.",
    check=check,
)
