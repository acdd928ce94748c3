"""Limits that say nothing: a condition that holds, or fails, whatever is measured."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gatepost.pipeline.contract import Contract
from gatepost.pipeline.trace import path_to
from gatepost.pipeline.violation import Violation
from gatepost.records.expressions import Condition
from gatepost.records.units import IN_PERCENT

__all__ = ["empty_gates", "empty_triggers", "says_nothing"]

_BOUNDED: Final = frozenset(
    "auc auroc auprc accuracy precision recall f1 specificity sensitivity brier share".split()  # noqa: SIM905 - words read best as a text
)
"""Metrics that everybody computes alike: from 0 to 1, or from 0 to 100 where they are written in percent."""
_ABOVE_CHANCE: Final = frozenset({"auc", "auroc"})
"""Those of which chance gives a half, so that no limit between 1 and 50 means anything on either scale."""
_UNCAPPED: Final = frozenset({"brier", "share"})
"""Those that some compute or mean otherwise: over several classes, of a stock."""
_SUFFIXES: Final = frozenset({"macro", "micro", "weighted", "score", *IN_PERCENT})
_DIFFERENCES: Final = frozenset(
    "delta diff difference change gain loss lift drop gap shift growth relative vs minus net swing margin".split()  # noqa: SIM905 - the same
)
"""Words of a metric that compares two others, and may be below zero."""
_WORD: Final = re.compile(r"[a-z0-9]+")
_MOST: Final = 100.0
_HALF: Final = 50.0

_ALWAYS: Final = "holds whatever is measured"
_NEVER: Final = "never holds"
_WHATEVER: Final = "whatever was measured"
_HINT: Final = "correct the limit, or call the metric otherwise if it is another one"


def empty_gates(contract: Contract) -> Iterator[Violation]:
    """Find conditions of gates that no measured value can miss, or none can meet."""
    for name, stage in contract.record.stages.items():
        for index, condition in enumerate(stage.pass_):
            if why := says_nothing(condition):
                path = path_to(contract, name, f"{name} {'pass' if why == _ALWAYS else 'reject'}", _WHATEVER)
                message = f"the gate {name} asks for {condition}, which {why}"
                yield Violation("judged", message, _HINT, ("stages", name, "pass", index), condition.text, path)


def empty_triggers(contract: Contract) -> Iterator[Violation]:
    """Find conditions of rollbacks that are always met, or never."""
    for name, stage in contract.record.stages.items():
        for index, condition in enumerate(stage.rollback.when if stage.rollback else ()):
            if why := says_nothing(condition):
                path = path_to(contract, name, f"{name} breach", _WHATEVER)
                message = f"{name} rolls back when {condition}, which {why}"
                at = ("stages", name, "rollback", "when", index)
                yield Violation("rollback-complete", message, _HINT, at, condition.text, path)


def says_nothing(condition: Condition) -> str:
    """Tell why a condition on a metric of a known range decides nothing; empty when it may, or when nobody can know.

    Known is what everybody computes alike, by its name. Rates, ratios and counts are left alone: a growth rate may be
    below zero. A metric compared with itself is known whatever it is called.
    """
    if condition.reference == condition.key:
        return _ALWAYS if condition.holds(0.0) else _NEVER
    name = _bounded(condition.metric)
    if name is None or condition.reference is not None:
        return ""
    if condition.number < 0 or (condition.number == 0 and condition.operator in {">=", "<"}):
        return _ALWAYS if condition.operator in {">", ">=", "!="} else _NEVER
    if _is_too_much(name, condition):
        return _ALWAYS if condition.operator in {"<", "<=", "!="} else _NEVER
    return ""


def _is_too_much(name: str, condition: Condition) -> bool:
    """Tell whether a metric passes a limit on no scale: 100, or 1 up to the half that chance gives in percent."""
    number, is_open = condition.number, condition.operator in {">", "<="}
    if name in _UNCAPPED:
        return False
    is_in_percent = not IN_PERCENT.isdisjoint(_words(condition.metric))
    if name in _ABOVE_CHANCE and not is_in_percent and number <= _HALF:
        return number > 1 or (number == 1 and is_open)
    return number > _MOST or (number == _MOST and is_open)


def _bounded(metric: str) -> str | None:
    """Give the word that says which known metric this is: the last one, or the one before `at`, `top`, `macro`."""
    words = _words(metric)
    if _DIFFERENCES & set(words):
        return None
    for index, word in enumerate(words):
        rest = words[index + 1 :]
        if word in _BOUNDED and (not rest or rest[0] in {"at", "top"} or set(rest) <= _SUFFIXES):
            return word
    return None


def _words(metric: str) -> list[str]:
    return _WORD.findall(metric.casefold())
