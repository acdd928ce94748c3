"""Stages that one side has and the other does not, or runs only after a failure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gatepost.definitions.after_failure import after_failure, runs_only_after_failure
from gatepost.definitions.definition import RealStage
from gatepost.definitions.difference import Difference, DifferenceId
from gatepost.definitions.sides import Sides
from gatepost.pipeline import Promise

__all__ = ["stages"]

_NAMED: Final = 8
"""How many stages a hint names."""
_NOT_SHOWN: Final[dict[str, DifferenceId]] = {
    "approval": "approval-not-shown",
    "monitor": "monitor-not-shown",
    "promote": "promotion-not-shown",
}
_SHOWN_BY: Final = {
    "github-actions": "`environment:` on the job behind it would show it",
    "gitlab-ci": "a job with `when: manual` would show it",
    "argo": "a template with `suspend` would show it",
    "snapshot": "`waits_for` of a stage would show it",
}
"""How the text of each tool shows that somebody is waited for, for those that can."""
_ELSEWHERE: Final = "if it is a setting, or done by people or another system, say so in the contract's text"
_WAITS_FOR_ALL: Final = "`suspend: {}` without a duration waits until somebody resumes it"


def stages(sides: Sides) -> Iterator[Difference]:
    """Find the stages that either side lacks, and those of the contract that only answer a failure.

    A gate that is not shown counts as missing even if it has no command: nothing then shows that a promotion waits for
    it. Approvals, monitors and promotions without a command may be people, settings, or another system.
    """
    renamed: set[str] = set()
    for name, promise in sides.contract.promises.items():
        if not sides.reals(name):
            other = _same_command(sides, promise, renamed)
            yield from [_renamed(promise, other)] if other else _absent(sides, promise)
            renamed |= {other.name} if other else set()
        elif _waits_for_nobody(sides, promise):
            yield _not_shown(sides, promise)
    for stage in sides.mapping.undocumented:
        if stage.name in renamed:
            continue
        message = f"the definition runs {stage.name}, which the contract does not have"
        hint = "add it, name it in `impl:` of the stage that it does, or list it in `besides:` of `source`"
        at = ("source",)
        yield Difference("stage-undocumented", message, hint, at, stage.name, stage.path, stage.line, "differs")
    yield from _stale(sides)
    yield from _after_failure(sides)


def _after_failure(sides: Sides) -> Iterator[Difference]:
    """Tell that the contract runs a stage when all is well, which the definition runs only after a failure.

    Of a gate whose own condition says so, it is told with what it guards.
    """
    only = {name for name, is_only in after_failure(sides.definition).items() if is_only}
    edges = (edge for edge in sides.definition.edges if edge.before in only and not edge.lets_all_through)
    only -= {edge.after for edge in edges}  # what follows from the one before it
    for name in sides.contract.promises:
        reals = sides.reals(name)
        if reals and only.issuperset(reals) and not sides.mapping.is_elsewhere(name):
            real = sides.mapping.stage(reals[0])
            if _is_guarding(sides, name) and runs_only_after_failure(sides.definition.tool, real):
                continue
            message = f"{name} runs here when all is well, and the definition runs {real.name} only after a failure"
            hint = (
                f"take {name} out, list {real.name} in `besides:` of `source`, and say what it runs under `handlers` "
                "or in the `rollback` of a promotion"
            )
            at = ("stages", name)
            yield Difference("stage-after-failure", message, hint, at, real.name, real.path, real.line, "differs")


def _is_guarding(sides: Sides, name: str) -> bool:
    """Tell whether a stage is a gate before a promotion."""
    contract = sides.contract
    is_before = any(name in contract.graph.ancestors(one.name) for one in contract.promotions)
    return is_before and contract.promises[name].kind == "gate"


def _stale(sides: Sides) -> Iterator[Difference]:
    """Tell that the contract sets a stage aside which is not there, or is there no more."""
    for name in sides.mapping.stale:
        message = f"`besides:` names {name}, which the definition does not have"
        hint = f"take it out, or correct the name; the definition has {_names(sides)}"
        is_open = any(gap.touches != () for gap in sides.definition.gaps)
        yield sides.missing("besides-missing", message, hint, ("source", "besides"), name, is_open=is_open)


def _same_command(sides: Sides, promise: Promise, besides: set[str]) -> RealStage | None:
    """Give the one stage that the contract does not have and that runs the very command of one that is missing."""
    wanted = " ".join((promise.stage.run or "").split())
    found = [
        stage
        for stage in sides.mapping.undocumented
        if wanted and " ".join((stage.command or "").split()) == wanted and stage.name not in besides
    ]
    return found[0] if len(found) == 1 and promise.stage.gate is None else None


def _renamed(promise: Promise, other: RealStage) -> Difference:
    message = f"{promise.name} is not shown by the definition, which runs its command as {other.name}"
    hint = f"if it is the same stage, say `impl: {other.name}`"
    at, value = ("stages", promise.name), promise.name
    return Difference("stage-missing", message, hint, at, value, other.path, other.line, "differs")


def _absent(sides: Sides, promise: Promise) -> Iterator[Difference]:
    name, stage = promise.name, promise.stage
    at = ("stages", name)
    named, is_open = stage.gate["in"] if stage.gate else stage.impl, sides.may_hide_a_stage()
    if named:
        message = f"{name} is implemented by {named}, which the definition does not have"
        hint = f"correct the name; the definition has {_names(sides)}"
        under = (*at, "gate" if stage.gate else "impl")
        yield sides.missing("stage-missing", message, hint, under, named, is_open=is_open)
    elif sides.is_by_people(promise):
        if promise.kind != "approval" or not _is_waited_for(sides, name):
            yield _not_shown(sides, promise)
    else:
        what = f"the gate {name}" if promise.kind == "gate" else name
        mend = "let the definition run it, or say where it lives: `gate: {in: STAGE}`"
        hint = mend if promise.kind == "gate" else "name the stage that does it in `impl:`"
        hint = f"{hint}; the definition has {_names(sides)}"
        message = f"{what} is not shown by the definition"
        yield sides.missing("stage-missing", message, hint, at, name, is_open=is_open)


def _names(sides: Sides) -> str:
    names = [stage.name for stage in sides.definition.stages]
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


def _waits_for_nobody(sides: Sides, promise: Promise) -> bool:
    """Tell whether the stage that stands for an approval of people goes on by itself, whatever it is called."""
    reals = [sides.mapping.stage(real) for real in sides.reals(promise.name)]
    is_by_people = promise.kind == "approval" and promise.stage.run is None
    is_shown = any(real.waits_for or real.hidden for real in reals)
    return is_by_people and not is_shown and not _is_waited_for(sides, promise.name)


def _is_waited_for(sides: Sides, approval: str) -> bool:
    """Tell whether a stage that comes next behind an approval waits for a person, so that the definition shows it."""
    graph = sides.contract.graph
    behind = [name for name in graph.members(graph.later[graph.number[approval]]) if sides.reals(name)]
    seen = set(behind)
    following = [name for name in behind if seen.isdisjoint(graph.ancestors(name))]
    return any(
        _asks(sides.contract.promises[name], sides.mapping.stage(real))
        for name in following
        for real in sides.reals(name)
    )


def _asks(promise: Promise, real: RealStage) -> bool:
    """Tell whether a stage may wait for a person; one that names another place than it promises shows nothing there."""
    target = promise.stage.to
    return bool(real.waits_for) and (
        target is None or real.target is None or real.target.casefold() == target.casefold()
    )


def _not_shown(sides: Sides, promise: Promise) -> Difference:
    hint = _ELSEWHERE
    if promise.kind == "approval":
        waiting = [stage.name for stage in sides.mapping.undocumented if stage.waits_for]
        shown = f"the definition waits in {waiting[0]}: name it in `impl:`" if waiting else ""
        hint = "; ".join(one for one in (shown or _SHOWN_BY.get(sides.definition.tool), hint) if one)
    message = f"the {promise.kind} {promise.name} is not shown by the definition"
    message = message.replace("the promote ", "the promotion ")
    pausing = next((one for real in sides.reals(promise.name) if (one := sides.mapping.stage(real)).resumes), None)
    if pausing is not None:
        message = f"{message}: {pausing.name} goes on by itself after {pausing.resumes}, approved or not"
        hint = f"{_WAITS_FOR_ALL}; {_ELSEWHERE}"
    at, path = ("stages", promise.name), sides.definition.path
    return Difference(_NOT_SHOWN[promise.kind], message, hint, at, promise.name, path, 0, "not-shown")
