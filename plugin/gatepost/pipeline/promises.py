"""What each stage must promise so that a run is bounded, can be undone and loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from gatepost.pipeline.artifacts import broken_artifacts
from gatepost.pipeline.contract import Contract, Promise
from gatepost.pipeline.rollouts import broken_rollouts, wrong_targets
from gatepost.pipeline.violation import Violation, listed

__all__ = ["broken_promises"]

_NOT_BROUGHT: Final = frozenset({"metrics", "report", "dataset"})
"""Types of artifact that a promotion reads without putting them into production."""


_NO_SIGNATURE: Final = frozenset({"none", "no", "false", "unsigned"})


def broken_promises(contract: Contract) -> Iterator[Violation]:
    """Find what stages leave out or promise wrongly, whatever branch is taken."""
    yield from _unbounded(contract)
    yield from _retried(contract)
    for promotion in contract.promotions:
        yield from _not_undone(promotion)
        yield from _not_watched(promotion)
        yield from _not_signed(contract, promotion)
    yield from wrong_targets(contract)
    yield from broken_rollouts(contract)
    yield from broken_artifacts(contract)


def _unbounded(contract: Contract) -> Iterator[Violation]:
    names = [one.name for one in contract.promises.values() if one.executes and one.timeout is None]
    if names:
        who = f"the stage {names[0]} has" if len(names) == 1 else f"the stages {listed(names)} have"
        hint = "add `timeout:` here or under defaults"
        yield Violation("bounded", f"{who} no time-out", hint, ("stages", names[0]), "timeout")
    for one in contract.promises.values():
        if one.kind == "approval" and one.stage.expires is None:
            message = f"the approval {one.name} never expires, so a run may wait for it for ever"
            yield Violation("bounded", message, "add `expires:`, like 24h", ("stages", one.name), "expires")


def _retried(contract: Contract) -> Iterator[Violation]:
    for one in contract.promises.values():
        is_tried_again = one.retries or any(said and "retry" in said for said in (one.on_fail, one.on_reject))
        if one.executes and is_tried_again and not one.idempotent:
            message = f"{one.name} is tried again after a time-out, and its effect may have happened by then"
            hint = "write `idempotent: true` if running it twice is the same as once, else `retries: 0` and no retry"
            yield Violation("retry-safe", message, hint, ("stages", one.name), one.name)


def _not_undone(promotion: Promise) -> Iterator[Violation]:
    name, back = promotion.name, promotion.stage.rollback
    if back is None:
        message = f"{name} reaches production and cannot be undone"
        hint = "add `rollback:` with to, first, run, within and when"
        yield Violation("rollback-complete", message, hint, ("stages", name), f"{name} rollback")
        return
    at = ("stages", name, "rollback")
    missing = {
        "run": (back.run is None, "the command that does it"),
        "within": (back.within is None, "how long it may take"),
        "when": (not back.when, "the conditions that start it"),
    }
    for key, (is_missing, what) in missing.items():
        if is_missing:
            message = f"the rollback of {name} does not say {what}"
            yield Violation("rollback-complete", message, f"add `{key}:`", at, f"{name} {key}")
    for index, condition in enumerate(back.when):
        if condition.key not in promotion.stage.watch:
            near = get_close_matches(condition.key, promotion.stage.watch, n=1)
            hint = f"did you mean {near[0]}?" if near else f"add {condition.key} to `watch:` of {name}"
            message = f"{name} rolls back on {condition.key}, which it does not watch"
            yield Violation("rollback-complete", message, hint, (*at, "when", index), condition.key)


def _not_watched(promotion: Promise) -> Iterator[Violation]:
    if not promotion.stage.watch:
        message = f"{promotion.name} rolls out without watching a signal"
        hint = "add `watch:` with the metrics that show a bad release"
        yield Violation("watched", message, hint, ("stages", promotion.name), "watch")


def _not_signed(contract: Contract, promotion: Promise) -> Iterator[Violation]:
    known = contract.record.artifacts
    brought = [name for name in promotion.stage.in_ if name in known and known[name].type not in _NOT_BROUGHT]
    if not brought:
        message = f"{promotion.name} does not say what it brings to production"
        hint = "name the package or the model in `in:`"
        yield Violation("signed", message, hint, ("stages", promotion.name), f"{promotion.name} in")
    for name in brought:
        if (known[name].sign or "none").strip().casefold() in _NO_SIGNATURE:
            message = f"{promotion.name} brings {name} to production, which is not signed"
            yield Violation("signed", message, "add `sign:`, like cosign", ("artifacts", name), name)
