"""Commands that run only after a failure, or whose failure nothing learns of; gates are another matter."""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.definitions.commands import runs, shortened
from gatepost.definitions.compare_commands import SHOWN
from gatepost.definitions.definition import RealStage
from gatepost.definitions.difference import Difference
from gatepost.definitions.failures import failure_of
from gatepost.definitions.github_conditions import only_after_failure
from gatepost.definitions.promised import promised
from gatepost.definitions.sides import Sides
from gatepost.definitions.verdicts import is_read_later
from gatepost.pipeline import Promise

__all__ = ["only_late", "unheard"]


def unheard(sides: Sides, promise: Promise) -> Iterator[Difference]:
    """Tell that a stage runs its command only after a failure, or goes on though it has failed before a promotion."""
    ours, name = promise.stage.run, promise.name
    graph = sides.contract.graph
    later = (one for one in sides.contract.promotions if graph.comes_before(name, one.name))
    behind = next((one for one in later if not sides.overlap(name, one.name)), None)
    for real in sides.doing(name) if ours is not None else ():
        if late := only_late(ours, real):
            message = f"in the definition {real.name} runs `{shortened(ours, SHOWN)}` only after a failure ({late})"
            hint = "let it run when all is well"
            at = ("stages", name)
            yield Difference("stage-after-failure", message, hint, at, real.name, real.path, real.line, "differs")
        elif behind is None and (found := _answers_nothing(sides, promise, real)):
            yield found
        elif behind is not None and (why := _lets_fail(sides, real, str(ours))):
            message = f"in the definition {real.name} ends well though {name} has failed ({why})"
            message = f"{message}, and {behind.name} goes on; here a failure ends the run"
            hint = f"let {real.name} fail with it"
            at = ("stages", name)
            yield Difference("edge-weakened", message, hint, at, f"{name} {real.name}", real.path, real.line, "differs")


def _answers_nothing(sides: Sides, promise: Promise, real: RealStage) -> Difference | None:
    """Tell that nothing learns of a promotion that fails, where the contract names no command for its answer."""
    ours = promise.stage.run
    if (
        promise.kind != "promote"
        or promise.on_fail is None
        or any(one.commands for one in promised(sides.contract, promise))
    ):
        return None
    if why := _lets_fail(sides, real, str(ours)):
        message = f"in the definition {real.name} ends well though {promise.name} has failed ({why})"
        message = f"{message}; here the answer is {promise.on_fail}"
        at, hint = ("stages", promise.name, "on-fail"), f"let {real.name} fail with it"
        return Difference(
            "answer-missing", message, hint, at, f"{promise.name} {real.name}", real.path, real.line, "differs"
        )
    return None


def _lets_fail(sides: Sides, real: RealStage, ours: str) -> str:
    """Say why a stage ends well though a command has failed in it; empty where it does not, or something may ask."""
    if sides.hands_over(real.name) or is_read_later(real, ours) or any(runs(one, ours) for one in real.asked):
        return ""
    if any(runs(one, ours) for one in real.tolerated):
        return "continue-on-error"
    failure = failure_of(real, ours, sides.scripts) if real.function is None else None
    is_hidden = failure is not None and failure.fate == "hidden"
    return failure.why or f"`{shortened(real.command, SHOWN)}`" if failure is not None and is_hidden else ""


def only_late(ours: str | None, real: RealStage) -> str | None:
    """Say by which condition the steps of a gate run only once something has failed."""
    steps = [one for one in real.steps if ours is not None and runs(one.script.text, ours)]
    if steps and all(only_after_failure(one.condition) for one in steps):
        return f"if: {steps[0].condition}"
    return None
