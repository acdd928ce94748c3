"""Who replaces whom, followed through the book."""

from __future__ import annotations

from gatepost.book import Book, Entry
from gatepost.records import Decision, canonical

__all__ = ["circle", "decision_named"]


def decision_named(book: Book, name: str) -> Decision | None:
    """Give the decision with an id, or None when there is none that can be read."""
    found = book.get(name)
    return found.record if found and isinstance(found.record, Decision) else None


def circle(entry: Entry, book: Book) -> tuple[str, ...]:
    """Give the keys on a circle of supersessions through this record; empty when there is none."""
    waiting: list[tuple[str, tuple[str, ...]]] = [(entry.key, (entry.key,))]
    seen: set[str] = set()
    while waiting:
        key, path = waiting.pop()
        record = decision_named(book, key)
        successors = [canonical(name) for name in record.superseded_by] if record else []
        successors += [other.key for other, link in book.backlinks(key) if link.relation == "supersedes"]
        for successor in successors:
            if successor == entry.key:
                return path
            if successor not in seen:
                seen.add(successor)
                waiting.append((successor, (*path, successor)))
    return ()
