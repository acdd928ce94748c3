"""What no dry run can see: actions that nothing was run for, and people who were told or asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from gatepost.execution.setup import Orders
from gatepost.execution.task import Report
from gatepost.pipeline import Branch, shown_to_judges
from gatepost.records.dry_run import Refusal, Silent

__all__ = ["TELLING", "not_verified", "silences", "unheard", "unlooked", "unspoken"]

_ANSWERED: Final = frozenset({"halt", "retry", "rollback"})
"""Actions that need no command of their own: the orchestrator does the first two, the promotion names the third."""
TELLING: Final = ("alert", "page")
"""Actions that do nothing but tell somebody."""


def unheard(orders: Orders, branches: Iterable[Branch]) -> Iterator[str]:
    """Give the actions that handlers call for and that no command stands behind."""
    yield from (action for action in _called_for(branches) if action not in {*orders.handlers, *_ANSWERED})


def not_verified(orders: Orders, branches: Iterable[Branch]) -> Iterator[str]:
    """Say in sentences what was run, or set from outside, and proves less than it may seem to."""
    called_for = _called_for(branches)
    told = [action for action in TELLING if action in called_for and action in orders.handlers]
    if told:
        verb = "reaches" if len(told) == 1 else "reach"
        yield f"Not verified: whether {' and '.join(told)} {verb} anybody; only exit codes and traces were seen."
    asked = [one.name for one in orders.contract.promises.values() if one.kind == "approval"]
    shown = {judge.name for judge, _ in shown_to_judges(orders.contract)}
    unseen = [name for name in asked if name not in shown]
    if unseen:
        yield f"Not verified: whether {', '.join(unseen)} can refuse; a refusal was set from outside."
    heard = [name for name in asked if name in shown]
    if heard:
        verb = "hears" if len(heard) == 1 else "hear"
        yield f"Not verified: whether {' and '.join(heard)} {verb} the no of a person; that was set from outside."


def silences(reports: Iterable[Report]) -> Iterator[Silent]:
    """Count for each action that tells somebody the branches on which it ended with 0 and left no trace."""
    ran: dict[str, list[Report]] = {}
    for report in reports:
        for name in {name for name, ended in report.ended if name in TELLING and not ended.code}:
            ran.setdefault(name, []).append(report)
    for action in TELLING:
        silent = [one.key for one in ran.get(action, ()) if action in one.silent]
        if silent:
            yield Silent(action=action, silent=len(silent), ran=len(ran[action]), branch=silent[0])


def unspoken(silent: Iterable[Silent]) -> Iterator[str]:
    """Say in sentences which actions left no trace."""
    for one in silent:
        where = "any branch" if one.silent == one.ran else f"{one.silent} of {one.ran} branches, such as {one.branch}"
        yield (
            f"Not verified: whether {one.action} does anything; it left no trace on {where}: it ended with 0, printed "
            "nothing and changed no file, as a script does that was emptied. Let it print whom it tells."
        )


def unlooked(refusals: Iterable[Refusal]) -> Iterator[str]:
    """Say in sentences what approvals said yes without, and what promotions went on without."""
    for one in refusals:
        paths = f"{', '.join(one.paths)} {'was' if len(one.paths) == 1 else 'were'} absent"
        if one.says_yes and not one.required and one.kind == "approval":
            yield f"{one.stage} said yes though {paths}; it goes by what else it reads."
        elif one.says_yes and not one.required:
            yield f"Not verified: whether {one.stage} brings what was judged; it went on though {paths}."


def _called_for(branches: Iterable[Branch]) -> dict[str, None]:
    return dict.fromkeys(action for branch in branches for action in branch.actions)
