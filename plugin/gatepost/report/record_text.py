"""One record as text: how each gate stands, what is to be mended, links both ways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from gatepost.book import Entry, Link
from gatepost.report.lines import pad, plain, wrap
from gatepost.report.paint import Paint, Role, in_plain
from gatepost.report.text import finding_lines, revision_lines

if TYPE_CHECKING:
    from gatepost.check.results import Outcome, RecordReport, Report

__all__ = ["render_record"]

_STANDS: Final[dict[str, tuple[str, Role]]] = {
    "pass": ("met", "good"),
    "fail": ("not met", "block"),
    "waived": ("waived", "open"),
    "not-applicable": ("does not apply", "faint"),
    "unknown": ("unknown", "open"),
    "error": ("the gate broke", "block"),
}
_NAME: Final = 26
_RELATION: Final = 15


def render_record(report: Report, record: RecordReport, *, paint: Paint = in_plain, width: int = 80) -> str:
    """Give a record as text.

    Args:
        report: the report that the record is from.
        record: the record.
        paint: what gives each piece its colour.
        width: columns that a line may fill.
    """
    blocks = [
        list(_head(record, paint, width)),
        ["Gates", *(line for gate, one in record.outcomes.items() for line in _gate(gate, one, paint, width))],
        [line for finding in record.findings for line in finding_lines(finding, paint, width)],
    ]
    if isinstance(record.entry, Entry):
        blocks += _links(report, record.entry, width)
    blocks.append(revision_lines(report))
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _head(record: RecordReport, paint: Paint, width: int) -> Iterator[str]:
    entry = record.entry
    known = entry.record if isinstance(entry, Entry) else None
    yield from (paint(line, "name") for line in wrap(f"{record.id}  {known.title if known else ''}".rstrip(), width))
    facts = [entry.kind, getattr(known, "status", "") if known else "cannot be read"]
    if entry.design and entry.kind != "design":
        facts.append(f"design {entry.design}")
    if due := getattr(known, "due", None):
        facts.append(f"due {due}")
    if owner := getattr(known, "owner", None):
        facts.append(f"owner {owner}")
    yield from wrap(", ".join(fact for fact in facts if fact), width)
    yield plain(entry.path)


def _gate(gate: str, outcome: Outcome, paint: Paint, width: int) -> Iterator[str]:
    word, role = _STANDS[outcome.state]
    detail = outcome.reason
    if outcome.waiver:
        detail = f"until {outcome.waiver.until}, by {outcome.waiver.approved_by}: {outcome.waiver.reason}"
    elif outcome.because:
        detail = f"because of {', '.join(outcome.because)}"
    said = f"{word}: {detail}" if detail else word
    first, *more = wrap(said, width - _NAME - 2)
    yield f"  {pad(gate, _NAME - 1)} {first.replace(word, paint(word, role), 1)}"
    yield from (f"{' ' * (_NAME + 2)}{line}" for line in more)


def _links(report: Report, entry: Entry, width: int) -> Iterator[list[str]]:
    outgoing = [(link, link.target) for link in report.book.links(entry) if not link.target.startswith("file:")]
    incoming = [(link, other.key) for other, link in report.book.backlinks(entry.key)]
    if outgoing:
        yield ["Names", *_table(report, outgoing, width)]
    if incoming:
        yield ["Named by", *_table(report, incoming, width)]


def _table(report: Report, links: list[tuple[Link, str]], width: int) -> Iterator[str]:
    seen = {("mentions", key) for link, key in links if link.relation != "mentions"}
    for link, key in links:
        if (link.relation, key) in seen:
            continue
        seen.add((link.relation, key))
        other = report.book.get(key)
        title = f"  {other.record.title}" if other else ""
        first, *more = wrap(f"{other.id if other else link.written}{title}", width - _RELATION - 2)
        yield f"  {pad(link.relation, _RELATION)}{first}"
        yield from (f"{' ' * (_RELATION + 2)}{line}" for line in more)
