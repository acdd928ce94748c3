"""Every documented limit of the worked designs is held to what their recorded dry runs measured and tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from shipped import CONTRACTS, data_of, page_of, recorded, report_of

from effort import first
from gatepost.records import DryRun
from gatepost.records.expressions import Condition, parse_condition

Told = Callable[[str, str, str], None]
MONITOR = "watch"
"""What the stage is called that holds a release to the limits of its rollback, in each of the three."""


class Limit(NamedTuple):
    """One condition of a contract, and where it is."""

    stage: str
    index: int
    condition: Condition
    is_rollback: bool

    def changed(self, data: dict[str, Any], instead: str | None) -> dict[str, Any]:
        """Give the contract with another condition in its place, or without it."""
        stage = data["stages"][self.stage]
        key, holder = ("when", stage["rollback"]) if self.is_rollback else ("pass", stage)
        conditions = [*holder[key][: self.index], *([instead] if instead else []), *holder[key][self.index + 1 :]]
        new = {**holder, key: conditions}
        own = {**stage, "rollback": new} if self.is_rollback else new
        return {**data, "stages": {**data["stages"], self.stage: own}}

    def measured(self, record: DryRun, key: str) -> float:
        """Give what the stage that judges the limit has measured."""
        found = record.metric(MONITOR if self.is_rollback else self.stage, key)
        assert found is not None, key
        return found

    def past(self, record: DryRun) -> str:
        """Give the condition with a limit that what was measured does not meet: stricter by a hundredth and more."""
        one = self.condition
        value = self.measured(record, one.key) - (self.measured(record, one.reference) if one.reference else 0.0)
        step = 0.01 * max(1.0, abs(value))
        up = (one.operator in {">", ">="}) is not self.is_rollback
        limit = value + step if up else value - step
        beside = f"{one.reference} {'-' if limit < 0 else '+'} {abs(limit):.6f}" if one.reference else f"{limit:.6f}"
        return f"{one.key} {one.operator} {beside}"


def limits(data: dict[str, Any]) -> Iterator[Limit]:
    """Give every condition of every gate and every rollback."""
    for name, stage in data["stages"].items():
        for index, text in enumerate(stage.get("pass", ())):
            yield Limit(name, index, parse_condition(text), is_rollback=False)
        for index, text in enumerate(stage.get("rollback", {}).get("when", ())):
            yield Limit(name, index, parse_condition(text), is_rollback=True)


def killers(name: str, data: dict[str, Any]) -> list[str]:
    """Give the gates that a changed contract does not meet, each with the first thing that it says."""
    versions = {f"designs/{name}/pipeline.md": page_of(data)}
    report = report_of(versions, *(f"{name}/{page}.md" for page in ("index", "pipeline", "evidence/dry-runs/*")))
    found = [one for one in report.findings if one.path in versions and one.effect == "block"]
    return [f"{one.gate.id}: {one.message}" for one in found]


@pytest.mark.parametrize("name", first(sorted(CONTRACTS)))
def test_the_shipped_contract_meets_every_gate_with_its_recorded_dry_run(name: str) -> None:
    """What is changed below is sound before."""
    assert killers(name, data_of(name)) == []


@pytest.mark.parametrize("name", first(sorted(CONTRACTS)))
def test_a_limit_past_what_was_measured_is_found_by_the_measured_value(name: str, told: Told) -> None:
    """Each condition of each gate and each rollback: the finding names it, and what the dry run measured."""
    data, record = data_of(name), recorded(name)
    found = {}
    for limit in limits(data):
        condition = limit.past(record)
        killed_by = killers(name, limit.changed(data, condition))
        found[f"{limit.stage}: {limit.condition} becomes {condition}"] = killed_by
        value = limit.measured(record, limit.condition.key)
        verb = "is rolled back when" if limit.is_rollback else "asks for"
        wanted = (
            f"dry-run-passed: {limit.stage} {verb} {condition}, but the dry run of {record.date} measured {value:g}"
        )
        assert wanted in killed_by, killed_by
    for what, killed_by in found.items():
        told(name, what, killed_by[0])
    assert len(found) > 13


@pytest.mark.parametrize("name", first(sorted(CONTRACTS)))
def test_a_condition_that_is_dropped_is_missed_by_the_recorded_dry_run(name: str, told: Told) -> None:
    """Others remain in the gate, and the dry run that tried the one that is gone names it.

    Whoever drops it and runs the dry run again is not stopped, for a semantic reason: the code still asks for it, so it
    lets through no more than the contract says.
    """
    data = data_of(name)
    found = {}
    for limit in limits(data):
        changed = limit.changed(data, None)
        killed_by = killers(name, changed)
        found[f"{limit.stage}: without {limit.condition}"] = killed_by
        assert any(f"{limit.condition} of {limit.stage}" in one for one in killed_by), killed_by
    for what, killed_by in found.items():
        told(name, what, killed_by[0])
