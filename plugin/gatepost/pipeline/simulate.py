"""Every branch of a contract: all single faults and all pairs, each with the state that it ends in.

A stage with its attempts is one step; a run goes on while stages succeed, and ends with the first fault that no
attempt mends. So independent stages commute, and one linear order finds every branch: what another order changes is
only which promotions have happened when a run ends, and these are the promotions that neither wait for the stage nor
come before it. The tests compare this with an enumeration of all interleavings.

A fault that an attempt mends changes nothing that a later handler looks at, except that its stage has run. So a pair
ends like one of its faults alone, or with a rollback that fails: no end has to be looked for among the pairs.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from gatepost.pipeline.branch import RETRIED, Branch, Event, FaultKind, Production, faults_of
from gatepost.pipeline.contract import Contract, Promise
from gatepost.pipeline.endings import Ending, Endings
from gatepost.records.expressions import Actions

__all__ = ["Simulation"]


class Simulation:
    """The branches of a contract whose stages do not wait for each other in a circle."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        graph = contract.graph
        self._bit = {name: 1 << number for name, number in graph.number.items()}
        self._earlier = {name: graph.earlier[number] for name, number in graph.number.items()}
        self._later = {name: graph.later[number] for name, number in graph.number.items()}
        self._promotions = contract.reaching
        self._endings = Endings(contract)
        self._faults = {one.name: faults_of(one) for one in contract.promises.values()}

    @cached_property
    def success(self) -> Branch:
        """The branch on which nothing goes wrong."""
        return Branch((), "completed", self._completed)

    @property
    def _completed(self) -> Production:
        return "new" if self._promotions else "untouched"

    @cached_property
    def singles(self) -> tuple[Branch, ...]:
        """The branches with one fault, stage by stage."""
        found: list[Branch] = []
        for name in self.contract.graph.order:
            promise = self.contract.promises[name]
            for fault in self._faults[name]:
                if promise.retries and fault in RETRIED:
                    found.append(Branch((Event(name, fault, recovered=True),), "completed", self._completed))
                found += self._ended((), promise, fault, 0)
        return tuple(found)

    def pairs(self) -> Iterator[Branch]:
        """Give the branches with two faults."""
        order = self.contract.graph.order
        yield from self.failing_rollbacks
        for first, second in itertools.combinations(self._mended, 2):
            if first.stage != second.stage:
                yield Branch((first, second), "completed", self._completed)
        for name in order:
            yield from self._twice(self.contract.promises[name])
        places = {name: place for place, name in enumerate(order)}
        for name in order:
            for mended in self._mended:
                if mended.stage == name or self._later[name] & self._bit[mended.stage]:
                    continue
                for fault in self._faults[name]:
                    for branch in self._ended((mended,), self.contract.promises[name], fault, self._with(mended.stage)):
                        events = sorted(branch.events, key=lambda event: places[event.stage])
                        yield branch._replace(events=tuple(events))

    @cached_property
    def pair_count(self) -> int:
        """How many branches have two faults; counted without making them."""
        mended = Counter(event.stage for event in self._mended)
        every = sum(mended.values())
        both_mended = (every * every - sum(number * number for number in mended.values())) // 2
        twice = sum(sum(1 for _ in self._twice(one)) for one in self.contract.promises.values())
        ended = sum(self._ends_after(name) for name in self.contract.graph.order)
        return len(self.failing_rollbacks) + both_mended + twice + ended

    def _ends_after(self, name: str) -> int:
        """Count the branches that end with a stage after another stage had a fault that was mended."""
        promise, graph = self.contract.promises[name], self.contract.graph
        others = ~(self._later[name] | self._bit[name])
        total = 0
        for alike in self._endings.alike(promise):
            stages = [(number, mask & alike & others) for number, mask in self._tried_again.items()]
            if not (times := sum(number * mask.bit_count() for number, mask in stages)):
                continue
            first = next(graph.members(next(mask for _, mask in stages if mask)))
            total += times * sum(
                len(self._ended((), promise, fault, self._with(first))) for fault in self._faults[name]
            )
        return total

    @cached_property
    def _tried_again(self) -> dict[int, int]:
        """The stages that may be tried again, as masks, by how many of their faults another attempt mends."""
        masks: dict[int, int] = {}
        for name, number in Counter(event.stage for event in self._mended).items():
            masks[number] = masks.get(number, 0) | self._bit[name]
        return masks

    @cached_property
    def failing_rollbacks(self) -> tuple[Branch, ...]:
        """The branches on which a rollback is called for and fails."""
        called_for = [branch for branch in self.singles if branch.end in {"rolled-back", "fallback"}]
        found: dict[Branch, Branch] = {}
        for branch in map(_failing_rollback, called_for):
            found.setdefault(branch._replace(after=""), branch)
        return tuple(found.values())

    @cached_property
    def listed(self) -> tuple[Branch, ...]:
        """The branches that are shown one by one and can be run: those with one fault, then the failing rollbacks."""
        return (*self.singles, *self.failing_rollbacks)

    @cached_property
    def _mended(self) -> tuple[Event, ...]:
        """The faults that another attempt mends, in order."""
        return tuple(branch.events[0] for branch in self.singles if branch.events[0].recovered)

    def _twice(self, promise: Promise) -> Iterator[Branch]:
        """Give the branches on which one stage has two faults, one after the other."""
        faults = self._faults[promise.name]
        for first in faults:
            if not promise.retries or first not in RETRIED:
                continue
            mended = Event(promise.name, first, recovered=True)
            for second in faults:
                if promise.retries > 1 and second in RETRIED:
                    events = (mended, Event(promise.name, second, recovered=True))
                    yield Branch(events, "completed", self._completed)
                if second != first:
                    yield from self._ended((mended,), promise, second, 0)

    def _with(self, stage: str) -> int:
        """Give the promotions that have happened when a stage has run."""
        return (self._earlier[stage] | self._bit[stage]) & self._promotions

    def _ended(self, events: tuple[Event, ...], promise: Promise, fault: FaultKind, done: int) -> list[Branch]:
        """Give the branches that end with a fault of a stage: one for each state that production may be in."""
        actions = self._handler(promise, fault)
        steps = actions.steps if actions else ()
        found: dict[Ending, str] = {}
        for after, happened in self._happened(promise, done):
            for ending in self._endings.of(promise, fault, steps, happened):
                found.setdefault(ending, after)
        every = (*events, Event(promise.name, fault))
        return [Branch(every, *ending[:2], steps, ending.first_release, after) for ending, after in found.items()]

    def _happened(self, promise: Promise, done: int) -> Iterator[tuple[str, int]]:
        """Give the sets of promotions that may have happened when a stage ends the run, each with what tells it apart.

        Those before it have. Of those beside it any may have, with what comes before them; to know every ending it is
        enough to look at each of them by itself, since an ending is decided by the worst one, and of those that are
        alike at the first.
        """
        base = (self._earlier[promise.name] & self._promotions) | done
        yield "", base
        beside = self._promotions & ~(base | self._later[promise.name] | self._bit[promise.name])
        kinds = (beside & alike for alike in self._endings.alike(promise)) if beside else ()
        for first in sorted(one & -one for one in kinds if one):
            name = self.contract.graph.names[first.bit_length() - 1]
            yield name, base | self._with(name)

    def can_be_undone_in(self, promise: Promise, promotion: Promise) -> bool:
        """Tell whether a rollback that a fault of a stage calls for can reach a promotion, with all that it undoes."""
        if self._later[promise.name] & self._bit[promotion.name]:
            return False
        return self._endings.can_be_undone(self._with(promotion.name) | self._with(promise.name))

    @staticmethod
    def _handler(promise: Promise, fault: FaultKind) -> Actions | None:
        return promise.on_reject if fault in {"reject", "inconclusive", "expire"} else promise.on_fail


def _failing_rollback(branch: Branch) -> Branch:
    event = Event(branch.events[-1].stage, "rollback-fails")
    return branch._replace(events=(*branch.events, event), end="rollback-failed", production="unknown")
