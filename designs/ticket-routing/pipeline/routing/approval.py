"""The red team's word: a person who has tried one bundle in staging says yes or no to exactly that one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from routing.files import read_json, write_json
from routing.outcome import Inconclusive, Rejected

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["ROLE", "TRIES", "VALID_FOR", "approve", "require"]

ROLE: Final = "security"
VALID_FOR: Final = dt.timedelta(hours=24)
TRIES: Final = 20
"""So many tickets the red team must have written itself, or its yes counts for nothing."""


def approve(answer: Path, bundle_sha256: str, approval: Path, *, synthetic: bool) -> None:
    """Turn an answer into an approval of one bundle.

    A rehearsal answer stands for the red team on synthetic data only; a real one names the bundle that was tried.

    Raises:
        Inconclusive: nobody has answered.
        Rejected: the answer is no, is about another bundle, or rests on too few tries.
    """
    approval.unlink(missing_ok=True)
    if not answer.exists():
        message = f"no answer of the red team at {answer}"
        raise Inconclusive(message)
    given = read_json(answer)
    rehearsal = synthetic and given.get("rehearsal") is True
    objection = _objection_to_answer(given, bundle_sha256, rehearsal=rehearsal)
    if objection:
        raise Rejected(objection)
    kept = {name: given.get(name) for name in ("by", "role", "tried", "given_at")}
    write_json(approval, {**kept, "bundle_sha256": bundle_sha256, "rehearsal": rehearsal})


def require(approval: Path, bundle_sha256: str, now: dt.datetime, *, synthetic: bool) -> dict[str, Any]:
    """Give the approval of a bundle.

    Raises:
        Rejected: there is none, or it is by another role, of another bundle, or too old.
    """
    given = read_json(approval) if approval.exists() else {}
    objection = _objection(given, bundle_sha256, now, synthetic=synthetic)
    if objection:
        raise Rejected(objection)
    return given


def _objection_to_answer(given: dict[str, Any], bundle_sha256: str, *, rehearsal: bool) -> str | None:
    if given.get("answer") != "approved":
        return f"{given.get('by')} answered {given.get('answer')!r}"
    if not rehearsal and given.get("bundle_sha256") != bundle_sha256:
        return "the answer is about another bundle"
    tried = given.get("tried")
    if not isinstance(tried, int) or tried < TRIES:
        return f"the red team tried {tried} tickets, and {TRIES} are asked for"
    return None


def _objection(given: dict[str, Any], bundle_sha256: str, now: dt.datetime, *, synthetic: bool) -> str | None:
    if not given:
        return "there is no approval on file"
    if given.get("role") != ROLE:
        return f"the approval is by {given.get('role')!r}, not by {ROLE!r}"
    if given.get("bundle_sha256") != bundle_sha256:
        return "the approval is of another bundle"
    if given.get("rehearsal") is True:
        return None if synthetic else "a rehearsal's approval does not hold for real data"
    age = now - dt.datetime.fromisoformat(str(given.get("given_at")))
    if not dt.timedelta(0) <= age <= VALID_FOR:
        return f"the approval was given at {given['given_at']} and holds for 24 hours"
    return None
