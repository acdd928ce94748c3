"""The gates: what a metric must be before the run goes on. Nothing but a finite number passes."""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from churn.files import read_json, sha256, write_json
from churn.outcome import Rejected

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["CAMPAIGN_LIMITS", "DATA_GATE", "PUBLISH_GATE", "QUALITY_GATE", "Limit", "breaches", "enforce", "require"]

_COMPARE: Final[dict[str, Callable[[float, float], bool]]] = {">=": operator.ge, "<=": operator.le}


class Limit(NamedTuple):
    """One condition of a gate, in the words of the stage contract."""

    metric: str
    operator: str
    number: float
    reference: str | None = None
    """The metric compared with; `number` is then the margin that is added to it."""

    def breach(self, metrics: Mapping[str, Any]) -> str | None:
        """Say how the metrics break the condition, or None when they meet it."""
        value, base = _number(metrics, self.metric), 0.0
        if self.reference is not None:
            base = _number(metrics, self.reference)
        if not (math.isfinite(value) and math.isfinite(base)):
            return f"{self}: {self.metric} is {metrics.get(self.metric)!r}, which is no finite number to compare"
        if _COMPARE[self.operator](value, base + self.number):
            return None
        return f"{self}: found {value}"

    def __str__(self) -> str:
        if self.reference is None:
            return f"{self.metric} {self.operator} {self.number:g}"
        return f"{self.metric} {self.operator} {self.reference} {'-' if self.number < 0 else '+'} {abs(self.number):g}"


DATA_GATE: Final = (
    Limit("rows", ">=", 1500),
    Limit("missing_rate", "<=", 0.01),
    Limit("late_events", "<=", 0),
    Limit("duplicate_ids", "<=", 0),
    Limit("raw_identifiers", "<=", 0),
)
QUALITY_GATE: Final = (
    Limit("auc", ">=", 0.72),
    Limit("brier", "<=", 0.18),
    Limit("auc", ">=", -0.01, reference="champion.auc"),
    Limit("auc@tenure_lt_12m", ">=", 0.68),
    Limit("auc@tenure_lt_12m", ">=", -0.02, reference="champion.auc@tenure_lt_12m"),
)
PUBLISH_GATE: Final = (
    Limit("psi_score", "<=", 0.2),
    Limit("rows_scored", ">=", 500),
)
CAMPAIGN_LIMITS: Final = (
    Limit("opt_out_rate", "<=", 0.02),
    Limit("rows_served", ">=", 500),
)


def enforce(limits: tuple[Limit, ...], metrics: Path, verdict: Path) -> None:
    """Hold the metrics of a file to the limits, and write the verdict that later stages ask for.

    Raises:
        Rejected: at least one limit is broken, or its metric is missing or is not a number.
    """
    verdict.unlink(missing_ok=True)
    found = breaches(limits, read_json(metrics))
    if found:
        raise Rejected("; ".join(found))
    write_json(verdict, {"met": [str(limit) for limit in limits], "metrics_sha256": sha256(metrics)})


def require(verdict: Path, metrics: Path) -> None:
    """Ask for the verdict on exactly these metrics, so that no stage can be run around its gate.

    Raises:
        Rejected: the gate has not passed them.
    """
    if not verdict.exists() or read_json(verdict)["metrics_sha256"] != sha256(metrics):
        message = f"{verdict.stem} has not passed this {metrics.name}"
        raise Rejected(message)


def breaches(limits: tuple[Limit, ...], metrics: Mapping[str, Any]) -> list[str]:
    """Say how the metrics break the limits, one sentence for each that is broken."""
    return [breach for limit in limits if (breach := limit.breach(metrics)) is not None]


def _number(metrics: Mapping[str, Any], name: str) -> float:
    """Give a metric, or NaN when it is missing or is something else than a number."""
    value = metrics.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
