"""Gates that ask for a bad model, or that only what is to be replaced is good."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatepost.pipeline.contract import Contract, Promise
from gatepost.pipeline.lineage import Judgement, Lineage
from gatepost.pipeline.metric_names import (
    asks_of_another,
    better,
    favours_another,
    is_for_bad,
    is_of_quality,
    is_too_good,
    of_the_replaced,
)
from gatepost.pipeline.quality import Brought, is_before_training
from gatepost.pipeline.trace import path_to
from gatepost.pipeline.violation import Violation, listed
from gatepost.records.expressions import Condition

__all__ = ["asked_against"]


def asked_against(contract: Contract, lineage: Lineage, promotions: Sequence[Brought]) -> Iterator[Violation]:
    """Find gates that ask for a bad model: `auc <= 0.85`, and those that ask only what is to be replaced to be good.

    Only metrics that everybody computes alike are looked at, and only where they were measured on what is promoted. A
    limit against what is too good to be true has its place beside one that asks for good.

    Args:
        contract: what is looked at.
        lineage: its artifacts.
        promotions: those to production, each with a gate that has measured what it brings.
    """
    told: set[tuple[str, int]] = set()
    gates = {gate.name: lineage.judgements(gate) for brought in promotions for gate in brought.gates}
    turned = {name: [one for one in found if _is_turned(one.condition)] for name, found in gates.items()}
    own = {name: [one for one in found if not asks_of_another(one.condition)] for name, found in gates.items()}
    for brought in promotions:
        for gate in brought.gates:
            for condition in _touching(brought, turned[gate.name]):
                index = gate.stage.pass_.index(condition)
                is_meant = not favours_another(condition) and _has_its_place(brought, gate, condition)
                if not is_meant and (gate.name, index) not in told and not is_before_training(contract, brought, gate):
                    told.add((gate.name, index))
                    yield _against(contract, gate.name, index, condition)
        if any(_touching(brought, own[gate.name]) for gate in brought.gates):
            continue
        others = [(gate.name, one) for gate in brought.gates for one in _touching(brought, gates[gate.name])]
        if others:
            keys = tuple(dict.fromkeys(one.key for _, one in others))
            yield _of_the_replaced(contract, brought, others[0][0], keys, lineage.named(brought.models))


def _touching(brought: Brought, judgements: Sequence[Judgement]) -> list[Condition]:
    """Give the conditions that were measured on what is promoted."""
    return [one.condition for one in judgements if not brought.models.isdisjoint(one.measured)]


def _is_turned(condition: Condition) -> bool:
    """Tell whether a condition has its limit on the bad side, or prefers what is to be replaced."""
    return bool(better(condition.metric) and is_for_bad(condition)) or favours_another(condition)


def _has_its_place(brought: Brought, gate: Promise, condition: Condition) -> bool:
    """Tell whether a limit on the bad side stands beside one that asks for good.

    On all of the data that is one of the same metric, unless it is for what is too good to be true. On a part of them,
    such as members of the training data that nobody should be able to tell, any limit of quality is.
    """
    if condition.key in brought.asked:
        return True
    if condition.slice is None:
        return is_too_good(condition)
    return bool(brought.asked) or any(is_of_quality(one) for one in gate.stage.pass_ if one != condition)


def _against(contract: Contract, name: str, index: int, condition: Condition) -> Violation:
    metric, key = condition.metric, condition.key
    if favours_another(condition):
        metric, key = str(condition.reference).partition("@")[0], str(condition.reference)
    more = "more" if better(metric) == "higher" else "less"
    message = f"the gate {name} asks for {condition}, and of {key} {more} is better"
    turned = ">=" if more == "more" else "<="
    hint = f"write {turned}; a limit for what is too good to be true stands beside one that asks for good"
    path = path_to(contract, name, f"{name} pass", "the worse it is")
    return Violation("judged", message, hint, ("stages", name, "pass", index), condition.text, path)


def _of_the_replaced(contract: Contract, brought: Brought, gate: str, keys: tuple[str, ...], what: str) -> Violation:
    name, own = brought.promotion.name, of_the_replaced(keys[0])
    message = f"{name} brings {what}, and its gates ask for {listed(keys)} alone, of what it replaces"
    hint = f"ask for a metric of {what}, too, or compare it: `{own} >= {keys[0]}`"
    path = path_to(contract, name, f"{name} ok", f"whatever {what} is worth")
    return Violation("judged", message, hint, ("stages", gate, "pass"), f"{name} {keys[0]}", path)
