"""The graph of a stage contract: who comes before whom."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from gatepost.records import Pipeline

__all__ = ["StageGraph"]


class StageGraph:
    """Stages and the order between them: by the artifacts that they hand over, and by `after`."""

    def __init__(self, contract: Pipeline) -> None:
        self._contract = contract

    @cached_property
    def producers(self) -> dict[str, tuple[str, ...]]:
        """The stages that write each artifact."""
        index: dict[str, list[str]] = defaultdict(list)
        for name, stage in self._contract.stages.items():
            for artifact in stage.out:
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
        ready = [name for name, before in waiting.items() if not before]
        done: list[str] = []
        while ready:
            name = ready.pop(0)
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
        return tuple(name for name in self._contract.stages if name not in ordered)

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
