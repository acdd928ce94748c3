"""Threshold probing: each documented condition at its limit, beside it, without its metric, and with NaN."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final, Literal, NamedTuple

from gatepost.execution.release import Release, outcome_of
from gatepost.execution.setup import Orders
from gatepost.execution.task import Report, Setting, Step, Task
from gatepost.pipeline import Promise
from gatepost.records.dry_run import Probe
from gatepost.records.expressions import Condition

__all__ = ["Probing", "answered", "probes"]

_NEAR: Final = 1e-6
"""How far beside a limit a metric is set, for limits up to 1; for larger ones this share of the limit."""
_PASS: Final = 0
_REJECT: Final = 10


class Probing(NamedTuple):
    """One value that is tried."""

    gate: str
    condition: Condition
    value: float | None
    """What the metric is set to; None for absent."""
    expected: Literal["pass", "reject"]
    task: Task | None
    """The gate's own command; None for a gate without one, which Gatepost judges."""


def probes(orders: Orders, release: Release, setting: Setting) -> Iterator[Probing]:
    """Give the values to try for each condition of each gate whose metrics lie in files.

    Args:
        orders: what was run.
        release: a clean release, whose folder before each gate is the basis.
        setting: what the commands see.
    """
    for gate in orders.contract.guards:
        for index, condition in enumerate(gate.stage.pass_):
            path = orders.file_of(gate, condition.key)
            if path is None and gate.name in orders.commands:
                continue
            for place, value in enumerate(_values(condition, release.metrics)):
                metrics = _metrics(gate, condition, value, release.metrics)
                expected: Literal["pass", "reject"] = "pass" if _holds(gate, metrics) else "reject"
                task = None
                if gate.name in orders.commands:
                    steps = (_step(orders, gate, metrics),)
                    task = Task(f"{gate.name}\0{index}\0{place}", release.before[gate.name], setting, steps)
                yield Probing(gate.name, condition, value, expected, task)


def _values(condition: Condition, measured: Mapping[str, float]) -> Iterator[float | None]:
    """Give the limit, both sides of it, NaN and absence."""
    limit = condition.number
    if condition.reference:
        limit = _reference(condition, measured) + condition.number
    step = _NEAR * max(1.0, abs(limit))
    yield from (limit, limit - step, limit + step, math.nan, None)


def _reference(condition: Condition, measured: Mapping[str, float]) -> float:
    """Give a reference so large, or so small, that the other limits of the metric are met where this one is."""
    value = measured.get(condition.key, math.nan)
    other = measured.get(condition.reference or "", math.nan)
    return value if math.isfinite(value) else other if math.isfinite(other) else 0.0


def _metrics(
    gate: Promise, condition: Condition, value: float | None, measured: Mapping[str, float]
) -> dict[str, float | None]:
    """Give the metrics of a gate with one of them set, and the references of its other conditions out of the way."""
    metrics: dict[str, float | None] = dict(measured)
    metrics[condition.key] = value
    if condition.reference:
        metrics[condition.reference] = _reference(condition, measured)
    for other in gate.stage.pass_:
        is_beside = other is not condition and other.key == condition.key and other.reference != condition.reference
        if is_beside and other.reference and value is not None and math.isfinite(value):
            away = 1.0 + abs(other.number)
            metrics[other.reference] = value - away if other.operator in {">", ">="} else value + away
    return metrics


def _holds(gate: Promise, metrics: Mapping[str, float | None]) -> bool:
    """Tell what the contract promises: every condition of the gate is met."""

    def value(key: str | None) -> float:
        found = metrics.get(key) if key else 0.0
        return math.nan if found is None else found

    return all(one.holds(value(one.key), value(one.reference)) for one in gate.stage.pass_)


def _step(orders: Orders, gate: Promise, metrics: Mapping[str, float | None]) -> Step:
    """Give the gate's own command on metrics that are written into its files before."""
    files: dict[str, dict[str, float | None]] = {}
    for condition in gate.stage.pass_:
        own = orders.file_of(gate, condition.key)
        if own is not None and condition.key in metrics:
            files.setdefault(own, {})[condition.key] = metrics[condition.key]
        reference = condition.reference
        other = (orders.file_of(gate, reference) or own) if reference else None
        if reference and other is not None and reference in metrics:
            files.setdefault(other, {})[reference] = metrics[reference]
    written = tuple((path, tuple(values.items())) for path, values in files.items())
    words, told = orders.commands[gate.name], (("GATEPOST_STAGE", gate.name),)
    return Step(gate.name, words, orders.seconds(gate), metrics=written, told=told)


def answered(probing: Probing, report: Report | None) -> Probe:
    """Say whether a gate answered as documented; Gatepost's own answer is the documented one."""
    code = report.ended[-1][1].code if report else None
    wanted = _PASS if probing.expected == "pass" else _REJECT
    outcome = {_PASS: "pass", _REJECT: "reject"}.get(code, outcome_of(code)) if code is not None else probing.expected
    return Probe(
        gate=probing.gate,
        condition=str(probing.condition),
        value="absent" if probing.value is None else "NaN" if math.isnan(probing.value) else f"{probing.value:.12g}",
        expected=probing.expected,
        outcome=outcome,
        passed=code is None or code == wanted,
        by="gatepost" if code is None else "command",
    )
