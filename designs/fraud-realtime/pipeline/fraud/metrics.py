"""What is measured of scores; None where there is nothing to measure on, which no gate lets pass."""

from __future__ import annotations

import math
import random
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["SEED", "auc", "interval", "p99", "share_above", "threshold_at"]

SEED: Final = 11
"""Of the resampling; nothing else here draws lots."""
_RESAMPLES: Final = 200


def auc(scores: Sequence[float], frauds: Sequence[int]) -> float | None:
    """Give the chance that a fraud scores higher than an honest payment; ties count half."""
    honest = sorted(score for score, fraud in zip(scores, frauds, strict=True) if not fraud)
    bad = [score for score, fraud in zip(scores, frauds, strict=True) if fraud]
    if not honest or not bad:
        return None
    wins = math.fsum((bisect_left(honest, one) + bisect_right(honest, one)) / 2 for one in bad)
    return wins / (len(honest) * len(bad))


def threshold_at(honest: Sequence[float], share: float) -> float:
    """Give the score above which at most this share of the honest payments lies."""
    return sorted(honest, reverse=True)[int(share * len(honest))]


def share_above(scores: Sequence[float], threshold: float) -> float | None:
    """Give the share of scores above a threshold."""
    return sum(score > threshold for score in scores) / len(scores) if scores else None


def interval(scores: Sequence[float], threshold: float) -> tuple[float, float] | None:
    """Give where nine in ten resampled shares above a threshold lie."""
    if not scores:
        return None
    draw = random.Random(SEED)  # noqa: S311 - resampling, no secret
    hits = [score > threshold for score in scores]
    shares = sorted(sum(draw.choices(hits, k=len(hits))) / len(hits) for _ in range(_RESAMPLES))
    return shares[_RESAMPLES // 20], shares[-_RESAMPLES // 20 - 1]


def p99(seconds: Sequence[float]) -> float | None:
    """Give the time that 99 in 100 answers stay within, in milliseconds."""
    ordered = sorted(seconds)
    return 1000 * ordered[math.ceil(0.99 * len(ordered)) - 1] if ordered else None
