"""`stages-reproducible`: each stage pins its environment, its inputs and its sources of randomness."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from gatepost.book import Entry, Fault
from gatepost.gates.environments import environment_of, runs, unknown_lockfile, unpinned
from gatepost.gates.gate import NOT_APPLICABLE, Context, Gate, Unknown, Verdict
from gatepost.gates.inputs import inputs
from gatepost.records import Pipeline, Stage
from gatepost.records.pipeline import EXECUTABLE_KINDS

__all__ = ["GATE"]

_HINTS: Final = {
    "run": "add `run:`",
    "environment": "add `environment:` with a lockfile or an image by digest, here or under defaults",
    "repeat": "add `repeat:`: exact, semantic, {metric: 0.005} or {none: reason}, here or under defaults",
    "seed": "add `seed:` here or under defaults, or claim `repeat: {none: reason}`",
}


def check(entry: Entry, context: Context) -> Verdict:
    """Look at each stage that computes something, and at what it reads from outside."""
    contract = entry.record
    if not isinstance(contract, Pipeline):
        return NOT_APPLICABLE
    faults = [*_unsaid(contract), *unpinned(entry, context, contract), *inputs(entry, context, contract)]
    if not faults and (lockfile := unknown_lockfile(entry, context, contract)):
        return Unknown(f"whether git tracks {lockfile} is not known: {context.book.files.why_unknown()}")
    return faults


def _unsaid(contract: Pipeline) -> Iterator[Fault]:
    """Find what stages leave open; stages that leave the same thing open are one finding."""
    asked: dict[str, tuple[str, Callable[[Stage], bool]]] = {
        "run": ("no command", lambda stage: stage.kind in EXECUTABLE_KINDS and stage.run is None),
        "environment": (
            "no pinned environment",
            lambda stage: runs(stage) and environment_of(contract, stage) is None,
        ),
        "repeat": ("no word on what a second run gives", lambda stage: _repeat_is_unsaid(contract, stage)),
        "seed": ("no seed", lambda stage: _seed_is_unsaid(contract, stage)),
    }
    for key, (what, is_unsaid) in asked.items():
        names = [name for name, stage in contract.stages.items() if is_unsaid(stage)]
        if names:
            who = f"the stage {names[0]} has" if len(names) == 1 else f"the stages {', '.join(names)} have"
            yield Fault(f"{who} {what}", _HINTS[key], ("stages", names[0]), key)


def _repeat_is_unsaid(contract: Pipeline, stage: Stage) -> bool:
    return stage.kind in EXECUTABLE_KINDS and (stage.repeat or contract.defaults.repeat) is None


def _seed_is_unsaid(contract: Pipeline, stage: Stage) -> bool:
    repeat = stage.repeat or contract.defaults.repeat
    seed = contract.defaults.seed if stage.seed is None else stage.seed
    return stage.kind == "train" and seed is None and (repeat is None or repeat.claim != "none")


GATE = Gate(
    id="stages-reproducible",
    code="GP201",
    kind="stop",
    applies_to=frozenset({"pipeline"}),
    holds_when=(
        "Each stage pins its environment, its inputs and its sources of randomness, and says what a second run gives."
    ),
    check=check,
)
