"""The gates: the conditions of the stage contract, word for word, and verdicts that later stages ask for."""

from __future__ import annotations

import math
import operator
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fraud.files import read_json, sha256, write_json
from fraud.outcome import Rejected

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

__all__ = ["GATES", "TAKE_BACK_WHEN", "Condition", "broken", "enforce", "met", "require", "unmet"]

GATES: Final[dict[str, tuple[str, ...]]] = {
    "data-gate": (
        "rows >= 3000",
        "days >= 7",
        "missing_rate <= 0",
        "duplicates <= 0",
        "card_numbers <= 0",
        "fraud_rate >= 0.005",
    ),
    "quality-gate": (
        "auc >= 0.9",
        "auc >= champion.auc - 0.005",
        "recall_at_fpr1 >= 0.4",
        "false_alarm_rate <= 0.02",
        "auc@amount_gt_40 >= 0.9",
        "auc@amount_gt_40 >= champion.auc@amount_gt_40 - 0.01",
    ),
    "latency-gate": ("p99_ms <= 20", "skew_max <= 0"),
    "shadow-gate": ("alert_rate <= 0.08", "alert_rate >= 0.01", "rules_alarms_shared >= 0.8"),
}
"""What each gate asks for."""

TAKE_BACK_WHEN: Final = (
    "p99_ms > 50",
    "alert_rate > 0.1",
    "chargeback_rate > 0.03",
    "bundle_intact < 1",
)
"""What takes traffic away from a release: the canary looks at the first two, the watch at all of them."""

_COMPARE: Final[dict[str, Callable[[float, float], bool]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_FORM: Final = re.compile(
    r"(?P<metric>[\w.@]+) (?P<sign>[<>]=?) (?:(?P<number>[\d.]+)|(?P<other>[a-z][\w.@]*) (?P<margin>[+-] [\d.]+))"
)


class Condition(NamedTuple):
    """`metric sign number`, or `metric sign other-metric ± margin`."""

    metric: str
    sign: str
    number: float
    """The limit; with another metric, the margin that is added to that."""
    other: str | None

    @classmethod
    def of(cls, text: str) -> Condition:
        """Read a condition.

        Raises:
            ValueError: it has another form.
        """
        match = _FORM.fullmatch(text)
        if match is None:
            message = f"{text!r} is no condition"
            raise ValueError(message)
        number = match["number"] or match["margin"].replace(" ", "")
        return cls(match["metric"], match["sign"], float(number), match["other"])

    def holds(self, metrics: Mapping[str, Any]) -> bool | None:
        """Tell whether it holds; None when a metric is missing, is no number or is not finite."""
        value = _number(metrics, self.metric)
        limit = _number(metrics, self.other) + self.number if self.other else self.number
        return _COMPARE[self.sign](value, limit) if math.isfinite(value) and math.isfinite(limit) else None


def unmet(conditions: Sequence[str], metrics: Mapping[str, Any]) -> list[str]:
    """Say which conditions of a gate do not hold; one that cannot be decided does not."""
    return [_told(text, metrics) for text in conditions if Condition.of(text).holds(metrics) is not True]


def broken(figures: Path, watched: Sequence[str]) -> list[str]:
    """Say which conditions for taking a release back hold in a file of figures."""
    return met(read_json(figures), watched)


def met(metrics: Mapping[str, Any], watched: Sequence[str]) -> list[str]:
    """Say which conditions for taking a release back hold, of those about watched metrics.

    One that cannot be decided is taken to hold: a metric that is not there is no good sign.
    """
    asked = [text for text in TAKE_BACK_WHEN if Condition.of(text).metric in watched]
    return [_told(text, metrics) for text in asked if Condition.of(text).holds(metrics) is not False]


def enforce(gate: str, metrics: Path, verdict: Path) -> None:
    """Hold a file of metrics to a gate, and write the verdict that later stages ask for.

    Raises:
        Rejected: a condition does not hold. No verdict is left, not even an older one.
    """
    verdict.unlink(missing_ok=True)
    found = unmet(GATES[gate], read_json(metrics))
    if found:
        raise Rejected("; ".join(found))
    write_json(verdict, _verdict(gate, metrics))


def require(gate: str, metrics: Path, verdict: Path, **about: Path) -> None:
    """Ask for the verdict of a gate on exactly these metrics, and that they are about exactly these files.

    Args:
        gate: the gate.
        metrics: what it has seen.
        verdict: what it has written.
        **about: files whose digests the metrics name, each under the key `NAME_sha256`.

    Raises:
        Rejected: the gate has not passed them, or they are about something else.
    """
    given = read_json(verdict) if verdict.exists() else None
    if not metrics.exists() or given != _verdict(gate, metrics):
        message = f"{gate} has not passed this {metrics.name}"
        raise Rejected(message)
    named = read_json(metrics)
    for name, path in about.items():
        if named.get(f"{name}_sha256") != sha256(path):
            message = f"{gate} has passed another {name} than this {path.name}"
            raise Rejected(message)


def _verdict(gate: str, metrics: Path) -> dict[str, Any]:
    return {"gate": gate, "met": list(GATES[gate]), "metrics_sha256": sha256(metrics)}


def _told(text: str, metrics: Mapping[str, Any]) -> str:
    condition = Condition.of(text)
    beside = f", {condition.other} {metrics.get(condition.other, 'missing')}" if condition.other else ""
    return f"{text}: found {metrics.get(condition.metric, 'missing')}{beside}"


def _number(metrics: Mapping[str, Any], name: str) -> float:
    value = metrics.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
