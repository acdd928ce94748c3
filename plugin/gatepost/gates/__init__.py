"""The gates, one module and one page each. The order here is the order everywhere."""

from typing import Final

from gatepost.gates import (
    evidence_backed,
    follow_ups_accountable,
    id_unique,
    in_scope,
    links_agree,
    links_resolve,
    nothing_overdue,
    policy_sound,
    promotion_gated,
    record_complete,
    risk_within_policy,
    risks_owned,
    rollout_and_rollback,
    schema_valid,
    scope_explicit,
    stages_reproducible,
    tradeoffs_evaluated,
    verification_measurable,
    waivers_sound,
)
from gatepost.gates.gate import (
    NOT_APPLICABLE,
    Because,
    Context,
    Gate,
    GateKind,
    GateSet,
    NotApplicable,
    Passed,
    Unknown,
    Verdict,
)

__all__ = [
    "GATES",
    "NOT_APPLICABLE",
    "Because",
    "Context",
    "Gate",
    "GateKind",
    "GateSet",
    "NotApplicable",
    "Passed",
    "Unknown",
    "Verdict",
]

GATES: Final[tuple[Gate, ...]] = (
    schema_valid.GATE,
    id_unique.GATE,
    links_resolve.GATE,
    links_agree.GATE,
    waivers_sound.GATE,
    policy_sound.GATE,
    in_scope.GATE,
    scope_explicit.GATE,
    record_complete.GATE,
    tradeoffs_evaluated.GATE,
    evidence_backed.GATE,
    rollout_and_rollback.GATE,
    risks_owned.GATE,
    follow_ups_accountable.GATE,
    verification_measurable.GATE,
    nothing_overdue.GATE,
    stages_reproducible.GATE,
    promotion_gated.GATE,
    risk_within_policy.GATE,
)
"""The gates that come with Gatepost."""
