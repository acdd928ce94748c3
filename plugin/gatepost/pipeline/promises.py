"""What each stage must promise so that a run is bounded, can be undone and loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from gatepost.pipeline.answers import unanswered_actions
from gatepost.pipeline.arguments import lost_by, says_yes
from gatepost.pipeline.artifacts import broken_artifacts
from gatepost.pipeline.contract import Contract, Promise
from gatepost.pipeline.elsewhere import commands_elsewhere
from gatepost.pipeline.limits import empty_triggers
from gatepost.pipeline.lineage import NOT_BROUGHT
from gatepost.pipeline.places import explained
from gatepost.pipeline.rollouts import broken_rollouts, wrong_targets
from gatepost.pipeline.signals import unseen_signals
from gatepost.pipeline.trace import path_beside, path_to
from gatepost.pipeline.violation import Violation, listed
from gatepost.pipeline.words import says_how_it_is_signed
from gatepost.records import DEFAULT_POLICY, Policy
from gatepost.records.expressions import Duration

__all__ = ["broken_promises"]


def broken_promises(contract: Contract, policy: Policy = DEFAULT_POLICY) -> Iterator[Violation]:
    """Find what stages leave out or promise wrongly, whatever branch is taken.

    Args:
        contract: what is looked at.
        policy: says how long a rollback may take, and how long an executed dry run counts.
    """
    yield from _unbounded(contract)
    yield from _too_long(contract, policy.dry_run.max_age_days)
    yield from explained(contract, _of_production(contract, policy.dry_run.max_rollback))
    yield from unanswered_actions(contract)
    yield from unseen_signals(contract)
    yield from empty_triggers(contract)
    yield from wrong_targets(contract)
    yield from commands_elsewhere(contract)
    yield from broken_rollouts(contract)
    yield from broken_artifacts(contract)


def _of_production(contract: Contract, longest: Duration) -> Iterator[Violation]:
    yield from _retried(contract)
    for promotion in contract.promotions:
        yield from _not_undone(contract, promotion, longest)
        yield from _not_watched(contract, promotion)
        yield from _not_signed(contract, promotion)


def _unbounded(contract: Contract) -> Iterator[Violation]:
    names = [one.name for one in contract.promises.values() if one.executes and one.timeout is None]
    if names:
        who = f"the stage {names[0]} has" if len(names) == 1 else f"the stages {listed(names)} have"
        hint = "add `timeout:` here or under defaults"
        path = path_to(contract, names[0], f"{names[0]} hangs", "the run never ends")
        yield Violation("bounded", f"{who} no time-out", hint, ("stages", names[0]), "timeout", path)
    for one in contract.promises.values():
        if one.kind == "approval" and one.stage.expires is None:
            message = f"the approval {one.name} never expires, so a run may wait for it for ever"
            path = path_to(contract, one.name, f"nobody answers {one.name}", "the run never ends")
            yield Violation("bounded", message, "add `expires:`, like 24h", ("stages", one.name), "expires", path)


def _too_long(contract: Contract, days: int) -> Iterator[Violation]:
    """Find what may take longer than an executed dry run counts: nobody knows by then whether the way out works."""
    found: dict[tuple[str, ...], tuple[str, Duration]] = {}
    for one in contract.promises.values():
        for key, said in (("timeout", one.timeout), ("expires", one.stage.expires)):
            if said is not None and said.seconds > days * 86400.0:
                own = key == "expires" or one.stage.timeout is not None
                found.setdefault(("stages", one.name, key) if own else ("defaults", key), (one.name, said))
    for at, (name, said) in found.items():
        message = f"{name} may take {said}, and an executed dry run counts for {days} days"
        hint = "give it less time, or let dry runs count longer in the policy: `dry-run: {max-age-days: …}`"
        path = path_to(contract, name, f"{name} hangs", f"the run waits for {said}")
        yield Violation("bounded", message, hint, at, f"{'.'.join(at)} too long", path)


def _retried(contract: Contract) -> Iterator[Violation]:
    for one in contract.promises.values():
        is_tried_again = one.retries or any(said and "retry" in said for said in (one.on_fail, one.on_reject))
        if one.executes and is_tried_again and not one.idempotent:
            message = f"{one.name} is tried again after a time-out, and its effect may have happened by then"
            hint = "write `idempotent: true` if running it twice is the same as once, else `retries: 0` and no retry"
            late = "timeout after effect" if one.kind == "promote" else "timeout"
            path = path_to(contract, one.name, f"{one.name} {late}", f"{one.name} runs a second time")
            yield Violation("retry-safe", message, hint, ("stages", one.name), one.name, path)


def _not_undone(contract: Contract, promotion: Promise, longest: Duration) -> Iterator[Violation]:
    name, back = promotion.name, promotion.stage.rollback
    if back is None:
        message = f"{name} reaches production and cannot be undone"
        hint = "add `rollback:` with to, first, run, within and when"
        path = _breach(contract, name, "there is no rollback")
        yield Violation("rollback-complete", message, hint, ("stages", name), f"{name} rollback", path)
        return
    at = ("stages", name, "rollback")
    missing = {
        "run": (back.run is None, "the command that does it", "nothing is run"),
        "within": (back.within is None, "how long it may take", "the rollback never ends"),
        "when": (not back.when, "the conditions that start it", "nothing starts the rollback"),
    }
    for key, (is_missing, what, ends) in missing.items():
        if is_missing:
            message, path = f"the rollback of {name} does not say {what}", _breach(contract, name, ends)
            yield Violation("rollback-complete", message, f"add `{key}:`", at, f"{name} {key}", path)
    if back.run is not None and promotion.stage.run is not None and back.run.split() == promotion.stage.run.split():
        message = f"the rollback of {name} runs the command that promotes: {back.run}"
        path = _breach(contract, name, "the same release is promoted again")
        hint = "write the command that puts back what was there"
        yield Violation("rollback-complete", message, hint, (*at, "run"), f"{name} same run", path)
    if back.run is not None and says_yes(back.run):
        message = f"the rollback of {name} runs `{back.run.strip()}`, which undoes nothing"
        path = _breach(contract, name, "the version in breach stays in production")
        hint = "let `run` name the command that puts back what was there"
        yield Violation("rollback-complete", message, hint, (*at, "run"), f"{name} idle run", path)
    elif back.run is not None and (sign := lost_by(back.run)):
        message = f"that the rollback of {name} fails may be lost behind '{sign}': {back.run.strip()}"
        path = _breach(contract, name, "the rollback fails, and nobody is paged")
        hint = "let `run` name the command that rolls back, and nothing behind it"
        yield Violation("rollback-complete", message, hint, (*at, "run"), f"{name} lost run", path)
    if back.within is not None and back.within.seconds > longest.seconds:
        message = f"the rollback of {name} may take {back.within}, and the policy allows {longest}"
        hint = "roll back faster, or allow more in the policy: `dry-run: {max-rollback: …}`"
        path = _breach(contract, name, f"the rollback takes {back.within}")
        yield Violation("rollback-complete", message, hint, (*at, "within"), f"{name} too long", path)
    for index, condition in enumerate(back.when):
        if condition.key not in promotion.stage.watch:
            near = get_close_matches(condition.key, promotion.stage.watch, n=1)
            hint = f"did you mean {near[0]}?" if near else f"add {condition.key} to `watch:` of {name}"
            message = f"{name} rolls back on {condition.key}, which it does not watch"
            path = _breach(contract, name, f"nobody sees {condition.key}")
            yield Violation("rollback-complete", message, hint, (*at, "when", index), condition.key, path)


def _not_watched(contract: Contract, promotion: Promise) -> Iterator[Violation]:
    name = promotion.name
    if not promotion.stage.watch:
        message = f"{name} rolls out without watching a signal"
        hint = "add `watch:` with the metrics that show a bad release"
        yield Violation("watched", message, hint, ("stages", name), "watch", _breach(contract, name, "nobody sees it"))


def _breach(contract: Contract, promotion: str, ends: str) -> str:
    """Give the way on which a release turns out to be bad, and what comes of that."""
    return path_to(contract, promotion, f"{promotion} breach", ends)


def _not_signed(contract: Contract, promotion: Promise) -> Iterator[Violation]:
    known = contract.record.artifacts
    brought = [name for name in promotion.stage.in_ if name in known and known[name].type not in NOT_BROUGHT]
    if not brought:
        message = f"{promotion.name} does not say what it brings to production"
        hint = "name the package or the model in `in:`"
        path = path_beside(contract, promotion.name)
        yield Violation("signed", message, hint, ("stages", promotion.name), f"{promotion.name} in", path)
    for name in brought:
        sign = known[name].sign or ""
        if not says_how_it_is_signed(sign):
            message = f"{promotion.name} brings {name} to production, which is not signed"
            path = path_beside(contract, promotion.name)
            own = f"say what `{sign}` is signed with: `with NAME` for a way of your own" if sign else ""
            hint = own or "add `sign:`, like cosign"
            yield Violation("signed", message, hint, ("artifacts", name), name, path)
