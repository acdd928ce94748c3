"""The ways into production: what stands in each, and what stands in none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gatepost.pipeline.approvers import unknown_approvers
from gatepost.pipeline.arguments import lost_by, says_yes
from gatepost.pipeline.conditions import is_blind, unmeasured_conditions
from gatepost.pipeline.contract import Contract, Promise
from gatepost.pipeline.disguised import disguised_ways
from gatepost.pipeline.judged import judged_otherwise
from gatepost.pipeline.limits import empty_gates
from gatepost.pipeline.places import explained
from gatepost.pipeline.trace import path_beside, path_to
from gatepost.pipeline.violation import Violation
from gatepost.records import DEFAULT_POLICY, Policy
from gatepost.records.places import is_called_production

__all__ = ["open_ways"]

_SAID_BY: Final = {"gate": "gated", "approval": "approved"}
"""The invariant that is broken when a promotion has no guard of a kind at all."""


def open_ways(contract: Contract, policy: Policy = DEFAULT_POLICY) -> Iterator[Violation]:
    """Find what lets a model reach production unjudged; when stages wait in a circle, only that is looked at.

    Args:
        contract: what is looked at.
        policy: says who may approve.
    """
    disorder = tuple(_out_of_order(contract))
    yield from disorder
    yield from _unsaid(contract)
    yield from _unheard(contract)
    yield from disguised_ways(contract)
    yield from unknown_approvers(contract, policy)
    yield from empty_gates(contract)
    for guard in contract.guards:
        if guard.kind == "gate":
            yield from unmeasured_conditions(contract, guard)
    if not disorder:
        yield from explained(contract, _unguarded(contract))


def _out_of_order(contract: Contract) -> Iterator[Violation]:
    """Find `after` entries that name no stage, and stages that wait for each other."""
    stages, graph = contract.record.stages, contract.graph
    for name, stage in stages.items():
        for index, earlier in enumerate(stage.after):
            if earlier not in stages:
                hint = f"the stages are {', '.join(stages)}"
                at = ("stages", name, "after", index)
                yield Violation("ordered", f"after names {earlier}, which is no stage", hint, at, earlier)
            elif earlier == name:
                at = ("stages", name, "after", index)
                yield Violation("ordered", f"{name} waits for itself", "remove it from `after:`", at, name)
    waiting = [name for name in graph.cyclic if name in graph.ancestors(name)]
    if waiting:
        names = ", ".join(waiting)
        hint = "let one of them not wait: remove an `after:`, or write an artifact of another name"
        message = f"stages wait for each other in a circle: {names}"
        yield Violation("ordered", message, hint, ("stages", waiting[0]), names)


def _unsaid(contract: Contract) -> Iterator[Violation]:
    """Find promotions without a target, approvals without a person, gates without a condition."""
    for name, stage in contract.record.stages.items():
        at = ("stages", name)
        if stage.kind == "promote" and stage.to is None:
            message, hint = f"the promotion {name} does not say where to", "add `to:` with an environment"
            yield Violation("gated", message, hint, at, f"{name} to", path_beside(contract, name))
        place = contract.record.environments.get(stage.to or "")
        talked_away = place is not None and place.production is False and is_called_production(stage.to or "")
        if stage.kind == "promote" and talked_away:
            message = f"{name} promotes to {stage.to}, and the contract says that it is no production"
            hint = "remove `production: false`, or give a place that nobody depends on another name"
            said = ("environments", stage.to or "", "production")
            yield Violation("gated", message, hint, said, f"{stage.to} production", path_beside(contract, name))
        if stage.kind == "approval" and not stage.by:
            message = f"the approval {name} does not say whose it is"
            path = path_to(contract, name, f"{name} approve", "nobody answers for it")
            yield Violation("approved", message, "add `by:`", at, f"{name} by", path)
        if stage.kind == "gate" and not stage.pass_:
            message = f"the gate {name} has no condition"
            path = path_to(contract, name, f"{name} pass", "whatever was measured")
            yield Violation("gated", message, "add `pass:` with conditions", at, f"{name} pass", path)


def _unheard(contract: Contract) -> Iterator[Violation]:
    """Find gates and approvals whose command is followed by another, so that nobody hears that it has said no."""
    for one in contract.guards:
        run = one.stage.run or ""
        at = ("stages", one.name, "run")
        if says_yes(run):
            message = f"{one.name} runs `{run.strip()}`, which says yes whatever is the case"
            path = path_to(contract, one.name, f"{one.name} reject", "it ends well")
            hint = "let `run` name the command that decides"
            yield Violation(_SAID_BY[one.kind], message, hint, at, f"{one.name} run", path)
        elif sign := lost_by(run):
            message = f"what {one.name} says may be lost behind '{sign}': {run.strip()}"
            hint = "let `run` name the command that decides, and nothing behind it"
            path = path_to(contract, one.name, f"{one.name} reject", "it ends well")
            yield Violation(_SAID_BY[one.kind], message, hint, at, f"{one.name} run", path)


def _unguarded(contract: Contract) -> Iterator[Violation]:
    before = {name: contract.graph.ancestors(name) for name, one in contract.promises.items() if one.kind == "promote"}
    told: set[str] = set()
    each: dict[str, set[str]] = {}
    for promotion in contract.promotions:
        lacking = list(_lacking(contract, promotion, before[promotion.name]))
        each[promotion.name] = {one.invariant for one in lacking}
        told |= each[promotion.name]
        yield from lacking
        yield from _bypassed(contract, promotion, before, each[promotion.name])
    blind = frozenset(one.name for one in contract.guards if one.kind == "gate" and is_blind(contract, one))
    yield from judged_otherwise(contract, blind, each)
    yield from _idle(contract, before, told)
    if "gated" not in told:
        yield from _unasked(contract, before)


def _lacking(contract: Contract, promotion: Promise, before: frozenset[str]) -> Iterator[Violation]:
    """Tell that no gate, or no approval, stands before a promotion."""
    name, stages = promotion.name, contract.record.stages
    there = {stages[earlier].kind for earlier in before}
    for invariant, kind, words, key in (
        ("gated", "gate", "a measurable gate", "pass"),
        ("approved", "approval", "an approval", "by"),
    ):
        if kind in there:
            continue
        others = [other for other, stage in stages.items() if stage.kind == kind]
        hint = f"name {others[0]} in `after:`" if others else f"add a stage of kind {kind} with `{key}:`, before it"
        message = f"{name} reaches production without {words}"
        yield Violation(invariant, message, hint, ("stages", name), f"{name} {kind}", path_beside(contract, name))


def _bypassed(
    contract: Contract, promotion: Promise, before: dict[str, frozenset[str]], told: set[str]
) -> Iterator[Violation]:
    """Find gates and approvals that judge what a promotion brings, and that it does not wait for."""
    name = promotion.name
    for guard in contract.guards:
        if guard.name in before[name] or contract.graph.comes_before(name, guard.name):
            continue
        if _SAID_BY[guard.kind] in told or not contract.concerns(guard, promotion):
            continue
        if guard.kind == "approval" and _is_of_another_place(contract, guard.name, promotion, before):
            continue
        if any(guard.name in earlier for earlier in before.values()) or _is_between(contract, guard, promotion, before):
            message = f"{name} does not wait for {guard.name}, which may still reject what it brings"
            hint = f"name {guard.name} in `after:` of {name}, or of what comes before it"
            path = path_beside(contract, name, guard.name)
            yield Violation("no-bypass", message, hint, ("stages", name), f"{name} {guard.name}", path)


def _is_between(contract: Contract, guard: Promise, promotion: Promise, before: dict[str, frozenset[str]]) -> bool:
    """Tell whether a guard comes behind a first share of a release, such as a canary, which the promotion goes on."""
    shares = (one for one in contract.promotions if one.name in before[promotion.name])
    return any(
        one.stage.to == promotion.stage.to and contract.graph.comes_before(one.name, guard.name) for one in shares
    )


def _is_of_another_place(
    contract: Contract, approval: str, promotion: Promise, before: dict[str, frozenset[str]]
) -> bool:
    """Tell whether an approval is asked for other places alone, such as one region, by who promotes there."""
    others = [one.stage.to for one in contract.promotions if approval in before[one.name]]
    return bool(others) and promotion.stage.to not in others


def _late(contract: Contract, before: dict[str, frozenset[str]]) -> Iterator[tuple[Promise, str]]:
    """Find gates behind a promotion to production that could have stood before it, each with that promotion.

    What they judge was measured before. A check of the release itself, which reads what was measured after it, is none
    of them, and neither is a gate that another promotion waits for.
    """
    for gate in contract.guards:
        behind = {one.name for one in contract.promotions if contract.graph.comes_before(one.name, gate.name)}
        if gate.kind != "gate" or not behind or any(gate.name in earlier for earlier in before.values()):
            continue
        makers = {
            maker
            for artifact in gate.stage.in_
            if _asks(contract, gate, artifact)
            for maker in contract.graph.producers.get(artifact, ())
        }
        if makers and not any(maker in behind or contract.graph.ancestors(maker) & behind for maker in makers):
            yield gate, next(one.name for one in contract.promotions if one.name in behind)


def _unasked(contract: Contract, before: dict[str, frozenset[str]]) -> Iterator[Violation]:
    """Find metrics that are measured before production, and that no gate before a promotion asks for.

    A gate that could have stood before it and comes after it is told instead.
    """
    late = list(_late(contract, before))
    for gate, promoted in late:
        message = f"the gate {gate.name} comes after {promoted}, and judges only what was known before"
        hint = f"let {promoted}, or what comes before it, wait for {gate.name}, and not the other way round"
        path = path_to(contract, gate.name, f"{gate.name} reject", "production has it")
        yield Violation("no-bypass", message, hint, ("stages", gate.name), gate.name, path)
    told = {artifact for gate, _ in late for artifact in gate.stage.in_}
    into = {one.name: before[one.name] for one in contract.promotions}
    waited = {one.name for one in contract.guards if any(one.name in earlier for earlier in before.values())}
    for name, artifact in contract.record.artifacts.items():
        makers = contract.graph.producers.get(name, ())
        behind = next((to for to, earlier in into.items() if not earlier.isdisjoint(makers)), None)
        if behind is None or artifact.final or not artifact.keys or name in told:
            continue
        judges = [contract.promises[one] for one in contract.graph.readers.get(name, ()) if one in waited]
        if any(_asks(contract, one, name) or is_blind(contract, one) for one in judges if one.kind == "gate"):
            continue
        maker = next(one for one in makers if one in into[behind])
        message = f"{maker} measures {name}, and no gate before {behind} asks for any of it"
        hint = "let a gate read it and ask for one of its `keys:`; `final: true` says that it is for readers outside"
        path = path_to(contract, behind, f"{behind} ok", f"whatever {name} says")
        yield Violation("judged", message, hint, ("artifacts", name), name, path)


def _asks(contract: Contract, gate: Promise, artifact: str) -> bool:
    """Tell whether a gate asks for a metric of an artifact, or compares with one."""
    known = contract.record.artifacts
    if artifact not in gate.stage.in_ or artifact not in known:
        return False
    asked = {key for one in gate.stage.pass_ for key in (one.key, one.reference) if key}
    return not asked.isdisjoint(known[artifact].keys)


def _idle(contract: Contract, before: dict[str, frozenset[str]], told: set[str]) -> Iterator[Violation]:
    """Find gates and approvals that no promotion waits for, unless a promotion has none at all and says so.

    One behind a promotion to production is a check of the release. One behind a rehearsal, such as in a shadow or in
    staging, is there for the promotion to production that brings what was rehearsed.
    """
    for guard in contract.guards:
        waited_for = any(guard.name in earlier for earlier in before.values())
        if not before or waited_for or _SAID_BY[guard.kind] in told:
            continue
        behind = [one for one in before if contract.graph.comes_before(one, guard.name)]
        brings = [one.name for one in contract.promotions if contract.concerns(guard, one)]
        if behind and (not brings or any(contract.promises[one].into_production for one in behind)):
            continue
        first = brings[0] if behind else next(iter(before))
        hint = f"name it in `after:` of {first}, or of what comes before that"
        message = f"the {guard.kind} {guard.name} guards nothing: no promotion waits for it"
        path = path_beside(contract, first, guard.name)
        yield Violation("no-bypass", message, hint, ("stages", guard.name), guard.name, path)
