"""The graph of a stage contract: who comes before whom."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from functools import cached_property

from gatepost.records import Pipeline

__all__ = ["StageGraph"]


class StageGraph:
    """Stages and the order between them: by the artifacts that they hand over, and by `after`.

    A set of stages is a bit mask where many are compared: bit n is stage n in the order of the contract.
    """

    def __init__(self, contract: Pipeline) -> None:
        self._contract = contract
        self.names = tuple(contract.stages)
        self.number = {name: number for number, name in enumerate(self.names)}

    @cached_property
    def producers(self) -> dict[str, tuple[str, ...]]:
        """The stages that write each artifact."""
        return self._by_artifact(lambda name: self._contract.stages[name].out)

    @cached_property
    def readers(self) -> dict[str, tuple[str, ...]]:
        """The stages that read each artifact."""
        return self._by_artifact(lambda name: self._contract.stages[name].in_)

    def _by_artifact(self, artifacts_of: Callable[[str], tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        index: dict[str, list[str]] = defaultdict(list)
        for name in self.names:
            for artifact in dict.fromkeys(artifacts_of(name)):
                index[artifact].append(name)
        return {artifact: tuple(names) for artifact, names in index.items()}

    @cached_property
    def before(self) -> dict[str, tuple[str, ...]]:
        """The stages directly before each stage, without repetition, in the order in which they are named."""
        order = {}
        for name, stage in self._contract.stages.items():
            data = [producer for artifact in stage.in_ for producer in self.producers.get(artifact, ())]
            known = [earlier for earlier in stage.after if earlier in self._contract.stages]
            order[name] = tuple(dict.fromkeys(one for one in (*data, *known) if one != name))
        return order

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The stages in an order that respects the edges; stages on a cycle are left out."""
        waiting = {name: set(before) for name, before in self.before.items()}
        after: dict[str, list[str]] = defaultdict(list)
        for name, before in self.before.items():
            for earlier in before:
                after[earlier].append(name)
        ready = deque(name for name, before in waiting.items() if not before)
        done: list[str] = []
        while ready:
            name = ready.popleft()
            done.append(name)
            for later in after[name]:
                waiting[later].discard(name)
                if not waiting[later]:
                    ready.append(later)
        return tuple(done)

    @cached_property
    def cyclic(self) -> tuple[str, ...]:
        """The stages on a cycle, or behind one."""
        ordered = set(self.order)
        return tuple(name for name in self.names if name not in ordered)

    def ancestors(self, stage: str) -> frozenset[str]:
        """Give every stage that must have run before a stage."""
        seen: set[str] = set()
        waiting = list(self.before.get(stage, ()))
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting.extend(self.before.get(name, ()))
        return frozenset(seen)

    @cached_property
    def earlier(self) -> tuple[int, ...]:
        """For each stage the mask of those that must have run before it; 0 for a stage on a cycle."""
        masks = [0] * len(self.names)
        for name in self.order:
            mask = 0
            for other in self.before[name]:
                number = self.number[other]
                mask |= masks[number] | 1 << number
            masks[self.number[name]] = mask
        return tuple(masks)

    def comes_before(self, stage: str, other: str) -> bool:
        """Tell whether a stage must have run before another; not on a cycle."""
        return bool(self.earlier[self.number[other]] >> self.number[stage] & 1)

    @cached_property
    def later(self) -> tuple[int, ...]:
        """For each stage the mask of those that wait for it; 0 for a stage on a cycle."""
        masks = [0] * len(self.names)
        for name in reversed(self.order):
            number = self.number[name]
            for other in self.before[name]:
                masks[self.number[other]] |= masks[number] | 1 << number
        return tuple(masks)

    def members(self, mask: int) -> Iterator[str]:
        """Give the stages of a mask, in the order of the contract."""
        while mask:
            lowest = mask & -mask
            yield self.names[lowest.bit_length() - 1]
            mask ^= lowest
