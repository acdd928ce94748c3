"""What a promotion brings, what it was made of, and what a gate has measured: artifacts, followed through stages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from gatepost.pipeline.contract import Contract, Promise
from gatepost.pipeline.violation import listed
from gatepost.records import Stage
from gatepost.records.expressions import Condition

__all__ = ["MODELS", "NOT_BROUGHT", "Judgement", "Lineage"]

NOT_BROUGHT: Final = frozenset({"metrics", "report", "dataset"})
"""Types of artifact that a promotion reads without putting them into production."""
MODELS: Final = frozenset({"model", "weights", "checkpoint", "adapter"})
"""Types of what predicts; what else training writes does not by itself: a threshold, a vocabulary, a scaler."""
_ABOUT: Final = frozenset({"metrics", "report"})
"""Types that tell about others, and of which nothing is made."""


class Judgement(NamedTuple):
    """One condition of a gate, with what it looks at."""

    condition: Condition
    holder: str
    """The artifact that the metric is read from: of several that the gate reads and that list it, the first."""
    measured: frozenset[str]
    """All that the metric comes from."""


class Lineage:
    """The artifacts of a contract whose stages wait for each other in no circle, with what each comes from."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._stages = contract.record.stages
        self._producers = contract.graph.producers
        self._measured: dict[str, frozenset[str]] = {}
        self._judgements: dict[str, tuple[Judgement, ...]] = {}

    def core(self, promotion: Promise) -> frozenset[str]:
        """Give what a gate before a promotion has to judge, of all that the promotion's artifacts are made of.

        That is what was trained last; without training in the run, the models that it made, then the models that came
        from outside; without a model, everything. Empty for a promotion that brings nothing.
        """
        parts = self.parts(self.brought(promotion))
        models = frozenset(one for one in parts if self._is_model(one))
        trained = frozenset(one for one in models if self._is_trained(one))
        earlier = self.parts(part for one in trained for part in self._made_of(one))
        made = frozenset(one for one in models if one in self._producers)
        return trained - earlier or made or models or parts

    def brought(self, promotion: Promise) -> tuple[str, ...]:
        """Give what a promotion puts into its place, of all that it reads."""
        read = promotion.stage.in_
        return tuple(one for one in read if self._type(one) not in NOT_BROUGHT) or self._substance(read)

    def promoted(self, promotion: Promise) -> frozenset[str]:
        """Give all that may be part of what a promotion brings, data included."""
        return self.parts(self._substance(promotion.stage.in_))

    def parts(self, artifacts: Iterable[str]) -> frozenset[str]:
        """Give artifacts with all that they are made of: not what is told about those, unless it is all there is."""
        return _followed(artifacts, self._made_of)

    def _made_of(self, artifact: str) -> Iterator[str]:
        for maker in self._producers.get(artifact, ()):
            yield from self._substance(self._stages[maker].in_)

    def measured(self, gate: Promise) -> frozenset[str]:
        """Give all that the metrics come from that a gate asks for."""
        return frozenset().union(*(one.measured for one in self.judgements(gate)))

    def judgements(self, gate: Promise) -> tuple[Judgement, ...]:
        """Give the conditions of a gate, each with what its metric comes from; not those on what no artifact holds.

        What a stage measures beside a model that it makes counts as measured on that model, and what a stage measures
        behind a promotion as measured on what that one brought. The verdict of another gate is no data.
        """
        if gate.name not in self._judgements:
            self._judgements[gate.name] = tuple(self._judged(gate))
        return self._judgements[gate.name]

    def _judged(self, gate: Promise) -> Iterator[Judgement]:
        known = self._contract.record.artifacts
        for condition in gate.stage.pass_:
            holder = next((one for one in gate.stage.in_ if one in known and condition.key in known[one].keys), None)
            if holder is not None:
                if holder not in self._measured:
                    self._measured[holder] = _followed([holder], self._measured_on)
                yield Judgement(condition, holder, self._measured[holder])

    def measured_as_made(self, holder: str) -> frozenset[str]:
        """Give what metrics come from that was measured as it was made: not as a package, nor as what was promoted."""
        return _followed([holder], self._measured_directly)

    def is_broken(self, artifacts: frozenset[str]) -> bool:
        """Tell whether one of some artifacts comes from nowhere: no stage makes it, and no source is named."""
        known = self._contract.record.artifacts
        loose = [known.get(one) for one in artifacts if one not in self._producers]
        return any(one is None or (one.source is None and one.sha256 is None) for one in loose)

    def models_made(self, artifacts: frozenset[str]) -> list[str]:
        """Give the models among some artifacts that a stage of the run makes, in the order of the contract."""
        return [one for one in self._producers if one in artifacts and self._is_model(one)]

    def models(self, artifacts: frozenset[str]) -> frozenset[str]:
        """Give the models among some artifacts, made in the run or not."""
        return frozenset(one for one in artifacts if self._is_model(one))

    def last(self, models: frozenset[str]) -> frozenset[str]:
        """Give the models of which no other of them is made."""
        return models - self.parts(part for one in models for part in self._made_of(one) if part != one)

    def is_trained_here(self, artifact: str) -> bool:
        """Tell whether an artifact is called a model, and a stage of the run trains it."""
        return self._type(artifact) in MODELS and self._is_trained(artifact)

    def predicting(self, promotion: Promise) -> frozenset[str]:
        """Give what predicts of a promotion's artifacts: the models to judge, and those that are packaged with them.

        So a model counts although an explainer, which is packaged beside it, was fitted to it later.
        """
        inside = _followed(self.brought(promotion), self._packaged)
        found = self.core(promotion) | frozenset(one for one in inside if self._is_trained(one))
        whole = frozenset(one for one in found if self._type(one) == "package" and self._is_trained(one))
        return whole | frozenset(one for one in found if self._type(one) in MODELS)

    def approved(self, approval: Promise) -> list[str]:
        """Give the packages and the models of the run that an approval reads."""
        made = (one for one in approval.stage.in_ if one in self._producers)
        return [one for one in made if self._type(one) == "package" or self._is_model(one)]

    def named(self, artifacts: frozenset[str], joint: str = "or") -> str:
        """Give the names of artifacts in the order of the contract; empty for none."""
        known = [one for one in self._contract.record.artifacts if one in artifacts]
        return listed([*known, *sorted(artifacts - set(known))], joint) if artifacts else ""

    def made_with(self, artifact: str) -> frozenset[str]:
        """Give an artifact with all that the stage writes beside it that makes it."""
        return frozenset(
            (artifact, *(out for one in self._producers.get(artifact, ()) for out in self._stages[one].out))
        )

    def _packaged(self, artifact: str) -> Iterator[str]:
        for maker in self._producers.get(artifact, ()):
            if self._stages[maker].kind == "package":
                yield from self._substance(self._stages[maker].in_)

    def _measured_on(self, artifact: str) -> Iterator[str]:
        for maker in self._producers.get(artifact, ()):
            stage = self._stages[maker]
            if stage.kind in {"gate", "approval"} and self._type(artifact) in _ABOUT:
                continue
            yield from stage.in_
            if not self._is_model(artifact):
                yield from stage.out
            for earlier in _followed(stage.after, self._after):
                if earlier in self._stages and self._stages[earlier].kind == "promote":
                    yield from self._stages[earlier].in_

    def _measured_directly(self, artifact: str) -> Iterator[str]:
        makers = self._producers.get(artifact, ())
        if not any(self._stages[one].kind in {"package", "promote"} for one in makers):
            yield from self._measured_on(artifact)

    def _after(self, stage: str) -> tuple[str, ...]:
        found: Stage | None = self._stages.get(stage)
        return found.after if found is not None else ()

    def _substance(self, artifacts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(one for one in artifacts if self._type(one) not in _ABOUT) or artifacts

    def _type(self, artifact: str) -> str:
        known = self._contract.record.artifacts.get(artifact)
        return known.type.strip().casefold() if known is not None else ""

    def _is_model(self, artifact: str) -> bool:
        return self._type(artifact) == "model" or self._is_trained(artifact)

    def _is_trained(self, artifact: str) -> bool:
        makers = self._producers.get(artifact, ())
        is_trained = any(self._stages[one].kind == "train" for one in makers)
        return is_trained and self._type(artifact) not in NOT_BROUGHT


def _followed(start: Iterable[str], step: Callable[[str], Iterable[str]]) -> frozenset[str]:
    """Give all that is reached step by step, with where it starts."""
    seen: set[str] = set()
    waiting = list(start)
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting.extend(step(one))
    return frozenset(seen)
