"""What is served when a branch has ended, held against what the simulation says that users get."""

from __future__ import annotations

from gatepost.execution.release import Release
from gatepost.execution.setup import Orders
from gatepost.execution.starts import happened, start_of, undone
from gatepost.execution.task import Report
from gatepost.pipeline import Branch
from gatepost.pipeline.targets import is_always_there

__all__ = ["served_otherwise"]


def served_otherwise(orders: Orders, branch: Branch, report: Report, release: Release, first: Release) -> str:
    """Say where what is served at the end is not what the simulation says; empty when they agree.

    Args:
        orders: what was run.
        branch: what was simulated.
        report: what came of it.
        release: the release without a fault that the branch started in.
        first: the first release.
    """
    if report.rejoined:
        return ""  # the rest is the clean release's, which was looked at
    fixed = _with_a_fixed_target(orders, branch)
    for path, now in report.states.items():
        was, new = release.start.get(path), release.end.get(path)
        match branch.production:
            case "untouched" if now != was:
                return f"{path} has changed, and production should be untouched"
            case "previous" if path in fixed and now == new:
                return f"{path} still serves the release that was to be undone"
            case "previous" if path not in fixed and now != was:
                return f"{path} is not what it was before the release, as a rollback should leave it"
            case "fallback" if now == first.end.get(path):
                return f"{path} still serves the release that should be off"
            case "new" if wrong := _not_new(orders, branch, path, now, release):
                return wrong
            case _:
                continue
    return ""


def _not_new(orders: Orders, branch: Branch, path: str, now: str | None, release: Release) -> str:
    """Say that a place does not serve what was promoted to it, or that it has changed though nothing was."""
    was, missing = release.start.get(path), f"{path} does not serve the new release"
    if branch.end == "completed":
        return missing if now == was else ""
    brought = [one.name for one in happened(orders, branch) if orders.states.get(one.name) == path]
    if not brought:
        return f"{path} has changed, and nothing was promoted to it" if now != was else ""
    if set(brought) & set(start_of(orders, branch).first):
        return missing if now == was else ""  # promoted again on the branch: its bytes may vary, as a time does
    return missing if now != release.states[brought[-1]][path] else ""


def _with_a_fixed_target(orders: Orders, branch: Branch) -> frozenset[str]:
    """Give the paths that a rollback leaves at something else than what was there before the release."""
    backs = {one.name: one.stage.rollback for one in undone(orders, branch) if one.name in orders.states}
    there = (name for name, back in backs.items() if back is not None and is_always_there(orders.contract, back))
    return frozenset(orders.states[name] for name in there)
