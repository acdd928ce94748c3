"""A workflow of GitHub Actions: its jobs as stages, what they need, and the workflows that they call.

One stage stands for a job, whatever its matrix makes of it. A workflow of this repository that a job calls is read, and
its jobs are named `caller.job`; one of another repository hides its jobs.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from gatepost.definitions.circle import refuse_circles
from gatepost.definitions.definition import Definition, DefinitionError, Gap, ReadFile, RealEdge
from gatepost.definitions.github_elsewhere import AFTER, waiting
from gatepost.definitions.github_jobs import JobReader, cancels_of, under
from gatepost.definitions.github_order import Part, Place, between
from gatepost.definitions.github_runs import Runs, Workflow
from gatepost.definitions.github_step import Place as Where
from gatepost.definitions.github_step import never_runs
from gatepost.definitions.github_steps import Steps
from gatepost.definitions.github_values import NOTHING, Values
from gatepost.definitions.yaml_text import Lined, as_dict, as_text, line_of, listed, load_yaml
from gatepost.records.pipeline import Source

__all__ = ["read_github_actions"]

_MAX_CALLS: Final = 10
_MAX_JOBS: Final = 2_000
_MAX_EDGES: Final = 200_000


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
    part = reading.workflow(path, data, "", (), NOTHING)
    first, behind = part.workflow, []
    for other, said in waiting(source.besides, path, data, read_file):
        part, late = reading.behind(part, other, said)
        behind.append(late)
    files = dict.fromkeys((path, *reading.files, *reading.steps.read))
    refuse_circles(path, part.stages, part.edges)
    runs = Runs(first, behind)
    return Definition("github-actions", path, part.stages, part.edges, tuple(reading.gaps), tuple(files), runs)


class _Reading:
    def __init__(self, read_file: ReadFile) -> None:
        self.read_file = read_file
        self.path = ""
        self.gaps: dict[Gap, None] = {}
        self.files: list[str] = []
        self.steps = Steps(read_file, self._gap)
        self.count = 0

    def _gap(self, message: str, line: int, touches: tuple[str, ...] | None = None) -> None:
        self.gaps[Gap(message, self.path, line, touches)] = None

    def workflow(self, path: str, data: Lined, prefix: str, callers: tuple[str, ...], given: Values) -> Part:
        """Give the stages and edges of a file.

        Args:
            path: where it is.
            data: what it says.
            prefix: what stands before the names of its jobs.
            callers: the files on the way to it.
            given: the inputs that it is called with.
        """
        found: dict[str, Place] = {}
        jobs = as_dict(data.get("jobs"))
        values = given.with_env(data.get("env"))
        where = Where().with_defaults(data, values)
        for name, one in jobs.items():
            self.path = path
            reader = JobReader(path, self.steps, self._gap, where, values)
            reader.cancels = cancels_of(data, values)
            found[name] = self._job(reader, name, as_dict(one), line_of(jobs, name), prefix, (*callers, path))
        self.path = path
        edges = [edge for job in found.values() for edge in job.part.edges]
        for edge in self._edges(found):
            edges.append(edge)
            if len(edges) > _MAX_EDGES:
                message = f"the jobs of {path} have more than {_MAX_EDGES:,} needs"
                raise DefinitionError(message, "call fewer workflows", path)
        stages = tuple(stage for job in found.values() for stage in job.part.stages)
        tolerated = {name: why for job in found.values() for name, why in job.part.tolerated.items()}
        own = Workflow(tuple(job.as_job(prefix + name) for name, job in found.items()))
        return Part(stages, tuple(edges), tolerated, own)

    def behind(self, part: Part, path: str, data: Lined) -> tuple[Part, Workflow]:
        """Add the jobs of another workflow, which run once those of a part have ended."""
        self.files.append(path)
        other = self.workflow(path, data, f"{path}.", (), NOTHING)
        edges = (RealEdge(one.name, first, weakened=AFTER) for one in part.stages for first in other.firsts())
        whole = Part((*part.stages, *other.stages), (*part.edges, *other.edges, *edges), part.tolerated)
        return whole, other.workflow

    def _job(  # noqa: PLR0913, PLR0917 - where the job stands
        self, reader: JobReader, name: str, job: Lined, line: int, prefix: str, callers: tuple[str, ...]
    ) -> Place:
        self.count += 1
        if self.count > _MAX_JOBS:
            message = f"{callers[0]} has more than {_MAX_JOBS:,} jobs, with the workflows that it calls"
            raise DefinitionError(message, "call fewer workflows", callers[0])
        stage, said, fails_as = reader.read(prefix + name, job, line)
        alone = Part((stage,), (), {stage.name: said} if said else {})
        part = self._called(alone, job, line, callers, reader.values) if job.get("uses") else alone
        needs, known = list(dict.fromkeys(listed(job.get("needs")))), reader.values.without_env()
        return Place(name, needs, line_of(job, "needs"), as_text(job.get("if")), part, fails_as, known)

    def _called(self, alone: Part, job: Lined, line: int, callers: tuple[str, ...], values: Values) -> Part:
        """Give the jobs of the workflow that a job calls; where it cannot be read, the job stands for them."""
        (caller,) = alone.stages
        uses = as_text(job.get("uses"))
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
        asked = as_dict(as_dict(as_dict(data.get("on")).get("workflow_call")).get("inputs"))
        given = values.with_inputs(asked, as_dict(job.get("with")), is_typed=True).without_env()
        part = self.workflow(path, data, f"{caller.name}.", callers, given)
        self.path = here
        if caller.condition is None:
            return part
        never = caller.condition if never_runs(as_text(job.get("if")), values.without_env()) else None
        return part._replace(stages=tuple(under(caller.condition, one, never) for one in part.stages))

    def _data_of(self, path: str, content: bytes, line: int) -> Lined | None:
        self.files.append(path)
        try:
            return as_dict(next(iter(load_yaml(path, content)), None))
        except DefinitionError as error:
            self._gap(str(error), line)
            return None

    def _edges(self, jobs: dict[str, Place]) -> Iterator[RealEdge]:
        for name, job in jobs.items():
            needs = frozenset(one.casefold() for one in job.needs)
            for needed in job.needs:
                if needed not in jobs:
                    message = f"{name} needs {needed}, which is no job of this file: GitHub runs none of it"
                    raise DefinitionError(message, f"correct the name, or add the job {needed}", self.path, job.line)
                yield from between(jobs[needed], job, needs)
