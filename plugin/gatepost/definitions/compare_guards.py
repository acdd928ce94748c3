"""Whether each gate and approval still stands before each promotion, and each failure still ends the run.

A gate guards a promotion when the promotion does not run once the gate has failed, whatever else succeeds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from gatepost.definitions.after_failure import runs_only_after_failure
from gatepost.definitions.commands import runs_as_written
from gatepost.definitions.definition import RealEdge, RealStage
from gatepost.definitions.difference import Difference
from gatepost.definitions.failures import TOLERATED, failure_of, never_fails
from gatepost.definitions.mapping import is_one_of_many
from gatepost.definitions.sides import GUARDS, Sides
from gatepost.pipeline import Promise

__all__ = ["Leak", "guards", "leaks_of"]

_SKIP_AND_GO_ON: Final = frozenset({"argo", "kubeflow", "gitlab-ci", "dvc", "snapshot"})
"""The tools in which what waits for a stage runs when that stage was left out."""


_ALL_OF: Final = {"argo": ", ", "kubeflow": " and "}
"""What joins conditions that must all hold, the outer ones first, for the tools that nest them."""

_WAITS: Final = re.compile(r"(?:\A|[,;] )when: manual(?=[,;]|\Z)")
"""What says of a job of GitLab that it waits for a hand where its rule fits; whether that fits, it leaves open."""


class Leak(NamedTuple):
    """Failures that no longer keep a promotion back, for one reason."""

    edge: RealEdge
    promotion: Promise
    failing: list[str]
    """The stages of the contract whose failure it is."""


def leaks_of(sides: Sides) -> tuple[Leak, ...]:
    """Find promotions that run though a stage before them has failed, by what lets them."""
    found: list[Leak] = []
    known: dict[tuple[str, str], Leak] = {}
    for guard, promotion in _pairs(sides) if sides.reach.weakens else ():
        for one, other in _unguarded(sides, guard.name, promotion.name):
            edge = sides.reach.leak(one, other)
            if edge is None or (edge.before == one and _is_told_elsewhere(sides, guard, edge)):
                continue
            words = edge.weakened or edge.skipped or ""
            keys = ((edge.before, words), (edge.after, words))
            leak = next((known[key] for key in keys if key in known), None)
            if leak is None:
                leak = Leak(edge, promotion, [])
                found.append(leak)
            for key in keys:
                known.setdefault(key, leak)
            if guard.name not in leak.failing:
                leak.failing.append(guard.name)
    return tuple(found)


def _is_hidden(sides: Sides, guard: Promise, edge: RealEdge) -> bool:
    """Tell whether the command of a gate hides its own failure, which is told of the gate itself."""
    if guard.kind not in GUARDS or (guard.kind == "approval" and guard.stage.run is None):
        return False
    stage = sides.mapping.stage(edge.before)
    failure = failure_of(stage, guard.stage.run, sides.scripts)
    return edge.weakened == never_fails(stage) and failure is not None and failure.fate == "hidden"


def _is_told_elsewhere(sides: Sides, guard: Promise, edge: RealEdge) -> bool:
    return _is_hidden(sides, guard, edge) or _is_a_wait(sides, guard, edge)


def _is_a_wait(sides: Sides, guard: Promise, edge: RealEdge) -> bool:
    """Tell whether an approval is that somebody is waited for, so that it does not matter what is run behind that."""
    stage = sides.mapping.stage(edge.before)
    is_by_people = guard.kind == "approval" and guard.stage.run is None and bool(stage.waits_for)
    by_steps = edge.weakened in {never_fails(stage), TOLERATED}
    return is_by_people and stage.forgiven is None and by_steps


def guards(sides: Sides, leaks: tuple[Leak, ...]) -> Iterator[Difference]:
    """Tell the leaks, the gates that nothing waits for, and those that a condition may leave out."""
    for leak in leaks:
        yield _told(sides, leak)
    yield from _elsewhere(sides)
    for guard, promotion in _pairs(sides):
        if guard.kind in GUARDS:
            yield from _missing(sides, guard, promotion)
            yield from _conditional(sides, guard, promotion)


def _pairs(sides: Sides) -> Iterator[tuple[Promise, Promise]]:
    """Give each stage that the contract has before a promotion with that promotion, production and guards first."""
    there = [one for one in sides.contract.promises.values() if sides.reals(one.name)]
    for promotion in (*sides.contract.promotions, *sides.contract.rehearsals):
        before = sides.contract.graph.ancestors(promotion.name) if sides.reals(promotion.name) else ()
        for guard in sorted(there, key=lambda one: one.kind not in GUARDS):
            if guard.name in before and not sides.overlap(guard.name, promotion.name):
                yield guard, promotion


def _elsewhere(sides: Sides) -> Iterator[Difference]:
    """Tell that a stage which is no promotion runs the command of one; of an unknown stage that was told.

    A command with a word that is filled in may become any other, and nobody is accused of what may be.
    """
    told = {stage.name for stage in sides.mapping.undocumented}
    for promotion in sides.contract.promotions:
        ours = promotion.stage.run
        same = {
            real for name, one in sides.contract.record.stages.items() if one.run == ours for real in sides.reals(name)
        }
        for real in sides.definition.stages if ours else ():
            texts = (real.command, *(one.command for one in real.answers if not one.only))
            if real.name in told | same or not any(runs_as_written(one or "", str(ours)) for one in texts):
                continue
            message = f"in the definition {real.name} runs the command of the promotion {promotion.name}, too"
            at, value = ("stages", promotion.name), f"{real.name} {promotion.name}"
            hint = f"let {promotion.name} alone run it, behind its gates"
            yield sides.shown("guard-missing", message, hint, at, value, real.line)._replace(path=real.path)


def _missing(sides: Sides, guard: Promise, promotion: Promise) -> Iterator[Difference]:
    """Tell that a promotion does not wait for a gate; where an edge between is missing or reversed, that was told."""
    if sides.before(promotion.name).get(guard.name) is not False:
        return
    for one, other in _unguarded(sides, guard.name, promotion.name):
        if sides.reach.leak(one, other) is None and not sides.reach.leads([other], [one]):
            message = f"in the definition {other} does not wait for {one}, which guards it here"
            at, value = ("stages", promotion.name), f"{guard.name} {promotion.name}"
            by_files = f": DVC orders by files, so let it depend on one that {one} writes"
            hint = f"let it wait{by_files if sides.definition.tool == 'dvc' else ''}"
            is_open = sides.may_hide_an_edge(one, other)
            yield sides.missing("guard-missing", message, hint, at, value, is_open=is_open)
            return


def _unguarded(sides: Sides, guard: str, promotion: str) -> list[tuple[str, str]]:
    """Give the pairs of real stages in which the later runs though the earlier has failed.

    Each part of the promotion must wait for a part of the guard; of a guard that is a `foreach` or a matrix, each must
    stop a part of the promotion.
    """
    named = tuple(one.name for one in sides.doing(guard))
    ones, others = named or sides.reals(guard), sides.reals(promotion)
    stopped = {one: sides.reach.stopped(one) for one in ones}
    free = [other for other in others if not any(other in stopped[one] for one in ones)]
    if free:
        return [(next((one for one in ones if other in sides.reach.later(one)), ones[0]), other) for other in free]
    return [(one, others[0]) for one in ones if is_one_of_many(one) and stopped[one].isdisjoint(others)]


def _told(sides: Sides, leak: Leak) -> Difference:
    found = _said(sides, leak)
    is_open = leak.edge.is_open or (leak.edge.tolerated and sides.hands_over(leak.edge.before))
    return found._replace(weight="unknown") if is_open else found


def _said(sides: Sides, leak: Leak) -> Difference:
    edge, promotion = leak.edge, leak.promotion
    kept = [one for one in leak.failing if sides.contract.promises[one].kind in GUARDS]
    at = ("stages", promotion.name)
    verb = "may run" if edge.is_open else "runs"
    ended = "was cancelled" if edge.only_cancelled else "has failed"
    reason = f"{edge.after} {verb} though {edge.before} {ended} ({edge.weakened})"
    if not edge.weakened:
        cause = f"was left out because {leak.failing[0]} has failed"
        reason = f"{edge.after} {verb} though {edge.before} {cause} ({edge.skipped})"
    if kept:
        verb = "does" if len(kept) == 1 else "do"
        message = f"in the definition {' and '.join(kept)} {verb} not guard {promotion.name}: {reason}"
        hint = "take that condition away, or let the promotion wait for the gate itself"
        return sides.shown("guard-weakened", message, hint, at, f"{' '.join(kept)} {promotion.name}", edge.line)
    message = f"in the definition {reason}, and so does {promotion.name}; here a failure ends the run"
    hint = f"take that condition away, or let {promotion.name} wait for {leak.failing[0]} itself"
    return sides.shown("edge-weakened", message, hint, at, f"{leak.failing[0]} {promotion.name}", edge.line)


def _is_implied(sides: Sides, guard: RealStage, promotion: RealStage) -> bool:
    """Tell whether the condition of a gate holds whenever that of a promotion does: the same one, or one around it."""
    inner, outer = promotion.condition or "", guard.condition or ""
    if sides.definition.tool == "gitlab-ci" and guard.waits_for:
        outer = _WAITS.sub("", outer)
    joint = _ALL_OF.get(sides.definition.tool)
    return inner == outer or (joint is not None and inner.startswith(f"{outer}{joint}"))


def _conditional(sides: Sides, guard: Promise, promotion: Promise) -> Iterator[Difference]:
    """Tell that a gate never runs, or runs only sometimes where the tool goes on without it: when, nobody knows."""
    promoting = [sides.mapping.stage(real) for real in sides.reals(promotion.name)]
    at, value = ("stages", guard.name), f"{guard.name} {promotion.name}"
    for real in map(sides.mapping.stage, sides.reals(guard.name)):
        if real.never:
            message = f"in the definition {guard.name} never runs ({real.never})"
            hint = "let it run whenever the promotion does"
            yield sides.shown("guard-conditional", message, hint, at, value, real.line)._replace(path=real.path)
            return
        if runs_only_after_failure(sides.definition.tool, real):
            message = f"in the definition {guard.name} runs only after a failure ({real.condition})"
            hint = "let it run whenever the promotion does"
            yield sides.shown("guard-conditional", message, hint, at, value, real.line)._replace(path=real.path)
            return
        going_on = sides.reach.goes_on(real.name) & sides.reach.stopped(real.name) & set(sides.reals(promotion.name))
        if real.skips and going_on:
            yield _skipping(sides, guard, real, min(going_on), value)
            return
        if (sides.definition.tool not in _SKIP_AND_GO_ON and not going_on) or not real.condition or real.always:
            continue
        if all(_is_implied(sides, real, other) or sides.reach.requires(other.name, real.name) for other in promoting):
            continue
        message = f"{guard.name} is left out by its condition ({real.condition}); when, is not shown by the definition"
        hint = f"let {promotion.name} have the same condition, or wait for it by name"
        yield Difference("guard-conditional", message, hint, at, value, real.path, real.line, "unknown")
        return


def _skipping(sides: Sides, guard: Promise, real: RealStage, other: str, value: str) -> Difference:
    """Tell that a gate may reject by leaving itself out, which the promotion takes for no failure."""
    message = f"{guard.name} may leave itself out ({real.skips}), and {other} runs all the same"
    skipped = next((edge.skipped for edge in sides.definition.edges if edge.after == other and edge.skipped), None)
    message = f"{message} ({skipped})" if skipped else message
    message = f"{message}; whether it rejects so, is not shown by the definition"
    hint = f"let {guard.name} fail in place of that, or let {other} run only after success"
    at = ("stages", guard.name)
    return Difference("guard-conditional", message, hint, at, value, real.path, real.line, "unknown")
