"""How a promotion reaches everybody, step by step, and what it goes back to."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from gatepost.pipeline.contract import Contract, Promise
from gatepost.pipeline.targets import is_answered, means_before
from gatepost.pipeline.trace import path_to
from gatepost.pipeline.violation import Violation

__all__ = ["broken_rollouts", "wrong_targets"]

_EVERYBODY: Final = 100.0
"""The share of a rollout that has ended, in percent."""
_NOTHING: Final = frozenset({"none", "nothing"})
"""Words of `known-good` where nothing has worked yet."""


def broken_rollouts(contract: Contract) -> Iterator[Violation]:
    """Find rollouts that go down, that skip a step unwatched, or that never reach everybody."""
    for promotion in contract.promises.values():
        if promotion.kind == "promote" and promotion.stage.rollout:
            yield from _out_of_order(contract, promotion)
            yield from _begins_below(contract, promotion)
            yield from _unfinished(contract, promotion)


def _out_of_order(contract: Contract, promotion: Promise) -> Iterator[Violation]:
    name = promotion.name
    for index, (step, later) in enumerate(pairwise(promotion.stage.rollout)):
        at = ("stages", name, "rollout")
        if later.percent < step.percent:
            message = f"the rollout of {name} goes down from {step.percent:g}% to {later.percent:g}%"
            hint = "write the smaller share first; to take traffic away is for the rollback"
            path = path_to(contract, name, f"{name} at {step.percent:g}%", f"{name} at {later.percent:g}%")
            yield Violation("rollout-ordered", message, hint, (*at, index + 1), f"{name} {later}", path)
        elif step.hold is None:
            message = f"{name} does not hold {step}, so nothing is seen before the next step"
            hint = f"say for how long, like `{step} 1h`"
            path = path_to(contract, name, f"{name} at {step.percent:g}%", f"{name} at {later.percent:g}% at once")
            yield Violation("rollout-ordered", message, hint, (*at, index), f"{name} {step}", path)


def _begins_below(contract: Contract, promotion: Promise) -> Iterator[Violation]:
    """Find a promotion that starts below the share which one before it has brought the same artifact to."""
    name, start = promotion.name, promotion.stage.rollout[0]
    for earlier in _beside(contract, contract.graph.earlier, promotion):
        shared = [artifact for artifact in promotion.stage.in_ if artifact in earlier.stage.in_]
        if shared and start.percent < _reached(earlier):
            message = (
                f"{name} starts at {start.percent:g}%, and {earlier.name} before it has brought {shared[0]} to "
                f"{_reached(earlier):g}%"
            )
            hint = f"let {name} come first, or start it where {earlier.name} ends"
            at = ("stages", name, "rollout", 0)
            path = path_to(contract, name, f"{name} at {start.percent:g}%", "fewer than before")
            yield Violation("rollout-ordered", message, hint, at, f"{name} {earlier.name}", path)


def _unfinished(contract: Contract, promotion: Promise) -> Iterator[Violation]:
    """Find a rollout to production that ends below everybody, with no promotion behind it that brings the rest."""
    name, last = promotion.name, promotion.stage.rollout[-1]
    if not promotion.into_production or any(step.percent == _EVERYBODY for step in promotion.stage.rollout):
        return
    if name in contract.graph.cyclic:
        return  # nobody knows what comes behind it
    if not any(_reached(later) == _EVERYBODY for later in _beside(contract, contract.graph.later, promotion)):
        hint = f"add `100%`, or a promotion to {promotion.stage.to or 'the same place'} behind it that brings the rest"
        message = f"the rollout of {name} ends at {last.percent:g}%"
        at = ("stages", name, "rollout", len(promotion.stage.rollout) - 1)
        path = path_to(contract, name, f"{name} at {last.percent:g}%", "the rest never gets it")
        yield Violation("rollout-ordered", message, hint, at, f"{name} end", path)


def _beside(contract: Contract, masks: tuple[int, ...], promotion: Promise) -> list[Promise]:
    """Give the promotions to the same place among those before a promotion, or among those behind it."""
    found = masks[contract.graph.number[promotion.name]] & contract.promoting
    others = (contract.promises[name] for name in contract.graph.members(found))
    return [one for one in others if one.stage.to == promotion.stage.to]


def _reached(promotion: Promise) -> float:
    """Give the share at which a promotion ends; without a rollout it is everybody."""
    return promotion.stage.rollout[-1].percent if promotion.stage.rollout else _EVERYBODY


def wrong_targets(contract: Contract) -> Iterator[Violation]:
    """Find rollbacks that restore something else than what the place says is known to work there."""
    for promotion in contract.promotions:
        yield from _brought_again(contract, promotion)
        place, back = contract.record.environments.get(promotion.stage.to or ""), promotion.stage.rollback
        if place is None or place.known_good is None or back is None:
            continue
        said, name = place.known_good, promotion.name
        if any(_are_one(said, answer) for answer in (back.to, back.first) if answer):
            continue
        if said.casefold() in _NOTHING and back.first:
            continue
        message = f"{name} goes back to {back.to}, and what is known to work in {promotion.stage.to} is {said}"
        hint = f"write `to: {said}`, or `first: {said}` if that is for a first release, or correct `known-good:`"
        at = ("stages", name, "rollback", "to")
        path = path_to(contract, name, f"{name} breach", f"rollback to {back.to}")
        yield Violation("rollback-complete", message, hint, at, f"{name} known-good", path)


def _brought_again(contract: Contract, promotion: Promise) -> Iterator[Violation]:
    """Tell that a rollback goes back to what the promotion brings, or to what the run has made."""
    back, known, name = promotion.stage.rollback, contract.record.artifacts, promotion.name
    if back is None or not is_answered(contract, back):
        return
    to = back.to.strip()
    sources = [known[one].source or "" for one in promotion.stage.in_ if one in known]
    is_brought = to in promotion.stage.in_ or any(one == to or one.endswith(f"/{to}") for one in sources)
    same = known[to].source if to in known else None
    if is_brought or to in contract.graph.producers or (same and same in sources):
        message = f"{name} goes back to {to}, which is what it brings"
        if not is_brought and to in contract.graph.producers:
            message = f"{name} goes back to {to}, which this run has made"
        hint = "write what was there before: `to: previous`, or another version"
        path = path_to(contract, name, f"{name} breach", f"rollback to {to}")
        at = ("stages", name, "rollback", "to")
        yield Violation("rollback-complete", message, hint, at, f"{name} brought again", path)


def _are_one(known: str, answer: str) -> bool:
    return known.casefold() == answer.casefold() or (means_before(known) and means_before(answer))
