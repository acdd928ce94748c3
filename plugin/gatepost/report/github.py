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
    from gatepost.check.compare_gates import Trouble
    from gatepost.check.results import DesignReport, Finding, Outcome, RecordReport, Report
    from gatepost.report.against import Against

__all__ = ["annotation", "render_github"]

_LEVEL: Final = {"block": "error", "open": "warning", "advise": "notice", "none": "notice"}


def render_github(
    report: Report, *, advice: bool = True, fail_on: str = "block", against: Against | None = None
) -> str:
    """Give a command for each finding, unknown gate and design that must stop; the numbers in the last line.

    Args:
        report: what checking gave.
        advice: whether advice is annotated; it is always counted.
        fail_on: the least grave effect that fails the check.
        against: the base that the report is seen against; where only what is new counts, nothing else is annotated.
    """
    shown = [one for one in report.findings if advice or one.effect != "advise"]
    if against is not None and against.new_only:
        lines = [annotation(one, is_new=True) for one in shown if against.is_new(one)]
        lines += [_because(one) for one in against.worse if one.finding is None]
        said = against.verdict(fail_on)
    else:
        lines = [annotation(one, is_new=against is not None and against.is_new(one)) for one in shown]
        lines += _unknown(report)
        lines += [_design(one) for one in report.designs if one.state in {"stopped", "escalated"}]
        said = verdict(report, fail_on)
    closing = [f"{len(lines)} annotations.", counts_of(report).sentence(), *revision_lines(report)]
    lines.append(plain(" ".join([*closing, *([against.sentence()] if against else []), said])))
    return "\n".join(lines) + "\n"


def annotation(finding: Finding, *, is_new: bool = False) -> str:
    """Give a finding as one workflow command; one that a base does not have says so."""
    title = f"{'NEW ' if is_new else ''}{finding.gate.id} {finding.gate.code}: {finding.record}"
    message = f"{finding.message}\n{finding.hint}" if finding.hint else finding.message
    place = f"file={_property(finding.path)},line={finding.line},col={finding.column},title={_property(title)}"
    return f"::{_LEVEL[finding.effect]} {place}::{_data(message)}"


def _because(one: Trouble) -> str:
    title = f"NEW {one.gate.id} {one.gate.code}: {one.record.id}"
    place = f"file={_property(one.record.entry.path)},line=1,title={_property(title)}"
    said = f"not met because it is not met on {one.because}" if one.because else "not met"
    return f"::{_LEVEL[one.effect]} {place}::{_data(said)}"


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
