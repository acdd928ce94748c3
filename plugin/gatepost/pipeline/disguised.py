"""Ways to production that are no promotions, and what looks like a gate or an approval and is none."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import normpath
from typing import Final

from gatepost.pipeline.contract import Contract
from gatepost.pipeline.trace import path_to
from gatepost.pipeline.violation import Violation

__all__ = ["disguised_ways"]

_GUARDS: Final = {
    "pass": ("gate", "gated", "has conditions, and a stage of kind {} is not held to them"),
    "by": ("approval", "approved", "names who approves, and a stage of kind {} waits for nobody"),
}
"""Fields by which a stage says that it guards: the kind that does, the invariant, and what is said of other kinds."""


def disguised_ways(contract: Contract) -> Iterator[Violation]:
    """Find what reaches production without being a promotion, and what looks like a guard and is none."""
    yield from _gone_to_production(contract)
    yield from _guarding_nothing(contract)
    yield from _run_elsewhere(contract)
    yield from _written_elsewhere(contract)
    yield from _served_in_one_place(contract)


def _gone_to_production(contract: Contract) -> Iterator[Violation]:
    """Find stages that say where they promote to, or to how many users, and are no promotion."""
    for name, stage in contract.record.stages.items():
        is_there = stage.to is not None and contract.record.is_production(stage.to)
        if stage.kind == "promote" or not (is_there or stage.rollout):
            continue
        key, does = ("to", f"goes to {stage.to}") if is_there else ("rollout", "rolls out")
        message = f"{name} {does}, and a stage of kind {stage.kind} is asked for no gate and no approval"
        path = path_to(contract, name, f"{name} ok", "production has it")
        hint = f"write `kind: promote`, or remove `{key}:`"
        yield Violation("gated", message, hint, ("stages", name, key), f"{name} {key}", path)


def _guarding_nothing(contract: Contract) -> Iterator[Violation]:
    """Find conditions in a stage that is no gate, and people in one that is no approval."""
    for name, stage in contract.record.stages.items():
        for key, said in (("pass", stage.pass_), ("by", stage.by)):
            kind, invariant, words = _GUARDS[key]
            if said and stage.kind != kind:
                path = path_to(contract, name, f"{name} ok", "whatever it should have asked for")
                hint = f"write it into a stage of kind {kind}, or remove `{key}:`"
                message = f"{name} {words.format(stage.kind)}"
                yield Violation(invariant, message, hint, ("stages", name, key), f"{name} {key}", path)


def _run_elsewhere(contract: Contract) -> Iterator[Violation]:
    """Find stages and handlers that run the command of a promotion to production.

    One command for all stages, which is told by its surroundings what to do, is no promotion by itself.
    """
    if len({tuple(one.run.split()) for one in contract.record.stages.values() if one.run}) == 1:
        return
    promoting = {tuple(one.stage.run.split()): one.name for one in contract.promotions if one.stage.run}
    for name, stage in contract.record.stages.items():
        if stage.kind != "promote" and stage.run and tuple(stage.run.split()) in promoting:
            message = f"{name} runs the command that promotes: {stage.run}"
            hint = f"write the command of {name}; to promote is for {promoting[tuple(stage.run.split())]}"
            path = path_to(contract, name, f"{name} ok", "production has it")
            yield Violation("gated", message, hint, ("stages", name, "run"), f"{name} run", path)
    for action, run in contract.record.handlers.items():
        if tuple(run.split()) in promoting:
            promotion = promoting[tuple(run.split())]
            message = f"{action} runs the command that promotes: {run}"
            path = path_to(contract, promotion, f"a stage before {promotion} calls for {action}", "production has it")
            hint = f"write the command that does {action}"
            yield Violation("gated", message, hint, ("handlers", action), f"{action} run", path)


def _written_elsewhere(contract: Contract) -> Iterator[Violation]:
    """Find stages that write into what a production environment serves, and are no promotion to production.

    What watches a release may write beside it, into the folder that is served.
    """
    served = _served(contract)
    for name, artifact in contract.record.artifacts.items():
        if artifact.path is None:
            continue
        path = normpath(artifact.path)
        state = next((one for one in served if path == one or path.startswith(f"{one}/")), None)
        for maker in contract.graph.producers.get(name, ()) if state else ():
            if contract.promises[maker].into_production or (path != state and _is_behind_a_release(contract, maker)):
                continue
            place = served[str(state)]
            message = f"{maker} writes {artifact.path}, which is what {place} serves"
            hint = "let a promotion to production write it, or give the artifact another path"
            way = path_to(contract, maker, f"{maker} ok", f"{place} has it")
            yield Violation("gated", message, hint, ("artifacts", name, "path"), f"{maker} {name}", way)


def _is_behind_a_release(contract: Contract, stage: str) -> bool:
    return any(contract.graph.comes_before(one.name, stage) for one in contract.promotions)


def _served_in_one_place(contract: Contract) -> Iterator[Violation]:
    """Find promotions to a place that is said to be no production and serves the very file that production serves."""
    record, served = contract.record, _served(contract)
    for one in contract.promises.values():
        place = record.environments.get(one.stage.to or "") if one.kind == "promote" else None
        if place is None or place.state is None or one.into_production or normpath(place.state) not in served:
            continue
        other = served[normpath(place.state)]
        message = f"{one.name} goes to {one.stage.to}, and what that serves is what {other} serves: {place.state}"
        hint = f"give {one.stage.to} a `state:` of its own, or promote to {other}"
        path = path_to(contract, one.name, f"{one.name} ok", f"{other} has it")
        at = ("environments", one.stage.to or "", "state")
        yield Violation("gated", message, hint, at, f"{one.name} {one.stage.to} state", path)


def _served(contract: Contract) -> dict[str, str]:
    """Give the paths that say what production serves, each with its place."""
    record = contract.record
    states = {name: one.state for name, one in record.environments.items() if record.is_production(name)}
    return {normpath(state): name for name, state in states.items() if state}
