"""A contract against the real definition: what either has and the other does not.

A definition shows less than people do: an approval may be a setting of the forge, a monitor another system. What is not
in the text is "not shown by the definition", and where the text has gaps, it is unknown; it is never called wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from gatepost.definitions.compare_stages import details, plain_command
from gatepost.definitions.definition import Definition, RealEdge, RealStage
from gatepost.definitions.difference import Difference
from gatepost.definitions.mapping import Mapping
from gatepost.definitions.reach import Reach
from gatepost.pipeline import Contract, Promise
from gatepost.records import Pipeline

__all__ = ["Conformance", "compare"]

_BY_PEOPLE: Final = frozenset({"approval", "monitor"})
"""Kinds of stage that are often done outside of the definition."""
Weight = Literal["differs", "not-shown", "unknown"]


class Conformance(NamedTuple):
    """What comparing gave."""

    definition: Definition
    differences: tuple[Difference, ...]

    def of(self, weight: Weight) -> tuple[Difference, ...]:
        """Give the differences of one weight."""
        return tuple(one for one in self.differences if one.weight == weight)


def compare(contract: Pipeline, definition: Definition, folder: str) -> Conformance:
    """Compare a contract with the real definition that it names.

    Args:
        contract: the contract.
        definition: what the definition says.
        folder: the folder that the contract's paths are seen from, from the root of the repository.
    """
    return Conformance(definition, tuple(_Comparing(contract, definition, folder).differences()))


class _Comparing:
    def __init__(self, record: Pipeline, definition: Definition, folder: str) -> None:
        self.contract = Contract(record)
        self.definition = definition
        self.folder = folder
        self.mapping = Mapping(record, definition)
        self.reach = Reach(definition.edges)

    def differences(self) -> Iterator[Difference]:
        yield from self._stages()
        yield from self._edges()
        yield from self._guards()
        yield from self._undocumented_edges()
        yield from details(self.contract, self.mapping, self.folder)

    def _missing(self, identity: str, message: str, hint: str, at: tuple[str | int, ...], value: str) -> Difference:
        """Give a difference that is only unknown where the definition has gaps."""
        weight: Weight = "unknown" if self.definition.gaps else "differs"
        return Difference(identity, message, hint, at, value, self.definition.path, 0, weight)

    def _stages(self) -> Iterator[Difference]:
        for name, promise in self.contract.promises.items():
            if self.mapping.reals[name]:
                continue
            at: tuple[str, ...] = ("stages", name)
            named = promise.stage.impl or (promise.stage.gate or {}).get("in")
            if named:
                message = f"{name} is implemented by {named}, which the definition does not have"
                key = "impl" if promise.stage.impl else "gate"
                yield self._missing("stage-missing", message, "correct the name", (*at, key), named)
            elif promise.kind in _BY_PEOPLE and promise.stage.run is None:
                if not self._is_waited_for(promise):
                    yield self._not_shown(promise)
            elif promise.kind == "gate":
                message = f"the gate {name} is not shown by the definition"
                hint = (
                    f"let the definition run it, or say where it lives: `gate: {{in: STAGE}}`; it has {self._names()}"
                )
                yield self._missing("stage-missing", message, hint, at, name)
            else:
                message = f"{name} is not shown by the definition"
                hint = f"name the stage that does it in `impl:`; the definition has {self._names()}"
                yield self._missing("stage-missing", message, hint, at, name)
        for stage in self.mapping.undocumented:
            message = f"the definition runs {stage.name}, which the contract does not have"
            hint = "add it, name it in `impl:` of the stage that it does, or list it in `besides:` of `source`"
            yield Difference(
                "stage-undocumented", message, hint, ("source",), stage.name, stage.path, stage.line, "differs"
            )

    def _names(self) -> str:
        names = [stage.name for stage in self.definition.stages]
        return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")  # noqa: PLR2004 - a line

    def _is_waited_for(self, approval: Promise) -> bool:
        """Tell whether a stage behind an approval waits for a person, so that the definition shows it."""
        graph = self.contract.graph
        behind = graph.members(graph.later[graph.number[approval.name]])
        stages = (self.definition.stage(real) for name in behind for real in self.mapping.reals[name])
        return any(stage is not None and stage.waits_for for stage in stages)

    def _not_shown(self, promise: Promise) -> Difference:
        message = f"the {promise.kind} {promise.name} is not shown by the definition"
        hint = "if it is a setting or another system, say so in the contract's text"
        at = ("stages", promise.name)
        path = self.definition.path
        return Difference(f"{promise.kind}-not-shown", message, hint, at, promise.name, path, 0, "not-shown")

    def _edges(self) -> Iterator[Difference]:
        """Look for the contract's edges in the definition; a stage that is not there is stepped over."""
        for name in self.contract.record.stages:
            for earlier in self._before(name):
                ones, others = self.mapping.reals[earlier], self.mapping.reals[name]
                if not ones or not others or set(ones) & set(others) or self.reach.any(ones, others):
                    continue
                at = ("stages", name)
                if self.reach.any(others, ones):
                    message = f"in the definition {others[0]} comes before {ones[0]}; the contract has it the other way"
                    line = self.reach.line(others, ones)
                    hint = "let the two agree"
                    path = self.definition.path
                    yield Difference("edge-reversed", message, hint, at, f"{earlier} {name}", path, line, "differs")
                elif not self._is_told_by_guard(earlier, name):
                    message = f"in the definition {others[0]} does not wait for {ones[0]}"
                    hint = f"let it wait, or take {earlier} out of `in:` or `after:` of {name}"
                    yield self._missing("edge-missing", message, hint, at, f"{earlier} {name}")

    def _is_told_by_guard(self, earlier: str, name: str) -> bool:
        """Tell whether a missing edge makes a promotion unguarded, which says more."""
        guard, promotion = self.contract.promises[earlier], self.contract.promises[name]
        return guard.kind in {"gate", "approval"} and promotion.into_production

    def _guards(self) -> Iterator[Difference]:
        """Look whether each gate and approval still stands before each promotion to production."""
        told: set[str] = set()
        for promotion in self.contract.promotions:
            before = self.contract.graph.ancestors(promotion.name)
            others = self.mapping.reals[promotion.name]
            for guard in self.contract.guards:
                ones = self.mapping.reals[guard.name]
                if guard.name not in before or not ones or not others or set(ones) & set(others):
                    continue
                if (step := self._tolerated(guard)) is not None:
                    if guard.name not in told:
                        told.add(guard.name)
                        yield self._powerless(guard, step)
                    continue
                if self.reach.strong(ones, others) or self.reach.any(others, ones):
                    continue
                weak = self.reach.weakest(ones, others)
                if weak is None and not self._is_direct(guard.name, promotion.name):
                    continue  # an edge on the way is missing, which was said
                key = f"{weak.before} {weak.after}" if weak else f"{guard.name} {promotion.name}"
                if key not in told:
                    told.add(key)
                    yield self._unguarded(guard, promotion, weak)

    def _tolerated(self, guard: Promise) -> RealStage | None:
        """Give the real stage in which the command of a guard may fail without failing it; None without one."""
        ours = plain_command(guard.stage.run)
        stages = (self.definition.stage(real) for real in self.mapping.reals[guard.name])
        found = (stage for stage in stages if stage and any(ours in plain_command(one) for one in stage.tolerated))
        return next(found, None) if ours else None

    def _powerless(self, guard: Promise, stage: RealStage) -> Difference:
        message = f"in the definition {guard.name} stops nothing: its step in {stage.name} may fail (continue-on-error)"
        hint = "take `continue-on-error` away from the step"
        at = ("stages", guard.name)
        return Difference("guard-weakened", message, hint, at, guard.name, self.definition.path, stage.line, "differs")

    def _is_direct(self, guard: str, promotion: str) -> bool:
        return guard in self._before(promotion)

    def _before(self, name: str) -> list[str]:
        """Give the stages directly before a stage; one that the definition does not have is stepped over."""
        found: dict[str, None] = {}
        waiting, seen = list(self.contract.graph.before[name]), set()
        while waiting:
            one = waiting.pop(0)
            if one in seen:
                continue
            seen.add(one)
            if self.mapping.reals[one]:
                found[one] = None
            else:
                waiting += self.contract.graph.before[one]
        return list(found)

    def _unguarded(self, guard: Promise, promotion: Promise, weak: RealEdge | None) -> Difference:
        at, value = ("stages", promotion.name), f"{guard.name} {promotion.name}"
        if weak is None:
            message = f"in the definition {promotion.name} does not wait for {guard.name}, which guards it here"
            return self._missing("guard-missing", message, "let it wait", at, value)
        message = (
            f"in the definition {guard.name} does not guard {promotion.name}: {weak.after} runs though "
            f"{weak.before} has failed ({weak.weakened})"
        )
        hint = "take that condition away, or let the promotion wait for the gate itself"
        path = self.definition.path
        return Difference("guard-weakened", message, hint, at, value, path, weak.line, "differs")

    def _undocumented_edges(self) -> Iterator[Difference]:
        """Find order in the definition that the contract does not have, between stages that it does have."""
        graph = self.contract.graph
        ours = {real: name for name, reals in self.mapping.reals.items() for real in reals}
        seen = set()
        for edge in self.definition.edges:
            one, other = ours.get(edge.before), ours.get(edge.after)
            if one is None or other is None or one == other or (one, other) in seen:
                continue
            seen.add((one, other))
            if one in graph.ancestors(other) or other in graph.ancestors(one):
                continue
            message = f"in the definition {edge.after} waits for {edge.before}; the contract has no such order"
            hint = f"add {one} to `after:` of {other}, or what is handed over to `in:`"
            at = ("stages", other)
            path = self.definition.path
            yield Difference("edge-undocumented", message, hint, at, f"{one} {other}", path, edge.line, "differs")
