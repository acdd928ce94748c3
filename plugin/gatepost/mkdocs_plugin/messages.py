"""A report as lines of MkDocs' log: what blocks is a warning, so that --strict counts it and nothing else."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gatepost.records import canonical

if TYPE_CHECKING:
    from gatepost.check import Finding, RecordReport, Report

__all__ = ["lines_of", "summary_of"]


def lines_of(report: Report) -> Iterator[tuple[int, str]]:
    """Give each thing to mend as a log level and one line: `path:line:column gate message (how to mend)`."""
    for finding in report.findings:
        level = logging.WARNING if finding.effect == "block" else logging.INFO
        yield level, _line(finding)
    for record in report.records:
        yield from ((logging.WARNING, line) for line in _unmet_elsewhere(record, report))
    yield from ((logging.INFO, line) for line in _undecided(report))


def summary_of(report: Report) -> str:
    """Give the whole report in one line."""
    outcomes = [outcome for record in report.records for outcome in record.outcomes.values()]
    unmet = sum(outcome.is_failure or outcome.blocks for outcome in outcomes)
    blocking = sum(outcome.blocks for outcome in outcomes)
    records, gates = _count(len(report.records), "record"), _count(unmet, "gate")
    return f"{records}, {gates} not met ({blocking} blocking), {report.unread} could not be read"


def _line(finding: Finding) -> str:
    where = f"{finding.path}:{finding.line}:{finding.column}"
    hint = f" ({finding.hint})" if finding.hint else ""
    return _plain(f"{where} {finding.gate.id} {finding.message}{hint}")


def _unmet_elsewhere(record: RecordReport, report: Report) -> Iterator[str]:
    """Give what blocks here because of other records whose own findings do not block."""
    for gate, outcome in record.outcomes.items():
        if not outcome.blocks or outcome.findings:
            continue
        others = [one.outcomes.get(gate) for key in outcome.because if (one := report.of(canonical(key))) is not None]
        if not any(other is not None and other.blocks and other.findings for other in others):
            names = ", ".join(outcome.because)
            yield _plain(f"{record.entry.path}:1:1 {gate} not met because of {names} (mend what is found there)")


def _undecided(report: Report) -> Iterator[str]:
    """Say which reasons kept gates from being decided here, once each."""
    reasons = Counter(
        outcome.reason
        for record in report.records
        for outcome in record.outcomes.values()
        if outcome.state == "unknown" and not outcome.findings
    )
    for reason, number in sorted(reasons.items()):
        yield _plain(f"{_count(number, 'gate')} could not be decided here: {reason}")


def _plain(text: str) -> str:
    """Give text on one line, with nothing that a terminal would act on."""
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(text.split())


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
