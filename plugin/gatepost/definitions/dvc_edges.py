"""The edges of a `dvc.yaml`: who reads what another writes, file by file or by folder."""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from gatepost.definitions.circle import refuse_circles
from gatepost.definitions.definition import DefinitionError, RealEdge, RealStage
from gatepost.definitions.failures import never_fails

__all__ = ["Parted", "edges_of"]


class Parted(NamedTuple):
    """A stage before its edges are known."""

    stage: RealStage
    parameter_files: tuple[str, ...]
    """The files that its parameters stand in."""
    line: int
    """Where its inputs are listed."""


def edges_of(path: str, parted: list[Parted]) -> tuple[tuple[RealStage, ...], tuple[RealEdge, ...]]:
    """Give the stages, and an edge for each input that is, lies in, or holds an output of another stage.

    A file of parameters that a stage writes is an input like any other. A stage that is frozen is not run again, and
    nor is what it waits for on its account: neither of them stops what follows.

    Raises:
        DefinitionError: two stages write the same, or they wait for one another in a circle.
    """
    written = _Written(path, parted)
    stages: list[RealStage] = []
    edges: dict[tuple[str, str], RealEdge] = {}
    by_name = {one.stage.name: one.stage for one in parted}
    never = {name: never_fails(stage) for name, stage in by_name.items()}
    for one in parted:
        made_parameters = tuple(file for file in one.parameter_files if any(written.touching(file)))
        stage = replace(one.stage, reads=tuple(dict.fromkeys((*one.stage.reads, *made_parameters))))
        stages.append(stage)
        for read in stage.reads:
            for made, maker in written.touching(read):
                frozen = _frozen(by_name[maker], stage)
                why, is_own = frozen or never[maker], not frozen and never[maker] is not None
                edge = RealEdge(maker, stage.name, made, why, one.line, tolerated=is_own)
                edges.setdefault((maker, stage.name), edge)
    refuse_circles(path, stages, edges.values())
    return tuple(stages), tuple(edges.values())


def _frozen(before: RealStage, after: RealStage) -> str | None:
    found = next((stage for stage in (before, after) if stage.condition), None)
    return f"{found.condition} on {found.name}, which is not run again" if found is not None else None


class _Written:
    """Every path that a stage writes, with the stage."""

    def __init__(self, path: str, parted: list[Parted]) -> None:
        self._makers: dict[str, str] = {}
        lines = {one.stage.name: one.stage.line for one in parted}
        for one in parted:
            for made in one.stage.writes:
                other = self._makers.setdefault(made, one.stage.name)
                if other != one.stage.name:
                    message = f"{other} and {one.stage.name} both write {made}"
                    raise DefinitionError(message, "DVC refuses that: let one of them write it", path, one.stage.line)
        self._sorted = sorted(self._makers)
        for made in self._sorted:
            if above := next(self._above(posixpath.dirname(made)), None):
                stage = self._makers[made]
                message = f"{stage} writes {made}, which lies in what {above[1]} writes: {above[0]}"
                raise DefinitionError(message, "DVC refuses that: part the two", path, lines[stage])

    def touching(self, path: str) -> Iterator[tuple[str, str]]:
        """Give what is the path, holds it, or lies in it, each with the stage that writes it."""
        yield from self._above(path)
        inside = f"{path}/" if path != "." else ""
        for made in self._sorted[bisect_left(self._sorted, inside) :]:
            if not made.startswith(inside):
                break
            if made != path:
                yield made, self._makers[made]

    def _above(self, path: str) -> Iterator[tuple[str, str]]:
        while path:
            if path in self._makers:
                yield path, self._makers[path]
            path = posixpath.dirname(path) if path.rstrip("/") else ""
