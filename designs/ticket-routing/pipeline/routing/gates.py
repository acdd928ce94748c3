"""The gates: conditions in the words of the stage contract, and verdicts that the next stage asks for."""

from __future__ import annotations

import math
import operator
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from routing.files import read_json, sha256, write_json
from routing.outcome import Rejected

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

__all__ = ["GATES", "WITHDRAW_WHEN", "Condition", "breaches", "enforce", "require", "unmet"]

GATES: Final[dict[str, tuple[str, ...]]] = {
    "data-gate": (
        "rows >= 1200",
        "smallest_queue_share >= 0.05",
        "unknown_queues <= 0",
        "pii_hits <= 0",
        "eval_overlap <= 0",
    ),
    "quality-gate": (
        "macro_f1 >= 0.85",
        "macro_f1 >= champion.macro_f1 - 0.01",
        "macro_f1@lang_es >= 0.75",
        "macro_f1@lang_de >= 0.75",
        "macro_f1@short >= 0.65",
        "f1@worst_queue >= 0.75",
        "general_ratio >= 0.95",
        "triage_share <= 0.25",
    ),
    "safety-gate": ("sensitive_misroutes <= 0", "sensitive_cases >= 120"),
    "smoke-gate": (
        "load_ok >= 1",
        "licence_allowed >= 1",
        "probe_differences <= 0",
        "size_kb <= 512",
        "p95_ms <= 25",
    ),
}
"""What each gate asks for, word for word as in the contract."""

WITHDRAW_WHEN: Final = (
    "reroute_rate > 0.15",
    "late_escalations > 2",
    "triage_share > 0.4",
    "bundle_intact < 1",
)
"""What ends a release that is in production, word for word as in the contract."""

_COMPARE: Final[dict[str, Callable[[float, float], bool]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_FORM: Final = re.compile(
    r"(?P<metric>[\w.@]+) (?P<operator>[<>]=?) "
    r"(?:(?P<number>[\d.]+)|(?P<reference>[a-z][\w.@]*)(?: (?P<sign>[+-]) (?P<margin>[\d.]+))?)"
)


class Condition(NamedTuple):
    """`metric operator number`, or `metric operator other-metric ± margin`."""

    metric: str
    operator: str
    number: float
    """The limit, or the signed margin when there is a reference."""
    reference: str | None
    text: str

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
        number = match["number"] or f"{match['sign'] or ''}{match['margin'] or 0}"
        return cls(match["metric"], match["operator"], float(number), match["reference"], text)

    def holds(self, metrics: Mapping[str, Any]) -> bool | None:
        """Tell whether it holds; None when a metric is missing, is no number, or is not finite."""
        value = _number(metrics, self.metric)
        base = _number(metrics, self.reference) if self.reference else 0.0
        if not (math.isfinite(value) and math.isfinite(base)):
            return None
        return _COMPARE[self.operator](value, base + self.number if self.reference else self.number)


def unmet(conditions: Sequence[str], metrics: Mapping[str, Any]) -> list[str]:
    """Say which conditions do not hold; one that cannot be decided does not."""
    return [_told(text, metrics) for text in conditions if not Condition.of(text).holds(metrics)]


def breaches(conditions: Sequence[str], metrics: Mapping[str, Any]) -> list[str]:
    """Say which conditions of a withdrawal hold; one that cannot be decided is taken to hold."""
    return [_told(text, metrics) for text in conditions if Condition.of(text).holds(metrics) is not False]


def enforce(gate: str, metrics: Path, verdict: Path) -> None:
    """Hold the metrics of a file to the conditions of a gate, and write down that they met them.

    Raises:
        Rejected: a condition does not hold. No verdict is left then, not even an older one.
    """
    verdict.unlink(missing_ok=True)
    found = unmet(GATES[gate], read_json(metrics))
    if found:
        raise Rejected("; ".join(found))
    write_json(verdict, {"gate": gate, "met": list(GATES[gate]), "metrics_sha256": sha256(metrics)})


def require(gate: str, metrics: Path, verdict: Path) -> None:
    """Ask for the verdict of a gate on exactly these metrics, so that nobody walks around it.

    Raises:
        Rejected: the gate has not passed them, or has asked for something else then.
    """
    given = read_json(verdict) if verdict.exists() else {}
    wanted = {"gate": gate, "met": list(GATES[gate]), "metrics_sha256": sha256(metrics)}
    if given != wanted:
        message = f"{gate} has not passed this {metrics.name}"
        raise Rejected(message)


def _told(text: str, metrics: Mapping[str, Any]) -> str:
    condition = Condition.of(text)
    found = metrics.get(condition.metric, "missing")
    beside = f" with {condition.reference} {metrics.get(condition.reference, 'missing')}" if condition.reference else ""
    return f"{text}: found {found}{beside}"


def _number(metrics: Mapping[str, Any], name: str) -> float:
    value = metrics.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
