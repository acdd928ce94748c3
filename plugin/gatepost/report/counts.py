"""The numbers of a report that every format ends with."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gatepost.records import KINDS

if TYPE_CHECKING:
    from gatepost.check.results import Report

__all__ = ["FAIL_ON", "Counts", "counted", "counts_of", "failing_findings"]

FAIL_ON: Final[dict[str, frozenset[str]]] = {
    "block": frozenset({"block"}),
    "open": frozenset({"block", "open"}),
    "advise": frozenset({"block", "open", "advise"}),
}
"""For the least grave effect that is to fail a check: all effects that do."""
_PLURAL: Final = {"policy": "policies"}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of each thing a report has."""

    records: int
    """Files that are records or should have been."""
    kinds: dict[str, int]
    """The same by kind, in the order of the kinds; `page` for those that do not say what they are."""
    unread: int
    """Those that could not be read."""
    met: int
    """Gates met on every record that they apply to."""
    asked: int
    """Gates that apply to any record."""
    blocking: int
    """Findings that fail the check."""
    open: int
    """Findings on proposed decisions, which must be mended before they are accepted."""
    advice: int
    """Findings that are advice."""
    waived: int
    """Gates set aside on a record by a waiver in force."""
    unknown: int
    """Gates that could not be decided here, each on one record."""
    muted: int
    """Gates that were not asked because their record cannot be read."""

    def sentence(self) -> str:
        """Say all of it in one sentence."""
        kinds = ", ".join(counted(number, kind) for kind, number in self.kinds.items())
        return (
            f"Looked at {counted(self.records, 'record')} ({kinds}), could not read {self.unread}; "
            f"{self.met} of {counted(self.asked, 'gate')} met; "
            f"{self.blocking} blocking, {self.open} open, {self.advice} advice, "
            f"{self.waived} waived, {self.unknown} unknown, {self.muted} muted."
        )


def counted(number: int, noun: str) -> str:
    """Write a number with its noun: `1 record`, `2 policies`."""
    return f"{number} {noun}" if number == 1 else f"{number} {_PLURAL.get(noun, f'{noun}s')}"


def failing_findings(report: Report, fail_on: str) -> int:
    """Give how many findings are at least as grave as what is to fail the check."""
    return sum(finding.effect in FAIL_ON[fail_on] for finding in report.findings)


def counts_of(report: Report) -> Counts:
    """Count what a report has."""
    kinds = Counter(record.entry.kind for record in report.records)
    effects = Counter(finding.effect for finding in report.findings)
    met, asked = report.gates_met
    return Counts(
        records=len(report.records),
        kinds={kind: kinds[kind] for kind in (*KINDS, "page") if kinds[kind]},
        unread=report.unread,
        met=met,
        asked=asked,
        blocking=effects["block"],
        open=effects["open"],
        advice=effects["advise"],
        waived=len(report.waived),
        unknown=report.states["unknown"],
        muted=report.muted,
    )
