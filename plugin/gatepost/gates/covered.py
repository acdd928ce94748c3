"""The record of an executed dry run held to the contract that it is of: what a run of it tries and writes down."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from gatepost.gates.compared import Limit, limits
from gatepost.gates.recorded import SUCCESS, Gap, some
from gatepost.pipeline import Branch, Contract, Simulation, key_of, shown_to_judges
from gatepost.records import DryRun
from gatepost.records.dry_run import Probe
from gatepost.records.expressions import Condition

__all__ = ["uncovered"]

_CLEAN_RUNS = 2
_NUMBERS = 3
"""A condition is tried at its limit and on both sides of it."""
_PROVOKED = frozenset({"fail", "timeout", "infrastructure"})
"""Faults that stand in for a command, so that nothing keeps a run from trying them."""


def uncovered(record: DryRun, contract: Contract) -> Iterator[Gap]:
    """Find what a run of a contract that passed writes down, and a record of it does not have, or has otherwise.

    Args:
        record: of this very contract, by its digest.
        contract: the contract.
    """
    yield from _branches(record, contract)
    if len(record.clean_runs) < _CLEAN_RUNS:
        yield Gap("clean-runs", f"has {len(record.clean_runs)} runs without a fault, and repeating takes two")
    yield from _repeated(record, contract)
    yield from _conditions(record, contract)
    if record.refusing is not None:
        yield from _refusals(record, contract)


def _branches(record: DryRun, contract: Contract) -> Iterator[Gap]:
    listed = {key_of(one): one for one in Simulation(contract).listed}
    executed = {one.branch: one for one in record.branches}
    skipped = {one.branch for one in record.not_executed}
    if SUCCESS not in executed:
        yield Gap("branches", "does not have the run without a fault, `success`, among its branches")
    missing = [name for name in listed if name not in executed and name not in skipped]
    if missing:
        yield Gap("branches", f"says nothing of {_said(missing)}, which the simulation of this contract has")
    unknown = [name for name in (*executed, *skipped) if name not in listed and name != SUCCESS]
    if unknown:
        yield Gap("branches", f"names {_said(unknown)}, which the simulation of this contract does not have")
    others = [name for name, one in executed.items() if name in listed and one.outcome != listed[name].end]
    if others:
        first = others[0]
        end = f"{executed[first].outcome}, and the contract promises {listed[first].end}"
        yield Gap("branches", f"lets {_said(others)} pass: the first ended in {end}")
    spared = [name for name in skipped if name in listed and _is_provoked(contract, listed[name])]
    if spared:
        yield Gap("not-executed", f"did not execute {_said(sorted(spared))}, which nothing keeps a run from")


def _said(branches: list[str]) -> str:
    return f"`{'`, `'.join(branches[:1])}`" + (f" and {len(branches) - 1} more" if len(branches) > 1 else "")


def _is_provoked(contract: Contract, branch: Branch) -> bool:
    """Tell whether any run executes a branch: a stage before every promotion fails for good, and the run ends there."""
    event = branch.events[0]
    later = contract.graph.later[contract.graph.number[event.stage]]
    promotions = sum(1 << contract.graph.number[one.name] for one in contract.promotions)
    ends = branch.end in {"halted", "quarantined"} and branch.production == "untouched"
    return event.fault in _PROVOKED and not event.recovered and ends and promotions & later == promotions


def _repeated(record: DryRun, contract: Contract) -> Iterator[Gap]:
    known = contract.record.artifacts
    wanted = [
        f"{artifact} of {one.name}"
        for one in contract.promises.values()
        for artifact in one.stage.out
        if one.repeat is not None and artifact in known and known[artifact].path
    ]
    found = {f"{one.artifact} of {one.stage}" for one in record.repeated}
    missing = [name for name in wanted if name not in found]
    if missing:
        yield Gap("repeated", f"does not say whether {some(missing)} repeats")


def _conditions(record: DryRun, contract: Contract) -> Iterator[Gap]:
    today = {(one.stage, str(one.condition), one.calls_for): one for one in _tried_by_runs(contract)}
    probed: dict[tuple[str, str, str], list[Probe]] = {}
    for probe in record.probes:
        probed.setdefault((probe.gate, probe.condition, probe.calls_for), []).append(probe)
    untried = {(one.gate, one.condition) for one in record.not_probed}
    missing = [limit for key, limit in today.items() if key not in probed and key[:2] not in untried]
    if missing:
        yield Gap("probes", f"did not try {_named(missing)}, which the contract asks for")
    gone = [key for key in probed if key not in today]
    if gone:
        yield Gap(
            "probes", f"tried {some([f'{key[1]} of {key[0]}' for key in gone])}, which the contract does not have"
        )
    half = [today[key] for key, tried in probed.items() if key in today and not _is_whole(today[key].condition, tried)]
    if half:
        yield Gap("probes", f"did not try {_named(half)} at its limit, on both sides of it, with NaN and without it")
    spared = [limit for key, limit in today.items() if key not in probed and _is_tried(contract, limit)]
    if spared and not missing:
        yield Gap("not-probed", f"did not try {_named(spared)}, which nothing keeps a run from")
    keys = (key for own in probed if own in today for key in _keys(today[own].condition))
    unmeasured = [key for key in dict.fromkeys(keys) if key not in record.metrics]
    if unmeasured:
        yield Gap("metrics", f"tried limits of {some(unmeasured)}, and does not say what it measured")


def _refusals(record: DryRun, contract: Contract) -> Iterator[Gap]:
    """Find a stage that decides and was not shown that nothing is there, though the run has made what it reads."""
    known = contract.record.artifacts
    made = {
        known[artifact].path
        for one in contract.promises.values()
        for artifact in (one.stage.out if one.stage.run is not None else ())
        if artifact in known
    }
    wanted = {judge.name: paths for judge, paths in shown_to_judges(contract) if made.issuperset(paths)}
    asked = {(one.stage, one.paths) for one in record.refusals if one.required and one.how == "absent"}
    missing = [name for name, paths in wanted.items() if (name, paths) not in asked]
    if missing:
        yield Gap("refusals", f"does not say what {some(missing)} answers when what it reads is not there")


def _tried_by_runs(contract: Contract) -> Iterator[Limit]:
    kinds = {"pass": "gate", "rollback": "promote"}
    yield from (one for one in limits(contract) if contract.promises[one.stage].kind == kinds[one.calls_for])


def _is_tried(contract: Contract, limit: Limit) -> bool:
    """Tell whether any run tries a condition: a gate's own, on a metric in a JSON file that the gate reads."""
    artifacts = contract.record.artifacts
    read = (artifacts[name] for name in contract.promises[limit.stage].stage.in_ if name in artifacts)
    files = (one.path for one in read if limit.condition.key in one.keys)
    is_plain = limit.calls_for == "pass" and limit.condition.reference is None
    return is_plain and any(path is not None and path.endswith(".json") for path in files)


def _named(found: Iterable[Limit]) -> str:
    return some([f"{one.condition} of {one.stage}" for one in found])


def _keys(condition: Condition) -> tuple[str, ...]:
    return (condition.key, condition.reference) if condition.reference else (condition.key,)


def _is_whole(condition: Condition, tried: Iterable[Probe]) -> bool:
    """Tell whether a condition was tried at each of the values at which a run tries it."""
    values = {one.value for one in tried}
    wanted = {"NaN", "absent"}
    if condition.reference:
        wanted |= {f"{condition.reference} NaN", f"{condition.reference} absent"}
    numbers = {number for number in map(_number, values) if number is not None}
    if not wanted <= values or len(numbers) < _NUMBERS:
        return False
    limit = condition.number
    beside = {number for number in numbers if not math.isclose(number, limit, rel_tol=1e-9, abs_tol=1e-9)}
    both = any(number < limit for number in beside) and any(number > limit for number in beside)
    return condition.reference is not None or (both and beside != numbers)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
