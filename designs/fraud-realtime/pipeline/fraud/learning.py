"""The stages that learn from payments and measure what was learned, in the order of time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fraud import metrics
from fraud.files import is_synthetic, read_json, sha256, write_json
from fraud.model import Model
from fraud.payments import LARGE, in_order, payments

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fraud.payments import Payment

__all__ = ["FALSE_ALARMS", "Parts", "evaluate", "measured", "train"]

FALSE_ALARMS: Final = 0.01
"""The share of honest payments that may be alarmed (ADR-0103)."""
_EARLY: Final = 0.7


class Parts:
    """A table of payments with its features: the early ones decide weights and threshold, the late ones measure both.

    A model of eight numbers barely fits itself to thousands of payments, so its threshold may be set on the same.
    """

    def __init__(self, table: list[Payment]) -> None:
        self.table = table
        self.rows = list(in_order(table))
        self.frauds = [one.fraud for one in table]
        self.early = slice(0, int(_EARLY * len(table)))
        self.late = slice(self.early.stop, len(table))

    def fit(self, **how: float) -> Model:
        """Learn from the early payments."""
        return Model.fit(self.rows[self.early], self.frauds[self.early], **how)


def train(source: Path, model: Path) -> None:
    """Fit the model; the file says what it learned from."""
    learned = Parts(payments(source)).fit()
    made_from = {"payments_sha256": sha256(source), "synthetic": is_synthetic(source)}
    write_json(model, {**learned.to_json(), **made_from})


def evaluate(model: Path, champion: Path, source: Path, report: Path) -> None:
    """Measure the candidate and the champion on the same late payments."""
    parts = Parts(payments(source))
    found = measured(Model.from_json(read_json(model)), parts)
    known = measured(Model.from_json(read_json(champion)), parts)
    against = {f"champion.{name}": known[name] for name in ("auc", "auc@amount_gt_40", "recall_at_fpr1")}
    write_json(report, {**found, **against, "model_sha256": sha256(model)})


def measured(model: Model, parts: Parts) -> dict[str, Any]:
    """Give the metrics of a model: ranking, and what happens at the threshold that the early payments give."""
    scores = [model.score(row) for row in parts.rows]
    threshold = round(metrics.threshold_at(_of(scores, parts, parts.early, fraud=0), FALSE_ALARMS), 6)
    late, frauds = scores[parts.late], parts.frauds[parts.late]
    large = [number for number, one in enumerate(parts.table[parts.late]) if one.amount > LARGE]
    bad = _of(scores, parts, parts.late, fraud=1)
    low, high = metrics.interval(bad, threshold) or (None, None)
    found = {
        "auc": metrics.auc(late, frauds),
        "auc@amount_gt_40": metrics.auc([late[n] for n in large], [frauds[n] for n in large]),
        "false_alarm_rate": metrics.share_above(_of(scores, parts, parts.late, fraud=0), threshold),
        "recall_at_fpr1": metrics.share_above(bad, threshold),
        "recall_high": high,
        "recall_low": low,
        "threshold": threshold,
    }
    return {name: None if value is None else round(value, 6) for name, value in found.items()}


def _of(scores: Sequence[float], parts: Parts, part: slice, *, fraud: int) -> list[float]:
    return [score for score, known in zip(scores[part], parts.frauds[part], strict=True) if known == fraud]
