"""The model: a logistic regression, trained by full-batch descent, so that equal data gives equal bytes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from fraud.payments import FEATURES, features

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["auc", "fit", "recall_at", "score", "split", "threshold_at"]

_ROUNDS: Final = 240
_RATE: Final = 4.0
_DECAY: Final = 1e-4


def split(payments: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Give the payments to learn from and those to measure on: the later third, as in real life."""
    ordered = sorted(payments, key=lambda one: one["id"])
    at = len(ordered) * 2 // 3
    return ordered[:at], ordered[at:]


def fit(payments: Sequence[dict[str, Any]], times: float = 6.0) -> dict[str, Any]:
    """Learn weights; a fraud counts `times` as often as another payment (ADR-0106)."""
    rows = [features(one) for one in payments]
    target = [one["fraud"] for one in payments]
    mass = [times if one else 1.0 for one in target]
    whole = math.fsum(mass)
    weights, bias = [0.0] * len(FEATURES), 0.0
    for _ in range(_ROUNDS):
        error = [
            m * (_sigmoid(math.fsum(w * x for w, x in zip(weights, row, strict=True)) + bias) - y)
            for row, y, m in zip(rows, target, mass, strict=True)
        ]
        slope = [math.fsum(e * row[i] for e, row in zip(error, rows, strict=True)) / whole for i in range(len(weights))]
        weights = [w - _RATE * (s + _DECAY * w) for w, s in zip(weights, slope, strict=True)]
        bias -= _RATE * math.fsum(error) / whole
    return {"features": list(FEATURES), "weights": [round(one, 9) for one in weights], "bias": round(bias, 9)}


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))


def score(model: dict[str, Any], payment: dict[str, Any]) -> float:
    """Give the chance that a payment is a fraud, between 0 and 1."""
    found = features(payment)
    return _sigmoid(math.fsum(w * x for w, x in zip(model["weights"], found, strict=True)) + model["bias"])


def auc(scores: Sequence[float], target: Sequence[int]) -> float:
    """Give the area under the ROC curve; NaN when one class is absent."""
    good = sorted(one for one, fraud in zip(scores, target, strict=True) if not fraud)
    bad = [one for one, fraud in zip(scores, target, strict=True) if fraud]
    if not good or not bad:
        return math.nan
    wins = 0.0
    for one in bad:
        below = sum(1 for other in good if other < one)
        wins += below + sum(1 for other in good if other == one) / 2
    return wins / (len(good) * len(bad))


def threshold_at(scores: Sequence[float], target: Sequence[int], share: float) -> float:
    """Give the threshold at which at most a share of the honest payments are alarmed."""
    good = sorted((one for one, fraud in zip(scores, target, strict=True) if not fraud), reverse=True)
    return good[int(share * len(good))]


def recall_at(scores: Sequence[float], target: Sequence[int], threshold: float) -> float:
    """Give the share of frauds above a threshold."""
    bad = [one for one, fraud in zip(scores, target, strict=True) if fraud]
    return sum(1 for one in bad if one > threshold) / len(bad) if bad else math.nan
