"""Who gives an approval: a role of the policy that somebody holds, or a person who holds one."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from gatepost.pipeline.contract import Contract
from gatepost.pipeline.trace import path_to
from gatepost.pipeline.violation import Violation
from gatepost.records import Policy

__all__ = ["unknown_approvers"]

_NOBODY: Final = frozenset({"nobody", "no-one", "no one", "noone", "none", "nil", "n/a", "na", "-"})


def unknown_approvers(contract: Contract, policy: Policy) -> Iterator[Violation]:
    """Find approvals that nobody can give; a policy that names no role leaves open who may, and only `nobody` may not.

    Args:
        contract: what is looked at.
        policy: names the roles and the people who hold them.
    """
    held = {role.casefold() for role, people in policy.roles.items() if people}
    people = {name.casefold() for names in policy.roles.values() for name in names}
    for name, stage in contract.record.stages.items():
        for index, who in enumerate(stage.by if stage.kind == "approval" else ()):
            said = who.strip().casefold()
            if said in held | people or not (policy.roles or said in _NOBODY):
                continue
            empty = next((role for role in policy.roles if role.casefold() == said), None)
            why = "and nobody holds that role" if empty else "and the policy has no such role"
            near = get_close_matches(said, sorted(held), n=1)
            add = f"name people under `roles: {{{who}: […]}}` in the policy, or name a role that somebody holds"
            hint = f"did you mean {near[0]}?" if near and not empty else add
            path = path_to(contract, name, f"{name} expire", "nobody can approve")
            message = f"{name} waits for {who}, {why}"
            yield Violation("approved", message, hint, ("stages", name, "by", index), f"{name} {who}", path)
