"""The jobs of a definition in pieces: a job that runs several commands is several stages of a draft."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from gatepost.definitions.definition import ENDLESS, Definition, RealEdge, RealStage, Script
from gatepost.definitions.draft_work import Part, parts_of
from gatepost.definitions.guess import stage_kind
from gatepost.definitions.stage_kinds import BY_NAME
from gatepost.definitions.telling import telling

__all__ = ["Pieces", "in_pieces"]

_OF_STEPS: Final = frozenset({"github-actions", "gitlab-ci"})
"""The tools whose jobs hold what other tools have as stages."""
_MOST: Final = 20
"""Into how many stages a job is taken apart at the most; one with more commands is no pipeline in one job."""


class Pieces(NamedTuple):
    """A definition as a draft has it."""

    definition: Definition
    """The definition with its pieces in the place of the jobs that were taken apart."""
    jobs: dict[str, str]
    """For each piece the name of its job."""
    last: frozenset[str]
    """The stages with which is told what is to be told of a job once."""

    def job_of(self, stage: RealStage) -> str:
        """Give the name of the job that a stage is, or is a piece of."""
        return self.jobs.get(stage.name, stage.name)


def in_pieces(definition: Definition, whole: Collection[str]) -> Pieces:
    """Take the jobs of a definition apart that run one plain command after the other.

    Which of them writes the files of the job is told elsewhere.

    Args:
        definition: the definition.
        whole: the stages that stay as they are.
    """
    taken = {one.name for one in definition.stages}
    found: dict[str, list[RealStage]] = {}
    for stage in definition.stages:
        parts = _parts(stage) if definition.tool in _OF_STEPS and stage.name not in whole else []
        pieces = _placed(list(_pieces(stage, parts, taken))) if parts else [stage]
        found[stage.name] = pieces if _keeps_kind(stage, pieces) else [stage]
        taken |= {one.name for one in found[stage.name]}
    inner = (RealEdge(one.name, other.name) for several in found.values() for one, other in itertools.pairwise(several))
    outer = (
        replace(edge, before=found[edge.before][-1].name, after=found[edge.after][0].name) for edge in definition.edges
    )
    stages = tuple(one for several in found.values() for one in several)
    jobs = {one.name: job for job, several in found.items() if len(several) > 1 for one in several}
    last = frozenset(several[-1].name for several in found.values())
    return Pieces(replace(definition, stages=stages, edges=(*outer, *inner)), jobs, last)


def _pieces(stage: RealStage, parts: list[Part], taken: set[str]) -> Iterator[RealStage]:
    """Give the stages that a job is taken apart into: the first tells when it begins, the last how it ends."""
    known = set(taken) - {stage.name}
    for number, (part, name) in enumerate(zip(parts, _names([one.command for one in parts]), strict=True), start=1):
        free = name if name not in known else f"{stage.name}-{name}"
        while free in known:
            free = f"{free}-{number}"
        known.add(free)
        piece = replace(
            stage, name=free, command=part.command, work=(part.text,), scripts=(Script(part.text),), steps=()
        )
        piece = piece if number == 1 else replace(piece, condition=None, waits_for=None)
        yield piece if number == len(parts) else replace(piece, tolerated=())


def _keeps_kind(stage: RealStage, pieces: list[RealStage]) -> bool:
    """Tell whether what guards or promotes by its name still does in pieces, none of which may have such a name."""
    kind, why = stage_kind(stage)
    kinds = {stage_kind(one)[0] for one in pieces}
    return why != BY_NAME or kind not in {"gate", "approval", "promote"} or kind in kinds


def _placed(pieces: list[RealStage]) -> list[RealStage]:
    """Give pieces of which only those go to the environment of their job that promote, if words tell of any."""
    bare = [replace(one, target=None) for one in pieces]
    promoting = [stage_kind(one)[0] == "promote" for one in bare]
    if not any(promoting):
        return pieces
    return [one if goes else other for one, other, goes in zip(pieces, bare, promoting, strict=True)]


def _names(commands: list[str]) -> list[str]:
    """Give each command the word that tells it from the others: the script that it runs, or what it asks that for."""
    words = [telling(one) for one in commands]
    first = [one[0] for one in words]
    return [one[1] if first.count(one[0]) > 1 and len(one) > 1 else one[0] for one in words]


def _parts(stage: RealStage) -> list[Part]:
    if stage.reads or stage.hidden or stage.retries == ENDLESS:
        return []
    found = parts_of(stage)
    return found if 1 < len(found) <= _MOST else []
