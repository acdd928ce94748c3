"""What a metric is about, by its name: how well a model predicts, what it costs to serve, or nobody can tell.

A name that nobody here knows says nothing, and nothing is concluded from it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal

from gatepost.records.expressions import Condition

__all__ = [
    "Side",
    "asks_for_quality",
    "asks_of_another",
    "better",
    "better_served",
    "compares_with_another",
    "favours_another",
    "is_beside_quality",
    "is_for_bad",
    "is_for_good",
    "is_of_quality",
    "is_too_good",
    "of_the_replaced",
]

Side = Literal["higher", "lower", ""]

_HIGHER: Final = frozenset(
    "auc auroc auprc roc accuracy acc precision recall f1 f2 fbeta fscore specificity sensitivity r2 ndcg mrr gini mcc "  # noqa: SIM905 - words read best as a text
    "kappa bleu rouge meteor bertscore iou miou dice tpr tnr".split()
)
"""Metrics of predictions that everybody computes from them alike, and of which more is better."""
_LOWER: Final = frozenset(
    "brier logloss loss rmse mse mae mape smape wape wmape mase rmsle perplexity wer cer ece nll pinball crps fpr "  # noqa: SIM905 - the same
    "fnr".split()
)
"""The same, of which less is better."""
_HOW: Final = frozenset(
    "macro micro weighted mean avg average score at top pr test val valid validation holdout heldout oot oof cv "  # noqa: SIM905 - the same
    "eval offline overall total rate pct percent percentage cross entropy".split()
)
"""Words that say how such a metric is averaged or counted, and on which part of the data."""
_WRITTEN_OUT: Final = {
    "root_mean_squared_error": "rmse",
    "mean_squared_error": "mse",
    "mean_absolute_error": "mae",
    "log_loss": "logloss",
}
"""Metrics that many write out, of words that mean something else each by itself."""
_ONE: Final = {
    "auroc": "auc",
    "roc": "auc",
    "acc": "accuracy",
    "sensitivity": "recall",
    "tpr": "recall",
    "tnr": "specificity",
    "fscore": "f1",
    "loss": "logloss",
    "nll": "logloss",
}
"""Names of one metric."""
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
_GOOD: Final[dict[Side, frozenset[str]]] = {"higher": frozenset({">", ">="}), "lower": frozenset({"<", "<="})}
"""The operators of a limit on the better side."""
_TOO_GOOD: Final = 0.95
"""From here on a metric of at most 1 makes people look for a leak."""
_REPLACED: Final = frozenset({"champion", "incumbent", "baseline", "predecessor"})
"""How what a new model is to replace is called, before the name of its metric."""
_TIMES: Final = frozenset("ms s sec secs seconds us".split())  # noqa: SIM905 - the same
_SERVED: Final = frozenset(
    "serving scoring inference prediction predictions predict request requests response responses http rpc grpc api "  # noqa: SIM905 - the same
    "model endpoint service server online e2e".split()
)
"""Words that say what answers, or how it is asked."""
_TIMED: Final = frozenset({"latency", "ttft", "tpot"})
"""Words that say that it is timed, whatever the unit."""
_LATENCY: Final = _TIMES | _SERVED | _TIMED
"""Words of a metric that says how long an answer takes, beside its percentile."""
_LESS: Final = frozenset(
    "error errors timeout timeouts 5xx 500s toxicity hallucination hallucinations psi".split()  # noqa: SIM905 - the same
)
"""What nobody wants more of, whatever is served."""
_MORE: Final = frozenset({"availability", "uptime"})
"""What nobody wants less of."""
_OF_SERVING: Final[dict[Side, frozenset[str]]] = {"lower": _LESS, "higher": _MORE}
_COUNTED: Final = frozenset("rate share ratio fraction pct percent percentage count score".split())  # noqa: SIM905 - the same
"""Words that say how it is counted."""
_PERCENTILE: Final = re.compile(r"p\d{2,3}")
_PLACE: Final = re.compile(r"\d+|k|(?:fpr|tpr|k|p)\d+")
"""A word that says where on a curve, or in a list: `at 10`, `at fpr1`."""
_WORD: Final = re.compile(r"[a-z]+\d*|\d(?:xx|00s)(?![a-z])|\d+")


def asks_for_quality(condition: Condition) -> bool:
    """Tell whether a condition plainly asks that predictions are good, by a metric that everybody computes alike.

    Each word of its name is known, so that `label_accuracy` and `champion.auc` are something else; and the limit is on
    the side of good, so that `auc <= 0.6`, which asks that two samples cannot be told apart, is, too.
    """
    side = better(condition.metric)
    return bool(side) and condition.operator in _GOOD[side]


@lru_cache(maxsize=4096)
def better(metric: str) -> Side:
    """Tell on which side a metric is better that everybody computes alike from predictions; empty for any other."""
    words = _words(metric)
    known = [word for word in words if word in _HIGHER or word in _LOWER]
    if not known or not all(word in known or word in _HOW or _PLACE.fullmatch(word) for word in words):
        return ""
    return "higher" if known[0] in _HIGHER else "lower"


@lru_cache(maxsize=4096)
def better_served(metric: str) -> Side:
    """Tell the same of a metric of serving, too: latencies and errors are better lower, availability is higher."""
    words = set(_words(metric))
    if _is_latency(metric):
        return "lower"
    for side, known in _OF_SERVING.items():
        if not words.isdisjoint(known) and words <= known | _COUNTED | _SERVED:
            return side
    return better(metric)


def _is_latency(metric: str) -> bool:
    """Tell whether a metric says by its whole name how long an answer takes: `p99_ms`, `latency_p95_seconds`."""
    words = set(_words(metric))
    percentiles = {word for word in words if _PERCENTILE.fullmatch(word)}
    is_timed = bool(percentiles and words & _TIMES) or not words.isdisjoint(_TIMED)
    return is_timed and words <= _LATENCY | percentiles


def is_for_good(condition: Condition) -> bool:
    """Tell whether a condition has its limit on the side where its metric is better."""
    side = better_served(condition.metric)
    return bool(side) and condition.operator in _GOOD[side]


def is_for_bad(condition: Condition) -> bool:
    """Tell whether it has it on the other side, or excludes one number only; `errors == 0` does neither."""
    return bool(better_served(condition.metric)) and condition.operator != "==" and not is_for_good(condition)


def of_the_replaced(key: str) -> str:
    """Give the metric of what a new model is to replace, `auc` of `champion.auc`; empty for any other."""
    other, _, metric = key.replace("_", ".", 1).partition(".")
    return metric if other.casefold() in _REPLACED else ""


def favours_another(condition: Condition) -> bool:
    """Tell whether a condition asks that what is to be replaced is the better one: `champion.auc >= auc`."""
    metric = of_the_replaced(condition.key)
    side = better(metric.partition("@")[0])
    return condition.reference == metric and bool(side) and condition.operator in _GOOD[side]


def is_too_good(condition: Condition) -> bool:
    """Tell whether a limit on the bad side is one for what is too good to be true: `auc <= 0.995`."""
    side = better(condition.metric)
    if condition.reference is not None:
        return False
    return condition.number >= _TOO_GOOD if side == "higher" else condition.number <= 1 - _TOO_GOOD


def asks_of_another(condition: Condition) -> bool:
    """Tell whether a condition asks for quality of what a new model is compared with: `champion.auc >= 0.8`."""
    return bool(better(of_the_replaced(condition.key).partition("@")[0])) and condition.reference is None


def is_of_quality(condition: Condition) -> bool:
    """Tell whether a condition is on a metric whose name speaks of how well a model does."""
    words = _words(condition.metric)
    return not _OF_QUALITY.isdisjoint(words) and not is_beside_quality(condition)


def is_beside_quality(condition: Condition) -> bool:
    """Tell whether a condition is on a metric whose name speaks of what serving costs, or of the data."""
    words = _words(condition.metric)
    return any(word in _BESIDE or _PERCENTILE.fullmatch(word) for word in words)


def compares_with_another(condition: Condition) -> bool:
    """Tell whether a metric is compared with another one of what is replaced: `auc >= champion.recall`, ms with s."""
    other = of_the_replaced(condition.reference or "").partition("@")[0]
    if not other:
        return False
    kinds = [_kind(one) for one in (condition.metric, other)]
    units = [{word for word in _words(one) if word in _TIMES} for one in (condition.metric, other)]
    return any(one and two and one.isdisjoint(two) for one, two in (kinds, units))


def _kind(metric: str) -> set[str]:
    """Give the known words of a metric, each metric of several names by one of them."""
    words = set(_words(metric))
    if {"auc", "pr"} <= words or ("precision" in words and not words.isdisjoint({"average", "avg"})):
        return {"auprc"}
    return {_ONE.get(word, word) for word in words if word in _HIGHER | _LOWER}


def _words(metric: str) -> list[str]:
    name = metric.casefold()
    for long, short in _WRITTEN_OUT.items():
        name = name.replace(long, short)
    return _WORD.findall(name)
