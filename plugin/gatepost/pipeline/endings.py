"""How a run ends that a stage ends: by its handler, and by the promotions that have happened by then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

from gatepost.pipeline.branch import End, FaultKind, Production
from gatepost.pipeline.contract import Contract, Promise
from gatepost.pipeline.monitors import only_reports
from gatepost.pipeline.targets import is_always_there, is_answered
from gatepost.records.expressions import Action
from gatepost.records.pipeline import StageRollback

__all__ = ["Ending", "Endings"]


class Ending(NamedTuple):
    """A terminal state, and what users get in it."""

    end: End
    production: Production
    first_release: bool | None


class Endings:
    """The ways in which a run of a contract ends. Promotions are masks, as in the graph of the contract."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._bit = {name: 1 << number for name, number in contract.graph.number.items()}
        self._reporting = frozenset(
            one.name for one in contract.promises.values() if one.kind == "monitor" and only_reports(contract, one)
        )
        self._split: dict[str, tuple[int, ...]] = {}
        self._without_rollback = self._with(lambda back: back is None)
        self._moving = self._with(lambda back: back is not None and not is_always_there(contract, back))
        self._unanswered = self._with(lambda back: back is not None and not is_answered(contract, back))
        self._rollbacks = (self._without_rollback, self._moving, self._unanswered)

    def _with(self, asks: Callable[[StageRollback | None], bool]) -> int:
        return sum(self._bit[one.name] for one in self._contract.promotions if asks(one.stage.rollback))

    def alike(self, promise: Promise) -> tuple[int, ...]:
        """Give all stages in groups, as masks, by what is promoted when one has run.

        A run that a stage ends, ends alike whichever of a group has run besides: its ending depends on whether anything
        was promoted, what rollbacks that has, and whether a gate that ends the run judges any of it.
        """
        if promise.kind not in {"gate", "approval"}:
            return self._kinds
        if promise.name not in self._split:
            judged = self._contract.concerned(promise) & self._contract.reaching
            behind = judged | self._contract.graph.behind(judged)
            halves = (half for kind in self._kinds for half in (kind & behind, kind & ~behind))
            self._split[promise.name] = tuple(half for half in halves if half)
        return self._split[promise.name]

    @cached_property
    def _kinds(self) -> tuple[int, ...]:
        graph, reaching = self._contract.graph, self._contract.reaching
        kinds: dict[tuple[bool, ...], int] = {}
        for bit, earlier in ((1 << number, earlier) for number, earlier in enumerate(graph.earlier)):
            brought = (earlier | bit) & reaching
            kind = (bool(brought), *(bool(brought & one) for one in self._rollbacks))
            kinds[kind] = kinds.get(kind, 0) | bit
        return tuple(kinds.values())

    def can_be_undone(self, promotions: int) -> bool:
        """Tell whether each of some promotions to production has a rollback."""
        return not promotions & self._without_rollback

    def of(self, promise: Promise, fault: FaultKind, steps: tuple[Action, ...], happened: int) -> Iterator[Ending]:
        """Give how a run may end.

        Args:
            promise: the stage that ends it.
            fault: what goes wrong in it.
            steps: what its handler does.
            happened: the promotions to production that have happened by then.
        """
        if "rollback" in steps:
            undone = happened | (self._bit[promise.name] if promise.into_production else 0)
            yield from self._rolled_back(undone) if undone else [Ending("halted", "untouched", None)]
            return
        end: End = "quarantined" if "quarantine" in steps else "halted" if "halt" in steps else "unhandled"
        yield Ending(end, self._left(promise, fault, happened), None)

    def _rolled_back(self, undone: int) -> Iterator[Ending]:
        if not self.can_be_undone(undone):
            yield Ending("no-rollback", "unknown", None)
            return
        yield Ending("rolled-back", "previous", first_release=False)
        if not undone & self._moving:
            yield Ending("rolled-back", "previous", first_release=True)
        elif not undone & self._unanswered:
            yield Ending("fallback", "fallback", first_release=True)
        else:
            yield Ending("no-previous-version", "unknown", first_release=True)

    def _left(self, promise: Promise, fault: FaultKind, happened: int) -> Production:
        """Tell what users get when nothing is rolled back."""
        if promise.into_production and fault in {"fail-after-effect", "timeout-after-effect", "breach"}:
            return "unknown"
        if not happened:
            return "untouched"
        if promise.kind == "monitor" and fault == "breach" and promise.name not in self._reporting:
            return "in-breach"
        if promise.kind in {"gate", "approval"} and self._contract.concerned(promise) & happened:
            return "rejected"
        return "new"
