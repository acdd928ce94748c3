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
from typing import Final, NamedTuple

from gatepost.definitions.github_expressions import asks_for_status
from gatepost.definitions.github_truth import Listed, Operand, Scope, Texts, Truth, holds
from gatepost.definitions.github_values import NOTHING, Values

__all__ = ["Ended", "Job", "Runs", "Workflow"]

_SUCCESS: Final = frozenset({"success"})
_SKIPPED: Final = frozenset({"skipped"})
_CONCLUSION: Final = "github.event.workflow_run.conclusion"


class Job(NamedTuple):
    """A job, as far as it decides what runs."""

    stage: str
    """The stage that it is."""
    key: str
    """What its file calls it."""
    needs: tuple[str, ...]
    """The jobs of its file that it needs."""
    words: str
    """Its `if:`."""
    fails_as: frozenset[str]
    """The results that it may have where what it runs has failed: `continue-on-error` makes that a success."""
    inner: Workflow | None = None
    """The workflow that it calls, where that was read."""
    known: Values = NOTHING
    """What is known where its condition stands."""


class Workflow(NamedTuple):
    """The jobs of one file."""

    jobs: tuple[Job, ...]

    def in_order(self) -> tuple[Job, ...]:
        """Give the jobs, each behind those that it needs; as they stand where they wait in a circle."""
        known = {job.key: job for job in self.jobs}
        needs = {job.key: [one for one in job.needs if one in known] for job in self.jobs}
        try:
            return tuple(known[key] for key in TopologicalSorter(needs).static_order())
        except CycleError:
            return self.jobs


class Ended(NamedTuple):
    """What becomes of a job."""

    starts: bool | None
    """Whether it runs; None where it may."""
    results: frozenset[str]
    """What `needs.X.result` may say of it."""
    is_open: bool = False
    """Whether what jobs hand over decides if it runs, which is not followed."""


class _Chain(NamedTuple):
    """What has become of a job and all before it."""

    succeeded: Truth = Truth.YES
    failed: Truth = Truth.NO


class _Fault(NamedTuple):
    stage: str
    results: frozenset[str]
    is_cancelled: bool


class Runs:
    """The runs of a workflow, and of those that wait for its end."""

    def __init__(self, workflow: Workflow, behind: Iterable[Workflow] = ()) -> None:
        self._first = _ordered(workflow)
        self._behind = tuple(map(_ordered, behind))
        self._jobs = {job.stage: job for one in (self._first, *self._behind) for job in _all(one)}
        self._late = frozenset(job.stage for one in self._behind for job in _all(one))
        self._known: dict[_Fault, dict[str, Ended]] = {}
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
        fault = _Fault(stage, results, is_cancelled)
        if fault not in self._known:
            found = _Run(fault).workflow(self._first, Truth.YES, lambda _: None)
            conclusion = Texts(_together([found[job.stage].results for job in self._first.jobs]))
            for one in self._behind:
                told = {_CONCLUSION: conclusion}
                found |= _Run(fault._replace(is_cancelled=False)).workflow(one, Truth.YES, told.get)
            self._known[fault] = found
        return self._known[fault]

    def names(self, stage: str, ended: dict[str, Ended]) -> Callable[[str], Operand | None]:
        """Give what names stand for within a job, where the jobs before it have come to some end."""
        job = self._jobs[stage]
        siblings = next(one for one in self._files() if job in one.jobs)
        return _value_of(job, {one.key: ended[one.stage].results for one in siblings.jobs})

    def _files(self) -> Iterator[Workflow]:
        waiting = [self._first, *self._behind]
        while waiting:
            one = waiting.pop()
            yield one
            waiting += [job.inner for job in one.jobs if job.inner is not None]


class _Run:
    def __init__(self, fault: _Fault) -> None:
        self.fault = fault

    def workflow(self, workflow: Workflow, called: Truth, outside: Callable[[str], Operand | None]) -> dict[str, Ended]:
        """Give what becomes of the jobs of a file, by their stages; a job that calls others among them."""
        found: dict[str, Ended] = {}
        results: dict[str, frozenset[str]] = {}
        chains: dict[str, _Chain] = {}
        for job in workflow.jobs:
            before = [chains[one] for one in job.needs if one in chains]
            chain = _Chain(
                min((one.succeeded for one in before), default=Truth.YES),
                max((one.failed for one in before), default=Truth.NO),
            )
            starts = min(called, self._starts(job, chain, results, outside))
            told = self._ended(job, starts)
            if job.inner is not None:
                inner = self.workflow(job.inner, starts, lambda _: None)
                found |= inner
                told = _of_call(told, [inner[one.stage] for one in job.inner.jobs])
            found[job.stage] = told
            results[job.key.casefold()] = told.results
            chains[job.key] = _and(chain, told)
        return found

    def _starts(
        self,
        job: Job,
        chain: _Chain,
        results: dict[str, frozenset[str]],
        outside: Callable[[str], Operand | None],
    ) -> Truth:
        if job.stage == self.fault.stage or (job.inner and self.fault.stage.startswith(f"{job.stage}.")):
            return Truth.NO if self.fault == (job.stage, _SKIPPED, False) else Truth.YES
        if not job.words:
            return chain.succeeded
        cancelled = Truth.YES if self.fault.is_cancelled else Truth.NO
        wanted = results if asks_for_status(job.words) else dict.fromkeys(results, _SUCCESS)
        inside = _value_of(job, wanted)

        def value(name: str) -> Operand | None:
            told = (ask(name) for ask in (inside, job.known.operand, outside))
            return next((one for one in told if one is not None), None)

        return holds(job.words, Scope(chain.succeeded, chain.failed, cancelled, value))

    def _ended(self, job: Job, starts: Truth) -> Ended:
        results = self.fault.results if job.stage == self.fault.stage else _SUCCESS
        return Ended(
            starts.sure,
            frozenset((*(results if starts else ()), *(_SKIPPED if starts != Truth.YES else ()))),
            is_open=starts == Truth.UNREAD,
        )


def _value_of(job: Job, results: dict[str, frozenset[str]]) -> Callable[[str], Operand | None]:
    needs = {one.casefold() for one in job.needs}

    def value(name: str) -> Operand | None:
        if not name.startswith("needs.") or not name.endswith(".result"):
            return None
        wanted = name.removeprefix("needs.").removesuffix(".result")
        if wanted == "*":
            return Listed(tuple(results[one] for one in needs if one in results))
        if wanted in needs and wanted in results:
            return Texts(results[wanted])
        return None if "." in wanted or wanted in needs else Texts(frozenset({""}))

    return value


def _and(chain: _Chain, ended: Ended) -> _Chain:
    """Give what has become of a job and all before it."""
    doubt = Truth.UNREAD if ended.is_open else Truth.MAY
    own = Truth.YES if ended.results == _SUCCESS else doubt if "success" in ended.results else Truth.NO
    failed = Truth.YES if ended.results == {"failure"} else doubt if "failure" in ended.results else Truth.NO
    return _Chain(min(chain.succeeded, own), max(chain.failed, failed))


def _of_call(caller: Ended, inner: list[Ended]) -> Ended:
    """Give what becomes of a job that calls a workflow: what becomes of its jobs together."""
    if caller.starts is False:
        return caller
    left_out = _SKIPPED if caller.starts is None else frozenset()
    is_open = caller.is_open or any(one.is_open for one in inner)
    return Ended(caller.starts, _together([one.results for one in inner]) | left_out, is_open=is_open)


def _together(results: list[frozenset[str]]) -> frozenset[str]:
    """Give what the results of several jobs may be as one."""
    if all(one == _SKIPPED for one in results):
        return _SKIPPED
    for bad in ("failure", "cancelled"):
        if any(one == {bad} for one in results):
            return frozenset({bad})
    return _SUCCESS | (frozenset[str]().union(*results) & {"failure", "cancelled"})


def _ordered(workflow: Workflow) -> Workflow:
    return Workflow(
        tuple(job._replace(inner=_ordered(job.inner)) if job.inner is not None else job for job in workflow.in_order())
    )


def _all(workflow: Workflow) -> Iterator[Job]:
    for job in workflow.jobs:
        yield job
        if job.inner is not None:
            yield from _all(job.inner)
