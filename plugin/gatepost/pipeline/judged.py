"""Do the gates and the approvals before a promotion look at what it brings, or at something else?"""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.pipeline.contract import Contract, Promise
from gatepost.pipeline.lineage import Lineage
from gatepost.pipeline.trace import path_to
from gatepost.pipeline.violation import Violation, listed

__all__ = ["judged_otherwise"]


def judged_otherwise(contract: Contract, blind: frozenset[str], told: dict[str, set[str]]) -> Iterator[Violation]:
    """Find promotions that no gate has judged or no approval has seen, and gates that judge a model of no promotion.

    What comes from nowhere, promoted or measured, is another gate's finding, and no more is said about it here.

    Args:
        contract: what is looked at; its stages wait for each other in no circle.
        blind: the gates that are told already that they judge nothing, or what nobody measures.
        told: for each promotion the invariants that it is told already, for want of a gate or an approval.
    """
    lineage, passed = Lineage(contract), True
    untold = {
        one.name
        for one in contract.guards
        if one.kind == "gate" and (one.name in blind or lineage.is_broken(lineage.measured(one)))
    }
    for promotion in contract.promotions:
        core = lineage.core(promotion)
        before = contract.graph.ancestors(promotion.name)
        guards = [one for one in contract.guards if one.name in before]
        gates = [one for one in guards if one.kind == "gate"]
        if not core or told[promotion.name] or lineage.is_broken(lineage.promoted(promotion)):
            passed = False
            continue
        if untold.isdisjoint(one.name for one in gates):
            for found in _unmeasured(contract, lineage, promotion, core, gates):
                passed = False
                yield found
        yield from _too_early(contract, promotion, core, [one for one in guards if one.kind == "approval"])
    if passed:
        yield from _of_another(contract, lineage, blind)


def _unmeasured(
    contract: Contract, lineage: Lineage, promotion: Promise, core: frozenset[str], gates: list[Promise]
) -> Iterator[Violation]:
    """Tell that no gate before a promotion has a metric that was measured on what it brings."""
    if any(core & lineage.measured(gate) for gate in gates):
        return
    what, name, last = _named(contract, core), promotion.name, gates[-1]
    others = lineage.models_made(lineage.measured(last))
    instead = f" judges {listed(others)}" if others else " asks for what was measured without it"
    message = f"{name} brings {what}, which no gate before it judges: {last.name}{instead}"
    makers = [one for part in core for one in contract.graph.producers.get(part, ())]
    mute = next((one for one in contract.graph.order if one in makers and not contract.record.stages[one].in_), None)
    hint = f"add {what} to `in:` of the stage that measures what {last.name} asks for, or promote what it judges"
    if mute is not None and contract.record.stages[mute].kind != "train":
        hint = f"say in `in:` of {mute} what it makes {what} of; {hint}"
    path = path_to(contract, name, f"{name} ok", f"whatever {what} is worth")
    yield Violation("judged", message, hint, ("stages", name), f"{name} judged", path)


def _too_early(
    contract: Contract, promotion: Promise, core: frozenset[str], approvals: list[Promise]
) -> Iterator[Violation]:
    """Tell that each approval before a promotion may be given before there is anything to approve."""
    stages, graph, name = contract.record.stages, contract.graph, promotion.name
    touching = [one for one, stage in stages.items() if not core.isdisjoint((*stage.in_, *stage.out))]
    touched = sum(1 << graph.number[one] for one in touching)
    seen = [(graph.earlier[graph.number[one.name]] | 1 << graph.number[one.name]) & touched for one in approvals]
    if any(seen):
        return
    what, first = _named(contract, core), approvals[0].name
    before = graph.earlier[graph.number[name]]
    earlier = [one for one in graph.order if one in touching and before >> graph.number[one] & 1]
    shown = next((one for one in reversed(earlier) if stages[one].kind == "validate"), earlier[-1] if earlier else None)
    message = f"{first} may be given before {what} is there, which {name} brings"
    hint = f"name {shown} in `after:` of {first}" if shown else f"let {first} wait for what makes {what}"
    path = path_to(contract, name, f"{name} ok", f"nobody has seen {what}")
    yield Violation("approved", message, hint, ("stages", first), f"{name} {first} early", path)


def _of_another(contract: Contract, lineage: Lineage, blind: frozenset[str]) -> Iterator[Violation]:
    """Find gates before production that judge a model which the run makes and no promotion brings."""
    promotions = [one for one in contract.promises.values() if one.kind == "promote"]
    brought = frozenset().union(*map(lineage.promoted, promotions))
    before = frozenset().union(*(contract.graph.ancestors(one.name) for one in contract.promotions))
    for gate in contract.guards:
        if gate.kind != "gate" or gate.name not in before or gate.name in blind:
            continue
        models = lineage.models_made(lineage.measured(gate))
        if models and brought.isdisjoint(models):
            what = listed(models)
            message = f"the gate {gate.name} judges {what}, which no promotion brings"
            hint = f"promote {what}, or let the gate judge what is promoted"
            path = path_to(contract, gate.name, f"{gate.name} pass", "another model goes on")
            yield Violation("judged", message, hint, ("stages", gate.name, "in"), f"{gate.name} {what}", path)


def _named(contract: Contract, core: frozenset[str]) -> str:
    """Give the names of artifacts in the order of the contract."""
    known = [one for one in contract.record.artifacts if one in core]
    return listed([*known, *sorted(core - set(known))], "or")
