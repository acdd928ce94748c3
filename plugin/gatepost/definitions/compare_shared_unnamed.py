"""Gates and promotions that share one real stage, of which the contract does not name the command.

Nobody knows which command of the job is the gate, or the promotion. What no choice of them makes right is told: nothing
is left that may be the gate before the promotion, or the promotion runs whichever of them has failed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from gatepost.definitions.compare_shared import home_of
from gatepost.definitions.definition import RealStage, Step
from gatepost.definitions.difference import Difference, DifferenceId, Weight
from gatepost.definitions.failures import is_beside
from gatepost.definitions.playing import command_fails, play_job, steps_of, surely
from gatepost.definitions.preparing import prepares
from gatepost.definitions.shell import Ran, ShellError
from gatepost.definitions.sides import GUARDS, Sides
from gatepost.pipeline import Promise

__all__ = ["unnamed"]

_MOST: Final = 40
"""How many commands of one job are tried as its gate."""
_USES: Final = "uses: "
_DEPLOYS: Final = re.compile(r"deploy|release|publish|promot|rollout|helm|kubectl|kustomize|argocd|terraform")
"""Words of an action that brings something somewhere."""


class _Job(NamedTuple):
    """A real stage that holds several of the contract."""

    real: RealStage
    ran: tuple[Ran, ...]
    """What it runs when all is well."""
    named: tuple[str, ...]
    """The commands of the contract's stages in it."""

    def places(self, promise: Promise) -> list[int]:
        """Give where the command of a stage may be: its own, or any that is none of another stage."""
        wanted = promise.stage.run
        if wanted is not None:
            return [at for at, one in enumerate(self.ran) if command_fails(wanted)(one.text) is not False]
        free = [at for at, one in enumerate(self.ran) if self._is_free(one.text)]
        actions = [at for at in free if self.ran[at].text.startswith(_USES)]
        if promise.kind != "promote":
            return [at for at in free if at not in actions][:_MOST]
        return self.deploying() or free[:_MOST]

    def deploying(self) -> list[int]:
        """Give where an action of others by its name brings something somewhere."""
        return [
            at
            for at, one in enumerate(self.ran)
            if one.text.startswith(_USES) and _DEPLOYS.search(one.text.partition("@")[0].casefold())
        ]

    def _is_free(self, text: str) -> bool:
        is_named = any(command_fails(one)(text) is not False for one in self.named)
        return not is_named and not is_beside(text) and not prepares(text)

    def goes_on(self, gate: int, promotion: int) -> bool | None:
        """Tell whether one command still runs where another has failed."""
        failing, wanted = self.ran[gate].text, self.ran[promotion].text
        ran = play_job(_steps(self.real), lambda text: text == failing).ran
        return surely(ran, lambda text: text == wanted)


def unnamed(sides: Sides) -> Iterator[Difference]:
    """Look at each gate in one real stage with a promotion, where one of the two names no command."""
    for promotion in sides.contract.promotions:
        real = _home(sides, promotion)
        before = sides.contract.graph.ancestors(promotion.name) if real is not None else ()
        for guard in (sides.contract.promises[one] for one in sides.contract.record.stages if one in before):
            if real is None or guard.kind not in GUARDS or _home(sides, guard) is not real:
                continue
            is_by_people = guard.kind == "approval" and guard.stage.run is None
            if not is_by_people and None in {guard.stage.run, promotion.stage.run}:
                yield from _compared(sides, guard, promotion, real)


def _home(sides: Sides, promise: Promise) -> RealStage | None:
    """Give the one real stage that stands for one of the contract, unless that lives in the code of another."""
    return home_of(sides, promise) if not sides.mapping.is_elsewhere(promise.name) else None


def _compared(sides: Sides, guard: Promise, promotion: Promise, real: RealStage) -> Iterator[Difference]:
    inside = [one for one in sides.contract.promises.values() if sides.reals(one.name) == (real.name,)]
    named = tuple(one.stage.run for one in inside if one.stage.run)
    try:
        job = _Job(real, play_job(_steps(real), command_fails(None)).ran, named)
        gates, promotions = job.places(guard), job.places(promotion)
        told = {job.goes_on(*pair) for pair in _pairs(gates, promotions)}
    except ShellError as error:
        yield _told(guard, promotion, real, f"is not known: {error}", is_sure=False)
        return
    is_seen = not real.unseen or bool(guard.stage.run and gates and job.deploying())
    if not told:
        missing, is_sure = f"nothing that may be {guard.name} comes before {promotion.name}", is_seen
        if promotion.stage.run is None:
            missing = f"nothing that may be {promotion.name} comes behind {guard.name}"
            is_sure = bool(gates and job.deploying())
        yield _told(guard, promotion, real, missing, is_sure=is_sure)
    elif False not in told:
        gate = guard.name if guard.stage.run else "whatever may be the gate"
        words = f"{promotion.name} runs though {gate} has failed"
        yield _told(guard, promotion, real, words, is_sure=told == {True} and is_seen)


def _steps(real: RealStage) -> tuple[Step, ...]:
    return real.doings or steps_of(real)


def _pairs(ones: list[int], others: list[int]) -> Iterator[tuple[int, int]]:
    return ((one, other) for one in ones for other in others if one < other)


def _told(guard: Promise, promotion: Promise, real: RealStage, words: str, *, is_sure: bool = True) -> Difference:
    identity: DifferenceId = "guard-weakened" if "runs though" in words else "guard-missing"
    message = f"in {real.name} of the definition {words}"
    if words.startswith("is not known"):
        message = f"whether {guard.name} keeps {promotion.name} back in {real.name} {words}"
    weight: Weight = "differs" if is_sure else "unknown"
    hint = (
        f"let {guard.name} run before {promotion.name} and end the job when it rejects, or name its command in `run:`"
    )
    at, value = ("stages", promotion.name), f"{guard.name} {promotion.name} in {real.name}"
    return Difference(identity, message, hint, at, value, real.path, real.line, weight)
