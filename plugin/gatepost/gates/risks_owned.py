"""`risks-owned`: each risk that remains has an owner, a due date and a verification step."""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.book import Entry, Fault
from gatepost.gates.accountable import broken_promises, left_by, promises
from gatepost.gates.gate import NOT_APPLICABLE, Because, Context, Gate, Verdict
from gatepost.records import Decision, Risk

__all__ = ["GATE"]


def check(entry: Entry, context: Context) -> Verdict:
    """On a risk, look for its promises; on a decision, for its risks or its word that none remains."""
    record = entry.record
    if isinstance(record, Risk):
        return [*promises(record), *_grown(record)]
    if not isinstance(record, Decision):
        return NOT_APPLICABLE
    named = left_by(context.book, entry, record.risks, Risk)
    if not named and record.residual_risk is None:
        hint = "add `risks:` with their ids, or say in `residual-risk:` why none remains"
        return [Fault("the decision names no risk, and does not say why none remains", hint, ("risks",))]
    broken = broken_promises(context.book, named)
    return Because(broken) if broken else []


def _grown(risk: Risk) -> Iterator[Fault]:
    """Find a treatment that is said to make things worse: one of the two exposures is wrong."""
    if risk.is_live and risk.exposure > risk.inherent_exposure:
        message = f"the residual exposure {risk.exposure} is above the inherent {risk.inherent_exposure}"
        yield Fault(
            message, "correct the levels: a treatment does not add to a risk", ("residual-likelihood",), "grown"
        )


GATE = Gate(
    id="risks-owned",
    code="GP106",
    kind="quality",
    applies_to=frozenset({"decision", "risk"}),
    holds_when=(
        "Each residual risk has an owner, a due date and a verification step, or the decision says why none remains."
    ),
    check=check,
)
