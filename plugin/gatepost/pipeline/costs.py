"""Is what is promoted judged for quality, where another model is?

A gate on what serving costs says nothing about how well a model does. Where it is the only gate, that is the team's own
choice; where another gate asks for quality, and measures it on something else, the model goes on unjudged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gatepost.pipeline.contract import Contract, Promise
from gatepost.pipeline.lineage import Judgement, Lineage
from gatepost.pipeline.metric_names import asks_for_quality, is_beside_quality, is_of_quality
from gatepost.pipeline.quality import Brought, is_before_training, is_known, measuring
from gatepost.pipeline.trace import path_to
from gatepost.pipeline.violation import Violation, listed

__all__ = ["judged_for_costs"]


class _Claim(NamedTuple):
    """A condition that asks for quality, of something else than what is promoted."""

    gate: Promise
    judgement: Judgement
    models: tuple[str, ...]
    """The models that it was measured on."""
    is_strong: bool
    """Whether the promoted model has to be judged for quality, too; else by anything that is no cost of serving."""


def judged_for_costs(
    contract: Contract, lineage: Lineage, promotions: Sequence[Brought], told: set[str]
) -> Iterator[Violation]:
    """Find promoted models that gates judge for what serving costs alone, while one asks another model for quality.

    Args:
        contract: what is looked at.
        lineage: its artifacts.
        promotions: those to production, each with a gate that has measured what it brings.
        told: the gates that are told already that they judge something else.
    """
    for brought in promotions:
        if told.isdisjoint(one.name for one in brought.gates):
            others = [one for one in promotions if one.models.isdisjoint(brought.models)]
            found = _for_costs(contract, lineage, brought, others)
            yield from [found] if found else ()


def _for_costs(contract: Contract, lineage: Lineage, brought: Brought, beside: list[Brought]) -> Violation | None:
    """Tell that the gates before a promotion judge its model for what it costs alone, and another for quality."""
    core, name = brought.models, brought.promotion.name
    judgements = [(gate, one) for gate in brought.gates for one in lineage.judgements(gate)]
    touching = [one for _, one in judgements if not core.isdisjoint(one.measured)]
    if not core or any(_is_of_quality(lineage, one, core) for one in touching):
        return None
    others = (
        (gate, one)
        for gate, one in judgements
        if core.isdisjoint(one.measured) and not _is_of_another(contract, lineage, brought, beside, (gate, one))
    )
    claims = [claim for gate, one in others if (claim := _claim(contract, lineage, brought, gate, one))]
    is_known = any(not is_beside_quality(one.condition) for one in touching)
    claim = next((one for one in claims if one.is_strong or not is_known), None)
    if claim is None:
        return None
    what, by = lineage.named(core), claim.gate.name
    keys = listed(list(dict.fromkeys(one.condition.key for one in touching)))
    instead = (
        f"judges {listed(claim.models)}" if claim.models else f"asks for {claim.judgement.condition.key} without it"
    )
    message = f"{name} brings {what}, of which the gates before it ask for {keys} alone: {by} {instead}"
    hint = f"add {what} to `in:` of {measuring(contract, claim.judgement)}, which measures what {by} asks for"
    made = lineage.models_made(frozenset(claim.models))
    hint = f"{hint}, or promote {listed(made)}" if made else hint
    path = path_to(contract, name, f"{name} ok", f"whatever {what} is worth")
    return Violation("judged", message, hint, ("stages", name), f"{name} quality", path)


def _is_of_quality(lineage: Lineage, one: Judgement, core: frozenset[str]) -> bool:
    """Tell whether a condition is by its name on how well a model does, or on the model itself and on no cost."""
    if is_of_quality(one.condition):
        return True
    return not is_beside_quality(one.condition) and not core.isdisjoint(lineage.measured_as_made(one.holder))


def _is_of_another(
    contract: Contract, lineage: Lineage, brought: Brought, beside: list[Brought], judged: tuple[Promise, Judgement]
) -> bool:
    """Tell whether a condition belongs to another promotion, of another model, that its gate comes before as well."""
    gate, one = judged
    own = lineage.promoted(brought.promotion)
    return any(
        gate in other.gates
        and (
            is_before_training(contract, other, gate)
            or not is_known(lineage, other, one)
            or not (lineage.promoted(other.promotion) - own).isdisjoint(one.measured)
        )
        for other in beside
    )


def _claim(contract: Contract, lineage: Lineage, brought: Brought, gate: Promise, one: Judgement) -> _Claim | None:
    """Give what a condition that looks at something else says about quality: of a model of the run, or plainly."""
    models = lineage.models(one.measured)
    last = tuple(sorted(lineage.last(models) or models))
    made = tuple(lineage.models_made(frozenset(last)))
    if made and _goes_elsewhere(contract, lineage, brought, made):
        return None
    if made and is_of_quality(one.condition):
        return _Claim(gate, one, made, is_strong=True)
    if not asks_for_quality(one.condition) or not is_known(lineage, brought, one):
        return None
    return _Claim(gate, one, last, is_strong=not is_before_training(contract, brought, gate))


def _goes_elsewhere(contract: Contract, lineage: Lineage, brought: Brought, models: tuple[str, ...]) -> bool:
    """Tell whether models are brought to production by another promotion, and are no part of this one."""
    others = [one for one in contract.promotions if one.name != brought.promotion.name]
    elsewhere = frozenset().union(*map(lineage.promoted, others)) - lineage.promoted(brought.promotion)
    return elsewhere.issuperset(models)
