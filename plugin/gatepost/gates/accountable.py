"""What risks and follow-ups owe alike: an owner, a due date, a way to verify."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gatepost.book import Book, Entry, Fault
from gatepost.records import FollowUp, Risk, canonical

__all__ = ["broken_promises", "left_by", "promises"]


def promises(record: Risk | FollowUp) -> Iterator[Fault]:
    """Find what a live risk or follow-up does not say: owner, due, verification."""
    if not record.is_live:
        return
    said = {"owner": record.owner, "due": record.due, "verification": record.verification}
    hints = {
        "owner": "name a person or team",
        "due": "add a date",
        "verification": "say how one can see that it is done",
    }
    for name, value in said.items():
        if value is None:
            yield Fault(f"{name} is missing", f"add `{name}:`: {hints[name]}", (name,))


def left_by(book: Book, decision: Entry, named: Iterable[str], kind: type[Risk | FollowUp]) -> tuple[str, ...]:
    """Give the ids of what a decision leaves behind: those that it names, and those that name it under `decisions`."""
    naming = (other.id for other, _ in book.backlinks(decision.key, "decisions") if isinstance(other.record, kind))
    return tuple(dict.fromkeys((*named, *naming)))


def broken_promises(book: Book, names: Iterable[str]) -> tuple[str, ...]:
    """Give the ids, among those named, of risks and follow-ups that do not keep to `promises`."""
    broken = []
    for name in names:
        found = book.get(canonical(name))
        if found is not None and isinstance(found.record, Risk | FollowUp) and any(promises(found.record)):
            broken.append(found.id)
    return tuple(broken)
