"""The two sides of a comparison: what the contract promises, what the definition shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from gatepost.definitions.commands import runs
from gatepost.definitions.definition import Definition, Gap, RealStage
from gatepost.definitions.difference import Difference, DifferenceId, Weight
from gatepost.definitions.followed import places_of
from gatepost.definitions.mapping import StageMapping, is_one_of_many
from gatepost.definitions.reach import Reach
from gatepost.definitions.script_files import ScriptFiles
from gatepost.definitions.verdicts import asks_for
from gatepost.pipeline import Contract, Promise

__all__ = ["GUARDS", "Sides", "differs"]

GUARDS: Final = frozenset({"gate", "approval"})
"""Kinds of stage that keep a promotion back."""
_BY_PEOPLE: Final = frozenset({"approval", "monitor", "promote"})
"""Kinds of stage that people, settings or other systems often do, where the contract gives them no command."""


@dataclass(frozen=True, slots=True)
class Sides:
    """A contract and a definition, stage by stage."""

    contract: Contract
    definition: Definition
    mapping: StageMapping
    reach: Reach
    folder: str
    """The folder that the contract's paths are seen from, from the root of the repository."""
    scripts: ScriptFiles
    """The scripts of the repository that commands name."""

    def reals(self, name: str) -> tuple[str, ...]:
        """Give the real stages that stand for one of the contract."""
        return self.mapping.reals[name]

    def pairs(self) -> Iterator[tuple[Promise, RealStage]]:
        """Give each stage of the contract with the real stages that do it, where their inside is seen."""
        for name, promise in self.contract.promises.items():
            for real in self.doing(name):
                if not self.mapping.is_elsewhere(name) and not real.hidden:
                    yield promise, real

    def doing(self, name: str) -> tuple[RealStage, ...]:
        """Give the real stages that do what one of the contract says: of several, those that run its command."""
        found = tuple(self.mapping.stage(real) for real in self.reals(name))
        ours = self.contract.promises[name].stage.run
        if len(found) == 1:
            return found
        return tuple(one for one in found if ours is not None and self.may_run(one, ours))

    def may_run(self, real: RealStage, ours: str) -> bool:
        """Tell whether the text of a real stage shows a command of the contract, itself or in a file that it opens.

        What each of a `foreach` or a matrix adds to it, such as its region, is what makes it one of many.
        """
        theirs = real.command or ""
        with_more = is_one_of_many(real.name) and theirs.startswith(f"{ours.strip()} ")
        return runs(theirs, ours) or with_more or bool(places_of(real, ours, self.scripts))

    def overlap(self, one: str, other: str) -> bool:
        """Tell whether two stages of the contract live in the same real one, whose inside is not seen."""
        return not set(self.reals(one)).isdisjoint(self.reals(other))

    @staticmethod
    def is_by_people(promise: Promise) -> bool:
        """Tell whether a stage may well be done outside of any definition."""
        stage = promise.stage
        return promise.kind in _BY_PEOPLE and stage.run is None and stage.impl is None

    def is_ordered(self, one: str, other: str) -> bool:
        """Tell whether the contract has one of two stages before the other."""
        graph = self.contract.graph
        if graph.cyclic:
            return one in graph.ancestors(other) or other in graph.ancestors(one)
        first, second = graph.number[one], graph.number[other]
        return bool(graph.earlier[second] >> first & 1 or graph.earlier[first] >> second & 1)

    def hands_over(self, real: str) -> bool:
        """Tell whether a condition of a stage behind a real one asks for what that hands over."""
        later = (self.mapping.stage(one) for one in self.reach.later(real))
        return asks_for(real, (one.condition for one in later if one.condition))

    def before(self, name: str) -> dict[str, bool]:
        """Give the stages directly before one, those that the definition does not have stepped over.

        The value tells whether one was stepped over that it ought to have: an edge missing behind it has no cause of
        its own.
        """
        found: dict[str, bool] = {}
        waiting, seen = [(one, False) for one in self.contract.graph.before[name]], set()
        while waiting:
            step = one, lacking = waiting.pop(0)
            if step in seen:
                continue
            seen.add(step)
            if self.reals(one):
                found[one] = found.get(one, True) and lacking
            else:
                lacking = lacking or not self.is_by_people(self.contract.promises[one])
                waiting += [(earlier, lacking) for earlier in self.contract.graph.before[one]]
        return found

    def may_hide_a_stage(self) -> bool:
        """Tell whether the definition has a gap in which a stage may be, such as a workflow of somebody else.

        In one that the contract sets aside, and that nothing of it waits for, is none of its stages.
        """
        ours = {real for name in self.contract.promises for real in self.reals(name)}
        aside = {one for one in self.mapping.besides if ours.isdisjoint(self.reach.later(one))}
        return _are_open(self.definition.gaps, {stage.name for stage in self.definition.stages if stage.hidden} - aside)

    def may_hide_an_edge(self, one: str, other: str) -> bool:
        """Tell whether the definition has a gap in which a way from one stage to another may be.

        What is open of a third stage alone is none: how often it runs, or what. Nor is what lies outside, where the
        other and all that it waits for say what they wait for.
        """
        before = {stage.name for stage in self.definition.stages if other in self.reach.later(stage.name)} | {other}
        gaps = [gap for gap in self.definition.gaps if gap.touches is not None or not before.issubset(gap.spares)]
        return _are_open(gaps, {one, other})

    def may_touch(self, stage: str) -> bool:
        """Tell whether the definition has a gap that leaves something open of a stage."""
        return _are_open(self.definition.gaps, {stage})

    def missing(  # noqa: PLR0913 - one argument for each field
        self,
        identity: DifferenceId,
        message: str,
        hint: str,
        at: tuple[str | int, ...],
        value: str,
        *,
        is_open: bool,
    ) -> Difference:
        """Give a difference that is only unknown where what is missing may be in a gap of the definition."""
        weight: Weight = "unknown" if is_open else "differs"
        return Difference(identity, message, hint, at, value, self.definition.path, 0, weight)

    def shown(  # noqa: PLR0913, PLR0917 - one argument for each field
        self, identity: DifferenceId, message: str, hint: str, at: tuple[str | int, ...], value: str, line: int
    ) -> Difference:
        """Give a difference that the definition shows on a line."""
        return Difference(identity, message, hint, at, value, self.definition.path, line, "differs")


def _are_open(gaps: Iterable[Gap], stages: AbstractSet[str]) -> bool:
    """Tell whether some gaps leave something open of any of some stages; an item of a matrix is one of its job."""
    named = {form for one in stages for form in (one, one.partition("@")[0])}
    return any(gap.touches is None or not named.isdisjoint(gap.touches) for gap in gaps)


def differs(promise: Promise, real: RealStage, identity: DifferenceId, key: str, message: str) -> Difference:
    """Give a difference of what a stage says under some key."""
    field = {"in": "in_"}.get(key, key)
    at = ("stages", promise.name, key) if field in promise.stage.model_fields_set else ("stages", promise.name)
    hint, value = "let the two agree", f"{promise.name} {key}"
    return Difference(identity, message, hint, at, value, real.path, real.line, "differs")
