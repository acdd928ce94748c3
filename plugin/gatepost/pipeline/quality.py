"""Is quality, where a gate asks for it, asked of what is promoted?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gatepost.pipeline.contract import Contract, Promise
from gatepost.pipeline.lineage import Judgement, Lineage
from gatepost.pipeline.metric_names import asks_for_quality
from gatepost.pipeline.trace import path_to
from gatepost.pipeline.violation import Violation, listed

__all__ = ["Brought", "asked_of_another", "brought_by", "is_before_training", "is_known", "measuring"]


class Brought(NamedTuple):
    """What a promotion to production brings, and the gates before it."""

    promotion: Promise
    core: frozenset[str]
    """What a gate has to judge."""
    models: frozenset[str]
    """What of it, and of what is packaged with it, predicts."""
    gates: tuple[Promise, ...]
    asked: frozenset[str]
    """The metrics of quality that the gates plainly ask of these models."""


def brought_by(lineage: Lineage, promotion: Promise, core: frozenset[str], gates: tuple[Promise, ...]) -> Brought:
    """Give what a promotion brings, with what its gates ask of it."""
    models = lineage.predicting(promotion)
    judgements = (one for gate in gates for one in lineage.judgements(gate))
    touching = (one.condition for one in judgements if not models.isdisjoint(one.measured))
    asked = frozenset(one.key for one in touching if asks_for_quality(one))
    return Brought(promotion, core, models, gates, asked)


def asked_of_another(
    contract: Contract, lineage: Lineage, promotions: Sequence[Brought], told: set[str]
) -> Iterator[Violation]:
    """Find gates that plainly ask for quality, and measure it on no model that is promoted.

    One that training waits for may judge what is there before: the model that is to be replaced. Of a model that comes
    from outside the predictions may come from there, too. What is asked of the promoted model as well, by whatever
    gate, may be asked of others. A gate before several promotions has its place when it has one before some of them.

    Args:
        contract: what is looked at.
        lineage: its artifacts.
        promotions: those to production, each with a gate that has measured what it brings.
        told: the gates that are told already that they judge something else; those that are told here are added.
    """
    every = [one for one in contract.promises.values() if one.kind == "promote"]
    models = lineage.models(frozenset().union(*map(lineage.promoted, every)))
    before: dict[str, list[tuple[Brought, Promise]]] = {}
    for brought in promotions:
        for gate in brought.gates:
            before.setdefault(gate.name, []).append((brought, gate))
    for name, pairs in before.items():
        if name in told:
            continue
        if all(_wrong(contract, lineage, one, gate, models) for one, gate in pairs):
            told.add(name)
            wrong = _wrong(contract, lineage, *pairs[0], models)
            yield _of_nothing_promoted(contract, lineage, *pairs[0], wrong)


def _wrong(
    contract: Contract, lineage: Lineage, brought: Brought, gate: Promise, models: frozenset[str]
) -> list[Judgement]:
    """Give the conditions by which a gate asks for quality of nothing promoted; none where that is its place."""
    if not brought.models or is_before_training(contract, brought, gate):
        return []
    return [
        one
        for one in lineage.judgements(gate)
        if models.isdisjoint(one.measured)
        and asks_for_quality(one.condition)
        and one.condition.key not in brought.asked
        and is_known(lineage, brought, one)
    ]


def _of_nothing_promoted(
    contract: Contract, lineage: Lineage, brought: Brought, gate: Promise, wrong: list[Judgement]
) -> Violation:
    """Tell what conditions that ask for quality were measured on, and what is promoted."""
    what, name = lineage.named(brought.models), brought.promotion.name
    keys = list(dict.fromkeys(one.condition.key for one in wrong))
    others = lineage.named(lineage.models(frozenset().union(*(one.measured for one in wrong))), "and")
    how = f"on {others}" if others else f"without {what}"
    were = "was" if len(keys) == 1 else "were"
    message = f"the gate {gate.name} asks for {listed(keys)}, which {were} measured {how}, and {name} brings {what}"
    at = ("stages", gate.name, "pass", gate.stage.pass_.index(wrong[0].condition))
    path = path_to(contract, gate.name, f"{gate.name} pass", f"whatever {what} is worth")
    return Violation("judged", message, _mend(contract, gate, wrong[0], what), at, f"{gate.name} {keys[0]}", path)


def _mend(contract: Contract, gate: Promise, wrong: Judgement, what: str) -> str:
    known, key = contract.record.artifacts, wrong.condition.key
    holders = [one for one in gate.stage.in_ if one in known and key in known[one].keys]
    if len(holders) > 1:
        both = listed(holders)
        return (
            f"{both} hold {key}, and the first in `in:` is compared: give it one holder, or name that of {what} first"
        )
    return f"add {what} to `in:` of {measuring(contract, wrong)}, or of what makes what it reads"


def is_before_training(contract: Contract, brought: Brought, gate: Promise) -> bool:
    """Tell whether something that is promoted is made only when a gate has passed."""
    makers = (maker for one in brought.models for maker in contract.graph.producers.get(one, ()))
    return any(contract.graph.comes_before(gate.name, maker) for maker in makers)


def is_known(lineage: Lineage, brought: Brought, one: Judgement) -> bool:
    """Tell whether the artifacts show what a metric was measured on: a model, or none though the run makes one."""
    return bool(lineage.models(one.measured) or lineage.models_made(brought.models))


def measuring(contract: Contract, one: Judgement) -> str:
    """Give the stage that measures what a condition asks for."""
    return next(iter(contract.graph.producers.get(one.holder, ())), "the stage that measures it")
