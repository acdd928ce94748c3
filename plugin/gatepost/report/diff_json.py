"""A comparison as JSON. Its schema is `diff-1.schema.json`; fields are only added while the version stays 1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gatepost.check.compare import fate_of
from gatepost.report.diff_words import Sides, verdict_words
from gatepost.report.json_report import document, finding_row

if TYPE_CHECKING:
    from gatepost.book.changes import Change
    from gatepost.check.compare import Comparison, EnforcementMove
    from gatepost.check.compare_gates import GateMove, Trouble
    from gatepost.check.compare_pairs import Pair
    from gatepost.check.compare_promises import Acceptance, FollowUpMove, RiskMove
    from gatepost.check.results import RecordReport
    from gatepost.records import Risk

__all__ = ["DIFF_SCHEMA_VERSION", "change_row", "render_diff_json"]

DIFF_SCHEMA_VERSION: Final = 1


def render_diff_json(found: Comparison, sides: Sides, version: str) -> str:
    """Give a comparison as JSON, one row of each list on one line; it is never cut.

    Args:
        found: what lies between two reports.
        sides: what was compared with what.
        version: Gatepost's.
    """
    one, two = found.exposure
    head = {
        "schema_version": DIFF_SCHEMA_VERSION,
        "tool": {"name": "gatepost", "version": version},
        "as_of": str(found.after.today),
        "base": {"name": sides.base, "commit": sides.commit, "merge_base": sides.is_merge_base},
        "head": sides.head,
        "verdict": verdict_words(found),
        "passed": {"before": found.before.passed, "after": found.after.passed},
        "newly_blocking": any(trouble.effect == "block" for trouble in found.worse),
        "exposure": {"before": one, "after": two},
        "summary": _summary(found),
    }
    lists = {
        "records": (_record_row(pair) for pair in found.changed),
        "gates": (_gate_row(move) for move in found.moves),
        "findings": [
            *(_trouble_row(trouble, "worse" if trouble.was != "none" else "new") for trouble in found.worse),
            *(_trouble_row(trouble, "still") for trouble in found.still),
            *(_trouble_row(trouble, "gone") for trouble in found.gone),
        ],
        "risks": (_risk_row(move) for move in found.risks),
        "follow_ups": (_follow_up_row(move) for move in found.follow_ups),
        "policy": (change_row(change) for change in found.policy),
        "enforcement": (_enforcement_row(move) for move in found.enforcement),
    }
    return document(head, lists)


def _summary(found: Comparison) -> dict[str, int]:
    fates = {fate: found.fates[fate] for fate in ("added", "removed", "renumbered", "moved", "changed", "same")}
    moves = ("newly-failing", "newly-met", "newly-waived", "newly-unknown", "no-longer-asked", "still-failing")
    return {
        **fates,
        **{move.replace("-", "_"): len([one for one in found.moves if one.move == move]) for move in moves},
    }


def _record_row(pair: Pair) -> dict[str, Any]:
    return {
        "id": pair.id,
        "kind": pair.kind,
        "title": pair.title or None,
        "fate": fate_of(pair),
        "before": _side(pair, pair.before),
        "after": _side(pair, pair.after),
        "changes": [change_row(change) for change in pair.changes],
    }


def _side(pair: Pair, side: RecordReport | None) -> dict[str, Any] | None:
    if side is None:
        return None
    status = pair.status(side)
    return {
        "id": side.id,
        "path": side.entry.path,
        "design": side.entry.design,
        "status": None if status in {"", "unread"} else status,
        "read": status != "unread",
    }


def change_row(change: Change) -> dict[str, Any]:
    """Give one change of a record; the history of a record has the same rows."""
    return {
        "kind": change.kind,
        "key": change.key,
        "path": change.path,
        "before": change.before,
        "after": change.after,
    }


def _gate_row(move: GateMove) -> dict[str, Any]:
    row: dict[str, Any] = {
        "record": move.pair.id,
        "path": move.pair.path,
        "gate": move.gate.id,
        "code": move.gate.code,
        "move": move.move,
        "effect": move.effect,
        "worse": move.is_worse,
        "before": move.before.state if move.before else None,
        "after": move.after.state if move.after else None,
    }
    if move.after and move.after.waiver and move.move == "newly-waived":
        waiver = move.after.waiver
        row["waiver"] = {
            "reason": waiver.reason,
            "approved_by": waiver.approved_by,
            "until": str(waiver.until),
        }
    return row


def _trouble_row(one: Trouble, state: str) -> dict[str, Any]:
    marks = {"state": state, "was": one.was, "because": one.because or None}
    if one.finding is not None:
        return {**finding_row(one.finding), **marks}
    said = f"not met because it is not met on {one.because}" if one.because else "not met"
    return {
        "gate": one.gate.id,
        "code": one.gate.code,
        "kind": one.gate.kind,
        "effect": one.effect,
        "record": one.record.id,
        "path": one.record.entry.path,
        "line": None,
        "column": None,
        "field": None,
        "message": said,
        "hint": "",
        "fingerprint": None,
        **marks,
    }


def _risk_row(move: RiskMove) -> dict[str, Any]:
    one, two = move.exposures
    return {
        "id": move.pair.id,
        "exposure": {"before": one, "after": two},
        "status": {"before": _status(move.before), "after": _status(move.after)},
        "due": {"before": _due(move.before), "after": _due(move.after)},
        "accepted": _accepted_row(move.accepted) if move.accepted else None,
    }


def _status(risk: Risk | None) -> str | None:
    return risk.status if risk else None


def _due(risk: Risk | None) -> str | None:
    return str(risk.due) if risk and risk.due else None


def _accepted_row(accepted: Acceptance) -> dict[str, Any]:
    return {
        "by": accepted.by,
        "on": str(accepted.on) if accepted.on else None,
        "threshold": accepted.threshold,
        "decided_by": accepted.decided_by or None,
        "within_policy": accepted.within_policy,
    }


def _follow_up_row(move: FollowUpMove) -> dict[str, Any]:
    return {"id": move.pair.id, "move": move.move, "due": str(move.due) if move.due else None, "days": move.days}


def _enforcement_row(move: EnforcementMove) -> dict[str, Any]:
    return {"gate": move.gate.id, "before": move.before, "after": move.after, "weaker": move.is_weaker}
