"""The commands that a contract answers a failure of a stage with, or a rejection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from gatepost.definitions.sides import GUARDS
from gatepost.pipeline import Contract, Promise
from gatepost.records.expressions import Actions
from gatepost.records.pipeline import ENGINE

__all__ = ["Promised", "promised"]


class Promised(NamedTuple):
    """One answer of a contract."""

    key: Literal["on-fail", "on-reject"]
    actions: Actions
    commands: tuple[str, ...]
    """The commands behind its actions, in order, each once; an action without one, or of the engine, has none."""


def promised(contract: Contract, promise: Promise) -> Iterator[Promised]:
    """Give what a stage is answered with when it fails, and when it rejects where that is something else."""
    if promise.on_fail:
        yield Promised("on-fail", promise.on_fail, _commands(contract, promise, promise.on_fail))
    if promise.kind in GUARDS and promise.on_reject and promise.on_reject != promise.on_fail:
        yield Promised("on-reject", promise.on_reject, _commands(contract, promise, promise.on_reject))


def _commands(contract: Contract, promise: Promise, actions: Actions) -> tuple[str, ...]:
    """Give the commands of handlers, and of the rollbacks of each promotion that has happened by then."""
    happened = contract.graph.ancestors(promise.name) | {promise.name}
    backs = [one.stage.rollback for one in contract.promotions if one.name in happened]
    found: dict[str, None] = {}
    for action in actions.steps:
        if action == "rollback":
            found.update({back.run: None for back in backs if back is not None and back.run})
        elif (command := contract.record.handlers.get(action, ENGINE)) != ENGINE:
            found[command] = None
    return tuple(found)
