"""What no dry run can see: actions that nothing was run for, and people who were told or asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from gatepost.execution.setup import Orders
from gatepost.pipeline import Branch

__all__ = ["not_verified", "unheard"]

_ANSWERED: Final = frozenset({"halt", "retry", "rollback"})
"""Actions that need no command of their own: the orchestrator does the first two, the promotion names the third."""
_TELLING: Final = ("alert", "page")


def unheard(orders: Orders, branches: Iterable[Branch]) -> Iterator[str]:
    """Give the actions that handlers call for and that no command stands behind."""
    yield from (action for action in _called_for(branches) if action not in {*orders.handlers, *_ANSWERED})


def not_verified(orders: Orders, branches: Iterable[Branch]) -> Iterator[str]:
    """Say in sentences what was run, or set from outside, and proves less than it may seem to."""
    called_for = _called_for(branches)
    told = [action for action in _TELLING if action in called_for and action in orders.handlers]
    if told:
        verb = "reaches" if len(told) == 1 else "reach"
        yield f"Not verified: whether {' and '.join(told)} {verb} anybody; only exit codes were seen."
    asked = [one.name for one in orders.contract.promises.values() if one.kind == "approval"]
    if asked:
        yield f"Not verified: whether {', '.join(asked)} can refuse; a refusal was set from outside."


def _called_for(branches: Iterable[Branch]) -> dict[str, None]:
    return dict.fromkeys(action for branch in branches for action in branch.actions)
