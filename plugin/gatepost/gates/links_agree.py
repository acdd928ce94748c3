"""`links-agree`: both sides of a supersession say the same, and it leads somewhere."""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.book import Book, Entry, Fault
from gatepost.gates.gate import NOT_APPLICABLE, Context, Gate, Verdict
from gatepost.records import Decision, canonical

__all__ = ["GATE"]

_STANDS = frozenset({"accepted", "deprecated", "superseded"})


def check(entry: Entry, context: Context) -> Verdict:
    """Compare what the record says with what its predecessors and successors say."""
    if not isinstance(entry.record, Decision):
        return NOT_APPLICABLE
    if cycle := _cycle(entry, context.book):
        chain = " → ".join((*cycle, cycle[0]))
        fault = Fault(f"the supersession runs in a circle: {chain}", "break it", ("superseded-by",), chain)
        return [fault] if entry.key == min(cycle) else []
    return [*_as_predecessor(entry, entry.record, context.book), *_as_successor(entry, entry.record, context.book)]


def _as_predecessor(entry: Entry, record: Decision, book: Book) -> Iterator[Fault]:
    if record.status == "superseded" and not record.superseded_by:
        hint = "name the successor: `superseded-by: [ADR-1]`"
        yield Fault("a superseded decision names no successor", hint, ("superseded-by",))
    if record.superseded_by and record.status != "superseded":
        message = f"superseded-by names {record.superseded_by[0]}, but the status is {record.status}"
        yield Fault(message, "set `status: superseded`, or remove superseded-by", ("status",), record.status)
    for index, name in enumerate(record.superseded_by):
        successor = _decision(book, name)
        if successor and successor.status not in _STANDS:
            message = f"superseded by {name}, which is {successor.status}"
            yield Fault(
                message, "only an accepted decision replaces another", ("superseded-by", index), canonical(name)
            )
    said = {canonical(name) for name in record.superseded_by}
    for other, _link in _naming(entry, book, "supersedes"):
        if other.key not in said and isinstance(other.record, Decision) and other.record.status in _STANDS:
            message = f"{other.id} supersedes {entry.id}, but {entry.id} does not say so"
            hint = f"set `status: superseded` and `superseded-by: [{other.id}]` here"
            yield Fault(message, hint, ("superseded-by",), other.key)


def _as_successor(entry: Entry, record: Decision, book: Book) -> Iterator[Fault]:
    said = {canonical(name) for name in record.supersedes}
    for other, _link in _naming(entry, book, "superseded-by"):
        if other.key not in said and record.status in _STANDS:
            message = f"{other.id} is superseded by {entry.id}, but {entry.id} does not say so"
            yield Fault(message, f"add `supersedes: [{other.id}]` here", ("supersedes",), other.key)


def _naming(entry: Entry, book: Book, relation: str) -> Iterator[tuple[Entry, object]]:
    return ((other, link) for other, link in book.backlinks(entry.key) if link.relation == relation)


def _decision(book: Book, name: str) -> Decision | None:
    found = book.get(name)
    return found.record if found and isinstance(found.record, Decision) else None


def _cycle(entry: Entry, book: Book) -> tuple[str, ...]:
    """Give the keys on a circle of supersessions through this record; empty when there is none."""
    waiting: list[tuple[str, tuple[str, ...]]] = [(entry.key, (entry.key,))]
    seen: set[str] = set()
    while waiting:
        key, path = waiting.pop()
        record = _decision(book, key)
        successors = [canonical(name) for name in record.superseded_by] if record else []
        successors += [other.key for other, link in book.backlinks(key) if link.relation == "supersedes"]
        for successor in successors:
            if successor == entry.key:
                return path
            if successor not in seen:
                seen.add(successor)
                waiting.append((successor, (*path, successor)))
    return ()


GATE = Gate(
    id="links-agree",
    code="GP004",
    kind="integrity",
    applies_to=frozenset({"decision"}),
    holds_when=(
        "Supersedes and superseded-by agree, run in no circle, and a superseded decision has a successor that stands."
    ),
    check=check,
)
