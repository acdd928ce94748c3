"""A workflow of GitHub Actions: jobs, what they need, and what lets a job run though one that it needs has failed.

One stage stands for a job, whatever its matrix makes of it. A workflow of this repository that a job calls is read, and
its jobs are named `caller.job`; one of another repository hides its jobs.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final, NamedTuple

from gatepost.definitions.circle import refuse_circles
from gatepost.definitions.conditions import is_false
from gatepost.definitions.definition import Definition, DefinitionError, Gap, ReadFile, RealEdge, RealStage
from gatepost.definitions.failures import never_fails
from gatepost.definitions.github_answers import is_told, unseen_in
from gatepost.definitions.github_artifacts import actions_in, downloads_in, uploads_in
from gatepost.definitions.github_conditions import Condition, condition_of
from gatepost.definitions.github_elsewhere import AFTER, starts, waiting
from gatepost.definitions.github_matrix import UncountableError, variants_of
from gatepost.definitions.github_steps import Run, Steps, work_of
from gatepost.definitions.github_truth import Truth
from gatepost.definitions.yaml_text import Lined, as_dict, as_list, as_text, line_of, listed, load_yaml
from gatepost.records.pipeline import Source

__all__ = ["read_github_actions"]

_SETTINGS: Final = "its reviewers are a setting of the repository, not in the file"
_MAX_CALLS: Final = 10
_MAX_JOBS: Final = 2_000
_MAX_EDGES: Final = 200_000


class _Part(NamedTuple):
    """A job, or all jobs of a workflow that is called in its place."""

    stages: tuple[RealStage, ...]
    edges: tuple[RealEdge, ...]
    tolerated: dict[str, str]
    """What lets a job count as successful though it failed, for those that have such a thing."""

    def firsts(self) -> list[str]:
        """Give the jobs that wait for none of the part."""
        inner = {edge.after for edge in self.edges}
        return [stage.name for stage in self.stages if stage.name not in inner]

    def lasts(self) -> list[str]:
        """Give the jobs that none of the part waits for, and those whose failure the part alone remembers."""
        inner = {edge.before for edge in self.edges} - {edge.before for edge in self.edges if edge.lets_all_through}
        return [stage.name for stage in self.stages if stage.name not in inner]


class _Job(NamedTuple):
    name: str
    needs: list[str]
    line: int
    condition: Condition
    part: _Part


def read_github_actions(source: Source, path: str, content: bytes, read_file: ReadFile) -> Definition:
    """Read a workflow.

    Raises:
        DefinitionError: it cannot be read, has no jobs, or its jobs wait for one another in a circle.
    """
    documents = load_yaml(path, content)
    data = as_dict(documents[0] if documents else None)
    if not as_dict(data.get("jobs")):
        message = f"{path} has no jobs"
        raise DefinitionError(message, "name a workflow of GitHub Actions", path)
    reading = _Reading(read_file)
    part = reading.workflow(path, data, "", ())
    for other, said in waiting(source.besides, path, data, read_file):
        part = reading.behind(part, other, said)
    files = dict.fromkeys((path, *reading.files, *reading.steps.read))
    refuse_circles(path, part.stages, part.edges)
    return Definition("github-actions", path, part.stages, part.edges, tuple(reading.gaps), tuple(files))


class _Reading:
    def __init__(self, read_file: ReadFile) -> None:
        self.read_file = read_file
        self.path = ""
        self.shell = ""
        """What runs the steps that name no shell, as far as the file says so."""
        self.folder = ""
        """Where the steps run that name no folder."""
        self.gaps: dict[Gap, None] = {}
        self.files: list[str] = []
        self.steps = Steps(read_file, self._gap)
        self.count = 0

    def _gap(self, message: str, line: int, touches: tuple[str, ...] | None = None) -> None:
        self.gaps[Gap(message, self.path, line, touches)] = None

    def workflow(self, path: str, data: Lined, prefix: str, callers: tuple[str, ...]) -> _Part:
        """Give the stages and edges of a file; `callers` are the files on the way to it."""
        found: dict[str, _Job] = {}
        jobs = as_dict(data.get("jobs"))
        for name, one in jobs.items():
            self.path, self.shell, self.folder = path, _told(data, "shell"), _told(data, "working-directory")
            found[name] = self._job(name, as_dict(one), line_of(jobs, name), prefix, (*callers, path))
        self.path = path
        edges = [edge for job in found.values() for edge in job.part.edges]
        for edge in self._edges(found):
            edges.append(edge)
            if len(edges) > _MAX_EDGES:
                message = f"the jobs of {path} have more than {_MAX_EDGES:,} needs"
                raise DefinitionError(message, "call fewer workflows", path)
        stages = tuple(stage for job in found.values() for stage in job.part.stages)
        tolerated = {name: why for job in found.values() for name, why in job.part.tolerated.items()}
        return _Part(stages, tuple(edges), tolerated)

    def behind(self, part: _Part, path: str, data: Lined) -> _Part:
        """Add the jobs of another workflow, which run once those of a part have ended."""
        self.files.append(path)
        other = self.workflow(path, data, f"{path}.", ())
        edges = (RealEdge(one.name, first, weakened=AFTER) for one in part.stages for first in other.firsts())
        return _Part((*part.stages, *other.stages), (*part.edges, *other.edges, *edges), part.tolerated)

    def _job(self, name: str, job: Lined, line: int, prefix: str, callers: tuple[str, ...]) -> _Job:
        self.count += 1
        if self.count > _MAX_JOBS:
            message = f"{callers[0]} has more than {_MAX_JOBS:,} jobs, with the workflows that it calls"
            raise DefinitionError(message, "call fewer workflows", callers[0])
        condition = condition_of(job.get("if"))
        shell = _told(job, "shell") or self.shell or ("pwsh" if _is_windows(job) else "")
        folder = _told(job, "working-directory") or self.folder
        runs = list(self.steps.runs(job.get("steps"), line, shell=shell, folder=folder))
        stage = self._stage(prefix + name, job, line, condition, runs)
        said = _tolerated(job, stage, runs)
        allowed = _allowed(job)
        stage = replace(stage, forgiven=allowed) if allowed else stage
        alone = _Part((stage,), (), {stage.name: said} if said else {})
        part = self._called(alone, as_text(job.get("uses")), line, callers)
        return _Job(name, list(dict.fromkeys(listed(job.get("needs")))), line_of(job, "needs"), condition, part)

    def _stage(self, name: str, job: Lined, line: int, condition: Condition, runs: list[Run]) -> RealStage:
        environment = _named(job.get("environment"), "name")
        is_hopeless = all(run.tolerated for run in runs)
        work, folders = work_of(runs)
        return RealStage(
            name,
            self.path,
            line,
            command=" && ".join(run.command for run in runs) or None,
            image=_named(job.get("container"), "image"),
            timeout=self._timeout(name, job, line),
            condition=f"if: {condition.words}" if condition.words else None,
            never=f"if: {condition.words}" if is_false(condition.words) else None,
            waits_for=f"environment: {environment} ({_SETTINGS})" if environment else None,
            variants=self._variants(name, job, line),
            scripts=tuple(run.script for run in runs if is_hopeless or not run.tolerated),
            tolerated=() if is_hopeless else tuple(run.command for run in runs if run.tolerated),
            asked=tuple(run.command for run in runs if run.asked),
            answers=tuple(self.steps.answers(job.get("steps"), line)),
            unseen=unseen_in(job.get("steps")) or next(filter(None, (starts(run.command) for run in runs)), None),
            is_told=is_told(job.get("steps")),
            work=work,
            folders=folders,
            target=environment,
            steps=tuple(run.step for run in runs),
            uploads=tuple(uploads_in(job.get("steps"))),
            downloads=tuple(downloads_in(job.get("steps"))),
            actions=tuple(actions_in(job.get("steps"))),
        )

    def _timeout(self, name: str, job: Lined, line: int) -> float | None:
        """Give how long a job may run, in seconds: as it says itself, or as its only step with a command does."""
        steps = [one for one in map(as_dict, as_list(job.get("steps"))) if one.get("run") is not None]
        said = [one["timeout-minutes"] for one in (job, *steps) if one.get("timeout-minutes") is not None]
        if not said:
            return None
        decides = job.get("timeout-minutes") is not None or len(steps) == 1
        found = _minutes(said[0]) if decides else None
        if found is None:
            words = as_text(said[0]) if decides else "some of its steps have limits of their own"
            self._gap(f"how long {name} may run is not known: {words}", line, (name,))
        return found

    def _variants(self, name: str, job: Lined, line: int) -> tuple[str, ...]:
        matrix = as_dict(job.get("strategy")).get("matrix")
        try:
            return variants_of(matrix) if matrix is not None else ()
        except UncountableError as error:
            self._gap(f"how often {name} runs is not known: {error}", line, ())
            return ()

    def _called(self, alone: _Part, uses: str, line: int, callers: tuple[str, ...]) -> _Part:
        """Give the jobs of the workflow that a job calls; where it cannot be read, the job stands for them."""
        if not uses:
            return alone
        (caller,) = alone.stages
        path = posixpath.normpath(uses)
        is_here = uses.startswith("./") and path not in callers and len(callers) < _MAX_CALLS
        content = self.read_file(path) if is_here else None
        data = self._data_of(path, content, line) if content is not None else None
        if not data or not as_dict(data.get("jobs")):
            self._gap(
                f"the jobs inside {caller.name} are not known: it calls the workflow {uses}", line, (caller.name,)
            )
            return alone._replace(stages=(replace(caller, hidden=f"reusable workflow {uses}"),))
        here = self.path
        part = self.workflow(path, data, f"{caller.name}.", callers)
        self.path = here
        if caller.condition is None:
            return part
        return part._replace(stages=tuple(_under(caller.condition, one) for one in part.stages))

    def _data_of(self, path: str, content: bytes, line: int) -> Lined | None:
        self.files.append(path)
        try:
            return as_dict(next(iter(load_yaml(path, content)), None))
        except DefinitionError as error:
            self._gap(str(error), line)
            return None

    def _edges(self, jobs: dict[str, _Job]) -> Iterator[RealEdge]:
        passed = _passed_over(jobs)
        for name, job in jobs.items():
            for needed in job.needs:
                if needed not in jobs:
                    self._gap(f"{name} needs {needed}, which is no job of this file", job.line)
                    continue
                yield from _between(jobs[needed], job)
            if not job.condition.asks:
                for one in sorted(passed[name] - {*job.needs}):
                    yield from _between(jobs[one], job)


def _passed_over(jobs: dict[str, _Job]) -> dict[str, set[str]]:
    """Give for each job those before it that another in between did not want to have succeeded.

    A job that asks for no status wants every job of the chain before it to have succeeded, so these stop it all the
    same. Jobs that wait in a circle have none: they are refused later.
    """
    needs = {name: [one for one in job.needs if one in jobs] for name, job in jobs.items()}
    bit = {name: 1 << place for place, name in enumerate(jobs)}
    own = {
        name: sum(bit[far] for far in dict.fromkeys(needs[name]) if _passes_over(job.condition, jobs[far]))
        for name, job in jobs.items()
    }
    found = dict.fromkeys(jobs, 0)
    try:
        for name in TopologicalSorter(needs).static_order():
            for near in needs[name]:
                found[name] |= found[near] | own[near]
    except CycleError:
        return {name: set() for name in jobs}
    return {name: {far for far in jobs if found[name] & bit[far]} if found[name] else set() for name in jobs}


def _passes_over(condition: Condition, before: _Job) -> bool:
    """Tell whether a condition lets a job run after the failure of one before it that counts as a failure."""
    if before.part.tolerated:
        return False
    passing = condition.passes(before.name, is_alone=False)
    return bool(passing.failed or passing.beyond or (passing.left_out and before.condition.words))


def _between(before: _Job, job: _Job) -> Iterator[RealEdge]:
    passing = job.condition.passes(before.name, is_alone=len(job.needs) == 1)
    words = f"if: {job.condition.words}"
    weakened = words if passing.failed else None
    skipped = words if passing.beyond or (passing.left_out and before.condition.words) else None
    decides = passing.failed or passing.beyond
    asking = {stage.name for stage in before.part.stages if stage.asked}
    for one in before.part.lasts():
        why = weakened or before.part.tolerated.get(one)
        for other in job.part.firsts():
            yield RealEdge(
                one,
                other,
                weakened=why,
                line=job.line,
                tolerated=not weakened and bool(why),
                skipped=None if weakened else skipped,
                beyond=not weakened and bool(passing.beyond),
                is_open=decides == Truth.UNREAD or (not weakened and one in asking),
            )


def _under(condition: str, stage: RealStage) -> RealStage:
    """Give a job of a workflow that is called under a condition."""
    never = condition if is_false(condition.removeprefix("if: ")) else stage.never
    return replace(stage, condition=f"{condition}; {stage.condition}" if stage.condition else condition, never=never)


def _told(holder: Lined, key: str) -> str:
    """Give the shell, or the folder, that a workflow or a job names for all its steps."""
    return as_text(as_dict(as_dict(holder.get("defaults")).get("run")).get(key))


def _is_windows(job: Lined) -> bool:
    """Tell whether a job may run on Windows, where another shell is the default."""
    asked = (job.get("runs-on"), as_dict(job.get("strategy")).get("matrix"))
    return "windows" in repr(asked).casefold()


def _named(value: Any, key: str) -> str | None:  # noqa: ANN401 - whatever YAML holds
    return as_text(value.get(key) if isinstance(value, dict) else value) or None


def _minutes(value: Any) -> float | None:  # noqa: ANN401 - whatever YAML holds
    return value * 60.0 if isinstance(value, int | float) and not isinstance(value, bool) else None


def _allowed(job: Lined) -> str | None:
    said = job.get("continue-on-error")
    return f"continue-on-error: {as_text(said)}" if said is not None and said is not False else None


def _tolerated(job: Lined, stage: RealStage, runs: list[Run]) -> str | None:
    """Say why a job counts as successful though it failed."""
    if allowed := _allowed(job):
        return allowed
    if runs and all(run.tolerated for run in runs):
        return "continue-on-error: true on every step that runs a command"
    return never_fails(stage)
