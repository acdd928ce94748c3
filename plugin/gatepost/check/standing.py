"""How one record stands, in the numbers that are added up and compared over time."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from gatepost.book import Entry
from gatepost.check.results import RecordReport
from gatepost.records import FollowUp, Risk

__all__ = ["Standing", "standing_of"]


class Standing(NamedTuple):
    """What counts of one record."""

    id: str
    met: int
    asked: int
    """Gates that apply: met, not met, waived or unknown."""
    blocking: int
    """Findings that make the check fail."""
    exposure: int
    """The residual exposure of a risk that can still hurt; 0 for all else."""
    due: dt.date | None
    """The day by which something is owed."""
    states: dict[str, str]
    """How each gate stands, by its id."""


def standing_of(report: RecordReport, without: frozenset[str]) -> Standing:
    """Give what counts of one record's report.

    Args:
        report: the record's.
        without: the gates that do not count, by their ids.
    """
    judged = {name: outcome for name, outcome in report.outcomes.items() if name not in without}
    states: dict[str, str] = {name: outcome.state for name, outcome in judged.items()}
    said = list(states.values())
    record = report.entry.record if isinstance(report.entry, Entry) else None
    owed = isinstance(record, Risk | FollowUp) and record.is_live
    return Standing(
        report.id,
        said.count("pass"),
        len(said) - said.count("not-applicable"),
        sum(
            finding.effect == "block"
            for outcome in judged.values()
            if outcome.findings and outcome.state != "waived"
            for finding in outcome.findings
        ),
        record.exposure if isinstance(record, Risk) and owed else 0,
        record.due if isinstance(record, Risk | FollowUp) and owed else None,
        states,
    )
