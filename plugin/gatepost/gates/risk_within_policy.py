"""`risk-within-policy`: an accepted risk is within the tier's threshold, or someone with authority has decided."""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.book import Entry, Fault
from gatepost.gates.authority import who_may
from gatepost.gates.gate import Context, Gate, NotApplicable, Unknown, Verdict
from gatepost.records import Escalation, Policy, Risk
from gatepost.records.policy import TierPolicy

__all__ = ["GATE"]


def check(entry: Entry, context: Context) -> Verdict:
    """Compare the exposure with the threshold, and who accepted with who may."""
    risk = entry.record
    if not isinstance(risk, Risk) or risk.status != "accepted":
        return NotApplicable("not accepted")
    if not context.policy_is_known:
        return Unknown("the policy cannot be read")
    if context.book.cannot_read("design", entry.design) and entry.design:
        return Unknown("the design cannot be read, so its tier is not known")
    policy = context.policy
    design = context.book.design(entry.design)
    tier = design.tier if design else policy.default_tier
    rules = policy.tier(tier)
    if risk.exposure <= rules.accepted_exposure:
        return _may_accept(risk, policy, rules)
    limit = f"{risk.exposure} is above the {rules.accepted_exposure} that tier {tier} may accept"
    return list(_escalated(risk, policy, rules, limit))


def _may_accept(risk: Risk, policy: Policy, rules: TierPolicy) -> list[Fault]:
    allowed = {*rules.accept, *rules.escalate}
    if not rules.accept or policy.roles_of(risk.accepted_by or "") & allowed:
        return []
    message = f"{risk.accepted_by} may not accept risks of this tier"
    hint = f"who may: {who_may(policy, (*rules.accept, *rules.escalate))}"
    return [Fault(message, hint, ("accepted-by",), str(risk.accepted_by))]


def _escalated(risk: Risk, policy: Policy, rules: TierPolicy, limit: str) -> Iterator[Fault]:
    may = who_may(policy, rules.escalate)
    escalation: Escalation | None = risk.escalation
    if escalation is None:
        hint = f"bring it to who may decide, {may}, and record that as `escalation:`"
        yield Fault(f"the accepted exposure {limit}", hint, ("accepted-by",), str(risk.exposure))
    elif escalation.outcome == "pending":
        message = f"the accepted exposure {limit}; its escalation to {escalation.to} is pending"
        yield Fault(message, "set the status back to open until it is decided", ("escalation", "outcome"), "pending")
    elif escalation.outcome == "refused":
        message = f"the escalation to {escalation.to} was refused, but the risk is accepted"
        yield Fault(message, "treat the risk, and set its status to open", ("escalation", "outcome"), "refused")
    elif not policy.roles_of(escalation.decided_by or "") & set(rules.escalate):
        who = escalation.decided_by or "nobody named"
        message = f"the accepted exposure {limit}, and {who} may not decide about it"
        yield Fault(message, f"who may: {may}", ("escalation", "decided-by"), who)


GATE = Gate(
    id="risk-within-policy",
    code="GP301",
    kind="escalation",
    applies_to=frozenset({"risk"}),
    holds_when=(
        "Each accepted risk's exposure is within the threshold of the design's tier, or someone with "
        "authority has decided."
    ),
    check=check,
)
