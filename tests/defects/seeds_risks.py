"""Defects of risks, follow-ups and rollouts."""

from __future__ import annotations

from typing import Final

from edits import ADR2, ADR3, FU1, RISK1, RISK2, ROLLBACK, Defect, change, drop, without

__all__ = ["ON_FOLLOW_UPS", "ON_RISKS", "ON_ROLLOUTS"]

ON_RISKS: Final = (
    Defect("impact 6", (change(RISK2, "impact: 4", "impact: 6"),), "schema-valid", RISK2, "impact is 6"),
    Defect("risk without an owner", (drop(RISK1, "owner:"),), "risks-owned", RISK1, "owner is missing"),
    Defect("risk without a date", (drop(RISK1, "due:"),), "risks-owned", RISK1, "due is missing"),
    Defect("accepted by nobody", (drop(RISK2, "accepted-by:"),), "schema-valid", RISK2, "says who accepted it"),
    Defect(
        "exposure above the threshold",
        (change(RISK2, "likelihood: 2", "likelihood: 3"),),
        "risk-within-policy",
        RISK2,
        "12 is above the 9 that tier medium may accept",
    ),
    Defect(
        "accepted without the role",
        (change(RISK2, "accepted-by: Ana Ruiz", "accepted-by: Eve Roth"),),
        "risk-within-policy",
        RISK2,
        "Eve Roth may not accept risks of this tier",
    ),
    Defect(
        "escalation pending",
        (
            change(RISK2, "likelihood: 2", "likelihood: 3"),
            change(
                RISK2,
                "accepted-on: 2026-11-05",
                "accepted-on: 2026-11-05\nescalation: {to: head-of-data, date: 2026-11-06, outcome: pending}",
            ),
        ),
        "risk-within-policy",
        RISK2,
        "its escalation to head-of-data is pending",
    ),
    Defect("half a residual", (drop(RISK1, "residual-impact:"),), "schema-valid", RISK1, "go together"),
    Defect(
        "risk of a decision that is not there",
        (change(RISK1, "decisions: [ADR-0002]", "decisions: [ADR-0042]"),),
        "links-resolve",
        RISK1,
        "ADR-0042 does not exist",
    ),
    Defect(
        "a follow-up among the risks",
        (change(ADR2, "risks: [RISK-0001, RISK-0002]", "risks: [RISK-0001, RISK-0002, FU-0001]"),),
        "links-resolve",
        ADR2,
        "risks names FU-0001, which is a follow-up",
    ),
    Defect(
        "no word on what risk remains",
        (drop(ADR3, "residual-risk:"),),
        "risks-owned",
        ADR3,
        "the decision names no risk",
    ),
)


ON_FOLLOW_UPS: Final = (
    Defect("follow-up without a date", (drop(FU1, "due:"),), "follow-ups-accountable", FU1, "due is missing"),
    Defect(
        "done, and no outcome", (change(FU1, "status: open", "status: done"),), "schema-valid", FU1, "what came of it"
    ),
    Defect("unknown status of work", (change(FU1, "status: open", "status: closed"),), "schema-valid", FU1, "'closed'"),
    Defect("due next week", (change(FU1, "due: 2027-02-01", "due: next week"),), "schema-valid", FU1, "'next week'"),
    Defect(
        "due as a person writes it", (change(FU1, "due: 2027-02-01", "due: 1.2.2027"),), "schema-valid", FU1, "1.2.2027"
    ),
)


ON_ROLLOUTS: Final = (
    Defect("follow-up file removed", (without(FU1),), "links-resolve", ADR2, "FU-0001 does not exist"),
    Defect(
        "criterion in words",
        (change(ADR2, "criteria: [opt_out_rate <= 0.02]", "criteria: [nobody complains]"),),
        "rollout-and-rollback",
        ADR2,
        "not measurable",
    ),
    Defect("rollback without an owner", (drop(ADR2, "  owner:"),), "rollout-and-rollback", ADR2, "rollback.owner is"),
    Defect(
        "no rollback",
        (change(ADR2, ROLLBACK, ""),),
        "rollout-and-rollback",
        ADR2,
        "rollback is missing, with production impact",
    ),
    Defect(
        "time limit in words",
        (change(ADR2, "within: 15m", "within: a quarter of an hour"),),
        "schema-valid",
        ADR2,
        "is not a duration",
    ),
)
