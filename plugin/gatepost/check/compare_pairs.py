"""Which record of one report is which record of another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from gatepost.book import Entry
from gatepost.book.changes import Change, Version, changes, version_of

if TYPE_CHECKING:
    from gatepost.check.results import RecordReport

__all__ = ["Pair", "paired"]


@dataclass(eq=False)
class Pair:
    """A record before and after; one of them is None when it was added or removed."""

    before: RecordReport | None
    after: RecordReport | None

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What changed in it; where it went from one design to another, that it moved."""
        if self.before is None or self.after is None:
            return changes(_version(self.before), _version(self.after))
        one, two = self.before.entry, self.after.entry
        if one.path == two.path and one.document.text == two.document.text:
            found: tuple[Change, ...] = ()
        else:
            found = changes(_version(self.before), _version(self.after))
        if one.design != two.design and two.kind != "design":
            return (Change("design", (), one.design, two.design), *found)
        return found

    @property
    def now(self) -> RecordReport:
        """The record as it is, or as it was before it was removed."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - a pair has a side
        return found

    @property
    def id(self) -> str:
        """What people call it."""
        return self.now.id

    @property
    def kind(self) -> str:
        """The kind of record."""
        return self.now.entry.kind

    @property
    def title(self) -> str:
        """Its title; empty when it cannot be read."""
        entry = self.now.entry
        return entry.record.title if isinstance(entry, Entry) else ""

    @property
    def path(self) -> str:
        """Its file."""
        return self.now.entry.path

    def status(self, side: RecordReport | None) -> str:
        """Give the status on one side: `unread` when it cannot be read, empty when it is not there or has none."""
        if side is None:
            return ""
        entry = side.entry
        return str(getattr(entry.record, "status", "")) if isinstance(entry, Entry) else "unread"

    @property
    def moved_status(self) -> tuple[str, str] | None:
        """The status before and after, when both are known and differ."""
        one, two = self.status(self.before), self.status(self.after)
        return (one, two) if self.before and self.after and one != two else None

    def of_change(self, *kinds: str) -> tuple[Change, ...]:
        """Give the changes of some kinds."""
        return tuple(change for change in self.changes if change.kind in kinds)


def _version(side: RecordReport | None) -> Version | None:
    if side is None:
        return None
    version = version_of(side.entry.document)
    return version if isinstance(side.entry, Entry) else version._replace(problem=side.entry.faults[0].message)


def paired(before: Iterable[RecordReport], after: Iterable[RecordReport]) -> tuple[Pair, ...]:
    """Give each record of two reports once, by path.

    Records belong together by their id; of what is left, by path (renumbered), by text, and by kind and title
    where only one has them (renumbered and moved).
    """
    left, right = list(before), list(after)
    pairs: list[Pair] = []
    for key in (_id_and_path, _id, _path, _text, _title):
        found, left, right = _matched(left, right, key)
        pairs += found
    pairs += [Pair(one, None) for one in left]
    pairs += [Pair(None, one) for one in right]
    return tuple(sorted(pairs, key=lambda pair: (pair.path, pair.after is None)))


def _id_and_path(one: RecordReport) -> Hashable:
    return one.entry.key, one.entry.path


def _id(one: RecordReport) -> Hashable:
    return one.entry.key, one.entry.kind


def _path(one: RecordReport) -> Hashable:
    return one.entry.path


def _text(one: RecordReport) -> Hashable:
    return one.entry.document.text or None


def _title(one: RecordReport) -> Hashable:
    entry = one.entry
    return (entry.kind, " ".join(entry.record.title.split())) if isinstance(entry, Entry) else None


def _matched(
    left: list[RecordReport], right: list[RecordReport], key: Callable[[RecordReport], Hashable]
) -> tuple[list[Pair], list[RecordReport], list[RecordReport]]:
    """Pair what has the same key; several with one key by path for an id, and not at all for a title or a text."""
    by_key: dict[Hashable, list[RecordReport]] = defaultdict(list)
    for two in right:
        if (name := key(two)) is not None:
            by_key[name].append(two)
    often = Counter(key(one) for one in left)
    pairs: list[Pair] = []
    alone: list[RecordReport] = []
    for one in left:
        waiting = by_key.get(key(one), [])
        if waiting and (key in {_id, _id_and_path} or (len(waiting) == 1 and often[key(one)] == 1)):
            pairs.append(Pair(one, waiting.pop(0)))
        else:
            alone.append(one)
    taken = {id(pair.after) for pair in pairs}
    return pairs, alone, [two for two in right if id(two) not in taken]
