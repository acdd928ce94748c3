"""`waivers-sound`: each waiver names a gate that can be waived, for a while, by someone who may."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from gatepost.book import Entry, Fault, KeyPath
from gatepost.gates.authority import who_may
from gatepost.gates.gate import Context, Gate, NotApplicable, Verdict
from gatepost.records import KINDS, Waiver

__all__ = ["GATE", "NEVER_WAIVED", "is_in_force", "is_sound"]

NEVER_WAIVED: Final = frozenset({"schema-valid", "id-unique", "waivers-sound", "risk-within-policy"})
"""Gates that no waiver sets aside: unsound records, waivers of waivers, and what an escalation is for."""


def check(entry: Entry, context: Context) -> Verdict:
    """Look at each waiver; whether it waives anything is seen when all gates have been asked."""
    if not entry.record.waivers:
        return NotApplicable("no waivers")
    return [
        fault
        for index, waiver in enumerate(entry.record.waivers)
        for fault in _faults(waiver, context, ("waivers", index))
    ]


def is_in_force(waiver: Waiver, today: dt.date) -> bool:
    """Tell whether a waiver has not expired."""
    return waiver.until >= today


def is_sound(waiver: Waiver, context: Context) -> bool:
    """Tell whether the policy lets a waiver set its gate aside."""
    return not any(_faults(waiver, context, ()))


def _faults(waiver: Waiver, context: Context, at: KeyPath) -> Iterator[Fault]:
    policy = context.policy
    yield from _gate(waiver, context, at)
    if not context.policy_is_known:
        return
    if not policy.roles_of(waiver.approved_by) & set(policy.waivers_allowed.approve):
        hint = f"who may: {who_may(policy, policy.waivers_allowed.approve)}"
        yield Fault(f"{waiver.approved_by} may not approve waivers", hint, (*at, "approved-by"), waiver.approved_by)
    days = (waiver.until - context.today).days
    if days > policy.waivers_allowed.max_days:
        message = f"the waiver runs for {days} more days; the policy allows {policy.waivers_allowed.max_days}"
        yield Fault(message, "choose an earlier day", (*at, "until"), str(waiver.until))


def _gate(waiver: Waiver, context: Context, at: KeyPath) -> Iterator[Fault]:
    gate = context.gates.find(waiver.gate)
    if gate is None:
        near = get_close_matches(waiver.gate.lower(), context.gates.names, n=1)
        hint = f"did you mean {near[0]}?" if near else "`gatepost explain` lists the gates"
        yield Fault(f"there is no gate {waiver.gate}", hint, (*at, "gate"), waiver.gate)
        return
    asked = (context.gates.find(name) for name in context.policy.waivers_allowed.never)
    if gate.id in NEVER_WAIVED | {known.id for known in asked if known}:
        yield Fault(f"{gate.id} cannot be waived", "meet the gate", (*at, "gate"), gate.id)


GATE = Gate(
    id="waivers-sound",
    code="GP007",
    kind="integrity",
    applies_to=frozenset(KINDS),
    holds_when=(
        "Each waiver names a gate that can be waived and is not met, for no longer than the policy allows, "
        "approved by someone who may."
    ),
    check=check,
)
