"""The rollback of a promotion in a definition: in time, as the contract says it, and only when it is asked for."""

from __future__ import annotations

import math
from collections.abc import Iterator

from gatepost.definitions.answers import Answers
from gatepost.definitions.commands import runs, shortened
from gatepost.definitions.compare_commands import SHOWN
from gatepost.definitions.compare_numbers import limit_of, whole_minutes
from gatepost.definitions.definition import RealStage
from gatepost.definitions.difference import Difference, Weight
from gatepost.definitions.mentions import mentions, with_more
from gatepost.definitions.promised import promised
from gatepost.definitions.scalars import duration
from gatepost.definitions.sides import Sides
from gatepost.pipeline import Promise, listed, other_place

__all__ = ["rollback_of"]


def rollback_of(sides: Sides, given: Answers, promotion: Promise) -> Iterator[Difference]:
    """Compare what takes a promotion back: how long it may take, what it is told, and when it runs.

    Args:
        sides: the contract and the definition.
        given: the handlers of the definition.
        promotion: one to production.
    """
    yield from _too_long(sides, given, promotion)
    yield from _told_more(sides, given, promotion)
    yield from [*_after_good(sides, given, promotion)] or _before_any(sides, given, promotion)


def _after_good(sides: Sides, given: Answers, promotion: Promise) -> Iterator[Difference]:
    """Tell that what takes a promotion back also runs when the promotion went well."""
    back, name = promotion.stage.rollback, promotion.name
    if back is None or back.run is None or runs(promotion.stage.run or "", back.run):
        return
    for real in sides.reals(name):
        found = given.after_good(real, back.run)
        if found is not None:
            message = f"in the definition {found.name} runs `{back.run}` after each good end of {name}, too"
            hint = "let it run only when something has failed"
            at, value = ("stages", name, "rollback"), f"{name} {found.name} good"
            yield Difference("rollback-unasked", message, hint, at, value, found.path, found.line, "differs")
            return


def _before_any(sides: Sides, given: Answers, promotion: Promise) -> Iterator[Difference]:
    """Tell that what takes a promotion back also runs when a stage fails before it, so that nothing was promoted."""
    back, name = promotion.stage.rollback, promotion.name
    if back is None or back.run is None:
        return
    before = sides.contract.graph.ancestors(name)
    failing = [
        one
        for one in (sides.contract.promises[key] for key in sides.contract.record.stages if key in before)
        if not any(back.run in answer.commands for answer in promised(sides.contract, one))
        and any(given.surely_runs(real, back.run, one.stage.run) for real in sides.reals(one.name))
    ]
    if failing:
        names = [one.name for one in failing]
        verb = "fails" if len(names) == 1 else "fail"
        message = f"in the definition `{back.run}` also runs when {listed(names)} {verb}, before {name} has begun"
        hint = f"let it run only where {name} was begun: production would go back to what was there before"
        real = sides.mapping.stage(sides.reals(name)[0]) if sides.reals(name) else None
        at, value = ("stages", name, "rollback"), f"{name} {' '.join(names)} before"
        path, line = (real.path, real.line) if real is not None else (sides.definition.path, 0)
        yield Difference("rollback-unasked", message, hint, at, value, path, line, "differs")


def _told_more(sides: Sides, given: Answers, promotion: Promise) -> Iterator[Difference]:
    """Tell that a rollback always has further arguments in the definition, with which it may do something else."""
    back, name = promotion.stage.rollback, promotion.name
    if back is None or back.run is None:
        return
    for key in sides.reals(name):
        own = sides.mapping.stage(key)
        texts = [(own, text) for text in (own.command, *(one.command for one in own.answers)) if text]
        texts += [(one, one.command) for one in given.running(key, back.run) if one.command]
        if any(runs(text, back.run) for _, text in texts):
            continue
        for real, text in texts:
            if (found := with_more(text, back.run)) is None:
                continue
            other = other_place(sides.contract, promotion, found)
            ours, theirs = shortened(back.run, SHOWN), shortened(found, SHOWN)
            message = f"the rollback of {name} runs `{ours}` here, and `{theirs}` in the definition"
            message += f", which names {other}" if other else ""
            hint = "let the contract name the command as it is run"
            at, value = ("stages", name, "rollback", "run"), f"{name} {real.name} rollback"
            weight: Weight = "differs" if other else "unknown"
            yield Difference("command-differs", message, hint, at, value, real.path, real.line, weight)
            return


def _too_long(sides: Sides, given: Answers, promotion: Promise) -> Iterator[Difference]:
    """Tell that what runs the rollback of a promotion may take longer than the rollback may."""
    back, name = promotion.stage.rollback, promotion.name
    if back is None or back.run is None or back.within is None or not promotion.on_fail:
        return
    running = {one.name: one for real in sides.reals(name) for one in given.running(real, back.run)}
    own = [one for key in sides.reals(name) if _step_limit(one := sides.mapping.stage(key), back.run) is not None]
    for real in (*own, *running.values()) if "rollback" in promotion.on_fail else ():
        longest, is_set = limit_of(sides.definition, real)
        step = _step_limit(real, back.run)
        if step is not None:
            longest, is_set = step if longest is None else min(step, longest), False
        if real.hidden or longest is None or longest <= whole_minutes(sides.definition, back.within.seconds):
            continue
        theirs = (
            "has no limit in the definition"
            if math.isinf(longest)
            else f"may take {duration(longest)} in the definition"
        )
        if is_set:
            theirs = "is limited by a setting of the project alone"
        message = f"the rollback of {name} may take {back.within} here, and {real.name}, which runs it, {theirs}"
        hint = f"let {real.name} end within {back.within}, or allow the rollback more"
        weight: Weight = "unknown" if is_set or sides.may_touch(real.name) else "differs"
        at, value = ("stages", name, "rollback", "within"), f"{name} {real.name} within"
        yield Difference("timeout-differs", message, hint, at, value, real.path, real.line, weight)


def _step_limit(real: RealStage, command: str) -> float | None:
    """Give how long the step of a stage may take that runs a command, in seconds; None where none says so."""
    said = [one.timeout for one in real.steps if one.timeout is not None and mentions(one.script.text, command)]
    return max(said, default=None)
