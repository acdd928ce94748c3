"""A stage contract as it is meant: defaults applied, each stage with its handlers, ways into production known."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple

from gatepost.pipeline.graph import StageGraph
from gatepost.records import Pipeline, Stage
from gatepost.records.expressions import Actions, Duration
from gatepost.records.pipeline import EXECUTABLE_KINDS, Repeat

__all__ = ["Contract", "Promise", "contract_digest"]

_PROMISED: Final = {"owner", "workdir", "environments", "handlers", "defaults", "artifacts", "stages"}
"""The fields of a contract that a dry run tries."""
_PROSE: Final = {"stages": {"__all__": {"description", "impl", "gate"}}}
"""What stages say to readers and to the comparison with the real definition."""


class Promise(NamedTuple):
    """What one stage promises, with the contract's defaults applied."""

    name: str
    stage: Stage
    executes: bool
    """Whether it runs something: it has a command, or its kind computes."""
    timeout: Duration | None
    retries: int
    environment: str | None
    seed: int | None
    repeat: Repeat | None
    on_fail: Actions | None
    on_reject: Actions | None
    """What happens when a gate or an approval rejects; what it says about failures when it says nothing else."""
    owner: str
    idempotent: bool
    """Whether it may run twice: as it says; else everything but a promotion to production may."""
    into_production: bool
    """Whether it is a promotion to an environment that users or decisions depend on, or to one unnamed."""

    @property
    def kind(self) -> str:
        """The kind of the stage."""
        return self.stage.kind


class Contract:
    """A stage contract and what follows from it."""

    def __init__(self, record: Pipeline) -> None:
        self.record = record
        self.graph = StageGraph(record)
        self._concerned: dict[str, int] = {}

    @cached_property
    def promises(self) -> dict[str, Promise]:
        """Each stage with the defaults applied, by name, in the order of the contract."""
        return {name: self._promise(name, stage) for name, stage in self.record.stages.items()}

    def _promise(self, name: str, stage: Stage) -> Promise:
        default = self.record.defaults
        executes = stage.run is not None or stage.kind in EXECUTABLE_KINDS
        on_fail = stage.on_fail or default.on_fail
        retries = stage.retries if stage.retries is not None else default.retries if executes else 0
        into_production = stage.kind == "promote" and (not stage.to or self.record.is_production(stage.to))
        return Promise(
            name,
            stage,
            executes,
            stage.timeout or (default.timeout if executes else None),
            retries or 0,
            stage.environment or (default.environment if executes else None),
            default.seed if stage.seed is None else stage.seed,
            stage.repeat or (default.repeat if stage.kind in EXECUTABLE_KINDS else None),
            on_fail,
            stage.on_reject or on_fail,
            stage.owner or default.owner or self.record.owner,
            not into_production if stage.idempotent is None else stage.idempotent,
            into_production,
        )

    def commands(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Give each command with its key path: of handlers, then of stages, each with its rollback's."""
        for action, run in self.record.handlers.items():
            yield ("handlers", action), run
        for name, stage in self.record.stages.items():
            if stage.run is not None:
                yield ("stages", name, "run"), stage.run
            if stage.rollback is not None and stage.rollback.run is not None:
                yield ("stages", name, "rollback", "run"), stage.rollback.run

    @cached_property
    def promotions(self) -> tuple[Promise, ...]:
        """The stages that reach production, in order."""
        return tuple(one for one in self.promises.values() if one.into_production)

    @cached_property
    def rehearsals(self) -> tuple[Promise, ...]:
        """The stages that promote elsewhere, such as to staging, in order."""
        return tuple(one for one in self.promises.values() if one.kind == "promote" and not one.into_production)

    @cached_property
    def reaching(self) -> int:
        """The stages that reach production, as a mask."""
        return sum(1 << self.graph.number[one.name] for one in self.promotions)

    @cached_property
    def promoting(self) -> int:
        """The stages that promote, to production or elsewhere, as a mask."""
        return sum(1 << number for number, one in enumerate(self.promises.values()) if one.kind == "promote")

    @cached_property
    def guards(self) -> tuple[Promise, ...]:
        """The gates and the approvals, in order."""
        return tuple(one for one in self.promises.values() if one.kind in {"gate", "approval"})

    def concerns(self, guard: Promise, promotion: Promise) -> bool:
        """Tell whether a promotion brings what a gate or an approval judges.

        It does when both come from the same packaging, or the same training where nothing was packaged before the
        guard; a guard behind none of these is taken to judge every promotion that shares a stage with it, and one
        behind nothing at all to judge every promotion. An approval between two places, such as two regions in turn, is
        of the next one.
        """
        return bool(self.concerned(guard) >> self.graph.number[promotion.name] & 1)

    def concerned(self, guard: Promise) -> int:
        """Give the promotions that bring what a gate or an approval judges, as a mask which may have other stages."""
        if guard.name not in self._concerned:
            graph = self.graph
            judged = graph.earlier[graph.number[guard.name]]
            built = self._last_builders(judged) or judged
            found = graph.behind(built) if judged else -1
            self._concerned[guard.name] = found & ~self._left_behind(guard) if guard.kind == "approval" else found
        return self._concerned[guard.name]

    def _last_builders(self, judged: int) -> int:
        """Give what trained or packaged last of some stages, as a mask."""
        built = judged & self._builders
        members = self.graph.members(built)
        return sum(
            1 << number
            for number in map(self.graph.number.__getitem__, members)
            if not self.graph.later[number] & built
        )

    def _left_behind(self, approval: Promise) -> int:
        """Give the promotions before an approval that is about another place alone, as a mask."""
        number = self.graph.number[approval.name]
        earlier, later = self.graph.earlier[number] & self.reaching, self.graph.later[number] & self.reaching
        if not earlier or not later or any(place & earlier and place & later for place in self._places):
            return 0
        return earlier

    @cached_property
    def _places(self) -> tuple[int, ...]:
        """For each production what is promoted to it, as a mask."""
        found: dict[str | None, int] = {}
        for one in self.promotions:
            found[one.stage.to] = found.get(one.stage.to, 0) | 1 << self.graph.number[one.name]
        return tuple(found.values())

    @cached_property
    def _builders(self) -> int:
        kinds = {"train", "package"}
        return sum(1 << number for number, one in enumerate(self.promises.values()) if one.kind in kinds)


def contract_digest(record: Pipeline) -> str:
    """Give the SHA-256 of what a contract promises: 64 hexadecimal digits.

    Titles, descriptions, the real definition and the order of keys do not count: who rewords a contract keeps
    its evidence.
    """
    promised = record.model_dump(mode="json", by_alias=True, exclude_unset=True, include=_PROMISED, exclude=_PROSE)
    text = json.dumps(promised, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
