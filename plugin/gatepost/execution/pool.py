"""Pieces of work handed to an executor, with a bound on the time of all of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import replace
from typing import Final

from gatepost.execution.setup import CannotRunError
from gatepost.execution.task import Report, Task, perform

__all__ = ["Progress", "performed"]

Progress = Callable[[str, int, int], None]
"""Told what is done, how many pieces of it, and of how many."""
_LABEL: Final = "branches and probes"
_TICK: Final = 0.5


def performed(tasks: Sequence[Task], pool: Executor, until: float, progress: Progress) -> dict[str, Report]:
    """Do pieces of work that do not depend on each other, and give what came of each by its key.

    Args:
        tasks: the work.
        pool: who does it.
        until: the monotonic time at which it must be done.
        progress: told after each.

    Raises:
        CannotRunError: time was up, or the executor lost a piece of work.
    """
    alike: dict[Task, list[str]] = {}
    for task in tasks:
        alike.setdefault(_done(task), []).append(task.key)
    keys = {pool.submit(perform, task): names for task, names in alike.items()}
    waiting: set[Future[Report]] = set(keys)
    reports: dict[str, Report] = {}
    try:
        while waiting:
            progress(_LABEL, len(reports), len(tasks))
            finished, waiting = wait(waiting, _TICK, FIRST_COMPLETED)
            for future in finished:
                reports.update((key, replace(_result(future), key=key)) for key in keys[future])
            if time.monotonic() > until:
                counts = f"{len(reports)} of {len(tasks)}"
                message = f"time is up after {counts} {_LABEL}: allow more with --limit"
                raise CannotRunError(message)
    finally:
        for future in waiting:
            future.cancel()
    progress(_LABEL, len(tasks), len(tasks))
    return reports


def _done(task: Task) -> Task:
    """Give the same work without what does nothing, so that equal work is done once.

    A command that is replaced by an exit code leaves the folder as it is, whatever the code is.
    """
    steps = tuple(step for step in task.steps if step.words or step.hangs or step.metrics)
    return replace(task, key="", steps=steps)


def _result(future: Future[Report]) -> Report:
    try:
        return future.result()
    except Exception as error:
        message = f"a branch could not be run: {type(error).__name__}: {error}"
        raise CannotRunError(message) from error
