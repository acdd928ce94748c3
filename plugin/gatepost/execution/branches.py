"""Each simulated branch as work: what stands in for a command, the handler's commands, what must be served then."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from gatepost.execution.mended import control_of, not_mended
from gatepost.execution.quarantine import left_in_place, to_be_put_away
from gatepost.execution.release import Release
from gatepost.execution.setup import Orders
from gatepost.execution.task import Report, Setting, Step, Task
from gatepost.execution.unseen import TELLING
from gatepost.pipeline import Branch, Promise, key_of
from gatepost.pipeline.targets import is_always_there
from gatepost.records.dry_run import DryRunBranch
from gatepost.records.expressions import Condition

__all__ = ["Planned", "judged", "plan", "release_of", "violating"]

_FORCED: Final = {"fail": 1, "infrastructure": 75, "reject": 10, "inconclusive": 11, "expire": 124, "breach": 10}
_NOT_REPEATED: Final = "two runs that differ cannot be provoked from outside; the clean runs are compared"
_NO_METRIC: Final = "no JSON file that it reads lists its metrics"
_UNANSWERED: Final = "the contract does not say what follows"
_OTHER_ORDER: Final = "independent stages run in another order here"


class Planned(NamedTuple):
    """A branch that will be run, or why it will not."""

    branch: Branch
    task: Task | None
    reason: str = ""
    control: Task | None = None
    """Where two attempts have their effect: the same with one."""

    @property
    def is_sound(self) -> bool:
        """Whether each command has its effect once, as without a fault."""
        return self.task is not None and self.branch.events[0].recovered and self.control is None


def plan(
    orders: Orders, branches: tuple[Branch, ...], releases: tuple[Release, Release], setting: Setting
) -> Iterator[Planned]:
    """Give the work of each branch.

    Args:
        orders: what is run.
        branches: those with one fault, and those on which a rollback fails.
        releases: the first release and the one after it.
        setting: what the commands see.
    """
    for branch in branches:
        reason = _cannot(orders, branch)
        if reason:
            yield Planned(branch, None, reason)
            continue
        release = release_of(branch, releases)
        name = branch.events[0].stage
        steps, rest = _steps(orders, branch)
        paths = tuple(dict.fromkeys(orders.states.values()))
        same = release.after.get(name)
        own = setting if release is releases[0] else replace(setting, release="2")
        mended = branch.events[0].recovered
        task = Task(
            key_of(branch), release.before[name], own, steps, paths, rest, same, mended, to_be_put_away(orders, branch)
        )
        twice = mended and branch.events[0].fault.endswith("-after-effect")
        yield Planned(branch, task, control=control_of(task, steps[-1]) if twice else None)


def _cannot(orders: Orders, branch: Branch) -> str:
    """Say why a branch cannot be provoked; empty when it can."""
    event = branch.events[0]
    promise = orders.contract.promises[event.stage]
    if event.fault == "not-reproducible":
        return _NOT_REPEATED
    if branch.end in {"unhandled", "no-rollback", "no-previous-version"}:
        return _UNANSWERED
    if event.fault == "reject" and promise.kind == "gate" and violating(orders, promise) is None:
        return _NO_METRIC
    if event.recovered and event.stage not in orders.commands:
        return "it has no command that could be tried again"
    if "rollback" in branch.actions and branch.end != "halted":
        lacking = [one.name for one in _undone(orders, branch) if one.name not in orders.rollbacks]
        if lacking:
            return f"the rollback of {lacking[0]} has no command"
    return _OTHER_ORDER if _is_of_another_order(orders, branch) else ""


def _happened(orders: Orders, stage: str) -> list[Promise]:
    """Give the promotions to production that have happened before a stage, in the order in which stages run."""
    earlier = orders.order[: orders.order.index(stage)]
    return [orders.contract.promises[name] for name in earlier if orders.contract.promises[name].into_production]


def _undone(orders: Orders, branch: Branch) -> list[Promise]:
    """Give the promotions that a rollback undoes, the last one first."""
    promise = orders.contract.promises[branch.events[0].stage]
    own = [promise] if promise.into_production else []
    return [*own, *reversed(_happened(orders, promise.name))]


def _is_of_another_order(orders: Orders, branch: Branch) -> bool:
    """Tell whether a branch needs promotions to have happened that come later here, or the other way round."""
    if branch.end == "completed" or orders.contract.promises[branch.events[0].stage].into_production:
        return False
    happened = bool(_happened(orders, branch.events[0].stage))
    return happened is (branch.production == "untouched")


def _steps(orders: Orders, branch: Branch) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """Give what is done at the stage and after it, and what follows when another attempt has succeeded."""
    event = branch.events[0]
    promise = orders.contract.promises[event.stage]
    if event.recovered:
        real = _real(orders, promise)
        later = orders.order[orders.order.index(promise.name) + 1 :]
        rest = tuple(_real(orders, orders.contract.promises[name]) for name in later if name in orders.commands)
        return (*_injected(orders, promise, event.fault, once=True), real), rest
    handler = tuple(_handler(orders, branch))
    return (*_injected(orders, promise, event.fault, once=False), *handler), ()


def _real(orders: Orders, promise: Promise) -> Step:
    words = orders.commands[promise.name]
    return Step(promise.name, words, orders.seconds(promise), expected=(0,), told=orders.told(promise))


def _injected(orders: Orders, promise: Promise, fault: str, *, once: bool) -> Iterator[Step]:
    """Give the attempts of a stage, with the fault in each."""
    attempts = 1 if once or not fault.endswith("-after-effect") else promise.retries + 1
    words = orders.commands.get(promise.name, ())
    has_effect = fault.endswith("-after-effect") or (fault == "breach" and promise.kind == "promote")
    step = Step(promise.name, words if has_effect else (), orders.seconds(promise), told=orders.told(promise))
    for _ in range(attempts):
        if fault == "reject" and promise.kind == "gate":
            yield _rejected(orders, promise)
        elif fault.startswith("timeout"):
            yield _with(step, hangs=True, expected=(0,) if step.words else None)
        else:
            code = _FORCED[fault.removesuffix("-after-effect")]
            yield _with(step, forced=code, expected=(0,) if step.words else None)


def _with(step: Step, *, forced: int | None = None, hangs: bool = False, expected: tuple[int, ...] | None) -> Step:
    return Step(step.name, step.words, step.seconds, forced, expected, hangs, told=step.told)


def _rejected(orders: Orders, gate: Promise) -> Step:
    """Give a gate that is shown a metric which it must reject; one without a command is judged by its conditions."""
    path, values = violating(orders, gate) or ("", ())
    words = orders.commands.get(gate.name)
    if words is None:
        return Step(gate.name, forced=10)
    metrics = ((path, values),)
    return Step(gate.name, words, orders.seconds(gate), expected=(10,), metrics=metrics, told=orders.told(gate))


def violating(orders: Orders, gate: Promise) -> tuple[str, tuple[tuple[str, float | None], ...]] | None:
    """Give a file and a value in it that break the first condition whose metric is in a file; None when none is."""
    for condition in gate.stage.pass_:
        path = orders.file_of(gate, condition.key)
        if path is not None:
            return path, ((condition.key, _beyond(condition)),)
    return None


def _beyond(condition: Condition) -> float | None:
    """Give a value that does not meet a condition, whatever its reference is; None where only absence does that."""
    far = max(1.0, abs(condition.number)) * 1e6
    match condition.operator:
        case ">" | ">=":
            return -far
        case "<" | "<=":
            return far
        case "==":
            return condition.number + far
        case _:
            return None if condition.reference else condition.number


def _handler(orders: Orders, branch: Branch) -> Iterator[Step]:
    """Give the commands of a handler, in order; an action without a command of its own does nothing here."""
    event = branch.events[0]
    told = orders.told(orders.contract.promises[event.stage], event.fault)
    for action in branch.actions:
        if action == "rollback" and branch.end != "halted":
            yield from _rollbacks(orders, branch, told)
        elif action in orders.handlers:
            yield Step(action, orders.handlers[action], expected=(0,), told=told, tells=action in TELLING)


def _rollbacks(orders: Orders, branch: Branch, told: tuple[tuple[str, str], ...]) -> Iterator[Step]:
    for promotion in _undone(orders, branch):
        name, back = f"rollback of {promotion.name}", promotion.stage.rollback
        if branch.end == "rollback-failed":
            yield Step(name, forced=1)
            return
        seconds = back.within.seconds if back is not None and back.within else math.inf
        words = orders.rollbacks[promotion.name]
        yield Step(name, words, min(seconds, 86400.0), expected=(0,), told=told)


def release_of(branch: Branch, releases: tuple[Release, Release]) -> Release:
    """Give the release without a fault that a branch starts in: the first one, or the one after it."""
    return releases[0] if branch.first_release else releases[1]


def judged(
    orders: Orders,
    planned: Planned,
    reports: Mapping[str, Report],
    releases: tuple[Release, Release],
    sound: Sequence[Report] = (),
) -> DryRunBranch:
    """Say whether a branch ended as the contract promises.

    Args:
        orders: what was run.
        planned: the branch.
        reports: what came of each piece of work, by its key.
        releases: the first release and the one after it.
        sound: what came of the branches on which each command has its effect once.
    """
    branch = planned.branch
    report, release = reports[key_of(branch)], release_of(branch, releases)
    wrong = report.missed or left_in_place(report) or _served(orders, branch, report, release, releases[0])
    if not wrong and planned.control is not None and planned.control.key in reports:
        wrong = not_mended(report, release, reports[planned.control.key], sound)
    return DryRunBranch(
        branch=report.key,
        outcome=wrong or branch.end,
        passed=not wrong,
        expected=branch.end,
        production=branch.production if orders.states else orders.unobserved,
        seconds=round(report.seconds, 2),
    )


def _served(orders: Orders, branch: Branch, report: Report, release: Release, first: Release) -> str:
    """Compare what is served at the end with the simulation; empty when they agree."""
    started = not _happened(orders, branch.events[0].stage)
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
            case "new" if now == was or (not started and branch.end != "completed" and now != new):
                return f"{path} does not serve the new release"
            case _:
                continue
    return ""


def _with_a_fixed_target(orders: Orders, branch: Branch) -> frozenset[str]:
    """Give the paths that a rollback leaves at something else than what was there before the release."""
    backs = {one.name: one.stage.rollback for one in _undone(orders, branch) if one.name in orders.states}
    there = (name for name, back in backs.items() if back is not None and is_always_there(orders.contract, back))
    return frozenset(orders.states[name] for name in there)
