"""Ids that a branch gives to new records, and that the tip of its base has given to others in the meantime."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from gatepost.book import Entry, Fault, Unread
from gatepost.check.results import Effect, Finding, Outcome, place
from gatepost.records import PREFIX_OF_KIND, Checklist, canonical

if TYPE_CHECKING:
    from gatepost.book import Book
    from gatepost.check.results import RecordReport, Report

__all__ = ["with_taken_ids"]

_GATE: Final = "id-unique"


def with_taken_ids(report: Report, base: Book, tip: Book, name: str) -> Report:
    """Give a report in which `id-unique` is not met where the tip of the base has taken an id for another record.

    Git merges two files with one number without a conflict, so after the merge both would fail.

    Args:
        report: what checking the branch gave.
        base: the records where the branch began.
        tip: the records at the tip of the base.
        name: what people call the base, for the message.
    """
    enforced = report.enforced.get(_GATE, "block")
    if enforced == "off":
        return report
    taken = _Taken(report.book, base, tip, name)
    effect: Effect = "advise" if enforced == "advise" else "block"
    return replace(report, records=tuple(_with(record, taken, report, effect) for record in report.records))


def _with(record: RecordReport, taken: _Taken, report: Report, effect: Effect) -> RecordReport:
    entry, gate = record.entry, report.gates.find(_GATE)
    faults = list(taken.faults(entry)) if isinstance(entry, Entry) else []
    if not faults or gate is None:
        return record
    found = [Finding(gate, entry.id, entry.kind, entry.path, effect, one, place(entry, one)) for one in faults]
    before = record.outcomes.get(_GATE)
    outcome = Outcome("fail", effect, (*(before.findings if before else ()), *found))
    return replace(record, outcomes={**record.outcomes, _GATE: outcome})


class _Taken:
    """The ids that were given twice, and the next that are free on both sides."""

    def __init__(self, book: Book, base: Book, tip: Book, name: str) -> None:
        self._book, self._base, self._tip, self._name = book, base, tip, name
        self._highest: dict[str, int] = {}

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Find the id of a record, and of items of a checklist, that the tip has for another."""
        if entry.kind in PREFIX_OF_KIND and not self._base.knows(entry.key):
            other = next((one for one in self._tip.named(entry.key) if not _are_one(one, entry)), None)
            if other is not None:
                free = self._next(entry.key)
                hint = f"gatepost renumber {entry.id} {free}"
                yield Fault(self._said(entry.id, other.path), hint, ("id",), f"{entry.key} on the base")
        if isinstance(entry.record, Checklist):
            yield from self._items(entry.record)

    def _items(self, checklist: Checklist) -> Iterator[Fault]:
        for number, item in enumerate(checklist.items):
            key = canonical(item.id)
            theirs = () if key in self._base.items else self._tip.items.get(key, ())
            other = next((there for there, _, one in theirs if one.criterion != item.criterion), None)
            if other is not None:
                hint = f"call it {self._next(key)}, and mend what names it"
                at = ("items", number, "id")
                yield Fault(self._said(item.id, f"an item of {other.path}"), hint, at, f"{key} on the base")

    def _said(self, name: str, other: str) -> str:
        return f"{self._name} took the id {name} in the meantime: {other}"

    def _next(self, key: str) -> str:
        """Give the next id with the prefix of a key that neither side has, another each time."""
        prefix = key.partition("-")[0]
        if prefix not in self._highest:
            names = [name for book in (self._book, self._tip) for name in _names(book)]
            numbers = [number for start, _, number in (name.partition("-") for name in names) if start == prefix]
            self._highest[prefix] = max(int(number) for number in numbers if number.isdecimal())
        self._highest[prefix] += 1
        return f"{prefix}-{self._highest[prefix]:04d}"


def _names(book: Book) -> Iterator[str]:
    yield from (one.key for one in book.files_read)
    yield from book.items


def _are_one(there: Entry | Unread, here: Entry) -> bool:
    """Tell whether two files are one record, which both sides have got: by its text, or its kind and title."""
    if there.document.text == here.document.text:
        return True
    return isinstance(there, Entry) and (there.kind, there.record.title) == (here.kind, here.record.title)
