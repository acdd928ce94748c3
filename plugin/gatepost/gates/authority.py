"""Who may do something, in words that name people."""

from __future__ import annotations

from collections.abc import Iterable

from gatepost.records import Policy

__all__ = ["who_may"]


def who_may(policy: Policy, roles: Iterable[str]) -> str:
    """Give the people who hold one of some roles, each role with its people; say so when there are none."""
    listed = [f"{role} ({', '.join(policy.roles.get(role, ())) or 'held by nobody'})" for role in dict.fromkeys(roles)]
    return ", ".join(listed) or "nobody, since the policy names no role"
