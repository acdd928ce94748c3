"""Which job of a workflow waits for which, and what lets it run though that one has not succeeded.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idneeds
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from gatepost.definitions.definition import RealEdge, RealStage
from gatepost.definitions.github_conditions import passes
from gatepost.definitions.github_expressions import plain_of
from gatepost.definitions.github_run import Job, Workflow
from gatepost.definitions.github_truth import Truth
from gatepost.definitions.github_values import NOTHING, Values

__all__ = ["NOT_SUCCESSFUL", "Part", "Place", "between"]

NOT_SUCCESSFUL: Final = frozenset({"failure"})
"""What a job counts as where what it runs has failed, unless something says otherwise."""


class Part(NamedTuple):
    """A job, or all jobs of a workflow that is called in its place."""

    stages: tuple[RealStage, ...]
    edges: tuple[RealEdge, ...]
    tolerated: dict[str, str]
    """What lets a job count as successful though it failed, for those that have such a thing."""
    workflow: Workflow = Workflow(())
    """Its jobs, as far as they decide what runs."""

    def firsts(self) -> list[str]:
        """Give the jobs that wait for none of the part."""
        inner = {edge.after for edge in self.edges}
        return [stage.name for stage in self.stages if stage.name not in inner]

    def lasts(self) -> list[str]:
        """Give the jobs that none of the part waits for, and those whose failure the part alone remembers."""
        inner = {edge.before for edge in self.edges} - {edge.before for edge in self.edges if edge.lets_all_through}
        return [stage.name for stage in self.stages if stage.name not in inner]


class Place(NamedTuple):
    """A job among the others of its file."""

    name: str
    needs: list[str]
    line: int
    words: str
    """Its `if:`, as it is written."""
    part: Part
    fails_as: frozenset[str] = NOT_SUCCESSFUL
    known: Values = NOTHING
    """What is known where its condition stands."""

    def as_job(self, stage: str) -> Job:
        """Give the job as far as it decides what runs.

        Args:
            stage: the stage that it is.
        """
        inner = self.part.workflow if self.part.workflow.jobs else None
        return Job(stage, self.name, tuple(self.needs), self.words, self.fails_as, inner, self.known)


def _said(words: str) -> str:
    """Give a condition for people, with what it comes to where it looks like something else."""
    if plain_of(words) is None:
        return f"if: {words.strip()}, which always holds: there is text beside its braces"
    return f"if: {words}"


def between(before: Place, job: Place, needs: AbstractSet[str]) -> Iterator[RealEdge]:
    """Give the edges from one job to another that needs it, be each a job or a whole workflow.

    Args:
        before: the one.
        job: the other.
        needs: all that it needs, case-folded: once for all its edges.
    """
    passing = passes(job.words, before.name, needs)
    words = _said(job.words)
    weakened = words if passing.failed else None
    skipped = words if passing.beyond or (passing.left_out and before.words) else None
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
                is_open=decides == Truth.UNREAD or (not weakened and one in asking),
                only_cancelled=passing.is_only_cancelled,
            )
