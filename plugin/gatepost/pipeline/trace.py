"""A branch as a path that a person can follow, and branches alike as one row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from gatepost.pipeline.branch import Branch, End, FaultKind, Production, success_of
from gatepost.pipeline.contract import Contract
from gatepost.records.expressions import Action

__all__ = ["Row", "before_fault", "key_of", "path_beside", "path_to", "rows_of", "steps_of", "trace"]

_LONGEST: Final = 6
"""So many stages before the first fault are named; of more, the middle is counted, unless that is one alone."""


class Row(NamedTuple):
    """Branches of one stage that differ in the fault alone."""

    stage: str
    faults: tuple[FaultKind, ...]
    recovered: bool
    rollback_fails: bool
    end: End
    production: Production
    actions: tuple[Action, ...]
    first_release: bool | None
    after: str
    """The promotion beside the stage that has happened by then, where that makes the difference."""


def rows_of(branches: Iterable[Branch]) -> tuple[Row, ...]:
    """Group branches with one fault, or with one whose rollback fails, stage by stage."""
    rows: dict[Row, list[FaultKind]] = {}
    for branch in branches:
        if not branch.events:
            continue
        first, fails = branch.events[0], branch.events[-1].fault == "rollback-fails"
        alike = Row(
            first.stage,
            (),
            first.recovered,
            fails,
            branch.end,
            branch.production,
            branch.actions,
            branch.first_release,
            branch.after,
        )
        rows.setdefault(alike, []).append(first.fault)
    return tuple(row._replace(faults=tuple(faults)) for row, faults in rows.items())


def steps_of(contract: Contract, branch: Branch) -> tuple[str, ...]:
    """Give the steps of a branch in words: what succeeds, what goes wrong, what the handler does, how it ends."""
    if not branch.events:
        return (*_before(contract, contract.graph.order), branch.end)
    steps = [*_before(contract, before_fault(contract, branch))]
    for event in branch.events:
        steps.append(f"{event.stage} {event.fault.replace('-', ' ')}")
        if event.recovered:
            steps.append(f"{event.stage} {success_of(contract.promises[event.stage].kind)} on another attempt")
    if branch.first_release:
        steps[0:0] = ["first release"]
    if branch.end != "completed":
        steps.append(" + ".join(branch.actions) or "no handler")
    return (*steps, branch.end.replace("-", " "))


def before_fault(contract: Contract, branch: Branch) -> tuple[str, ...]:
    """Give the stages that have succeeded when something goes wrong on a branch, in an order in which they can run.

    Those are what the stages that go wrong wait for, and a promotion beside them, which comes last, with what it waits
    for.
    """
    graph = contract.graph
    known = {event.stage for event in branch.events}
    needed = set().union(*(graph.ancestors(name) for name in known))
    if branch.after:
        needed |= graph.ancestors(branch.after)
    found = [name for name in graph.order if name in needed and name not in known and name != branch.after]
    return (*found, branch.after) if branch.after else tuple(found)


def trace(contract: Contract, branch: Branch) -> str:
    """Give a branch as one line: `train ok → evaluate ok → quality-gate reject → no handler → unhandled`."""
    return " → ".join(steps_of(contract, branch))


def _before(contract: Contract, names: Sequence[str]) -> list[str]:
    """Give the words of stages that succeed; of many, the first and the last, with the rest counted."""
    half, number = _LONGEST // 2, len(names)
    if number <= _LONGEST + 1:
        return [_success(contract, name) for name in names]
    ends = [[_success(contract, name) for name in some] for some in (names[:half], names[-half:])]
    return [*ends[0], f"{number - 2 * half} more succeed", *ends[1]]


def _success(contract: Contract, name: str) -> str:
    return f"{name} {success_of(contract.promises[name].kind)}"


def path_to(contract: Contract, stage: str, *then: str) -> str:
    """Give the way to a stage on which all before it succeeds, and what happens there."""
    needed = contract.graph.ancestors(stage)
    return " → ".join([*_before(contract, [name for name in contract.graph.order if name in needed]), *then])


def path_beside(contract: Contract, promotion: str, guard: str | None = None) -> str:
    """Give the branch on which a promotion happens, and then a guard that it did not wait for rejects."""
    ends = f"{guard} reject" if guard else "production has it"
    return path_to(contract, promotion, f"{promotion} ok", ends)


def key_of(branch: Branch) -> str:
    """Give what a branch with faults is called in a table and in the record of a dry run.

    `train timeout, recovered`, `canary breach, first release`, `canary breach, rollback fails`, `lint fail, after
    canary`; `success` without any. Of the branches that are listed no two have the same.
    """
    parts = [f"{event.stage} {event.fault}" for event in branch.events if event.fault != "rollback-fails"]
    parts += ["recovered"] if branch.events and branch.events[-1].recovered else []
    parts += ["rollback fails"] if branch.end == "rollback-failed" else []
    parts += ["first release"] if branch.first_release else []
    parts += [f"after {branch.after}"] if branch.after else []
    return ", ".join(parts) or "success"
