"""Limits that say nothing: a condition that holds, or fails, whatever is measured; and limits that are turned round."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from gatepost.pipeline.contract import Contract
from gatepost.pipeline.metric_names import better, better_served, compares_with_another, is_for_bad, is_for_good
from gatepost.pipeline.trace import path_to
from gatepost.pipeline.violation import Violation
from gatepost.records.expressions import Condition, Operator
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
_APART: Final = 20
"""So many times a limit up to 1, another one of the same share is in percent."""

_MIRRORED: Final[dict[Operator, Operator]] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_ALWAYS: Final = "holds whatever is measured"
_NEVER: Final = "never holds"
_WHATEVER: Final = "whatever was measured"
_HINT: Final = "correct the limit, or call the metric otherwise if it is another one"


def empty_gates(contract: Contract) -> Iterator[Violation]:
    """Find conditions of gates that no measured value can miss, or none can meet, and those turned round."""
    stages = contract.record.stages
    good = {one.key for stage in stages.values() for one in stage.pass_ if is_for_good(one)}
    fractions = {one.key for stage in stages.values() for one in stage.pass_ if _shows_a_fraction(one)}
    limits = _limits(contract)
    for name, stage in stages.items():
        for index, condition in enumerate(stage.pass_):
            earlier = next((one for one in stage.pass_[:index] if _excludes(one, condition)), None)
            if why := says_nothing(condition) or _gives_way(condition, fractions) or _scale_of(condition, limits):
                path = path_to(contract, name, f"{name} {'pass' if why == _ALWAYS else 'reject'}", _WHATEVER)
                message, hint = f"the gate {name} asks for {condition}, which {why}", _HINT
            elif earlier is not None:
                path = path_to(contract, name, f"{name} reject", _WHATEVER)
                message = f"the gate {name} asks for {earlier} and for {condition}, which no value meets"
                hint = "a gate passes when all of its conditions hold: remove one, or turn it round"
            elif _is_served_badly(contract, name, condition) and condition.key not in good:
                path = path_to(contract, name, f"{name} pass", "the worse it is")
                message = f"the gate {name} asks for {condition}, and {_wanted(condition)}"
                hint = "turn it round, or put a limit on the other side beside it"
            else:
                continue
            yield Violation("judged", message, hint, ("stages", name, "pass", index), condition.text, path)


def empty_triggers(contract: Contract) -> Iterator[Violation]:
    """Find conditions of rollbacks that are always met, or never, or by a release that does well."""
    limits = _limits(contract)
    for name, stage in contract.record.stages.items():
        when = stage.rollback.when if stage.rollback else ()
        bad = {one.key for one in when if is_for_bad(one)}
        for index, condition in enumerate(when):
            why = says_nothing(condition) or _is_met_by_all(condition, when[:index]) or _scale_of(condition, limits)
            hint = _HINT
            message = f"{name} rolls back when {condition}, which {why}"
            if not why and is_for_good(condition) and condition.key not in bad:
                why, hint = _wanted(condition), "turn it round: `when` says what is a breach"
                message = f"{name} rolls back when {condition}, and {why}"
            if why:
                path = path_to(contract, name, f"{name} breach", _WHATEVER)
                at = ("stages", name, "rollback", "when", index)
                yield Violation("rollback-complete", message, hint, at, condition.text, path)


def _wanted(condition: Condition) -> str:
    return f"of {condition.key} {'more' if better_served(condition.metric) == 'higher' else 'less'} is better"


def _is_met_by_all(condition: Condition, earlier: Sequence[Condition]) -> str:
    """Tell whether a trigger is met whatever is measured, by itself or where those before it are not."""
    if better_served(condition.metric) == "lower" and condition.reference is None and condition.operator in {">", ">="}:
        is_below = condition.number < 0 or (condition.number == 0 and condition.operator == ">=")
        if is_below:
            return _ALWAYS
    mirrored = replace(condition, operator=_MIRRORED[condition.operator])
    for one in earlier:
        if _excludes(replace(one, operator=_MIRRORED[one.operator]), mirrored):
            return f"is met wherever {one} is not: each value is a breach"
    return ""


def _is_served_badly(contract: Contract, gate: str, condition: Condition) -> bool:
    """Tell whether a gate asks for slow answers or for errors, unless that is the reason to train anew."""
    if better(condition.metric) or not is_for_bad(condition):
        return False
    graph = contract.graph
    return all(contract.promises[one].kind != "train" for one in graph.members(graph.later[graph.number[gate]]))


def _limits(contract: Contract) -> dict[str, Condition]:
    """Give for each metric the lowest limit between 0 and 1 that a gate or a rollback sets it."""
    found: dict[str, Condition] = {}
    for stage in contract.record.stages.values():
        for one in (*stage.pass_, *(stage.rollback.when if stage.rollback else ())):
            if _shows_a_fraction(one) and one.number <= found.get(one.metric, one).number:
                found[one.metric] = one
    return found


def _scale_of(condition: Condition, limits: dict[str, Condition]) -> str:
    """Tell whether a limit of a share is in percent, and another one of the same metric is not."""
    other = limits.get(condition.metric)
    if other is None or condition.reference is not None or condition.number <= 1:
        return ""
    is_share = _bounded(condition.metric) is not None or _words(condition.metric)[-1] == "rate"
    return f"is on another scale than {other}" if is_share and condition.number >= _APART * other.number else ""


def _shows_a_fraction(condition: Condition) -> bool:
    return condition.reference is None and 0 < condition.number < 1


def _gives_way(condition: Condition, fractions: set[str]) -> str:
    """Tell whether a margin is as wide as the range of a metric, which another limit shows to go up to 1."""
    if (
        condition.reference is None
        or condition.key not in fractions
        or _bounded(condition.metric) in {None, *_UNCAPPED}
    ):
        return ""
    wide = condition.number <= -1 if condition.operator in {">", ">="} else condition.number >= 1
    return _ALWAYS if wide and condition.operator not in {"==", "!="} else ""


def _excludes(one: Condition, other: Condition) -> bool:
    """Tell whether two conditions on one metric cannot both be met."""
    if (one.key, one.reference) != (other.key, other.reference):
        return False
    if "==" in {one.operator, other.operator}:
        fixed, free = (one, other) if one.operator == "==" else (other, one)
        return not free.holds(fixed.number)
    low, high = (one, other) if one.operator in {">", ">="} else (other, one)
    if low.operator not in {">", ">="} or high.operator not in {"<", "<="}:
        return False
    is_open = low.operator == ">" or high.operator == "<"
    return low.number > high.number or (low.number == high.number and is_open)


def says_nothing(condition: Condition) -> str:
    """Tell why a condition on a metric of a known range decides nothing; empty when it may, or when nobody can know.

    Known is what everybody computes alike, by its name. Rates, ratios and counts are left alone: a growth rate may be
    below zero. A metric compared with itself is known whatever it is called.
    """
    if condition.reference == condition.key:
        return _ALWAYS if condition.holds(0.0) else _NEVER
    if compares_with_another(condition):
        return "compares one metric with another"
    name = _bounded(condition.metric)
    if name is None or condition.reference is not None:
        return ""
    if condition.number < 0 or (condition.number == 0 and condition.operator in {">=", "<"}):
        return _ALWAYS if condition.operator in {">", ">=", "!="} else _NEVER
    if _is_in_percent(condition) and name not in _UNCAPPED and condition.number <= 1:
        return _ALWAYS if condition.operator in {">", ">=", "!="} else _NEVER
    if _is_too_much(name, condition):
        return _ALWAYS if condition.operator in {"<", "<=", "!="} else _NEVER
    return ""


def _is_too_much(name: str, condition: Condition) -> bool:
    """Tell whether a metric passes a limit on no scale: 100, or 1 up to the half that chance gives in percent."""
    number, is_open = condition.number, condition.operator in {">", "<="}
    if name in _UNCAPPED:
        return False
    if name in _ABOVE_CHANCE and not _is_in_percent(condition) and number <= _HALF:
        return number > 1 or (number == 1 and is_open)
    return number > _MOST or (number == _MOST and is_open)


def _is_in_percent(condition: Condition) -> bool:
    return not IN_PERCENT.isdisjoint(_words(condition.metric))


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
