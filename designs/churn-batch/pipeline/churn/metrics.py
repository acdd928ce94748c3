"""Metrics of scores between 0 and 1. A metric that is not defined on its data is NaN, never a guess."""

from __future__ import annotations

import math
from bisect import bisect_right
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["auc", "auc_interval", "brier", "calibration_error", "decile_edges", "psi", "psi_of_samples"]

_BINS: Final = 10
_FLOOR: Final = 1e-4
"""Share that an empty bin counts as, so that the stability index stays finite."""


def auc(scores: Sequence[float], outcomes: Sequence[int]) -> float:
    """Give the area under the ROC curve, ties counting half; NaN when one class is absent."""
    positives = sum(outcomes)
    negatives = len(outcomes) - positives
    if not positives or not negatives:
        return math.nan
    ranks, start = 0.0, 1
    pairs = sorted(zip(scores, outcomes, strict=True))
    for _, group in groupby(pairs, key=lambda pair: pair[0]):
        tied = [outcome for _, outcome in group]
        ranks += sum(tied) * (start + (len(tied) - 1) / 2)
        start += len(tied)
    return (ranks - positives * (positives + 1) / 2) / (positives * negatives)


def auc_interval(scores: Sequence[float], outcomes: Sequence[int], seed: int, draws: int = 200) -> tuple[float, float]:
    """Give the 2.5 % and 97.5 % points of the AUC over seeded bootstrap samples."""
    import random  # noqa: PLC0415 - the one metric that draws; nothing else waits for it

    source = random.Random(seed)  # noqa: S311 - a reproducible sample, not a secret
    size = len(scores)
    values = []
    for _ in range(draws):
        chosen = source.choices(range(size), k=size)
        values.append(auc([scores[i] for i in chosen], [outcomes[i] for i in chosen]))
    values.sort()
    return values[int(0.025 * draws)], values[int(0.975 * draws) - 1]


def brier(scores: Sequence[float], outcomes: Sequence[int]) -> float:
    """Give the mean squared distance between scores and outcomes; NaN without data."""
    if not scores:
        return math.nan
    return math.fsum((score - outcome) ** 2 for score, outcome in zip(scores, outcomes, strict=True)) / len(scores)


def calibration_error(scores: Sequence[float], outcomes: Sequence[int]) -> float:
    """Give the expected calibration error over ten bins of equal size; NaN without data."""
    pairs = sorted(zip(scores, outcomes, strict=True))
    if not pairs:
        return math.nan
    cuts = [round(len(pairs) * i / _BINS) for i in range(_BINS + 1)]
    bins = [pairs[low:high] for low, high in pairwise(cuts) if low < high]
    return math.fsum(abs(math.fsum(s - o for s, o in part)) for part in bins) / len(pairs)


def decile_edges(scores: Sequence[float]) -> list[float]:
    """Give the nine edges that cut the scores into ten bins of equal size."""
    ordered = sorted(scores)
    return [round(ordered[len(ordered) * i // _BINS], 6) for i in range(1, _BINS)]


def psi(edges: Sequence[float], scores: Sequence[float]) -> float:
    """Give the population stability index of `scores` against a reference cut into deciles at `edges`.

    NaN without data: an empty week is not a stable one.
    """
    return _index([1 / _BINS] * _BINS, _shares(edges, scores)) if scores else math.nan


def psi_of_samples(reference: Sequence[float], sample: Sequence[float]) -> float:
    """Give the population stability index of a sample against another; values may repeat, as counts do."""
    if not reference or not sample:
        return math.nan
    edges = sorted(set(decile_edges(reference)))
    return _index(_shares(edges, reference), _shares(edges, sample))


def _shares(edges: Sequence[float], values: Sequence[float]) -> list[float]:
    counts = [0] * (len(edges) + 1)
    for value in values:
        counts[bisect_right(edges, value)] += 1
    return [max(count / len(values), _FLOOR) for count in counts]


def _index(expected: Sequence[float], found: Sequence[float]) -> float:
    return math.fsum((now - then) * math.log(now / then) for then, now in zip(expected, found, strict=True))
