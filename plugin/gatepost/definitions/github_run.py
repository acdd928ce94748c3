"""One run of a workflow: which of its jobs run, and how they end, where one has come to some end.

What a fault does not reach is as in the run in which nothing has gone wrong, and is not worked out again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from gatepost.definitions.github_expressions import asks_for_status
from gatepost.definitions.github_truth import Listed, Operand, Scope, Texts, Truth, holds
from gatepost.definitions.github_values import NOTHING, Values

__all__ = ["SKIPPED", "Ended", "Fault", "Job", "Run", "Told", "Workflow", "names_in", "together"]

_SUCCESS: Final = frozenset({"success"})
SKIPPED: Final = frozenset({"skipped"})
Names = Callable[[str], Operand | None]


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
    before: tuple[str, ...] = ()
    """The stages of the jobs that it needs."""


class Workflow(NamedTuple):
    """The jobs of one file, each behind those that it needs."""

    jobs: tuple[Job, ...]


class Ended(NamedTuple):
    """What becomes of a job."""

    starts: bool | None
    """Whether it runs; None where it may."""
    results: frozenset[str]
    """What `needs.X.result` may say of it."""
    is_open: bool = False
    """Whether what jobs hand over decides if it runs, which is not followed."""


class Fault(NamedTuple):
    """A job that has come to an end of its own."""

    stage: str
    """Empty for none."""
    results: frozenset[str]
    is_cancelled: bool
    """Whether the run was cancelled then."""


class _Chain(NamedTuple):
    """What has become of a job and all before it."""

    succeeded: Truth = Truth.YES
    failed: Truth = Truth.NO


class _State(NamedTuple):
    ended: Ended
    chain: _Chain


class Told:
    """What was worked out in one run and holds in all: where the jobs before one ended the same, so does it."""

    def __init__(self) -> None:
        self.states: dict[tuple[object, ...], _State] = {}
        self._same: dict[_State, _State] = {}

    def one(self, state: _State) -> _State:
        """Give the one object that stands for a state, so that states are told apart by which they are."""
        return self._same.setdefault(state, state)


class Run:
    """A run."""

    def __init__(self, fault: Fault, usual: Run | None, told: Told) -> None:
        """Take what has happened.

        Args:
            fault: the job that has come to an end of its own.
            usual: the run without that; None where there is none to go by.
            told: what is kept over all runs.
        """
        self.fault = fault
        self._states: dict[str, _State] = dict(usual._states) if usual is not None else {}  # noqa: SLF001 - its own kind
        self._told = told
        self._changed: set[str] = set()
        self._is_new = usual is None

    def ended(self) -> dict[str, Ended]:
        """Give what has become of each job."""
        return {stage: state.ended for stage, state in self._states.items()}

    def play(self, workflow: Workflow, called: Truth = Truth.YES, outside: Names | None = None) -> None:
        """Work out what becomes of the jobs of a file.

        Args:
            workflow: the file.
            called: whether it is called at all.
            outside: gives what names stand for that come from outside of the run.
        """
        for job in workflow.jobs:
            is_forced = self._holds_fault(job)
            if not (is_forced or self._is_new or outside) and self._changed.isdisjoint(job.before):
                continue
            before = [self._states[one] for one in job.before]
            if is_forced or outside is not None or job.inner is not None:
                found = self._told.one(self._state(job, before, called, outside, is_forced=is_forced))
            else:
                key = (job.stage, called, self.fault.is_cancelled, *map(id, before))
                if key not in self._told.states:
                    self._told.states[key] = self._told.one(self._state(job, before, called, None, is_forced=False))
                found = self._told.states[key]
            if self._states.get(job.stage) is not found:
                self._changed.add(job.stage)
                self._states[job.stage] = found

    def _state(
        self, job: Job, before: list[_State], called: Truth, outside: Names | None, *, is_forced: bool
    ) -> _State:
        chain = _Chain(
            min((one.chain.succeeded for one in before), default=Truth.YES),
            max((one.chain.failed for one in before), default=Truth.NO),
        )
        results = [one.ended.results for one in before]
        starts = min(called, self._forced(job) if is_forced else self._starts(job, chain, results, outside))
        ended = self._ended(job, starts)
        if job.inner is not None:
            was_new, self._is_new = self._is_new, True  # what is called depends on who calls it
            self.play(job.inner, starts)
            self._is_new = was_new
            ended = _of_call(ended, [self._states[one.stage].ended for one in job.inner.jobs])
        return _State(ended, _and(chain, ended))

    def _holds_fault(self, job: Job) -> bool:
        own = self.fault.stage
        return bool(own) and (job.stage == own or (job.inner is not None and own.startswith(f"{job.stage}.")))

    def _forced(self, job: Job) -> Truth:
        """Tell whether the job of the fault runs: unless it was left out, whatever its condition says."""
        return Truth.NO if job.stage == self.fault.stage and self.fault.results == SKIPPED else Truth.YES

    def _starts(self, job: Job, chain: _Chain, results: list[frozenset[str]], outside: Names | None) -> Truth:
        asks = asks_for_status(job.words)
        if not job.words or (not asks and chain.succeeded == Truth.NO):
            return chain.succeeded
        inside = names_in(job, results if asks else [_SUCCESS] * len(results))
        asking = (inside, job.known.operand, *([outside] if outside else []))

        def value(name: str) -> Operand | None:
            return next((one for ask in asking if (one := ask(name)) is not None), None)

        cancelled = Truth.YES if self.fault.is_cancelled else Truth.NO
        return holds(job.words, Scope(chain.succeeded, chain.failed, cancelled, value))

    def _ended(self, job: Job, starts: Truth) -> Ended:
        results = self.fault.results if job.stage == self.fault.stage else _SUCCESS
        may = results if starts else frozenset[str]()
        return Ended(starts.sure, may if starts == Truth.YES else may | SKIPPED, is_open=starts == Truth.UNREAD)


def names_in(job: Job, results: Iterable[frozenset[str]]) -> Names:
    """Give what names stand for where a job has its condition.

    Args:
        job: the job.
        results: what may have become of each job that it needs.
    """
    found = dict(zip((one.casefold() for one in job.needs), results, strict=True))

    def value(name: str) -> Operand | None:
        if not name.startswith("needs.") or not name.endswith(".result"):
            return None
        wanted = name.removeprefix("needs.").removesuffix(".result")
        if wanted == "*":
            return Listed(tuple(found.values()))
        if wanted in found:
            return Texts(found[wanted])
        return None if "." in wanted else Texts(frozenset({""}))

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
    left_out = SKIPPED if caller.starts is None else frozenset()
    is_open = caller.is_open or any(one.is_open for one in inner)
    return Ended(caller.starts, together([one.results for one in inner]) | left_out, is_open=is_open)


def together(results: list[frozenset[str]]) -> frozenset[str]:
    """Give what the results of several jobs may be as one."""
    if all(one == SKIPPED for one in results):
        return SKIPPED
    for bad in ("failure", "cancelled"):
        if any(one == {bad} for one in results):
            return frozenset({bad})
    return _SUCCESS | (frozenset[str]().union(*results) & {"failure", "cancelled"})
