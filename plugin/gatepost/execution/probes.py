"""Threshold probing: each documented condition at its limit, beside it, without its metrics, and with NaN."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final, Literal, NamedTuple

from gatepost.execution.release import Release, outcome_of
from gatepost.execution.setup import Orders
from gatepost.execution.task import Report, Setting, Step, Task
from gatepost.pipeline import Promise
from gatepost.records.dry_run import NotProbed, Probe
from gatepost.records.expressions import Condition

__all__ = ["Probing", "answered", "probes"]

_NEAR: Final = 1e-6
"""How far beside a limit a metric is set, for limits up to 1; for larger ones this share of the limit."""
_PASS: Final = 0
_REJECT: Final = 10
_CALLS: Final = frozenset({10, 11, 75})
"""How a monitor may answer that does not see its signal: each of them calls its handler."""
_NO_FILE: Final = "no JSON file that it reads lists the metric"
_MEASURED: Final = "no stage reads it from a file: what watches the release measures it itself"
_NO_REFERENCE: Final = "{reference} is in no JSON file that it reads"

Metrics = dict[str, float | None]


class _Judge(NamedTuple):
    """Who holds metrics against conditions: a gate, or a promotion whose rollback they start."""

    name: str
    conditions: tuple[Condition, ...]
    calls_for: Literal["pass", "rollback"]
    monitors: tuple[Promise, ...] = ()
    """For a promotion: what watches it with a command of its own."""
    gate: Promise | None = None

    def by(self, orders: Orders, condition: Condition) -> Promise | None:
        """Give the stage whose command judges a condition; None when Gatepost does."""
        if self.gate is not None:
            return self.gate if self.gate.name in orders.commands else None
        return next((one for one in self.monitors if orders.file_of(one, condition.key)), None)

    def expected(self, metrics: Mapping[str, float | None]) -> Literal["pass", "reject"]:
        """Give what the contract promises; a metric that is not there is never let pass."""
        held = [one.holds(*(_number(metrics, key) for key in (one.key, one.reference))) for one in self.conditions]
        if self.calls_for == "pass":
            return "pass" if all(held) else "reject"
        known = (key for one in self.conditions for key in _of(one) if key in metrics)
        return "reject" if any(held) or any(math.isnan(_number(metrics, key)) for key in known) else "pass"


class Probing(NamedTuple):
    """One value that is tried."""

    judge: str
    condition: Condition
    calls_for: Literal["pass", "rollback"]
    value: str
    """What was set to what."""
    is_number: bool
    is_between: bool
    """Whether it is a fraction, and the metric is a count."""
    expected: Literal["pass", "reject"]
    task: Task | None
    """The command that judges; None where Gatepost does."""


def probes(orders: Orders, release: Release, setting: Setting) -> Iterator[Probing | NotProbed]:
    """Give the values to try for each condition of each gate and each rollback, or why none can be tried.

    Args:
        orders: what was run.
        release: a clean release, whose folder before each gate is the basis.
        setting: what the commands see.
    """
    for judge in _judges(orders):
        for index, condition in enumerate(judge.conditions):
            by = judge.by(orders, condition)
            measured = release.measured.get(by.name if by else judge.name, {})
            reason = _cannot(orders, judge, by, condition, measured)
            if reason:
                yield NotProbed(gate=judge.name, condition=str(condition), reason=reason)
                continue
            is_count = by is not None and (by.name, condition.key) in release.whole and _is_whole(condition)
            for place, (key, value) in enumerate(_values(condition, measured, is_count=is_count)):
                metrics = _metrics(judge, condition, (key, value), measured)
                task = None
                if by is not None:
                    step = _step(orders, by, judge.conditions, metrics)
                    task = Task(f"{judge.name}\0{index}\0{place}", release.before[by.name], setting, (step,))
                shown = _shown(value) if key == condition.key else f"{key} {_shown(value)}"
                is_number, expected = value is not None and math.isfinite(value), judge.expected(metrics)
                is_between = is_count and is_number and not float(value or 0).is_integer()
                yield Probing(judge.name, condition, judge.calls_for, shown, is_number, is_between, expected, task)


def _judges(orders: Orders) -> Iterator[_Judge]:
    stages = orders.contract.promises.values()
    for one in stages:
        back = one.stage.rollback
        if one.kind == "gate":
            yield _Judge(one.name, one.stage.pass_, "pass", gate=one)
        elif one.kind == "promote" and back is not None:
            after = (other for other in stages if other.kind == "monitor" and other.name in orders.commands)
            watching = tuple(other for other in after if one.name in orders.contract.graph.ancestors(other.name))
            yield _Judge(one.name, back.when, "rollback", watching)


def _cannot(
    orders: Orders, judge: _Judge, by: Promise | None, condition: Condition, measured: Mapping[str, float]
) -> str:
    if by is None:
        return "" if judge.gate is not None else _MEASURED
    if orders.file_of(by, condition.key) is None:
        return _NO_FILE
    if condition.reference and condition.reference not in measured:
        return _NO_REFERENCE.format(reference=condition.reference)
    return ""


def _is_whole(condition: Condition) -> bool:
    return condition.reference is None and float(condition.number).is_integer()


def _values(
    condition: Condition, measured: Mapping[str, float], *, is_count: bool
) -> Iterator[tuple[str, float | None]]:
    """Give the limit, both sides of it, NaN and absence; then NaN and absence of what it is compared with.

    For a count that is both sides at a whole number, too.
    """
    limit = condition.number
    if condition.reference:
        limit = _reference(condition, measured) + condition.number
    step = _NEAR * max(1.0, abs(limit))
    for value in (limit, limit - step, limit + step, math.nan, None):
        yield condition.key, value
    if is_count:
        yield from ((condition.key, limit - 1), (condition.key, limit + 1))
    if condition.reference:
        yield from ((condition.reference, math.nan), (condition.reference, None))


def _reference(condition: Condition, measured: Mapping[str, float]) -> float:
    """Give a reference so large, or so small, that the other limits of the metric are met where this one is."""
    value = measured.get(condition.key, math.nan)
    other = measured.get(condition.reference or "", math.nan)
    return value if math.isfinite(value) else other if math.isfinite(other) else 0.0


def _metrics(
    judge: _Judge, condition: Condition, tried: tuple[str, float | None], measured: Mapping[str, float]
) -> Metrics:
    """Give the metrics with one of them set, and the references of the other conditions out of the way."""
    key, value = tried
    metrics: Metrics = dict(measured)
    if condition.reference and key == condition.key:
        metrics[condition.reference] = _reference(condition, measured)
    metrics[key] = value
    for other in judge.conditions:
        is_beside = other is not condition and other.key == condition.key and other.reference != condition.reference
        if is_beside and other.reference and key == condition.key and value is not None and math.isfinite(value):
            away = 1.0 + abs(other.number)
            is_met_above = (other.operator in {">", ">="}) is (judge.calls_for == "pass")
            metrics[other.reference] = value - away if is_met_above else value + away
    return metrics


def _of(condition: Condition) -> tuple[str, ...]:
    return (condition.key, condition.reference) if condition.reference else (condition.key,)


def _number(metrics: Mapping[str, float | None], key: str | None) -> float:
    found = metrics.get(key) if key else 0.0
    return math.nan if found is None else found


def _step(orders: Orders, by: Promise, conditions: tuple[Condition, ...], metrics: Metrics) -> Step:
    """Give a stage's own command on metrics that are written into its files before."""
    files: dict[str, Metrics] = {}
    for condition in conditions:
        own = orders.file_of(by, condition.key)
        if own is not None and condition.key in metrics:
            files.setdefault(own, {})[condition.key] = metrics[condition.key]
        reference = condition.reference
        other = (orders.file_of(by, reference) or own) if reference else None
        if reference and other is not None and reference in metrics:
            files.setdefault(other, {})[reference] = metrics[reference]
    written = tuple((path, tuple(values.items())) for path, values in files.items())
    return Step(by.name, orders.commands[by.name], orders.seconds(by), metrics=written, told=orders.told(by))


def _shown(value: float | None) -> str:
    return "absent" if value is None else "NaN" if math.isnan(value) else f"{value:.12g}"


def answered(probing: Probing, report: Report | None) -> Probe:
    """Say whether a gate or a monitor answered as documented; Gatepost's own answer is the documented one."""
    known = {_PASS: "pass", _REJECT: "reject" if probing.calls_for == "pass" else "calls for a rollback"}
    code = report.ended[-1][1].code if report and report.ended else None
    wanted = frozenset({_PASS if probing.expected == "pass" else _REJECT})
    if probing.calls_for == "rollback" and not probing.is_number and probing.expected == "reject":
        wanted = _CALLS
    missed = report.missed if report else ""
    outcome = missed or (known.get(code) or outcome_of(code) if code is not None else probing.expected)
    return Probe(
        gate=probing.judge,
        condition=str(probing.condition),
        calls_for=probing.calls_for,
        value=probing.value,
        expected=probing.expected,
        outcome=outcome,
        passed=not missed and (code is None or code in wanted),
        by="gatepost" if report is None else "command",
    )
