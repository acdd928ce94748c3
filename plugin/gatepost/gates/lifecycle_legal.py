"""`lifecycle-legal`: the status moved along legal transitions through the git history."""

from __future__ import annotations

from gatepost.book import Entry, Fault
from gatepost.book.frozen import judged_steps
from gatepost.book.history import Step
from gatepost.gates.gate import NOT_APPLICABLE, Context, Gate, Unknown, Verdict
from gatepost.records import may_move, moves_from

__all__ = ["GATE"]


def check(entry: Entry, context: Context) -> Verdict:
    """Follow the status from version to version; a move that was taken back is forgiven."""
    if context.history.problem:
        return Unknown(context.history.problem)
    history = context.history.of(entry)
    if history is None:
        return NOT_APPLICABLE
    legal, illegal, wrong = "", None, ""
    for step in judged_steps(history, context.policy.history, context.baseline):
        for facts in (*step.through, step.facts):
            if facts is None or not facts.status or facts.kind != entry.kind:
                continue
            status = facts.status
            if status == legal or not legal or may_move(entry.kind, legal, status):
                legal, illegal = status, None
            elif illegal is None or wrong != status:
                illegal, wrong = step, status
    return [] if illegal is None else [_fault(entry, legal, wrong, illegal)]


def _fault(entry: Entry, legal: str, status: str, illegal: Step) -> Fault:
    message = f"the status moved from {legal} to {status} in {illegal.said}"
    after = " or ".join(moves_from(entry.kind, legal)) or "nothing: it is final, and a new record takes its place"
    return Fault(
        message, f"set it back to {legal}; what may follow {legal} is {after}", ("status",), f"{legal} {status}"
    )


GATE = Gate(
    id="lifecycle-legal",
    code="GP005",
    kind="integrity",
    applies_to=frozenset({"decision", "risk", "follow-up"}),
    holds_when="The status moved only as its kind of record allows, from version to version through the git history.",
    check=check,
    needs_history=True,
)
