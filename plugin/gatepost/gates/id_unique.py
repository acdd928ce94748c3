"""`id-unique`: no other record, in any design, has this id."""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.book import Entry, Fault
from gatepost.gates.gate import Context, Gate, Verdict
from gatepost.records import KINDS, Checklist, canonical

__all__ = ["GATE"]


def check(entry: Entry, context: Context) -> Verdict:
    """Find other files, or other items of checklists, that claim the same id."""
    if isinstance(entry.record, Checklist):
        return [*_record(entry, context), *_items(entry, entry.record, context)]
    return _record(entry, context)


def _record(entry: Entry, context: Context) -> list[Fault]:
    others = [other.path for other in context.book.named(entry.id) if other.path != entry.path]
    if not others or entry.path < min(others) or entry.kind == "policy":
        return []
    if entry.kind in {"pipeline", "checklist"}:
        if len(context.book.named(entry.design)) > 1:
            return []
        message = f"the design {entry.design} has a {entry.kind} already: {min(others)}"
        return [Fault(message, "keep one, or move this one into a design of its own", ("kind",), entry.key)]
    free = "another name" if entry.kind == "design" else "the next free number"
    hint = f"give one of them {free}, and mend what names it"
    return [Fault(f"the id {entry.id} is taken by {min(others)}", hint, ("id",), entry.key)]


def _items(entry: Entry, checklist: Checklist, context: Context) -> Iterator[Fault]:
    for number, item in enumerate(checklist.items):
        first, place, _ = context.book.items[canonical(item.id)][0]
        if first is not entry or place != number:
            message = f"the id {item.id} is taken by an item of {first.path}"
            yield Fault(message, "give it the next free number", ("items", number, "id"), item.id)


GATE = Gate(
    id="id-unique",
    code="GP002",
    kind="integrity",
    applies_to=frozenset(KINDS),
    holds_when="No other record, in any design, has this id.",
    check=check,
)
