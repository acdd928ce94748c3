"""What became of risks and follow-ups: exposure, what was accepted and by whom, what is done, what was put off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

from gatepost.book import Entry
from gatepost.records import FollowUp, Risk

if TYPE_CHECKING:
    from gatepost.check.compare_pairs import Pair
    from gatepost.check.results import RecordReport, Report, State

__all__ = ["Acceptance", "FollowUpMove", "Promise", "RiskMove", "follow_up_moves", "open_exposure", "risk_moves"]

Promise = Literal["added", "done", "dropped", "reopened", "removed", "pushed-back", "brought-forward", "newly-overdue"]
"""What became of a follow-up; removed while it was still owed."""

R = TypeVar("R", Risk, FollowUp)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who accepted a risk, and whether that is within the policy."""

    by: str
    on: dt.date | None
    threshold: int
    """The exposure that the design's tier may accept without escalation."""
    decided_by: str
    """Who decided about the escalation, when there was one."""
    within_policy: State
    """How `risk-within-policy` stands on it; `not-applicable` when the gate is off."""


@dataclass(frozen=True, eq=False)
class RiskMove:
    """A risk of which the exposure, the status or the due date changed."""

    pair: Pair
    before: Risk | None
    after: Risk | None
    accepted: Acceptance | None = None
    """How it was accepted, when it was not before, or not at this exposure."""

    @property
    def exposures(self) -> tuple[int | None, int | None]:
        """The residual exposure on both sides; None where there is no such risk, or it cannot hurt any more."""
        one, two = (side.exposure if side and side.is_live else None for side in (self.before, self.after))
        return one, two


@dataclass(frozen=True, eq=False)
class FollowUpMove:
    """A follow-up, and one thing that became of it."""

    pair: Pair
    move: Promise
    due: dt.date | None = None
    days: int = 0
    """By how many days it was put off, or brought forward; for one that is overdue, for how long it has been."""


def open_exposure(side: Report, designs: frozenset[str] | None = None) -> int:
    """Give the sum of the residual exposures of all risks that can still hurt.

    Args:
        side: what checking gave.
        designs: the designs that count; all of them, and records of none, when left out.
    """
    risks = (entry for entry in side.book.of_kind("risk") if designs is None or entry.design in designs)
    return sum(entry.record.exposure for entry in risks if isinstance(entry.record, Risk) and entry.record.is_live)


def risk_moves(pairs: tuple[Pair, ...], after: Report) -> Iterator[RiskMove]:
    """Give the risks that were added or removed, or whose exposure, status or due date changed."""
    for pair in pairs:
        one, two = _record(pair.before, Risk), _record(pair.after, Risk)
        if one is None and two is None:
            continue
        if one is None or two is None or _told(one) != _told(two):
            yield RiskMove(pair, one, two, _acceptance(pair, one, two, after))


def _told(risk: Risk) -> tuple[object, ...]:
    return risk.exposure, risk.status, risk.due, risk.accepted_by


def _record(side: RecordReport | None, kind: type[R]) -> R | None:
    entry = side.entry if side else None
    return entry.record if isinstance(entry, Entry) and isinstance(entry.record, kind) else None


def _accepted(risk: Risk) -> tuple[object, ...]:
    return risk.exposure, risk.accepted_by


def _acceptance(pair: Pair, before: Risk | None, risk: Risk | None, report: Report) -> Acceptance | None:
    if risk is None or pair.after is None or risk.status != "accepted":
        return None
    if before is not None and (before.status, *_accepted(before)) == (risk.status, *_accepted(risk)):
        return None
    policy, design = report.book.policy, report.book.design(pair.after.entry.design)
    outcome = pair.after.outcomes.get("risk-within-policy")
    return Acceptance(
        by=risk.accepted_by or "",
        on=risk.accepted_on,
        threshold=policy.tier(design.tier if design else policy.default_tier).accepted_exposure,
        decided_by=(risk.escalation.decided_by or "") if risk.escalation else "",
        within_policy=outcome.state if outcome else "not-applicable",
    )


def follow_up_moves(pairs: tuple[Pair, ...], today: dt.date) -> Iterator[FollowUpMove]:
    """Give what became of follow-ups, judged on one day; one can be put off and be overdue all the same."""
    for pair in pairs:
        one, two = _record(pair.before, FollowUp), _record(pair.after, FollowUp)
        if one is None and two is None:
            continue
        if two is None:
            if one is not None and one.is_live and pair.after is None:
                yield FollowUpMove(pair, "removed", one.due)
            continue
        yield from _became(pair, one, two)
        late = _days_late(two, today)
        if late and not (one and _days_late(one, today)):
            yield FollowUpMove(pair, "newly-overdue", two.due, late)


def _became(pair: Pair, one: FollowUp | None, two: FollowUp) -> Iterator[FollowUpMove]:
    if one is None:
        if pair.before is None:
            yield FollowUpMove(pair, "added", two.due)
        return
    if one.status != two.status and not two.is_live:
        yield FollowUpMove(pair, "done" if two.status == "done" else "dropped", two.due)
    elif two.is_live and not one.is_live:
        yield FollowUpMove(pair, "reopened", two.due)
    elif two.is_live and one.due != two.due and one.due and two.due:
        days = (two.due - one.due).days
        yield FollowUpMove(pair, "pushed-back" if days > 0 else "brought-forward", two.due, abs(days))


def _days_late(record: FollowUp, today: dt.date) -> int:
    """Give for how many days it has been overdue."""
    return max(0, (today - record.due).days) if record.is_live and record.due else 0
