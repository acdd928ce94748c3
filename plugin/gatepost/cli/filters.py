"""Which records `gatepost list` takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost.book import Entry
from gatepost.records import AnyRecord, Decision, Design, FollowUp, Pipeline, Risk

if TYPE_CHECKING:
    from gatepost.check import RecordReport

__all__ = ["Filters"]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a record must match; a filter without values lets every record through."""

    today: dt.date
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    designs: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    gates: tuple[tuple[str, str], ...] = ()
    """Each a gate's name and the state that it must be in."""
    overdue: bool = False

    def match(self, record: RecordReport) -> bool:
        """Tell whether a record matches every filter."""
        entry = record.entry
        known = entry.record if isinstance(entry, Entry) else None
        return (
            _any(self.kinds, (entry.kind,))
            and _any(self.designs, (entry.design,))
            and _any(self.statuses, ("unread" if known is None else str(getattr(known, "status", "")),))
            and _any(self.stages, _stages(known))
            and _any(self.owners, _owners(known))
            and (not self.gates or any(_is_in(record, gate, state) for gate, state in self.gates))
            and (not self.overdue or _is_overdue(known, self.today))
        )


def _any(wanted: tuple[str, ...], found: Iterable[str]) -> bool:
    return not wanted or bool({one.casefold() for one in wanted} & {one.casefold() for one in found})


def _is_in(record: RecordReport, gate: str, state: str) -> bool:
    outcome = record.outcomes.get(gate)
    return outcome is not None and (outcome.state == state or (state == "fail" and outcome.is_failure))


def _stages(record: AnyRecord | None) -> tuple[str, ...]:
    match record:
        case Decision():
            return record.stages
        case Pipeline():
            return tuple(record.stages)
        case _:
            return ()


def _owners(record: AnyRecord | None) -> tuple[str, ...]:
    match record:
        case Decision():
            return record.decision_makers
        case Design():
            return record.owners
        case Risk() | FollowUp() | Pipeline():
            return (record.owner,) if record.owner else ()
        case _:
            return ()


def _is_overdue(record: AnyRecord | None, today: dt.date) -> bool:
    if record is None or (isinstance(record, Decision) and record.is_history):
        return False
    days = [waiver.until for waiver in record.waivers]
    if isinstance(record, Risk | FollowUp) and record.is_live and record.due:
        days.append(record.due)
    return any(day < today for day in days)
