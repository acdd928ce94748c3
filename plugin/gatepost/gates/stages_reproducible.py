"""`stages-reproducible`: each stage pins its environment, its inputs and its sources of randomness."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from gatepost.book import Entry, Fault
from gatepost.gates.claims import claims, is_without_input, makes_a_model
from gatepost.gates.environments import unknown_lockfile, unpinned
from gatepost.gates.gate import NOT_APPLICABLE, Context, Gate, Unknown, Verdict
from gatepost.gates.inputs import inputs, unknown_input
from gatepost.pipeline import Contract, Promise
from gatepost.pipeline.arguments import is_closed
from gatepost.records import Pipeline
from gatepost.records.pipeline import EXECUTABLE_KINDS

__all__ = ["GATE"]

_SEED: Final = re.compile(r"(?<!\S)--(?:random[-_])?seed[= ](\d{1,18})(?!\S)")
_HINTS: Final = {
    "run": "add `run:`",
    "environment": "add `environment:` with a lockfile or an image by digest, here or under defaults",
    "repeat": "add `repeat:`: exact, semantic, {metric: 0.005} or {none: reason}, here or under defaults",
    "in": "name in `in:` what it reads, with a version; what it draws by itself has a `seed:` of its own",
    "seed": "add `seed:` here or under defaults, or claim `repeat: {none: reason}`",
}


def check(entry: Entry, context: Context) -> Verdict:
    """Look at each stage that computes something, and at what it reads from outside."""
    if not isinstance(entry.record, Pipeline):
        return NOT_APPLICABLE
    contract = Contract(entry.record)
    faults = [
        *_unsaid(contract),
        *_unclosed(contract),
        *_other_seeds(contract),
        *claims(contract),
        *unpinned(entry, context, contract),
        *inputs(entry, context, contract),
    ]
    unknown = None if faults else unknown_lockfile(entry, context, contract) or unknown_input(entry, context, contract)
    if unknown is not None:
        return Unknown(unknown)
    return faults


def _unsaid(contract: Contract) -> Iterator[Fault]:
    """Find what stages leave open; stages that leave the same thing open are one finding."""
    for key, (what, is_unsaid) in _ASKED.items():
        names = [name for name, promise in contract.promises.items() if is_unsaid(contract, promise)]
        if names:
            who = f"the stage {names[0]} has" if len(names) == 1 else f"the stages {', '.join(names)} have"
            yield Fault(f"{who} {what}", _HINTS[key], ("stages", names[0]), key)


def _unclosed(contract: Contract) -> Iterator[Fault]:
    """Find commands that nobody can take apart: a quote in them does not close."""
    for at, run in contract.commands():
        if not is_closed(run):
            yield Fault(f"a quote does not close in {run.strip()}", "close it, or put `\\` before it", at, run)


def _other_seeds(contract: Contract) -> Iterator[Fault]:
    """Find commands with another seed than the one that the contract gives their stage."""
    for name, promise in contract.promises.items():
        found = _SEED.search(promise.stage.run or "")
        if found is not None and promise.seed is not None and int(found[1]) != promise.seed:
            message = f"{name} has the seed {promise.seed} here and {found[1]} in its command"
            yield Fault(
                message, "let the two agree, or let the command read GATEPOST_SEED", ("stages", name, "run"), name
            )


def _no_command(_: Contract, one: Promise) -> bool:
    return one.kind in EXECUTABLE_KINDS and one.stage.run is None


def _no_environment(_: Contract, one: Promise) -> bool:
    return one.executes and one.environment is None


def _no_claim(_: Contract, one: Promise) -> bool:
    return one.kind in EXECUTABLE_KINDS and one.repeat is None


def _no_seed(contract: Contract, one: Promise) -> bool:
    """Tell whether a stage that has randomness, since it trains or says that its numbers vary, does not pin it."""
    if one.seed is not None or (one.repeat is not None and one.repeat.claim == "none"):
        return False
    own = one.stage.repeat
    return one.kind == "train" or (own is not None and own.claim == "metric") or makes_a_model(contract, one)


_ASKED: Final[dict[str, tuple[str, Callable[[Contract, Promise], bool]]]] = {
    "run": ("no command", _no_command),
    "environment": ("no pinned environment", _no_environment),
    "repeat": ("no word on what a second run gives", _no_claim),
    "seed": ("no seed", _no_seed),
    "in": ("no input", is_without_input),
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
