"""Where a branch begins: the folder that it starts in, what runs before its fault, what is promoted by then."""

from __future__ import annotations

from typing import NamedTuple

from gatepost.execution.setup import Orders
from gatepost.pipeline import Branch, Promise, before_fault

__all__ = ["Start", "happened", "start_of", "undone"]


class Start(NamedTuple):
    """How a branch comes to its fault."""

    before: str
    """It starts in the folder as a release without a fault had it before this stage."""
    first: tuple[str, ...]
    """The stages that run there before the fault; none where the release had run them in the same order."""


def start_of(orders: Orders, branch: Branch) -> Start:
    """Give how a branch comes to its fault.

    Stages that do not wait for each other have one order in a release. A branch on which a promotion has happened that
    comes later there, or has not that comes earlier, starts where the two part, and runs what it needs from there on.
    """
    stage, order = branch.events[0].stage, orders.order
    if branch.events[0].recovered:
        return Start(stage, ())
    needed = before_fault(orders.contract, branch)
    others = {one.name for one in orders.contract.promotions} - set(needed)
    at = next(number for number, name in enumerate(order) if name == stage or name in others)
    begun = set(order[:at])
    return Start(order[at], tuple(name for name in needed if name not in begun))


def happened(orders: Orders, branch: Branch) -> list[Promise]:
    """Give the promotions to production that have happened before the fault of a branch, in order."""
    needed = (orders.contract.promises[name] for name in before_fault(orders.contract, branch))
    return [one for one in needed if one.into_production]


def undone(orders: Orders, branch: Branch) -> list[Promise]:
    """Give the promotions that a rollback undoes, the last one first."""
    promise = orders.contract.promises[branch.events[0].stage]
    own = [promise] if promise.into_production else []
    return [*own, *reversed(happened(orders, branch))]
