"""What a recorded dry run measured and tried, held against the contract as it is today."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal, NamedTuple

from gatepost.pipeline import Contract, Promise
from gatepost.records import DryRun
from gatepost.records.expressions import Condition

__all__ = ["Limit", "asked_no_more", "broken_limits", "limits"]


class Limit(NamedTuple):
    """A condition of a gate, or of a rollback."""

    stage: str
    at: tuple[str | int, ...]
    condition: Condition
    judge: str
    """The stage that compares it: the gate itself; for a rollback the monitor that reads the metric, or empty."""
    calls_for: Literal["pass", "rollback"]

    @property
    def said(self) -> str:
        """What the stage does with it."""
        verb = "asks for" if self.calls_for == "pass" else "is rolled back when"
        return f"{self.stage} {verb} {self.condition}"


def broken_limits(record: DryRun, contract: Contract) -> Iterator[tuple[Limit, float]]:
    """Give the limits that a run without a fault did not keep, each with what was measured."""
    for limit in limits(contract):
        condition = limit.condition
        value = record.metric(limit.judge, condition.key) if limit.judge else None
        reference = record.metric(limit.judge, condition.reference) if condition.reference else 0.0
        if value is None or reference is None or not math.isfinite(reference):
            continue
        if condition.holds(value, reference) is (limit.calls_for == "rollback"):
            yield limit, value


def asked_no_more(record: DryRun, contract: Contract) -> list[str]:
    """Give the conditions that a run has tried, or could not try, and that the contract does not have any more."""
    today = {(one.stage, str(one.condition)) for one in limits(contract)}
    tried = [*((one.gate, one.condition) for one in record.probes)]
    tried += ((one.gate, one.condition) for one in record.not_probed)
    return [f"{condition} of {stage}" for stage, condition in dict.fromkeys(tried) if (stage, condition) not in today]


def limits(contract: Contract) -> Iterator[Limit]:
    """Give each condition of each gate and of each rollback."""
    for one in contract.promises.values():
        for index, condition in enumerate(one.stage.pass_):
            yield Limit(one.name, ("stages", one.name, "pass", index), condition, one.name, "pass")
        back = one.stage.rollback
        for index, condition in enumerate(back.when if back is not None else ()):
            at = ("stages", one.name, "rollback", "when", index)
            yield Limit(one.name, at, condition, _monitor(contract, one, condition), "rollback")


def _monitor(contract: Contract, promotion: Promise, condition: Condition) -> str:
    """Give the monitor behind a promotion that reads a metric from an artifact; empty when none does."""
    artifacts = contract.record.artifacts
    for one in contract.promises.values():
        if one.kind == "monitor" and promotion.name in contract.graph.ancestors(one.name):
            read = (artifacts[name].keys for name in one.stage.in_ if name in artifacts)
            if any(condition.key in keys for keys in read):
                return one.name
    return ""
