"""Branches on which two attempts had their effect: what is served then is what a release without a fault leaves.

What a pipeline writes may vary, as a time or a path does. So where the bytes are not those of the clean release, the
same stages are run once more, from the same folder and without the fault: what is as in the clean release there must be
so on the branch, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from gatepost.execution.facts import unlike
from gatepost.execution.release import Release
from gatepost.execution.task import Report, Step, Task

__all__ = ["control_of", "needs_control", "not_mended"]

_KEY: Final = "\0control"
_MOST: Final = 60
"""So many characters of a value are shown."""
_DIFFERS: Final = (
    "{path} is not what a release without a fault leaves: {piece} is {now}, not {was}, and `idempotent` promises two "
    "attempts that leave what one does"
)


def control_of(task: Task, attempt: Step) -> Task:
    """Give the work of a branch without its fault: one attempt, and what follows it.

    Args:
        task: the work of the branch.
        attempt: the attempt that succeeds.
    """
    return replace(task, key=f"{task.key}{_KEY}", steps=(attempt,), same_as=None)


def needs_control(report: Report, release: Release) -> bool:
    """Tell whether a branch with an attempt that succeeds ends with other bytes than the release without a fault."""
    return not report.missed and not report.rejoined and report.states != release.end


def not_mended(report: Report, release: Release, control: Report, others: Iterable[Report]) -> str:
    """Say what is served other than after a release without a fault; empty when nothing is.

    Args:
        report: what came of the branch.
        release: the release without a fault.
        control: what came of its control.
        others: what came of more work without a second effect: what varies there varies anyway.
    """
    if control.missed:
        return f"the same stages without the fault do not succeed: {control.missed}"
    sound = [control, *(one for one in others if one.facts and not one.missed)]
    for path, clean in release.facts.items():
        found = report.facts.get(path, {})
        piece = unlike(clean, [one.facts.get(path, {}) for one in sound], found)
        if piece:
            return _DIFFERS.format(path=path, piece=piece, now=_shown(found.get(piece)), was=_shown(clean.get(piece)))
    return ""


def _shown(value: str | None) -> str:
    if value is None:
        return "absent"
    return value if len(value) <= _MOST else f"{value[:_MOST]}…"
