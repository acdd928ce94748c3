"""`stages-reproducible`: each stage pins its environment, its inputs and its sources of randomness."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from gatepost.book import Entry, Fault
from gatepost.gates.environments import unknown_lockfile, unpinned
from gatepost.gates.gate import NOT_APPLICABLE, Context, Gate, Unknown, Verdict
from gatepost.gates.inputs import inputs, unknown_input
from gatepost.pipeline import Contract, Promise
from gatepost.records import Pipeline
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
    if not isinstance(entry.record, Pipeline):
        return NOT_APPLICABLE
    contract = Contract(entry.record)
    faults = [*_unsaid(contract), *unpinned(entry, context, contract), *inputs(entry, context, contract)]
    unknown = None if faults else unknown_lockfile(entry, context, contract) or unknown_input(entry, context, contract)
    if unknown is not None:
        return Unknown(unknown)
    return faults


def _unsaid(contract: Contract) -> Iterator[Fault]:
    """Find what stages leave open; stages that leave the same thing open are one finding."""
    for key, (what, is_unsaid) in _ASKED.items():
        names = [name for name, promise in contract.promises.items() if is_unsaid(promise)]
        if names:
            who = f"the stage {names[0]} has" if len(names) == 1 else f"the stages {', '.join(names)} have"
            yield Fault(f"{who} {what}", _HINTS[key], ("stages", names[0]), key)


def _seed_is_unsaid(one: Promise) -> bool:
    """Tell whether a stage that has randomness, since it trains or says that its numbers vary, does not pin it."""
    if one.seed is not None or (one.repeat is not None and one.repeat.claim == "none"):
        return False
    own = one.stage.repeat
    return one.kind == "train" or (own is not None and own.claim == "metric")


_ASKED: Final[dict[str, tuple[str, Callable[[Promise], bool]]]] = {
    "run": ("no command", lambda one: one.kind in EXECUTABLE_KINDS and one.stage.run is None),
    "environment": ("no pinned environment", lambda one: one.executes and one.environment is None),
    "repeat": ("no word on what a second run gives", lambda one: one.kind in EXECUTABLE_KINDS and one.repeat is None),
    "seed": ("no seed", _seed_is_unsaid),
}


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
