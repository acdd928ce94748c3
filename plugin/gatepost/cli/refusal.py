"""Why a change is refused: what would block after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from gatepost.book import Fault, locate, read_document
from gatepost.check import Finding
from gatepost.records import canonical
from gatepost.report.counts import counted
from gatepost.report.lines import wrap
from gatepost.report.text import findings_lines

if TYPE_CHECKING:
    from gatepost.book import Document
    from gatepost.check import RecordReport, Report
    from gatepost.cli.overlay import Change
    from gatepost.report import Paint

__all__ = ["Judged", "RefusedError", "blocking_after", "fingerprint", "refusal_text"]

Judged = Literal["touched", "new", "nothing"]
"""What stands in the way of a change: whatever blocks on a record that it touches, and what is new elsewhere; only
what is new; or nothing, because the change is a repair."""


class RefusedError(Exception):
    """A change that would break a rule of the log; the message is one line that says which."""


def fingerprint(finding: Finding) -> str:
    """Give what makes a finding the same before a change and after it."""
    return finding.fingerprint


def blocking_after(
    before: Report,
    after: Report,
    changes: Sequence[Change],
    judged: Judged = "touched",
    same: Callable[[Finding], str] = fingerprint,
) -> tuple[Finding, ...]:
    """Give what would block after a change.

    Args:
        before: the log as it is.
        after: the log as it would be.
        changes: the files that would be changed.
        judged: what counts.
        same: what tells whether a finding was there before.
    """
    if judged == "nothing":
        return ()
    touched = {change.path for change in changes} if judged == "touched" else set()
    known = {finding.fingerprint for finding in before.blocking}
    found = [finding for finding in after.blocking if finding.path not in touched and same(finding) not in known]
    for record in after.records:
        if record.entry.path in touched:
            found += _blocking(record, after)
    texts = {one.entry.path: one.entry.document for one in before.records}
    once = {(one.path, one.gate.id, one.fault): one for one in found}
    placed = [_as_it_stands(one, texts, changes) for one in once.values()]
    return tuple(sorted(placed, key=lambda one: (one.path, one.position, one.gate.code)))


def _blocking(record: RecordReport, after: Report) -> Iterator[Finding]:
    """Give why a record blocks: its own findings, and those of the records because of which a gate is not met."""
    for gate, outcome in record.outcomes.items():
        if not outcome.blocks:
            continue
        others = [other for name in outcome.because if (other := after.of(canonical(name)))]
        elsewhere = [one for other in others if gate in other.outcomes for one in other.outcomes[gate].findings]
        found = (*outcome.findings, *elsewhere)
        yield from found or [_silent(record, gate, outcome.because, after)]


def _silent(record: RecordReport, gate: str, because: Sequence[str], after: Report) -> Finding:
    """Give a finding for a gate that blocks without one: no reason to write is made of silence."""
    fault = Fault(f"not met because it is not met on {', '.join(because)}", "mend it there")
    known = next(one for one in after.gates if one.id == gate)
    entry = record.entry
    return Finding(known, record.id, entry.kind, entry.path, "block", fault, locate(entry.document, fault.at))


def _as_it_stands(finding: Finding, texts: dict[str, Document], changes: Sequence[Change]) -> Finding:
    """Give a finding with its place in the file as it is now, since the changed one will not be written."""
    change = next((one for one in changes if one.path == finding.path and not one.moved_from), None)
    document = texts.get(finding.path)
    if change is None or document is None:
        return finding
    at = finding.fault.at
    if isinstance(at, int):
        at -= len(read_document(change.path, change.after).text) - len(document.text)
    return finding._replace(position=locate(document, at, offset=finding.fault.offset))


def refusal_text(report: Report, found: Sequence[Finding], paint: Paint, width: int) -> str:
    """Give findings as `check` prints them, and say that nothing was written.

    Args:
        report: the log as it is.
        found: what would block, by path.
        paint: what gives each piece its colour.
        width: columns that a line may fill.
    """
    titles = {one.entry.path: getattr(getattr(one.entry, "record", None), "title", "") for one in report.records}
    blocks = []
    for path, group in groupby(found, key=lambda one: one.path):
        findings = list(group)
        head = "\n".join(wrap(f"{findings[0].record}  {titles.get(path, '')}".rstrip(), width))
        lines = list(findings_lines(findings, paint, width))
        blocks.append("\n".join([paint(head, "name"), *lines]))
    verb = "blocks" if len(found) == 1 else "block"
    blocks.append(paint(f"Nothing was written: {counted(len(found), 'finding')} {verb} this.", "block"))
    return "\n\n".join(blocks) + "\n"
