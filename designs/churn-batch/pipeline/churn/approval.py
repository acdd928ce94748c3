"""Approval: a person with the right role says yes to one table, for a limited time."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from churn.files import is_synthetic, read_json, sha256, write_json
from churn.outcome import Inconclusive, Rejected

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["ROLE", "VALID_FOR", "approve", "require"]

ROLE: Final = "crm-lead"
VALID_FOR: Final = dt.timedelta(hours=72)


def approve(request: Path, scores: Path, approval: Path) -> None:
    """Turn the answer in `request` into an approval that is bound to the digest of the table `scores`.

    A rehearsal answer stands for a person, on synthetic data only; a real one names the digest that
    the person looked at.

    Raises:
        Inconclusive: nobody has answered yet.
        Rejected: the answer is no, or is not about this table.
    """
    if not request.exists():
        message = f"no answer on file at {request}"
        raise Inconclusive(message)
    answer = read_json(request)
    digest = sha256(scores)
    if answer.get("answer") != "approved":
        message = f"{answer.get('by')} answered {answer.get('answer')!r}"
        raise Rejected(message)
    given: dict[str, Any]
    if answer.get("rehearsal") is True and is_synthetic(scores):
        given = {"rehearsal": True}
    elif answer.get("scores_sha256") == digest:
        given = {"rehearsal": False, "given_at": answer.get("given_at")}
    else:
        message = "the answer is about another table"
        raise Rejected(message)
    write_json(approval, {"by": answer.get("by"), "role": answer.get("role"), "scores_sha256": digest, **given})


def require(approval: Path, scores: Path, now: dt.datetime) -> dict[str, Any]:
    """Give the approval of the table `scores`.

    Raises:
        Rejected: there is none, it is about another table, by the wrong role, or too old.
    """
    if not approval.exists():
        message = "there is no approval on file"
        raise Rejected(message)
    given = read_json(approval)
    objection = _objection(given, scores, now)
    if objection:
        raise Rejected(objection)
    return given


def _objection(given: dict[str, Any], scores: Path, now: dt.datetime) -> str | None:
    if given.get("role") != ROLE:
        return f"the approval is by {given.get('role')!r}, not by {ROLE!r}"
    if given.get("scores_sha256") != sha256(scores):
        return "the approval is about another table"
    if given.get("rehearsal") is True:
        return None if is_synthetic(scores) else "a rehearsal approval does not hold for real data"
    age = now - dt.datetime.fromisoformat(str(given.get("given_at")))
    if not dt.timedelta(0) <= age <= VALID_FOR:
        return f"the approval was given at {given['given_at']} and holds for {VALID_FOR}"
    return None
