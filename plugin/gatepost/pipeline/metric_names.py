"""What a metric is about, by its name: how well a model predicts, what it costs to serve, or nobody can tell.

A name that nobody here knows says nothing, and nothing is concluded from it.
"""

from __future__ import annotations

import re
from typing import Final

from gatepost.records.expressions import Condition

__all__ = ["asks_for_quality", "is_beside_quality", "is_of_quality"]

_HIGHER: Final = frozenset(
    "auc auroc auprc roc accuracy acc precision recall f1 f2 fbeta fscore specificity sensitivity r2 ndcg mrr gini mcc "  # noqa: SIM905 - words read best as a text
    "kappa bleu rouge meteor bertscore iou miou dice".split()
)
"""Metrics of predictions that everybody computes from them alike, and of which more is better."""
_LOWER: Final = frozenset(
    "brier logloss rmse mse mae mape smape wape wmape mase rmsle perplexity wer cer ece nll pinball crps".split()  # noqa: SIM905 - the same
)
"""The same, of which less is better."""
_HOW: Final = frozenset(
    "macro micro weighted mean avg average score at top pr test val valid validation holdout heldout oot oof cv "  # noqa: SIM905 - the same
    "eval offline".split()
)
"""Words that say how such a metric is averaged, and on which part of the data."""
_OF_QUALITY: Final = (
    _HIGHER
    | _LOWER
    | frozenset(
        "calibration calibrated loss lift uplift profit agreement similarity fidelity faithfulness groundedness "  # noqa: SIM905 - the same
        "relevance correctness quality toxicity hallucination hallucinations harm bias fairness parity disparity odds "
        "regret reward elo win wins exact match correct solved success pass passed hit hits fpr tpr fnr tnr false true "
        "misclassified misclassification likelihood deviance absolute squared".split()
    )
)
"""Words of a metric that says how well, or how fairly, a model does."""
_BESIDE: Final = frozenset(
    "latency ms s sec secs seconds duration time size kb mb gb kib mib gib bytes memory ram vram cpu gpu throughput "  # noqa: SIM905 - the same
    "qps rps tps load loads loaded startup cold boot smoke health healthy uptime availability cost usd eur licence "
    "license vulnerabilities cves signature signed rows columns psi drift skew".split()
)
"""Words of a metric that says what serving costs, whether a package loads, or how the data have moved."""
_PERCENTILE: Final = re.compile(r"p\d{2,3}")
_PLACE: Final = re.compile(r"\d+|k|(?:fpr|tpr|k|p)\d+")
"""A word that says where on a curve, or in a list: `at 10`, `at fpr1`."""
_WORD: Final = re.compile(r"[a-z]+\d*|\d+")


def asks_for_quality(condition: Condition) -> bool:
    """Tell whether a condition plainly asks that predictions are good, by a metric that everybody computes alike.

    Each word of its name is known, so that `label_accuracy` and `champion.auc` are something else; and the limit is on
    the side of good, so that `auc <= 0.6`, which asks that two samples cannot be told apart, is, too.
    """
    words = _words(condition.metric)
    known = [word for word in words if word in _HIGHER or word in _LOWER]
    if not known or not all(word in known or word in _HOW or _PLACE.fullmatch(word) for word in words):
        return False
    return condition.operator in ({">", ">="} if known[0] in _HIGHER else {"<", "<="})


def is_of_quality(condition: Condition) -> bool:
    """Tell whether a condition is on a metric whose name speaks of how well a model does."""
    words = _words(condition.metric)
    return not _OF_QUALITY.isdisjoint(words) and not is_beside_quality(condition)


def is_beside_quality(condition: Condition) -> bool:
    """Tell whether a condition is on a metric whose name speaks of what serving costs, or of the data."""
    words = _words(condition.metric)
    return any(word in _BESIDE or _PERCENTILE.fullmatch(word) for word in words)


def _words(metric: str) -> list[str]:
    return _WORD.findall(metric.casefold())
