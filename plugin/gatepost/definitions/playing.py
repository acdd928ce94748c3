"""A job played without being run: which commands of its steps run, in order, where one of them fails.

What its conditions ask of its own steps follows from the play; what they ask of anything else is asked of the caller.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from gatepost.definitions.commands import runs
from gatepost.definitions.definition import RealStage, Script, Step
from gatepost.definitions.github_truth import Operand, Scope, Texts, Truth, holds
from gatepost.definitions.github_values import Values
from gatepost.definitions.shell import ANYWHERE, Fails, Played, Ran, ShellError, Where, played
from gatepost.definitions.truth import all_of, any_of, negated

__all__ = ["Names", "command_fails", "play_job", "starts_with", "steps_of", "surely"]

_OF_STEP: Final = re.compile(r"steps\.([\w-]+)\.(outcome|conclusion)\Z")
_FILLED_IN: Final = re.compile(r"\$\{\{|\{\{|\$\{|\$\w|\$\(")
_LINES: Final = re.compile(r"\n|&&|;")


Names = Callable[[str], Operand | None]
"""Gives what a name in a condition stands for; None for what is not known."""


def _unknown(_: str) -> None:
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


def play_job(steps: Iterable[Step], fails: Fails, value_of: Names = _unknown, where: Where = ANYWHERE) -> Played:
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
    outcomes = {step.id.casefold(): _Ends(_NO_END, _NO_END) for step in steps if step.id}
    for step in steps:
        starts = starts_with(step.condition, failed, _within(step, outcomes, value_of))
        if starts is False:
            outcomes[step.id.casefold()] = _Ends(_SKIPPED, _SKIPPED)
            continue
        script = _played(step.script, fails, where)
        ran += [one._replace(is_sure=one.is_sure and starts is True) for one in script.ran]
        outcomes[step.id.casefold()] = _ends_of(step, script.failed, starts)
        failed = any_of(failed, all_of(script.failed, starts, negated(step.tolerated)))
    return Played(tuple(ran), failed)


def starts_with(condition: str, failed: bool | None, names: Names = _unknown) -> bool | None:  # noqa: FBT001 - what became
    """Tell whether a step of GitHub starts; without a word about the status it wants that nothing has failed.

    Args:
        condition: its condition.
        failed: whether something before it has failed.
        names: gives what names of its condition stand for.
    """
    return holds(condition, Scope(_truth(negated(failed)), _truth(failed), Truth.NO, names)).sure


class _Ends(NamedTuple):
    """How a step may have ended."""

    outcome: Texts
    conclusion: Texts
    """After `continue-on-error`, which makes a failure a success."""


_NO_END: Final = Texts(frozenset({""}))
_SKIPPED: Final = Texts(frozenset({"skipped"}))


def _ends_of(step: Step, failed: bool | None, starts: bool | None) -> _Ends:  # noqa: FBT001 - what became of it
    ran = {True: {"failure"}, False: {"success"}, None: {"failure", "success"}}[failed]
    found = frozenset(ran if starts else {*ran, "skipped"})
    forgiven = found - {"failure"} | {"success"} if "failure" in found else found
    told = {True: forgiven, False: found, None: found | forgiven}[step.tolerated]
    return _Ends(Texts(found), Texts(told))


def _within(step: Step, outcomes: dict[str, _Ends], names: Names) -> Names:
    """Give what names stand for where a step has its condition."""
    known = Values(step.known)

    def value(name: str) -> Operand | None:
        found = _OF_STEP.match(name)
        if found is not None:
            ends = outcomes.get(found[1])
            return getattr(ends, found[2]) if ends is not None else None
        own = known.operand(name)
        return own if own is not None else names(name)

    return value


def _truth(one: bool | None) -> Truth:  # noqa: FBT001 - the thing itself
    return Truth.MAY if one is None else Truth.YES if one else Truth.NO


def _played(script: Script, fails: Fails, where: Where) -> Played:
    if script.is_shell:
        return played(script.text, fails, stops=script.stops, pipefail=script.pipefail, where=where)
    told = fails(script.text)
    if told is False and "\n" in script.text.strip():
        message = "no shell reads it"
        raise ShellError(message)
    return Played((Ran(script.text, is_sure=True),), told)
