"""Which jobs of a workflow run where one has come to some end and every other one that runs succeeds.

A job runs when its `if:` holds, with `success() &&` before it unless it has a status function. `success()` and
`failure()` ask every job of the chain before it, not only those that it needs by name: a skip anywhere before it is no
success. A job that a condition may leave out, for reasons outside of the file, has two results from there on.

A job that calls a workflow of the repository has the result of that workflow's jobs together. Within it the chain
begins anew. A workflow that waits for another one (`workflow_run`) runs once that has ended, however it did.

Sources: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idneeds,
https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Final

from gatepost.definitions.github_expressions import asks_for_status
from gatepost.definitions.github_run import Ended, Fault, Job, Run, Told, Workflow, names_in, together
from gatepost.definitions.github_truth import Operand, Texts

__all__ = ["Ended", "Job", "Runs", "Workflow"]

_CONCLUSION: Final = "github.event.workflow_run.conclusion"


class Runs:
    """The runs of a workflow, and of those that wait for its end."""

    def __init__(self, workflow: Workflow, behind: Iterable[Workflow] = ()) -> None:
        self._first = _ordered(workflow)
        self._behind = tuple(map(_ordered, behind))
        self._jobs = {job.stage: job for one in (self._first, *self._behind) for job in _all(one)}
        self._late = frozenset(job.stage for one in self._behind for job in _all(one))
        self._known: dict[Fault, tuple[Run, dict[str, Ended]]] = {}
        self._told = Told()
        self.passes_on: bool = bool(self._behind) or any(
            asks_for_status(job.words) or job.fails_as != {"failure"} for job in self._jobs.values()
        )
        """Whether any job may run though one before it has not succeeded."""

    def fails_as(self, stage: str) -> frozenset[str]:
        """Give the results that a job may have where what it runs has failed."""
        return self._jobs[stage].fails_as

    def is_answering(self, stage: str) -> bool:
        """Tell whether a job asks what became of those before it, or waits for the end of another workflow."""
        return stage in self._late or asks_for_status(self._jobs[stage].words)

    def after(self, stage: str, results: frozenset[str], *, is_cancelled: bool = False) -> dict[str, Ended]:
        """Give what becomes of each job where one has come to one of some results.

        Args:
            stage: the job; empty for none.
            results: how it may have ended.
            is_cancelled: whether the run was cancelled then.
        """
        return self._run(Fault(stage, results if stage else frozenset(), is_cancelled))[1]

    def _run(self, fault: Fault) -> tuple[Run, dict[str, Ended]]:
        if fault not in self._known:
            usual = self._run(Fault("", frozenset(), fault.is_cancelled))[0] if fault.stage else None
            run = Run(fault, usual, self._told)
            run.play(self._first)
            ended = run.ended() if self._behind else {}
            conclusion = Texts(together([one.results for one in ended.values()]))
            for one in self._behind:
                run.play(one, outside={_CONCLUSION: conclusion}.get)
            self._known[fault] = (run, run.ended())
        return self._known[fault]

    def names(self, stage: str, ended: dict[str, Ended]) -> Callable[[str], Operand | None]:
        """Give what names stand for within a job, where the jobs before it have come to some end."""
        job = self._jobs[stage]
        return names_in(job, [ended[one].results for one in job.before])


def _ordered(workflow: Workflow) -> Workflow:
    """Give jobs each behind those that it needs, as they stand where they wait in a circle."""
    known = {job.key: job for job in workflow.jobs}
    whole = []
    for job in workflow.jobs:
        needs = tuple(one for one in job.needs if one in known)
        inner = _ordered(job.inner) if job.inner is not None else None
        whole.append(job._replace(needs=needs, before=tuple(known[one].stage for one in needs), inner=inner))
    found = {job.key: job for job in whole}
    try:
        order = TopologicalSorter({job.key: job.needs for job in whole}).static_order()
        return Workflow(tuple(found[key] for key in order))
    except CycleError:
        return Workflow(tuple(whole))


def _all(workflow: Workflow) -> Iterator[Job]:
    for job in workflow.jobs:
        yield job
        if job.inner is not None:
            yield from _all(job.inner)
