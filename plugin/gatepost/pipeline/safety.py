"""Do all branches of a contract end safely, and is somebody told?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple

from gatepost.pipeline.branch import Branch, Event, FaultKind
from gatepost.pipeline.contract import Contract, Promise
from gatepost.pipeline.places import explained
from gatepost.pipeline.simulate import Simulation
from gatepost.pipeline.targets import is_answered, means_before
from gatepost.pipeline.trace import path_to, trace
from gatepost.pipeline.violation import Violation, listed

__all__ = ["unanswered_firsts", "unsafe_ends"]

_REJECTS: Final[frozenset[FaultKind]] = frozenset({"reject", "inconclusive", "expire"})
_NOTICES: Final = frozenset({"alert", "page"})
_UNSAFE: Final = {
    "unknown": "nobody knows what is in production",
    "in-breach": "the version in breach stays in production",
    "rejected": "what it rejects stays in production",
}


class _Cause(NamedTuple):
    """What branches that break an invariant have in common: mended once, all are mended."""

    invariant: str
    at: tuple[str | int, ...]
    says: str
    """What the contract says there; empty for nothing."""
    effect: str = ""


def unsafe_ends(simulation: Simulation) -> Iterator[Violation]:
    """Find the branches that end badly; those with one cause are one violation, shown by the first of them.

    Looked at are the single faults, and of the pairs those that end in a state of their own: a rollback that fails.
    Every other pair is answered where one of its faults is, and leaves production as that one leaves it, so what it
    breaks is found already. The tests hold this against a walk through all pairs, and through stages that fail side
    by side.
    """
    yield from explained(simulation.contract, _bad_ends(simulation))


def unanswered_firsts(contract: Contract) -> Iterator[Violation]:
    """Find the rollbacks without an answer for a first release by the contract alone, when no branch can be walked."""
    calls = [one for one in contract.promises.values() if one.on_fail and "rollback" in one.on_fail]
    for promotion in contract.promotions:
        back = promotion.stage.rollback
        by = next((one for one in calls if one.kind == "monitor" or one.name == promotion.name), None)
        if back is None or by is None or is_answered(contract, back):
            continue
        message, hint = _told_of_a_first_release(promotion.name, back.to)
        path = f"first release → {path_to(contract, promotion.name, f'{promotion.name} breach', 'no previous version')}"
        at = ("stages", promotion.name, "rollback")
        yield Violation("first-release", message, hint, at, by.name, path)


def _bad_ends(simulation: Simulation) -> Iterator[Violation]:
    found: dict[_Cause, list[Branch]] = defaultdict(list)
    for branch in simulation.listed:
        for cause in _causes(simulation, branch):
            found[cause].append(branch)
    for cause, branches in found.items():
        message, hint = _told(cause, branches)
        stages = dict.fromkeys(branch.events[0].stage for branch in branches)
        yield Violation(
            cause.invariant, message, hint, cause.at, listed(list(stages)), trace(simulation.contract, branches[0])
        )


def _causes(simulation: Simulation, branch: Branch) -> Iterator[_Cause]:
    if branch.end == "completed":
        return
    event = branch.events[0]
    promise = simulation.contract.promises[event.stage]
    at, says = _handler(promise, event)
    if branch.end == "rollback-failed":
        if "page" not in branch.actions:
            yield _Cause("rollback-pages", at, says)
        return
    if branch.end == "unhandled":
        yield _Cause("handled", at, says)
    elif branch.end == "no-previous-version":
        yield from _without_previous(simulation, promise)
    elif branch.end in {"halted", "quarantined"} and _is_left_unsafe(simulation, promise, branch):
        yield _Cause("production-safe", at, says, _UNSAFE[branch.production])
    if says and not _NOTICES & set(branch.actions):
        yield _Cause("notified", at, says)


def _is_left_unsafe(simulation: Simulation, promise: Promise, branch: Branch) -> bool:
    """Tell whether users are left with something bad; a promotion beside a gate is that promotion's fault."""
    if branch.production == "rejected":
        contract = simulation.contract
        behind = contract.graph.earlier[contract.graph.number[promise.name]] & contract.reaching
        return bool(behind & contract.concerned(promise))
    return branch.production in _UNSAFE


def _without_previous(simulation: Simulation, promise: Promise) -> Iterator[_Cause]:
    """Find the promotions that a stage's rollback undoes, and that have nothing to go back to on a first release."""
    for promotion in simulation.contract.promotions:
        back = promotion.stage.rollback
        if back is None or is_answered(simulation.contract, back):
            continue
        if simulation.can_be_undone_in(promise, promotion):
            yield _Cause("first-release", ("stages", promotion.name, "rollback"), promotion.name, back.to)


def _handler(promise: Promise, event: Event) -> tuple[tuple[str | int, ...], str]:
    """Give where the answer to a fault is written, or would be, and what it says."""
    stage = promise.stage
    if event.fault in _REJECTS and (stage.on_reject is not None or stage.on_fail is None):
        own, key, actions = stage.on_reject, "on-reject", promise.on_reject
    else:
        own, key, actions = stage.on_fail, "on-fail", promise.on_fail
    if own is None and (actions is not None or key == "on-fail"):
        return ("defaults", "on-fail"), str(actions or "")
    return ("stages", promise.name, key), str(actions or "")


def _told(cause: _Cause, branches: list[Branch]) -> tuple[str, str]:
    """Give message and hint."""
    when = _when(branches)
    key = cause.at[-1]
    match cause.invariant:
        case "handled":
            said = f"{key} is {cause.says}, which ends no run" if cause.says else f"there is no {key}"
            hint = (
                f"write `{key}: halt + alert`, here or under defaults; what reached production needs `rollback + page`"
            )
            return f"nothing ends the run when {when}: {said}", hint
        case "notified":
            return f"nobody is told when {when}: {key} is {cause.says}", f"add alert or page: `{cause.says} + alert`"
        case "rollback-pages":
            return f"nobody is paged when {when} and the rollback fails", f"add page: `{cause.says} + page`"
        case "first-release":
            return _told_of_a_first_release(cause.says, cause.effect)
        case _:
            return f"{cause.effect} when {when}: {key} is {cause.says}", "write `rollback + page`"


def _told_of_a_first_release(promotion: str, target: str) -> tuple[str, str]:
    begun = f"a first release cannot be undone: {promotion} goes back to {target}, and"
    done = "say what is done then: `first: disable-route`"
    if means_before(target):
        return f"{begun} there is none", done
    there = "if it is there from the start: `first: the same, it is there from the start`, or its version: `to: name@7`"
    return f"{begun} nothing says that it is there by then", f"{done}; {there}"


def _when(branches: list[Branch]) -> str:
    """Say which stages do what: `train or evaluate fails`, `quality-gate rejects`."""
    stages = list(dict.fromkeys(branch.events[0].stage for branch in branches))
    faults = list(dict.fromkeys(branch.events[0].fault for branch in branches))
    words = "does not succeed" if len(faults) > 1 else _VERBS[faults[0]]
    return f"{listed(stages, 'or')} {words}"


_VERBS: Final[dict[FaultKind, str]] = {
    "fail": "fails",
    "fail-after-effect": "fails after its effect",
    "timeout": "times out",
    "timeout-after-effect": "times out after its effect",
    "infrastructure": "meets an infrastructure error",
    "not-reproducible": "is not reproducible",
    "reject": "rejects",
    "inconclusive": "is inconclusive",
    "expire": "expires",
    "breach": "breaches a limit",
    "rollback-fails": "cannot be rolled back",
}
