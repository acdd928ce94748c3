"""Where a stage that does not succeed leads, as the picture tells it: only what differs from the usual answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple, TypeAlias

from gatepost.pipeline import Contract, DryRunVerdict, Promise
from gatepost.pipeline.branch import Branch, End, FaultKind, Production

__all__ = ["Answers", "Cause", "Ending", "answers_of", "is_unsafe"]

Cause: TypeAlias = Literal["fails", "rejects", "either"]
"""Which handler answers: `on-fail`, `on-reject`, or both with the same end."""

_REJECTS: Final[frozenset[FaultKind]] = frozenset({"reject", "inconclusive", "expire"})
_BAD_ENDS: Final[frozenset[End]] = frozenset({"unhandled", "no-rollback", "no-previous-version"})
_BAD: Final[frozenset[Production]] = frozenset({"unknown", "in-breach", "rejected"})


class Ending(NamedTuple):
    """How a run ends that a stage has ended."""

    end: End
    cause: Cause
    unsafe: bool
    undoes: str = ""
    """The promotion that is rolled back; empty when none is."""
    target: str = ""
    """What is restored."""
    first: str = ""
    """What is done when there was no version before."""


class Answers(NamedTuple):
    """What happens when stages do not succeed."""

    usual: End | None
    """How a run ends by the contract's default; None without one, and when no branch ends."""
    default: str
    """That default, as the contract has it."""
    others: dict[str, tuple[Ending, ...]]
    """For each stage what differs from it."""


def is_unsafe(branch: Branch) -> bool:
    """Tell whether a branch leaves users with something bad; who is paged about a failed rollback is asked apart."""
    if branch.end == "rollback-failed":
        return False
    return branch.end in _BAD_ENDS or branch.production in _BAD


def answers_of(verdict: DryRunVerdict) -> Answers:
    """Give what the picture of a contract tells about failures and rejections."""
    default = verdict.contract.record.defaults.on_fail
    failing = list(_failing(verdict))
    usual = next((one.end for one in failing if default and one.actions == default.steps), None)
    stages: dict[str, dict[End, list[Branch]]] = {}
    for branch in failing:
        if branch.end != usual or is_unsafe(branch):
            stages.setdefault(branch.events[0].stage, {}).setdefault(branch.end, []).append(branch)
    others = {
        name: tuple(_ending(verdict.contract, name, end, branches) for end, branches in ends.items())
        for name, ends in stages.items()
    }
    return Answers(usual, str(default or ""), others)


def _failing(verdict: DryRunVerdict) -> Iterator[Branch]:
    """Give the branches that no attempt mends, as they end when a version was there before."""
    for branch in verdict.simulation.singles if verdict.simulation else ():
        if not branch.events[0].recovered and not branch.first_release:
            yield branch


def _ending(contract: Contract, stage: str, end: End, branches: list[Branch]) -> Ending:
    rejects = [branch.events[0].fault in _REJECTS for branch in branches]
    cause: Cause = "rejects" if all(rejects) else "either" if any(rejects) else "fails"
    unsafe = any(map(is_unsafe, branches))
    if end != "rolled-back":
        return Ending(end, cause, unsafe)
    undone = _undone(contract, stage)
    back = undone.stage.rollback
    target, first = (back.to, back.first or "") if back else ("", "")
    return Ending(end, cause, unsafe, undone.name, target, first)


def _undone(contract: Contract, stage: str) -> Promise:
    """Give the promotion that a stage rolls back: the last that it waits for, else the last beside it."""
    behind = contract.graph.ancestors(stage) | {stage}
    places = {name: place for place, name in enumerate(contract.graph.order)}
    return max(contract.promotions, key=lambda one: (one.name in behind, places[one.name]))
