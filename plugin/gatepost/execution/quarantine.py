"""What a rejection takes out of reach: the candidate that the stages before a gate or an approval have built."""

from __future__ import annotations

from typing import Final

from gatepost.execution.setup import Orders
from gatepost.execution.task import Report
from gatepost.pipeline import Branch

__all__ = ["left_in_place", "to_be_put_away"]

_CANDIDATES: Final = frozenset({"model", "package"})
_MEASURED: Final = frozenset({"metrics", "report"})
"""What is kept for those who look for the cause."""


def to_be_put_away(orders: Orders, branch: Branch) -> tuple[str, ...]:
    """Give the paths of what a branch rejects and its `quarantine` has to put away; none where no command does that.

    It is the last that was built of the models and packages before the stage; where none was, the data that were made.
    """
    event = branch.events[0]
    if event.fault != "reject" or "quarantine" not in branch.actions or "quarantine" not in orders.handlers:
        return ()
    graph, artifacts = orders.contract.graph, orders.contract.record.artifacts
    stages = [orders.contract.promises[name].stage for name in graph.order if name in graph.ancestors(event.stage)]
    made = {name: known for one in stages for name in one.out if (known := artifacts.get(name)) and known.path}
    candidates = {name for name, known in made.items() if known.type in _CANDIDATES}
    used = {name for one in stages if candidates.intersection(one.out) for name in one.in_}
    chosen = (candidates - used) or {name for name, known in made.items() if known.type not in _MEASURED}
    return tuple(path for name, known in made.items() if name in chosen and (path := known.path))


def left_in_place(report: Report) -> str:
    """Say that a quarantine has put nothing away; empty when it has, or when nothing was there."""
    if not report.left or len(report.left) < report.rejected:
        return ""
    what = " and ".join(report.left)
    return (
        f"quarantine exits 0 and leaves {what} as it was: let it move or mark what was rejected, or say "
        "`quarantine: engine` if what runs the stages does that"
    )
