"""Approval: two people in two roles say yes to one bundle, each for a day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from fraud.files import read_json, sha256, write_json
from fraud.outcome import Inconclusive, Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["ROLES", "VALID_FOR", "approve", "require"]

ROLES: Final = ("fraud-risk", "sre-oncall")
VALID_FOR: Final = dt.timedelta(hours=24)


def approve(answers: Path, bundle: Path, approval: Path, *, synthetic: bool) -> None:
    """Turn the answers of both roles into the approval of a bundle.

    The answers of the rehearsal stand for two people, about a bundle of synthetic payments only. Anybody else names the
    bundle that they looked at.

    Raises:
        Inconclusive: a role has not answered.
        Rejected: somebody said no, meant another bundle, or answered for both roles.
    """
    approval.unlink(missing_ok=True)
    given = read_json(answers) if answers.exists() else {"answers": []}
    rehearsal = synthetic and given.get("rehearsal") is True
    digest = sha256(bundle)
    kept = [_answer(given["answers"], role, None if rehearsal else digest) for role in ROLES]
    if len({one["by"] for one in kept}) < len(ROLES):
        message = f"{kept[0]['by']} has answered for both roles"
        raise Rejected(message)
    write_json(approval, {"answers": kept, "bundle_sha256": digest, "rehearsal": rehearsal})


def _answer(answers: Sequence[Mapping[str, Any]], role: str, digest: str | None) -> dict[str, Any]:
    """Give what a role has answered; `digest` is what the answer must name."""
    given = next((one for one in answers if one.get("role") == role), None)
    if given is None:
        message = f"{role} has not answered"
        raise Inconclusive(message)
    if given.get("answer") != "yes":
        message = f"{given.get('by')} ({role}) answered {given.get('answer')!r}"
        raise Rejected(message)
    if digest is not None and given.get("bundle_sha256") != digest:
        message = f"the answer of {given.get('by')} ({role}) is about another bundle"
        raise Rejected(message)
    return {"by": given.get("by"), "given_at": given.get("given_at"), "role": role}


def require(approval: Path, bundle: Path, now: dt.datetime, *, synthetic: bool) -> list[str]:
    """Give who has approved a bundle.

    Raises:
        Rejected: nobody has, or it was another bundle, or too long ago.
    """
    given = read_json(approval) if approval.exists() else {}
    if not given:
        message = "there is no approval on file"
    elif given.get("bundle_sha256") != sha256(bundle):
        message = "the approval is of another bundle"
    elif {one["role"] for one in given["answers"]} != set(ROLES):
        message = f"the approval lacks one of {' and '.join(ROLES)}"
    elif given.get("rehearsal") is True:
        message = "" if synthetic else "a rehearsal's approval does not hold for real payments"
    else:
        message = _too_old(given["answers"], now)
    if message:
        raise Rejected(message)
    return [one["by"] for one in given["answers"]]


def _too_old(answers: Sequence[Mapping[str, Any]], now: dt.datetime) -> str:
    for one in answers:
        age = now - dt.datetime.fromisoformat(str(one["given_at"]))
        if not dt.timedelta(0) <= age <= VALID_FOR:
            return f"{one['by']} approved at {one['given_at']}, which holds for 24 hours"
    return ""
