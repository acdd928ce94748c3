"""What an `if:` of GitHub Actions says about what comes before it, asked in the situations that matter.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from gatepost.definitions.github_expressions import asks_for_status
from gatepost.definitions.github_truth import ANY, Listed, Operand, Scope, Texts, Truth, holds

__all__ = [
    "RESULTS",
    "Passing",
    "answers_failure",
    "needs_a_good_end",
    "never_holds",
    "only_after_failure",
    "passes",
    "runs_when_cancelled",
    "surely_after",
    "surely_well",
]

Value = Callable[[str], Operand | None]
RESULTS: Final = frozenset({"success", "failure", "cancelled", "skipped"})
"""What a job or a step may end as."""
_ENDED: Final = re.compile(r"(?:needs|steps)\.[\w*-]+\.(?:result|outcome|conclusion)\Z|job\.status\Z")
_CONCLUSION: Final = "github.event.workflow_run.conclusion"


class Passing(NamedTuple):
    """Whether a job may run though one that it needs has not succeeded."""

    failed: Truth = Truth.NO
    """Where that one has failed or was cancelled."""
    beyond: Truth = Truth.NO
    """Where that one was left out because one before it has failed or was cancelled."""
    left_out: Truth = Truth.NO
    """Where its own condition left that one out."""
    is_only_cancelled: bool = False
    """Whether the first is so where that one was cancelled, and not where it has failed."""


def passes(words: str, before: str, needs: AbstractSet[str]) -> Passing:
    """Tell when a job may run though one that it needs has not succeeded, whatever became of the others.

    Args:
        words: its `if:`.
        before: the job that has not.
        needs: all that it needs, case-folded.
    """
    if not asks_for_status(words):
        return Passing()

    def found(result: str, *, failed: bool = False, cancelled: bool = False) -> Truth:
        ended = _Ended(before.casefold(), needs, result)
        return holds(words, Scope(Truth.NO, _sure(failed), _sure(cancelled), ended.value))

    failed, cancelled = found("failure", failed=True), found("cancelled", cancelled=True)
    return Passing(
        max(failed, cancelled),
        max(found("skipped", failed=True), found("skipped", cancelled=True)),
        found("skipped"),
        failed == Truth.NO != cancelled,
    )


class _Ended(NamedTuple):
    before: str
    needs: AbstractSet[str]
    result: str

    def value(self, name: str) -> Operand | None:
        if not name.startswith("needs.") or not name.endswith(".result"):
            return None
        job = name.removeprefix("needs.").removesuffix(".result")
        if job == "*":
            return Listed((frozenset({self.result}),), is_whole=len(self.needs) == 1)
        if job == self.before:
            return Texts(frozenset({self.result}))
        return Texts(RESULTS) if job in self.needs else None if "." in job else Texts(frozenset({""}))


def answers_failure(words: str) -> bool:
    """Tell whether a step or a job may run because it asks for more than that nothing before it has failed."""
    scope = Scope(Truth.NO, Truth.YES, Truth.NO, _all_ending(RESULTS))
    return asks_for_status(words) and holds(words, scope) != Truth.NO


def only_after_failure(words: str) -> bool:
    """Tell whether a condition surely does not hold as long as nothing has failed, and otherwise may."""
    well = Scope(Truth.YES, Truth.NO, Truth.NO, _all_ending(frozenset({"success"})))
    ill = Scope(Truth.MAY, Truth.MAY, Truth.MAY, _all_ending(RESULTS))
    return holds(words, well) == Truth.NO and holds(words, ill) != Truth.NO


def runs_when_cancelled(words: str) -> bool:
    """Tell whether a step surely runs where its job was cancelled."""
    return holds(words, Scope(Truth.NO, Truth.NO, Truth.YES)) == Truth.YES


def never_holds(words: str, value: Value = ANY.value) -> bool:
    """Tell whether a condition holds in no run: `false`, `1 == 2`.

    Args:
        words: the condition.
        value: gives what a name stands for.
    """
    return bool(words.strip()) and holds(words, ANY._replace(value=value)) == Truth.NO


def surely_well(words: str, value: Value) -> bool:
    """Tell whether a condition surely holds as long as nothing has failed."""
    return holds(words, Scope(Truth.YES, Truth.NO, Truth.NO, value)) == Truth.YES


def needs_a_good_end(words: str) -> bool:
    """Tell whether a condition holds only where the workflow that is waited for has succeeded."""
    conclusion = {_CONCLUSION: Texts(RESULTS - {"success"})}
    return holds(words, Scope(Truth.YES, Truth.NO, Truth.NO, conclusion.get)) == Truth.NO


def surely_after(words: str, step: str) -> bool:
    """Tell whether a condition surely holds where a step has failed and was let fail, so that the job goes on."""
    name = f"steps.{step.casefold()}"
    ended = {f"{name}.outcome": Texts(frozenset({"failure"})), f"{name}.conclusion": Texts(frozenset({"success"}))}
    return holds(words, Scope(Truth.YES, Truth.NO, Truth.NO, ended.get)) == Truth.YES


def _all_ending(results: frozenset[str]) -> Callable[[str], Operand | None]:
    """Give what names stand for where everything may have ended in some ways."""

    def value(name: str) -> Operand | None:
        if name == "needs.*.result":
            return Listed((results,), is_whole=len(results) == 1)
        return Texts(results) if _ENDED.match(name) or name == _CONCLUSION else None

    return value


def _sure(one: bool) -> Truth:  # noqa: FBT001 - the thing itself
    return Truth.YES if one else Truth.NO
