"""What of a contract can be run: commands without a shell, paths inside the folder; or one line that says why not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gatepost.execution.folder import OutsideError, inside
from gatepost.execution.metrics import metric_in
from gatepost.pipeline import Contract, Promise, watched_by
from gatepost.pipeline.arguments import CommandError, arguments_of
from gatepost.records.expressions import Condition
from gatepost.records.pipeline import ENGINE, EXECUTABLE_KINDS

__all__ = ["CannotRunError", "Orders", "orders_of"]

_LONGEST: Final = 86400.0
"""How long a stage without a time-out may take, in seconds."""


class CannotRunError(Exception):
    """A contract, or a repository, that cannot be run; the message says what to mend."""


@dataclass(frozen=True, slots=True)
class Orders:
    """The commands and paths of a contract."""

    contract: Contract
    commands: dict[str, tuple[str, ...]]
    """The arguments of each stage's command; stages without one are left out."""
    rollbacks: dict[str, tuple[str, ...]]
    """The same for the rollback of each promotion to production."""
    handlers: dict[str, tuple[str, ...]]
    """The same for the actions that have a command."""
    states: dict[str, str]
    """For each promotion to production the path that says what is served."""

    @property
    def order(self) -> tuple[str, ...]:
        """The stages, in the order in which they run."""
        return self.contract.graph.order

    @property
    def unobserved(self) -> str:
        """What is known of production where no state is named: nothing, unless nothing is promoted to it."""
        return "not observed" if self.contract.promotions else "untouched"

    def seconds(self, promise: Promise) -> float:
        """Give how long a stage may run."""
        return promise.timeout.seconds if promise.timeout else _LONGEST

    def path_of(self, artifact: str) -> str | None:
        """Give where an artifact is written, or None."""
        known = self.contract.record.artifacts.get(artifact)
        return known.path if known else None

    def told(self, promise: Promise, fault: str = "") -> tuple[tuple[str, str], ...]:
        """Give the variables that tell a command about its stage, and a handler about what went wrong in it."""
        seed = () if promise.seed is None else (("GATEPOST_SEED", str(promise.seed)),)
        outcome = (("GATEPOST_OUTCOME", fault),) if fault else ()
        return (("GATEPOST_STAGE", promise.name), *seed, *outcome)

    def file_of(self, promise: Promise, key: str) -> str | None:
        """Give the JSON file that holds a metric which a stage reads, or None."""
        artifacts = self.contract.record.artifacts
        for name in promise.stage.in_:
            known = artifacts.get(name)
            if known is not None and key in known.keys and known.path and known.path.endswith(".json"):
                return known.path
        return None

    def watches(self, promise: Promise) -> tuple[Condition, ...]:
        """Give the conditions that a stage judges: a gate's own, and those of the rollbacks that a monitor watches."""
        return watched_by(self.contract, promise)

    def measured(self, folder: Path, promise: Promise, condition: Condition) -> tuple[float, float]:
        """Give what a condition compares, as a folder has it: the metric and its reference; NaN for what is not there.

        A reference is looked for beside the metric, when no artifact lists it.
        """
        own = self.file_of(promise, condition.key)
        value = metric_in(inside(folder, own), condition.key) if own else math.nan
        if not condition.reference:
            return value, 0.0
        other = self.file_of(promise, condition.reference) or own
        return value, metric_in(inside(folder, other), condition.reference) if other else math.nan


def orders_of(contract: Contract) -> Orders:
    """Read the commands and the paths of a contract.

    Raises:
        CannotRunError: a command needs a shell, a path leads out, a stage that computes has no command, or stages wait
            for each other in a circle.
    """
    record = contract.record
    if contract.graph.cyclic:
        message = f"stages wait for each other in a circle: {', '.join(contract.graph.cyclic)}"
        raise CannotRunError(message)
    commands = {}
    for name, stage in record.stages.items():
        if stage.run is not None:
            commands[name] = _words(f"stages.{name}.run", stage.run)
        elif stage.kind in EXECUTABLE_KINDS:
            message = f"stages.{name} has no `run`, so it cannot be run"
            raise CannotRunError(message)
    rollbacks, states = {}, {}
    for one in contract.promotions:
        back = one.stage.rollback
        if back is not None and back.run is not None:
            rollbacks[one.name] = _words(f"stages.{one.name}.rollback.run", back.run)
        place = record.environments.get(one.stage.to or "")
        if place is not None and place.state is not None:
            states[one.name] = place.state
    handlers: dict[str, tuple[str, ...]] = {
        name: _words(f"handlers.{name}", run) for name, run in record.handlers.items() if run != ENGINE
    }
    _refuse_paths(contract, states)
    return Orders(contract, commands, rollbacks, handlers, states)


def _words(where: str, run: str) -> tuple[str, ...]:
    try:
        return tuple(arguments_of(run))
    except CommandError as error:
        message = f"{where}: {error}"
        raise CannotRunError(message) from None


def _refuse_paths(contract: Contract, states: dict[str, str]) -> None:
    named = {f"artifacts.{name}.path": one.path for name, one in contract.record.artifacts.items() if one.path}
    for where, path in {**named, **{f"the state of {name}": path for name, path in states.items()}}.items():
        try:
            inside(Path("/nowhere"), path)
        except OutsideError as error:
            message = f"{where}: {error}"
            raise CannotRunError(message) from None
