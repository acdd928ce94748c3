"""Defects of stage contracts and policies."""

from __future__ import annotations

from typing import Final

from edits import ADR2, ADR3, CONTRACT, DESIGN, POLICY, Defect, change, copy, drop, without

__all__ = ["ON_CONTRACTS", "ON_POLICIES"]

_UNTIE: Final = (
    drop(ADR2, "stages:"),
    drop(ADR3, "stages:"),
    change(DESIGN, "[the contract](pipeline.md)", "the contract"),
)
"""Lets nothing name the contract, so that its absence is the one cause."""


ON_CONTRACTS: Final = (
    Defect(
        "image by tag",
        (change(CONTRACT, "environment: requirements.lock", 'environment: "trainer:latest"'),),
        "stages-reproducible",
        CONTRACT,
        "the environment trainer:latest is a tag, which pins nothing",
    ),
    Defect(
        "lockfile missing",
        (without("churn/requirements.lock"),),
        "stages-reproducible",
        CONTRACT,
        "the lockfile requirements.lock does not exist",
    ),
    Defect(
        "no environment",
        (drop(CONTRACT, "  environment:"),),
        "stages-reproducible",
        CONTRACT,
        "no pinned environment",
    ),
    Defect(
        "input without a version",
        (change(CONTRACT, "warehouse.facts@2026-11-02", "warehouse.facts"),),
        "stages-reproducible",
        CONTRACT,
        "the input facts is not pinned to a version",
    ),
    Defect("no seed", (drop(CONTRACT, "  seed:"),), "stages-reproducible", CONTRACT, "the stage train has no seed"),
    Defect(
        "gate bypassed",
        (change(CONTRACT, ", after: [quality-gate]", ""),),
        "promotion-gated",
        CONTRACT,
        "promote reaches production without a measurable gate",
    ),
    Defect(
        "approval bypassed",
        (change(CONTRACT, "after: [approve]", "after: [package]"),),
        "promotion-gated",
        CONTRACT,
        "promote reaches production without an approval",
    ),
    Defect(
        "stages in a circle",
        (change(CONTRACT, "in: [facts], out: [features]", "in: [facts], out: [features], after: [evaluate]"),),
        "promotion-gated",
        CONTRACT,
        "wait for each other in a circle",
    ),
    Defect(
        "metric that nobody measures",
        (change(CONTRACT, "keys: [auc, champion.auc, auc@new]", "keys: [auc, champion.auc]"),),
        "promotion-gated",
        CONTRACT,
        "asks for auc@new, which no artifact that it reads holds",
    ),
    Defect(
        "after a stage that is not there",
        (change(CONTRACT, "after: [approve]", "after: [aprove]"),),
        "promotion-gated",
        CONTRACT,
        "after names aprove, which is no stage",
    ),
    Defect(
        "condition that cannot be read",
        (change(CONTRACT, "auc >= 0.72,", "auc >> 0.72,"),),
        "schema-valid",
        CONTRACT,
        "auc >> 0.72",
    ),
    Defect(
        "input misspelt",
        (change(CONTRACT, "in: [model], out: [bundle]", "in: [modell], out: [bundle]"),),
        "stages-reproducible",
        CONTRACT,
        "no stage writes modell",
    ),
    Defect("no contract", (without(CONTRACT), *_UNTIE), "promotion-gated", DESIGN, "the design has no stage contract"),
)


ON_POLICIES: Final = (
    Defect(
        "policy names no gate",
        (change(POLICY, "evidence:\n", "enforcement: {evidence-baked: advise}\nevidence:\n"),),
        "policy-sound",
        POLICY,
        "there is no gate evidence-baked",
    ),
    Defect(
        "role that nobody holds",
        (change(POLICY, "  approve: [ml-lead]", "  approve: [ml-lead, cto]"),),
        "policy-sound",
        POLICY,
        "nobody holds the role cto",
    ),
    Defect(
        "never waives no gate",
        (change(POLICY, "never: [promotion-gated]", "never: [promotion-gated, GP999]"),),
        "policy-sound",
        POLICY,
        "there is no gate GP999",
    ),
    Defect(
        "threshold off the scale",
        (change(POLICY, "accepted-exposure: 9", "accepted-exposure: 90"),),
        "schema-valid",
        POLICY,
        "tiers.medium.accepted-exposure is 90",
    ),
    Defect("unknown rule", (change(POLICY, "max-days:", "max-day:"),), "schema-valid", POLICY, "the key max-day"),
    Defect(
        "off without quotes",
        (change(POLICY, "evidence:\n", "enforcement: {in-scope: off}\nevidence:\n"),),
        "schema-valid",
        POLICY,
        "YAML 1.1 reads off as a truth value",
    ),
    Defect("second policy", (copy(POLICY, "rules.md"),), "policy-sound", "rules.md", "the policy already"),
)
