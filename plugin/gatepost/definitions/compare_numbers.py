"""Time-outs and retries: where both sides say one, and where the definition leaves out what was promised.

What a tool does with a stage of which its definition says nothing is known for most tools. Where a setting outside of
the definition decides, it is open. A tool that has no such thing cannot drop it: then nothing is said.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, Literal, NamedTuple

from gatepost.definitions.definition import ENDLESS, Definition, RealStage
from gatepost.definitions.difference import Difference, DifferenceId, Weight
from gatepost.definitions.scalars import duration
from gatepost.definitions.sides import Sides, differs
from gatepost.pipeline import Promise, listed
from gatepost.records.expressions import Duration

__all__ = ["limit_of", "numbers", "unlimited", "whole_minutes"]

_GITHUB_LIMIT: Final = 21_600.0
"""How long GitHub lets a job run that says nothing itself, in seconds.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idtimeout-minutes
"""
_NO_LIMIT: Final = frozenset({"argo", "kubeflow", "airflow"})
"""The tools that let a stage run for as long as it takes, unless something is said."""
_LIMITED_BY_SETTING: Final = frozenset({"gitlab-ci"})
"""The tools in which a setting of the project limits a stage that says nothing."""
_TRIED_ONCE: Final = frozenset({"gitlab-ci", "argo", "kubeflow", "airflow"})
"""The tools that can try a stage again, and do not unless something is said."""
_SAID_BY: Final = {
    ("timeout", "github-actions"): "`timeout-minutes` of the job",
    ("timeout", "gitlab-ci"): "`timeout:` of the job",
    ("timeout", "argo"): "`activeDeadlineSeconds` of the template",
    ("timeout", "kubeflow"): "`kubernetes.set_timeout(task, seconds)`",
    ("timeout", "airflow"): "`execution_timeout` of the task, or in `default_args`",
    ("timeout", "snapshot"): "`timeout` of the stage",
    ("retries", "gitlab-ci"): "`retry:` of the job",
    ("retries", "argo"): "`retryStrategy` of the template",
    ("retries", "kubeflow"): "`set_retry` of the task",
    ("retries", "airflow"): "`retries` of the task, or in `default_args`",
    ("retries", "snapshot"): "`retries` of the stage",
}
_Key = Literal["timeout", "retries"]


class _Left(NamedTuple):
    """Why a promised number is missing, so that stages with one reason are told together."""

    key: _Key
    at: tuple[str | int, ...]
    """Where the contract promises it."""
    promised: str
    weight: Weight
    run_limit: float | None = None
    """How long the whole run may take, in seconds, where that alone limits it."""


class _Place(NamedTuple):
    promise: Promise
    real: RealStage


class _Compared:
    """The numbers of the stages that both sides have."""

    def __init__(self, sides: Sides) -> None:
        self.sides = sides
        self.tool = sides.definition.tool
        self.left: dict[_Left, list[_Place]] = defaultdict(list)

    def stage(self, promise: Promise, real: RealStage) -> Iterator[Difference]:
        """Compare one stage; what is left out is kept, to be told of all stages at once."""
        if promise.timeout is not None:
            yield from self._timeout(promise, real, promise.timeout)
        if promise.executes:
            yield from self._retries(promise, real)

    def _timeout(self, promise: Promise, real: RealStage, promised: Duration) -> Iterator[Difference]:
        seconds = promised.seconds
        if real.timeout is None and real.run_limit is not None:
            if seconds != real.run_limit:
                self._leave("timeout", promise, real, str(promised))
            return
        if real.timeout is None:
            by_itself = _GITHUB_LIMIT if self.tool == "github-actions" else None
            if _can_say(self.sides.definition, "timeout") and seconds != by_itself:
                self._leave("timeout", promise, real, str(promised))
            return
        same = {seconds, whole_minutes(self.sides.definition, seconds)}
        if real.timeout not in same:
            message = f"{promise.name} may take {promised} here, and {duration(real.timeout)} in the definition"
            yield differs(promise, real, "timeout-differs", "timeout", message)

    def _retries(self, promise: Promise, real: RealStage) -> Iterator[Difference]:
        if real.retries is None:
            if promise.retries and _can_say(self.sides.definition, "retries"):
                self._leave("retries", promise, real, f"{promise.retries}")
        elif real.retries != promise.retries:
            theirs = "without end" if real.retries == ENDLESS else f"{real.retries}"
            message = f"{promise.name} is tried again {_times(promise.retries)} here, and {theirs} in the definition"
            yield differs(promise, real, "retries-differ", "retries", message)

    def _leave(self, key: _Key, promise: Promise, real: RealStage, promised: str) -> None:
        if real.waits_for and real.command is None:
            return  # a person is waited for, and nothing is run
        gaps = self.sides.definition.gaps
        is_open = any(gap.touches is None or real.name in gap.touches for gap in gaps)
        is_set = key == "timeout" and self.tool in _LIMITED_BY_SETTING
        own = getattr(promise.stage, key) is not None
        at = ("stages", promise.name, key) if own else ("defaults", key)
        weight: Weight = "unknown" if is_open or is_set else "differs"
        limit = real.run_limit if key == "timeout" else None
        self.left[_Left(key, at, promised, weight, limit)].append(_Place(promise, real))

    def told(self) -> Iterator[Difference]:
        """Tell what the definition leaves out: stages that are promised the same at one place are one difference."""
        for left, places in self.left.items():
            names = [place.promise.name for place in places]
            who = f"{listed(names)} {'is' if len(names) == 1 else 'are'}"
            message = (
                f"{listed(names)} may take {left.promised} here, and {self._limit(left.run_limit, many=len(names) > 1)}"
                if left.key == "timeout"
                else f"{who} tried again {_times(int(left.promised))} here, and not in the definition"
            )
            hint = f"say it in the definition: {_SAID_BY[left.key, self.tool]}; or take it out of the contract"
            if left.run_limit is not None:
                instead = f"promise {duration(left.run_limit)} in the contract"
                hint = f"say it in the definition: {_SAID_BY[left.key, self.tool]}; or {instead}"
            real = places[0].real
            identity: DifferenceId = "timeout-differs" if left.key == "timeout" else "retries-differ"
            value = f"{' '.join(names)} {left.key}"
            yield Difference(identity, message, hint, left.at, value, real.path, real.line, left.weight)

    def _limit(self, run_limit: float | None, *, many: bool) -> str:
        if run_limit is not None:
            return f"in the definition only the whole run is limited, to {duration(run_limit)}"
        if self.tool == "github-actions":
            return f"the definition sets no limit, so GitHub ends {'them' if many else 'it'} after 6h"
        if self.tool in _LIMITED_BY_SETTING:
            return "the definition leaves the limit to a setting of the project"
        return "no limit is set in the definition"


def numbers(sides: Sides) -> Iterator[Difference]:
    """Compare each stage with the one real stage that stands for it; what is left out comes last."""
    compared = _Compared(sides)
    for promise, real in sides.pairs():
        yield from compared.stage(promise, real)
    yield from compared.told()


def unlimited(definition: Definition, stages: Iterable[RealStage]) -> tuple[list[str], float | None]:
    """Give those of some stages that a definition sets no limit for though it could, and the tool's own in seconds."""
    names = [one.name for one in stages if one.timeout is None and one.run_limit is None]
    by_tool = _GITHUB_LIMIT if definition.tool == "github-actions" else None
    return names if _can_say(definition, "timeout") else [], by_tool


def limit_of(definition: Definition, stage: RealStage) -> tuple[float | None, bool]:
    """Give how long a stage may run, in seconds, and whether a setting decides; None where the tool cannot say it."""
    said = stage.timeout if stage.timeout is not None else stage.run_limit
    if said is not None or not _can_say(definition, "timeout"):
        return said, False
    return (_GITHUB_LIMIT if definition.tool == "github-actions" else math.inf), definition.tool in _LIMITED_BY_SETTING


def whole_minutes(definition: Definition, seconds: float) -> float:
    """Give a length of time as a tool can say it: GitHub counts whole minutes."""
    return math.ceil(seconds / 60) * 60 if definition.tool == "github-actions" else seconds


def _can_say(definition: Definition, key: _Key) -> bool:
    """Tell whether a definition could have said it; a snapshot says it of every stage, or of none."""
    if definition.tool == "snapshot":
        return any(getattr(one, key) is not None for one in definition.stages)
    can = _NO_LIMIT | _LIMITED_BY_SETTING | {"github-actions"} if key == "timeout" else _TRIED_ONCE
    return definition.tool in can


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
