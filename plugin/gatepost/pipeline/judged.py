"""Do the gates and the approvals before a promotion look at what it brings, or at something else?"""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.pipeline.contract import Contract
from gatepost.pipeline.costs import judged_for_costs
from gatepost.pipeline.lineage import Lineage
from gatepost.pipeline.quality import Brought, asked_of_another, brought_by
from gatepost.pipeline.seen import unseen_by_approvals
from gatepost.pipeline.trace import path_to
from gatepost.pipeline.turned import asked_against
from gatepost.pipeline.violation import Violation, listed

__all__ = ["judged_otherwise"]


def judged_otherwise(contract: Contract, blind: frozenset[str], told: dict[str, set[str]]) -> Iterator[Violation]:
    """Find promotions that no gate has judged or no approval has seen, and gates that judge what is not promoted.

    What comes from nowhere, promoted or measured, is another gate's finding, and no more is said about it here.

    Args:
        contract: what is looked at; its stages wait for each other in no circle.
        blind: the gates that are told already that they judge nothing, or what nobody measures.
        told: for each promotion the invariants that it is told already, for want of a gate or an approval.
    """
    lineage, passed = Lineage(contract), True
    gates = [one for one in contract.guards if one.kind == "gate"]
    measured = {one.name: lineage.measured(one) for one in gates}
    untold = {one.name for one in gates if one.name in blind or lineage.is_broken(measured[one.name])}
    judged: list[Brought] = []
    for promotion in contract.promotions:
        core = lineage.core(promotion)
        before = contract.graph.ancestors(promotion.name)
        mine = tuple(one for one in gates if one.name in before)
        if not core or told[promotion.name] or lineage.is_broken(lineage.promoted(promotion)):
            passed = False
            continue
        brought = brought_by(lineage, promotion, core, mine)
        if untold.isdisjoint(one.name for one in mine):
            found = _unmeasured(contract, lineage, brought, frozenset().union(*(measured[one.name] for one in mine)))
            if found is None:
                judged.append(brought)
            else:
                passed = False
                yield found
        approvals = [one for one in contract.guards if one.kind == "approval" and one.name in before]
        yield from unseen_by_approvals(contract, lineage, promotion, core, approvals)
    others = list(_of_another(contract, lineage, blind, measured)) if passed else []
    yield from others
    beside = {str(one.at[1]) for one in others}
    yield from asked_against(contract, lineage, judged)
    yield from asked_of_another(contract, lineage, judged, beside)
    yield from judged_for_costs(contract, lineage, judged, beside)


def _unmeasured(contract: Contract, lineage: Lineage, brought: Brought, measured: frozenset[str]) -> Violation | None:
    """Tell that no gate before a promotion has a metric that was measured on what it brings, or on a model of it.

    What one stage writes together counts as measured together.
    """
    core, name, last = brought.core, brought.promotion.name, brought.gates[-1]
    if core & measured:
        core = frozenset(
            one for one in core if lineage.is_trained_here(one) and not lineage.made_with(one) & core & measured
        )
    if not core:
        return None
    what = lineage.named(core)
    others = [one for one in lineage.models_made(lineage.measured(last)) if one not in core]
    instead = f" judges {listed(others)}" if others else " asks for what was measured without it"
    message = f"{name} brings {what}, which no gate before it judges: {last.name}{instead}"
    makers = [one for part in core for one in contract.graph.producers.get(part, ())]
    mute = next((one for one in contract.graph.order if one in makers and not contract.record.stages[one].in_), None)
    hint = f"add {what} to `in:` of the stage that measures what {last.name} asks for, or promote what it judges"
    if mute is not None and contract.record.stages[mute].kind != "train":
        hint = f"say in `in:` of {mute} what it makes {what} of; {hint}"
    path = path_to(contract, name, f"{name} ok", f"whatever {what} is worth")
    return Violation("judged", message, hint, ("stages", name), f"{name} judged", path)


def _of_another(
    contract: Contract, lineage: Lineage, blind: frozenset[str], measured: dict[str, frozenset[str]]
) -> Iterator[Violation]:
    """Find gates before production that judge a model which the run makes and no promotion brings."""
    promotions = [one for one in contract.promises.values() if one.kind == "promote"]
    brought = frozenset().union(*map(lineage.promoted, promotions))
    before = frozenset().union(*(contract.graph.ancestors(one.name) for one in contract.promotions))
    for gate in contract.guards:
        if gate.kind != "gate" or gate.name not in before or gate.name in blind:
            continue
        models = lineage.models_made(measured[gate.name])
        if models and brought.isdisjoint(models):
            what = listed(models)
            message = f"the gate {gate.name} judges {what}, which no promotion brings"
            hint = f"promote {what}, or let the gate judge what is promoted"
            path = path_to(contract, gate.name, f"{gate.name} pass", "another model goes on")
            yield Violation("judged", message, hint, ("stages", gate.name, "in"), f"{gate.name} {what}", path)
