"""Which real stages stand for which stage of a contract."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from gatepost.definitions.definition import Definition, RealStage
from gatepost.records import Pipeline, Stage

__all__ = ["StageMapping", "is_one_of_many"]

_JOINTS: Final = ("@", ".", "__")
"""What stands between the name of a family, or of a group, and that of one of its stages."""


class StageMapping:
    """The stages of a contract, each with the real stages that stand for it.

    What the contract names comes first: `gate`, `impl`, the same name. A name that is spelt otherwise, or stands in a
    group, is only looked for among the stages that nothing else stands for.
    """

    def __init__(self, contract: Pipeline, definition: Definition) -> None:
        self.contract = contract
        self.definition = definition
        self._families: dict[str, list[str]] = defaultdict(list)
        hooks = {edge.after for edge in definition.edges if (edge.weakened or "").startswith("hooks: ")}
        for stage in definition.stages:
            for name in _families(stage.name) if stage.name not in hooks else ():
                self._families[name].append(stage.name)
        self._real = {stage.name: stage for stage in definition.stages}
        wanted = {name: self._wanted(name, stage) for name, stage in contract.stages.items()}
        alone = {one for name, one in wanted.items() if one in self._real and not self.is_elsewhere(name)}
        named = {name: self._named(one, alone) for name, one in wanted.items()}
        taken = {one for name, names in named.items() for one in names if not self.is_elsewhere(name)}
        forms = self._forms(taken | set(contract.source.besides if contract.source else ()))
        self.reals = {name: names or self._spelt(name, forms) for name, names in named.items()}
        """For each stage of the contract the real ones; empty for none."""

    def _wanted(self, name: str, stage: Stage) -> str:
        """Give the name of the real stage that the contract asks for."""
        if stage.gate is not None:
            return stage.gate["in"]
        return name if stage.impl is None else stage.impl.removeprefix(f"{self.definition.tool}:")

    def _named(self, wanted: str, alone: set[str]) -> tuple[str, ...]:
        """Give the real stage of a name, or the family of it: `train@en`, the tasks of a group.

        A stage of the group that another stage of the contract asks for by its name is left to that.
        """
        if wanted in self._real:
            return (wanted,)
        return tuple(one for one in self._families.get(wanted, ()) if one not in alone)

    def _forms(self, taken: set[str]) -> dict[str, list[str]]:
        forms: dict[str, list[str]] = defaultdict(list)
        for name in self._real:
            for form in dict.fromkeys(_plain(one) for one in _spellings(name)) if name not in taken else ():
                forms[form].append(name)
        return forms

    def _spelt(self, name: str, forms: dict[str, list[str]]) -> tuple[str, ...]:
        stage = self.contract.stages[name]
        return () if stage.gate is not None or stage.impl is not None else tuple(forms.get(_plain(name), ()))

    def stage(self, name: str) -> RealStage:
        """Give a real stage by its name."""
        return self._real[name]

    @property
    def undocumented(self) -> tuple[RealStage, ...]:
        """The real stages that stand for none of the contract."""
        known = {one for names in self.reals.values() for one in names}
        return tuple(
            stage for stage in self.definition.stages if stage.name not in known and stage.name not in self.besides
        )

    @cached_property
    def besides(self) -> frozenset[str]:
        """The real stages that the contract names as no part of the pipeline, themselves or by their group."""
        named = set(self.contract.source.besides if self.contract.source else ())
        return frozenset(name for name in self._real if not named.isdisjoint((name, *_families(name))))

    @property
    def stale(self) -> tuple[str, ...]:
        """What the contract names as no part of the pipeline, and the definition does not have."""
        named = self.contract.source.besides if self.contract.source else ()
        return tuple(one for one in dict.fromkeys(named) if one not in self._real and one not in self._families)

    def is_elsewhere(self, name: str) -> bool:
        """Tell whether a gate lives in the code of another stage."""
        return self.contract.stages[name].gate is not None


def is_one_of_many(name: str) -> bool:
    """Tell whether a real stage is one of a `foreach` or a matrix, all of which do the same to other data."""
    return "@" in name


def _families(name: str) -> Iterator[str]:
    """Give the names of the families and groups that a real stage is in, the widest first."""
    for place in range(1, len(name)):
        if name.startswith(_JOINTS, place):
            yield name[:place]


def _spellings(name: str) -> Iterator[str]:
    """Give the names under which a real stage is found: its own, its family's, its groups', that within its group."""
    yield name
    yield from _families(name)
    yield name.partition("@")[0].rpartition(".")[2]


def _plain(name: str) -> str:
    return name.casefold().replace("_", "-").replace(" ", "-").replace(".", "-")
