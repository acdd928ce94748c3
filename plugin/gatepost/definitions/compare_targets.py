"""Where a promotion goes to, and whether a newer run may cancel it halfway."""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.definitions.definition import RealStage
from gatepost.definitions.difference import Difference
from gatepost.definitions.environment_names import is_for_users, is_trial
from gatepost.definitions.github_conditions import runs_when_cancelled
from gatepost.definitions.mentions import mentions
from gatepost.definitions.sides import Sides, differs
from gatepost.pipeline import Promise, listed

__all__ = ["targets"]


def targets(sides: Sides) -> Iterator[Difference]:
    """Compare where each promotion goes to, and tell which one a newer run may cancel."""
    for promise, real in sides.pairs():
        if promise.kind != "promote":
            continue
        if promise.stage.to and real.target and _is_another(sides, promise, real.target):
            message = f"{promise.name} promotes to {promise.stage.to} here, and to {real.target} in the definition"
            yield differs(promise, real, "target-differs", "to", message)
        elif promise.stage.to and any(_is_beside(sides, promise, real, one) for one in real.targets):
            theirs = listed(real.targets)
            message = f"{promise.name} promotes to {promise.stage.to} here, and to {theirs} in the definition"
            found = differs(promise, real, "target-differs", "to", message)
            yield found._replace(hint="let each place have a promotion of its own, on both sides")
        if real.cancels and promise.into_production and not _is_answered(sides, promise, real):
            message = f"a newer run may cancel {promise.name} while it runs ({real.cancels})"
            message = f"{message}; what is left then, is not known"
            hint = "let no newer run cancel what promotes, or let the rollback run then, too: `if: always()`"
            found = differs(promise, real, "promotion-cancelled", "to", message)
            yield found._replace(hint=hint, value=f"{promise.name} cancelled", weight="unknown")


def _is_another(sides: Sides, promise: Promise, theirs: str) -> bool:
    """Tell whether an environment is surely not that of the contract; its name alone may be spelt otherwise."""
    ours = promise.stage.to or ""
    if theirs.casefold() == ours.casefold():
        return False
    if theirs.casefold() in {one.casefold() for one in sides.contract.record.environments}:
        return True
    if promise.into_production:
        return is_trial(theirs)
    return is_for_users(theirs)


def _is_beside(sides: Sides, promise: Promise, real: RealStage, theirs: str) -> bool:
    """Tell whether one of several environments is surely another, to which no promotion of the contract goes there."""
    promotions = (one for one in sides.contract.promises.values() if one.kind == "promote")
    to = {(one.stage.to or "").casefold() for one in promotions if real.name in sides.reals(one.name)}
    return theirs.casefold() not in to and _is_another(sides, promise, theirs)


def _is_answered(sides: Sides, promise: Promise, real: RealStage) -> bool:
    """Tell whether the rollback of a promotion runs where that was cancelled."""
    back, runs = promise.stage.rollback, sides.definition.runs
    if back is None or back.run is None or runs is None:
        return False
    own = [one.command for one in real.answers if one.command and runs_when_cancelled(one.condition)]
    ended = runs.after(real.name, frozenset({"cancelled"}), is_cancelled=True)
    others = (one for one in sides.definition.stages if one.name != real.name)
    later = [one.command for one in others if one.command and ended[one.name].starts]
    return any(mentions(one, back.run) for one in (*own, *later))
