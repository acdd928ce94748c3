"""Which real stages stand for which stage of a contract."""

from __future__ import annotations

from collections import defaultdict

from gatepost.definitions.definition import Definition, RealStage
from gatepost.records import Pipeline, Stage

__all__ = ["Mapping"]


class Mapping:
    """The stages of a contract, each with the real stages that stand for it."""

    def __init__(self, contract: Pipeline, definition: Definition) -> None:
        self.contract = contract
        self.definition = definition
        self._by_form: dict[str, list[str]] = defaultdict(list)
        for stage in definition.stages:
            for form in dict.fromkeys(_forms(stage.name)):
                self._by_form[form].append(stage.name)
        self.reals = {name: self._real(name, stage) for name, stage in contract.stages.items()}
        """For each stage of the contract the real ones; empty for none."""

    def _real(self, name: str, stage: Stage) -> tuple[str, ...]:
        if stage.gate is not None:
            return self._named(stage.gate["in"])
        if stage.impl is not None:
            return self._named(stage.impl.removeprefix(f"{self.definition.tool}:"))
        return self._named(name) or tuple(self._by_form.get(_plain(name), ()))

    def _named(self, name: str) -> tuple[str, ...]:
        """Give the real stage of a name, or the family of it: `train@en`, the tasks of a group."""
        names = [stage.name for stage in self.definition.stages]
        if name in names:
            return (name,)
        return tuple(one for one in names if one.startswith((f"{name}@", f"{name}.", f"{name}__")))

    @property
    def undocumented(self) -> tuple[RealStage, ...]:
        """The real stages that stand for none of the contract."""
        known = {one for names in self.reals.values() for one in names}
        besides = set(self.contract.source.besides if self.contract.source else ())
        return tuple(stage for stage in self.definition.stages if stage.name not in known | besides)

    def is_elsewhere(self, name: str) -> bool:
        """Tell whether a gate lives in the code of another stage."""
        return self.contract.stages[name].gate is not None


def _plain(name: str) -> str:
    return name.casefold().replace("_", "-").replace(" ", "-").replace(".", "-")


def _forms(name: str) -> tuple[str, ...]:
    """Give the forms under which a real stage is found: its name, without its group, without its item."""
    family = name.partition("@")[0]
    return (_plain(name), _plain(family), _plain(family.rpartition(".")[2]))
