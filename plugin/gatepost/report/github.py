"""A report as GitHub workflow commands, which become annotations on the lines of a pull request.

Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from gatepost.report.counts import counts_of
from gatepost.report.lines import plain
from gatepost.report.text import STATE_WORDS, revision_lines, state_sentence, verdict

if TYPE_CHECKING:
    from gatepost.check.results import DesignReport, Finding, Outcome, RecordReport, Report

__all__ = ["annotation", "render_github"]

_LEVEL: Final = {"block": "error", "open": "warning", "advise": "notice", "none": "notice"}


def render_github(report: Report, *, advice: bool = True, fail_on: str = "block") -> str:
    """Give a command for each finding, unknown gate and design that must stop; the numbers in the last line.

    Args:
        report: what checking gave.
        advice: whether advice is annotated; it is always counted.
        fail_on: the least grave effect that fails the check.
    """
    shown = [one for one in report.findings if advice or one.effect != "advise"]
    lines = [annotation(one) for one in shown]
    lines += _unknown(report)
    lines += [_design(one) for one in report.designs if one.state in {"stopped", "escalated"}]
    closing = [f"{len(lines)} annotations.", counts_of(report).sentence(), *revision_lines(report)]
    lines.append(plain(" ".join([*closing, verdict(report, fail_on)])))
    return "\n".join(lines) + "\n"


def annotation(finding: Finding) -> str:
    """Give a finding as one workflow command."""
    title = f"{finding.gate.id} {finding.gate.code}: {finding.record}"
    message = f"{finding.message}\n{finding.hint}" if finding.hint else finding.message
    place = f"file={_property(finding.path)},line={finding.line},col={finding.column},title={_property(title)}"
    return f"::{_LEVEL[finding.effect]} {place}::{_data(message)}"


def _unknown(report: Report) -> Iterator[str]:
    """Give a notice for each gate that could not be decided and has no finding that says so."""
    for record in report.records:
        for gate in report.gates:
            outcome = record.outcomes.get(gate.id)
            if outcome is not None and outcome.state == "unknown" and not outcome.findings:
                yield _notice(f"UNKNOWN {gate.id} {gate.code}: {record.id}", record, outcome)


def _notice(title: str, record: RecordReport, outcome: Outcome) -> str:
    place = f"file={_property(record.entry.path)},line=1,title={_property(title)}"
    return f"::notice {place}::{_data(f'could not be decided: {outcome.reason}')}"


def _design(design: DesignReport) -> str:
    word = STATE_WORDS[design.state][0]
    title = f"{word}: {design.id or 'records outside any design'}"
    return f"::error title={_property(title)}::{_data(f'{design.title}: {state_sentence(design)}')}"


def _data(text: str) -> str:
    return "%0A".join(plain(line).replace("%", "%25") for line in text.split("\n"))


def _property(text: str) -> str:
    return plain(text).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
