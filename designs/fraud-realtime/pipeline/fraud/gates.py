"""The gates: the limits of the stage contract, in code. Nothing but a finite number passes."""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fraud.files import digest, read, write
from fraud.outcome import Rejected

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["CANARY", "DATA", "LATENCY", "QUALITY", "SHADOW", "WATCH", "Limit", "broken", "enforce", "require"]

_HOLDS: Final[dict[str, Callable[[float, float], bool]]] = {">=": operator.ge, "<=": operator.le}


class Limit(NamedTuple):
    """One condition, in the words of the contract."""

    metric: str
    sign: str
    number: float
    reference: str | None = None

    def __str__(self) -> str:
        if self.reference is None:
            return f"{self.metric} {self.sign} {self.number:g}"
        return f"{self.metric} {self.sign} {self.reference} {'-' if self.number < 0 else '+'} {abs(self.number):g}"


DATA: Final = (Limit("rows", ">=", 1500), Limit("missing_rate", "<=", 0.01), Limit("raw_cards", "<=", 0))
QUALITY: Final = (
    Limit("auc", ">=", 0.85),
    Limit("recall_at_fpr1", ">=", 0.3),
    Limit("auc@amount_gt_40", ">=", 0.75),
    Limit("auc", ">=", -0.005, "champion.auc"),
)
LATENCY: Final = (Limit("p99_ms", "<=", 20), Limit("skew_max", "<=", 0))
SHADOW: Final = (Limit("alert_rate", "<=", 0.2),)
CANARY: Final = (Limit("p99_ms", "<=", 50), Limit("alert_rate", "<=", 0.1))
WATCH: Final = (Limit("chargeback_rate", "<=", 0.004), Limit("alert_rate", "<=", 0.1))


def broken(limits: tuple[Limit, ...], metrics: dict[str, Any]) -> list[str]:
    """Say which limits the metrics break."""
    found = []
    for limit in limits:
        value = _number(metrics, limit.metric)
        base = _number(metrics, limit.reference) if limit.reference else 0.0
        if not (math.isfinite(value) and math.isfinite(base)):
            found.append(f"{limit}: {metrics.get(limit.metric)!r} is no finite number")
        elif not _HOLDS[limit.sign](value, base + limit.number):
            found.append(f"{limit}: found {value:g}")
    return found


def _number(metrics: dict[str, Any], name: str) -> float:
    value = metrics.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan


def enforce(limits: tuple[Limit, ...], metrics: Path, verdict: Path) -> None:
    """Hold a file of metrics to limits, and write the verdict that later stages ask for.

    Raises:
        Rejected: a limit is broken.
    """
    verdict.unlink(missing_ok=True)
    found = broken(limits, read(metrics))
    if found:
        raise Rejected("; ".join(found))
    write(verdict, {"met": [str(one) for one in limits], "metrics_sha256": digest(metrics)})


def require(verdict: Path, metrics: Path) -> None:
    """Ask for the verdict on exactly these metrics.

    Raises:
        Rejected: the gate has not passed them.
    """
    if not verdict.exists() or read(verdict)["metrics_sha256"] != digest(metrics):
        message = f"{verdict.stem} has not passed this {metrics.name}"
        raise Rejected(message)
