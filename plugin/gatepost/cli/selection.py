"""A part of a report: some gates, some designs; and from which effect on it fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, get_args

import click

from gatepost.book import Entry
from gatepost.check import State
from gatepost.gates.policy_sound import ALWAYS_BLOCKS
from gatepost.report.counts import failing_findings

if TYPE_CHECKING:
    from gatepost.check import RecordReport, Report
    from gatepost.report.against import Against

__all__ = ["designs_named", "fails", "gate_named", "selected"]


def fails(report: Report, fail_on: str, against: Against | None = None) -> bool:
    """Tell whether a report has anything at least as grave as what was asked for; with `--new-only`, anything new."""
    if against is not None and against.new_only:
        return against.failing(fail_on) > 0
    return not report.passed or failing_findings(report, fail_on) > 0


def selected(report: Report, gates: Sequence[str] = (), designs: Sequence[str] = ()) -> Report:
    """Give the part of a report that is about some gates and some designs; all of it when none is named.

    That a record cannot be read stays in: it may be what such a gate would be about.

    Raises:
        click.UsageError: there is no such gate or design.
    """
    if not gates and not designs:
        return report
    wanted = frozenset(_gate(report, name) for name in gates)
    designs_named((report,), designs)
    records = [record for record in report.records if not designs or record.entry.design in designs]
    return replace(report, records=tuple(_only(record, wanted) for record in records))


def designs_named(reports: Sequence[Report], designs: Sequence[str]) -> frozenset[str]:
    """Give the designs that are asked for, each of which one of some reports has.

    Raises:
        click.UsageError: there is no such design.
    """
    known = {design.id for report in reports for design in report.book.designs}
    for name in designs:
        if name not in known:
            message = f"there is no design '{name}'; {_near(name, sorted(known), 'the designs are')}"
            raise click.UsageError(message)
    return frozenset(designs)


def _only(record: RecordReport, gates: frozenset[str]) -> RecordReport:
    if not gates:
        return record
    gates |= set() if isinstance(record.entry, Entry) else {ALWAYS_BLOCKS}
    return replace(record, outcomes={gate: one for gate, one in record.outcomes.items() if gate in gates})


def gate_named(report: Report, name: str, state: str = "") -> tuple[str, str]:
    """Give a gate's name, and the state that it is asked to be in; fail when none is named.

    Raises:
        click.UsageError: there is no such gate or state.
    """
    states = get_args(State)
    if state and state not in states:
        message = f"there is no state '{state}'; {_near(state, states, 'the states are')}"
        raise click.UsageError(message)
    return _gate(report, name), state or "fail"


def _gate(report: Report, name: str) -> str:
    gate = report.gates.find(name)
    if gate is None:
        message = f"there is no gate '{name}'; {_near(name, report.gates.names, '`gatepost explain` lists them:')}"
        raise click.UsageError(message)
    return gate.id


def _near(name: str, known: Sequence[str], otherwise: str) -> str:
    near = get_close_matches(name, known, n=1)
    return f"did you mean {near[0]}?" if near else f"{otherwise} {', '.join(known) or 'none'}"
