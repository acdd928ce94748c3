"""`policy-sound`: the policy names gates, roles, fields and commits that exist, and there is one of it."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from gatepost.book import Entry, Fault, KeyPath
from gatepost.gates.gate import NOT_APPLICABLE, Context, Gate, Verdict
from gatepost.records import Decision, Policy

__all__ = ["ALWAYS_BLOCKS", "GATE"]

ALWAYS_BLOCKS: Final = "schema-valid"
"""The gate whose enforcement no policy changes."""


def check(entry: Entry, context: Context) -> Verdict:
    """Look up each gate and each role that the policy names."""
    policy = entry.record
    if not isinstance(policy, Policy):
        return NOT_APPLICABLE
    first = context.book.policy_entry
    if first is not None and first is not entry:
        hint = "keep one policy; no gate reads this one"
        return [Fault(f"{first.path} is the policy already", hint, ("kind",), entry.path)]
    return [*_gates(policy, context), *_enforcement(policy, context), *_roles(policy), *_history(policy, context)]


def _gates(policy: Policy, context: Context) -> Iterator[Fault]:
    named: list[tuple[KeyPath, str]] = [(("enforcement", name), name) for name in policy.enforcement]
    named += [(("waivers-allowed", "never", n), name) for n, name in enumerate(policy.waivers_allowed.never)]
    for at, name in named:
        if context.gates.find(name) is None:
            near = get_close_matches(name.lower(), context.gates.names, n=1)
            hint = f"did you mean {near[0]}?" if near else "`gatepost explain` lists the gates"
            yield Fault(f"there is no gate {name}", hint, at, name)


def _enforcement(policy: Policy, context: Context) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for name, said in policy.enforcement.items():
        gate = context.gates.find(name)
        if gate is None:
            continue
        at = ("enforcement", name)
        if gate.id in seen:
            message = f"{name} is the gate {gate.id}, which {seen[gate.id]} names already"
            yield Fault(message, "keep one of the two", at, name)
        seen[gate.id] = name
        if gate.id == ALWAYS_BLOCKS and said != "block":
            yield Fault(
                f"{gate.id} always blocks", "remove it: a record that cannot be read has no other gate", at, said
            )


def _roles(policy: Policy) -> Iterator[Fault]:
    named: list[tuple[KeyPath, str]] = [
        (("waivers-allowed", "approve", n), role) for n, role in enumerate(policy.waivers_allowed.approve)
    ]
    for tier, rules in policy.tiers.items():
        named += [(("tiers", tier, "accept", n), role) for n, role in enumerate(rules.accept)]
        named += [(("tiers", tier, "escalate", n), role) for n, role in enumerate(rules.escalate)]
    for at, role in named:
        if not policy.roles.get(role):
            hint = f"add it under roles with the people who hold it; known are {', '.join(policy.roles) or 'none'}"
            yield Fault(f"nobody holds the role {role}", hint, at, role)


def _history(policy: Policy, context: Context) -> Iterator[Fault]:
    known = Decision.field_keys()
    for index, name in enumerate(policy.history.freeze_fields):
        if name not in known:
            near = get_close_matches(name.replace("_", "-"), known, n=1)
            hint = f"did you mean {near[0]}?" if near else "`gatepost schema decision` lists the fields"
            yield Fault(f"a decision has no field {name}", hint, ("history", "freeze-fields", index), name)
    if policy.history.since and policy.history.since > context.latest_today:
        hint = "set the day on which the rules began; until then nothing is frozen"
        yield Fault(f"since is {policy.history.since}, which is to come", hint, ("history", "since"))
    named = policy.history.baseline
    if named and not context.history.problem and context.baseline is None:
        hint = "name a commit of this branch by its id, in quotes, or set `since:` to a day"
        yield Fault(f"the baseline {named} is no commit on the main line", hint, ("history", "baseline"), named)


GATE = Gate(
    id="policy-sound",
    code="GP008",
    kind="integrity",
    applies_to=frozenset({"policy"}),
    holds_when="The policy is the only one, and each gate, role, field and commit that it names exists.",
    check=check,
)
