"""A job played without being run: which commands of its steps run, in order, where one of them fails.

What its conditions ask of its own steps follows from the play; what they ask of anything else is asked of the caller.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from gatepost.definitions.commands import runs
from gatepost.definitions.definition import RealStage, Script, Step
from gatepost.definitions.shell import ANYWHERE, Fails, Played, Ran, ShellError, Where, played
from gatepost.definitions.truth import Value, all_of, any_of, holds, negated

__all__ = ["asks_for_status", "command_fails", "play_job", "starts_with", "steps_of", "surely"]

_STATUS: Final = re.compile(r"\b(?:always|failure|cancelled|success)\(\)", re.IGNORECASE)
_OF_STEP: Final = re.compile(r"steps(?:\.([\w-]+)|\[['\"]([\w-]+)['\"]\])\.(outcome|conclusion)\Z")
_FILLED_IN: Final = re.compile(r"\$\{\{|\{\{|\$\{|\$\w|\$\(")
_LINES: Final = re.compile(r"\n|&&|;")


def _unknown(_: str) -> Value:
    return None


def steps_of(stage: RealStage) -> tuple[Step, ...]:
    """Give what a stage runs as steps, one for each of its scripts where its tool has no steps."""
    if stage.steps:
        return stage.steps
    scripts = stage.scripts or ((Script(stage.command),) if stage.command else ())
    return tuple(Step(one, one.condition or "") for one in scripts)


def command_fails(wanted: str | None) -> Fails:
    """Give which commands fail: those that are a command of a contract; none for None."""
    parts = [part.strip() for part in _LINES.split((wanted or "").replace("\\\n", " ")) if part.strip()]
    if not parts:
        return lambda _: False

    def fails(text: str) -> bool | None:
        if not runs(text, parts[-1]):
            return False
        is_filled = _FILLED_IN.search(text) and not _FILLED_IN.search(parts[-1]) and parts[-1] not in text
        return None if is_filled else True

    return fails


def surely(ran: Iterable[Ran], is_wanted: Fails) -> bool | None:
    """Tell whether a command has run: surely, surely not, or perhaps."""
    return any_of(*(all_of(is_wanted(one.text), one.is_sure or None) for one in ran))


def play_job(
    steps: Iterable[Step], fails: Fails, value_of: Callable[[str], Value] = _unknown, where: Where = ANYWHERE
) -> Played:
    """Play the steps of a job, which come one after another.

    Args:
        steps: the steps.
        fails: which commands fail; all others succeed.
        value_of: gives what its conditions ask of the world outside of the job.
        where: where it runs.

    Raises:
        ShellError: a step that runs cannot be followed.
    """
    ran: list[Ran] = []
    failed: bool | None = False
    steps = tuple(steps)
    outcomes: dict[str, tuple[str | None, str | None]] = {step.id: ("", "") for step in steps if step.id}
    for step in steps:
        starts = starts_with(step.condition, failed, value_of, outcomes)
        if starts is False:
            outcomes[step.id] = ("skipped", "skipped")
            continue
        script = _played(step.script, fails, where)
        ran += [one._replace(is_sure=one.is_sure and starts is True) for one in script.ran]
        outcome = None if script.failed is None or starts is None else "failure" if script.failed else "success"
        outcomes[step.id] = (outcome, "success" if step.tolerated and starts else outcome)
        if not step.tolerated and script.failed is not False:
            failed = any_of(failed, all_of(script.failed, starts))
    return Played(tuple(ran), failed)


def starts_with(
    condition: str,
    failed: bool | None,  # noqa: FBT001 - what has become of what comes before
    value_of: Callable[[str], Value],
    outcomes: dict[str, tuple[str | None, str | None]],
) -> bool | None:
    """Tell whether a step or a job of GitHub starts; without a word about the status it wants that nothing has failed.

    Args:
        condition: its condition.
        failed: whether something before it has failed.
        value_of: gives what it asks of the world outside.
        outcomes: the outcome and the conclusion of the steps before it, by their ids.
    """

    def value(word: str) -> Value:
        match word.casefold():
            case "always()":
                return True
            case "failure()":
                return failed
            case "success()":
                return negated(failed)
            case "cancelled()":
                return False
        found = _OF_STEP.match(word)
        if found is not None:
            return outcomes.get(found[1] or found[2], (None, None))[found[3] == "conclusion"]
        return value_of(word)

    told = holds(condition, value)
    return told if asks_for_status(condition) else all_of(negated(failed), told)


def asks_for_status(condition: str) -> bool:
    """Tell whether a condition of GitHub says itself what must have become of what comes before."""
    return bool(_STATUS.search(condition))


def _played(script: Script, fails: Fails, where: Where) -> Played:
    if script.is_shell:
        return played(script.text, fails, stops=script.stops, pipefail=script.pipefail, where=where)
    told = fails(script.text)
    if told is False and "\n" in script.text.strip():
        message = "no shell reads it"
        raise ShellError(message)
    return Played((Ran(script.text, is_sure=True),), told)
