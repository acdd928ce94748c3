"""`links-agree`: both sides of a supersession say the same, and it leads somewhere."""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.book import Book, Entry, Fault, Relation
from gatepost.gates.gate import NOT_APPLICABLE, Because, Context, Gate, NotApplicable, Verdict
from gatepost.records import Decision, canonical

__all__ = ["GATE"]

_STANDS = frozenset({"accepted", "deprecated", "superseded"})


def check(entry: Entry, context: Context) -> Verdict:
    """Compare what the record says with what its predecessors and successors say."""
    book = context.book
    if not isinstance(entry.record, Decision):
        return NOT_APPLICABLE
    if len(book.named(entry.id)) > 1:
        return NotApplicable("its id is not unique, so it is not known who is meant")
    if circle := book.circles.get(entry.key):
        chain = " → ".join((*circle, circle[0]))
        hint = "decide which one stands, and remove its `superseded-by:`"
        at = ("superseded-by",) if entry.record.superseded_by else ("supersedes",)
        fault = Fault(f"the supersession runs in a circle: {chain}", hint, at, chain)
        culprit = book.get(circle[0])
        return [fault] if culprit is None or culprit is entry else Because((culprit.id,))
    return [*_as_predecessor(entry, entry.record, book), *_as_successor(entry, entry.record, book)]


def _as_predecessor(entry: Entry, record: Decision, book: Book) -> Iterator[Fault]:
    if record.superseded_by and record.status != "superseded":
        message = f"superseded-by names {record.superseded_by[0]}, but the status is {record.status}"
        yield Fault(message, "set `status: superseded`, or remove superseded-by", ("status",), record.status)
    for index, name in enumerate(record.superseded_by):
        successor = _decision(book, name)
        if successor and successor.status not in _STANDS:
            hint = "only an accepted decision replaces another"
            at = ("superseded-by", index)
            yield Fault(f"superseded by {name}, which is {successor.status}", hint, at, canonical(name))
    silent = [
        other
        for other in _unanswered(entry, book, "supersedes", record.superseded_by)
        if isinstance(other.record, Decision) and other.record.status in _STANDS
    ]
    for other in silent:
        message = f"{other.id} supersedes {entry.id}, but {entry.id} does not say so"
        hint = f"set `status: superseded` and `superseded-by: [{other.id}]` here"
        yield Fault(message, hint, ("superseded-by",), other.key)
    if record.status == "superseded" and not record.superseded_by and not silent:
        hint = "name the successor: `superseded-by: [ADR-1]`"
        yield Fault("a superseded decision names no successor", hint, ("superseded-by",))


def _as_successor(entry: Entry, record: Decision, book: Book) -> Iterator[Fault]:
    if record.status not in _STANDS:
        return
    for other in _unanswered(entry, book, "superseded-by", record.supersedes):
        message = f"{other.id} is superseded by {entry.id}, but {entry.id} does not say so"
        yield Fault(message, f"add `supersedes: [{other.id}]` here", ("supersedes",), other.key)


def _unanswered(entry: Entry, book: Book, relation: Relation, answers: tuple[str, ...]) -> list[Entry]:
    """Give the records that name this one and are not named back; none while an answer has a typo."""
    if any(_decision(book, name) is None for name in answers):
        return []
    said = {canonical(name) for name in answers}
    naming = (other for other, _ in book.backlinks(entry.key, relation))
    return [other for other in naming if other.key not in said and len(book.named(other.id)) == 1]


def _decision(book: Book, name: str) -> Decision | None:
    """Give the decision with an id, or None when there is none that can be read."""
    found = book.get(name)
    return found.record if found and isinstance(found.record, Decision) else None


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
