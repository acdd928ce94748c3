"""`rollout-and-rollback`: what changes production says how to get there, and how to get back."""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.book import Entry, Fault, KeyPath
from gatepost.gates.gate import Context, Gate, NotApplicable, Verdict
from gatepost.records import Decision
from gatepost.records.expressions import ExpressionError, parse_condition

__all__ = ["GATE"]


def check(entry: Entry, _context: Context) -> Verdict:
    """Look at the steps of the rollout and at the rollback."""
    if not isinstance(entry.record, Decision) or not entry.record.changes_production:
        return NotApplicable("no production impact")
    return [*_rollout(entry.record), *_rollback(entry.record)]


def _rollout(record: Decision) -> Iterator[Fault]:
    if not record.rollout:
        yield Fault("rollout is missing, with production impact", "add steps, each with `criteria:`", ("rollout",))
    for index, step in enumerate(record.rollout):
        at = ("rollout", index, "criteria")
        if not step.criteria:
            hint = "add a condition that must hold to go on: `error_rate <= 0.01`"
            yield Fault(f"the rollout step '{step.step}' has no criteria", hint, at, step.step)
        yield from _measurable(step.criteria, at)


def _rollback(record: Decision) -> Iterator[Fault]:
    back = record.rollback
    if back is None:
        hint = "add `rollback:` with trigger, target, within and owner"
        yield Fault("rollback is missing, with production impact", hint, ("rollback",))
        return
    missing = {
        "trigger": not back.trigger,
        "target": back.target is None,
        "within": back.within is None,
        "owner": back.owner is None,
    }
    for name, is_missing in missing.items():
        if is_missing:
            yield Fault(f"rollback.{name} is missing", f"add `{name}:`", ("rollback", name))
    yield from _measurable(back.trigger, ("rollback", "trigger"))


def _measurable(texts: tuple[str, ...], at: KeyPath) -> Iterator[Fault]:
    for index, text in enumerate(texts):
        try:
            parse_condition(text)
        except ExpressionError as error:
            hint = "write a condition: `metric operator number`, like `p99_ms > 50`"
            yield Fault(f"not measurable: {error}", hint, (*at, index), text)


GATE = Gate(
    id="rollout-and-rollback",
    code="GP105",
    kind="quality",
    applies_to=frozenset({"decision"}),
    holds_when=(
        "A decision with production impact has rollout steps with measurable criteria, and a rollback with "
        "trigger, target, time limit and owner."
    ),
    check=check,
)
