"""Stages of a contract that one real stage holds: the order of its steps, and what keeps a promotion in it back.

The job is played: with everything well, for the order, and with each earlier stage failing, for what then still runs.
"""

from __future__ import annotations

from typing import NamedTuple

from gatepost.definitions.definition import RealStage
from gatepost.definitions.difference import Difference, DifferenceId, Weight
from gatepost.definitions.followed import folder_of
from gatepost.definitions.playing import command_fails, play_job, steps_of, surely
from gatepost.definitions.shell import Fails, Played, Ran, ShellError, Where
from gatepost.definitions.sides import GUARDS, Sides
from gatepost.pipeline import Promise, listed

__all__ = ["Shared", "home_of", "shared"]


class Shared(NamedTuple):
    """What was found of stages that live in one real stage."""

    differences: tuple[Difference, ...]
    kept: frozenset[str]
    """The gates whose failure keeps every promotion behind them back, within the stage that holds them all."""


def shared(sides: Sides) -> Shared:
    """Compare the stages of a contract that live in one real stage with what that runs, step by step."""
    found: list[Difference] = []
    loose: set[str] = set()
    held: set[str] = set()
    promotions = {one.name for one in sides.contract.promotions}
    for name, promise in sides.contract.promises.items():
        into, real = name in promotions, _home(sides, promise)
        before = sides.contract.graph.ancestors(name) if into else sides.contract.graph.before[name]
        told: dict[_Fault, list[Promise]] = {}
        for earlier in (sides.contract.promises[one] for one in sides.contract.record.stages if one in before):
            if real is None or _home(sides, earlier) is not real:
                loose |= {earlier.name} if into else set()
                continue
            fault = _between(earlier, promise, real, Where(sides.scripts, folder_of(real)), into=into)
            if fault is not None:
                told.setdefault(fault, []).append(earlier)
            if into:
                (held if fault is None else loose).add(earlier.name)
        found += [_told(promise, real, *one, into=into) for one in told.items() if real is not None]
    return Shared(tuple(found), frozenset(held - loose))


class _Fault(NamedTuple):
    """What is wrong between an earlier stage and a later one."""

    kind: str
    """order, failure, or why the two are not followed."""
    is_sure: bool


def _home(sides: Sides, promise: Promise) -> RealStage | None:
    """Give the one real stage that runs a command of the contract, where its text is seen."""
    return home_of(sides, promise) if promise.stage.run is not None else None


def home_of(sides: Sides, promise: Promise) -> RealStage | None:
    """Give the one real stage that stands for one of the contract, where its text is seen."""
    reals = sides.reals(promise.name)
    real = sides.mapping.stage(reals[0]) if len(reals) == 1 else None
    return real if real is not None and not real.hidden and steps_of(real) else None


def _between(earlier: Promise, later: Promise, real: RealStage, where: Where, *, into: bool) -> _Fault | None:
    """Tell whether one stage runs before another though it comes behind it, or though it has failed."""
    first, second = command_fails(earlier.stage.run), command_fails(later.stage.run)
    if earlier.stage.run == later.stage.run:
        return None
    try:
        well, failing = _played(real, None, where), _played(real, earlier.stage.run, where)
    except ShellError as error:
        return _Fault(str(error), is_sure=False) if into and earlier.kind in GUARDS else None
    one, other = _place(well.ran, first), _place(well.ran, second)
    if one is None or other is None:
        return None
    if other.at < one.at:
        return _Fault("order", is_sure=one.is_sure and other.is_sure)
    runs = surely(failing.ran, second) if into else False
    return None if runs is False else _Fault("failure", is_sure=runs is True)


class _Place(NamedTuple):
    at: int
    is_sure: bool


def _place(ran: tuple[Ran, ...], is_wanted: Fails) -> _Place | None:
    """Give where a command is run first."""
    for at, one in enumerate(ran):
        told = is_wanted(one.text)
        if told is not False:
            return _Place(at, one.is_sure and told is True)
    return None


def _played(real: RealStage, failing: str | None, where: Where) -> Played:
    return play_job(steps_of(real), command_fails(failing), where=where)


def _told(later: Promise, real: RealStage, fault: _Fault, earlier: list[Promise], *, into: bool) -> Difference:
    """Tell one thing of all stages that it is about; where gates are among them, of these alone."""
    guards = [one for one in earlier if one.kind in GUARDS] if into else []
    names = [one.name for one in guards or earlier]
    identity: DifferenceId
    if fault.kind == "failure":
        identity = "guard-weakened" if guards else "edge-weakened"
        message = f"{real.name} runs {later.name} though {listed(names)} {'has' if len(names) == 1 else 'have'} failed"
    else:
        identity = "guard-missing" if guards else "edge-reversed"
        message = f"{real.name} runs {later.name} before {listed(names)}; the contract has it the other way"
    if not fault.is_sure:
        why = "" if fault.kind in {"order", "failure"} else f": {fault.kind}"
        message = f"whether in the definition {message.partition(';')[0]} is not known{why}"
    else:
        message = f"in the definition {message}"
    hint = f"let {later.name} run behind {names[0]}, and only when that has succeeded"
    at, value = ("stages", later.name), f"{' '.join(names)} {later.name} in {real.name}"
    weight: Weight = "differs" if fault.is_sure else "unknown"
    return Difference(identity, message, hint, at, value, real.path, real.line, weight)
