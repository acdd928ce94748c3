"""Defects of decisions: those that decision-record tools were compared on, and what makes a choice weak."""

from __future__ import annotations

from typing import Final

from edits import ADR1, ADR2, ADR3, ADR4, DESIGN, Defect, change, copy, drop

__all__ = ["ON_DECISIONS", "ON_QUALITY"]

ON_DECISIONS: Final = (
    Defect("unknown status", (change(ADR3, "status: accepted", "status: approved"),), "schema-valid", ADR3, "approved"),
    Defect("no status", (drop(ADR3, "status:"),), "schema-valid", ADR3, "status is missing"),
    Defect("no date", (drop(ADR3, "date:"),), "schema-valid", ADR3, "date is missing"),
    Defect(
        "impossible date",
        (change(ADR3, "date: 2026-11-06", "date: 2026-11-31"),),
        "schema-valid",
        ADR3,
        "not a day of the calendar",
    ),
    Defect(
        "duplicate number",
        (copy(ADR3, "churn/decisions/0003-other.md"),),
        "id-unique",
        "churn/decisions/0003-other.md",
        "the id ADR-0003 is taken by",
    ),
    Defect(
        "superseded without successor",
        (change(ADR3, "status: accepted", "status: superseded"),),
        "links-agree",
        ADR3,
        "names no successor",
    ),
    Defect(
        "successor missing",
        (change(ADR1, "superseded-by: [ADR-0002]", "superseded-by: [ADR-0009]"),),
        "links-resolve",
        ADR1,
        "ADR-0009 does not exist",
    ),
    Defect(
        "only the new record says it supersedes",
        (change(ADR2, "supersedes: [ADR-0001]", "supersedes: [ADR-0001, ADR-0003]"),),
        "links-agree",
        ADR3,
        "ADR-0002 supersedes ADR-0003, but ADR-0003 does not say so",
    ),
    Defect(
        "only the old record says it is superseded",
        (drop(ADR2, "supersedes:"),),
        "links-agree",
        ADR2,
        "ADR-0001 is superseded by ADR-0002, but ADR-0002 does not say so",
    ),
    Defect(
        "supersession cycle",
        (
            change(ADR2, "status: accepted", "status: superseded\nsuperseded-by: [ADR-0001]"),
            change(ADR1, "domain: serving", "domain: serving\nsupersedes: [ADR-0002]"),
        ),
        "links-agree",
        ADR1,
        "runs in a circle",
    ),
    Defect(
        "superseded by a rejected record",
        (
            change(ADR1, "superseded-by: [ADR-0002]", "superseded-by: [ADR-0004]"),
            change(ADR4, "domain: training", "domain: training\nsupersedes: [ADR-0001]"),
            drop(ADR2, "supersedes:"),
        ),
        "links-agree",
        ADR1,
        "superseded by ADR-0004, which is rejected",
    ),
    Defect(
        "broken link in the body",
        (change(ADR2, "](../evidence/load-test.csv)", "](../evidence/load-tests.csv)"),),
        "links-resolve",
        ADR2,
        "../evidence/load-tests.csv leads nowhere",
    ),
    Defect(
        "required section missing",
        (change(ADR3, "## Decision Outcome\n", "The outcome:\n"),),
        "record-complete",
        ADR3,
        "the section 'Decision Outcome' is missing",
    ),
    Defect("no deciders", (drop(ADR3, "decision-makers:"),), "schema-valid", ADR3, "names who decided"),
    Defect("misspelt key", (change(ADR2, "risks: [RISK-0001", "riks: [RISK-0001"),), "schema-valid", ADR2, "riks"),
    Defect(
        "invalid YAML",
        (change(ADR3, "title: Train a logistic", "title: Train: a logistic"),),
        "schema-valid",
        ADR3,
        "is not YAML",
    ),
    Defect(
        "placeholders",
        (change(ADR3, "Logistic regression: its AUC", "TODO. Logistic regression: its AUC"),),
        "record-complete",
        ADR3,
        "the placeholder TODO is left",
    ),
    Defect(
        "chosen option no option",
        (change(ADR3, "chosen: logistic regression", "chosen: logistic regresion"),),
        "tradeoffs-evaluated",
        ADR3,
        "'logistic regresion' is not among the options",
    ),
)
"""The defects that need no history, of those on which decision-record tools were compared."""


ON_QUALITY: Final = (
    Defect("domain elsewhere", (change(ADR3, "domain: training", "domain: database"),), "in-scope", ADR3, "database"),
    Defect("no domain", (drop(ADR3, "domain:"),), "in-scope", ADR3, "domain is missing"),
    Defect(
        "assumption without a check",
        (drop(ADR3, "    check: compare"),),
        "scope-explicit",
        ADR3,
        "says no way to check it",
    ),
    Defect(
        "scope in one word",
        (change(ADR3, "in: [Which model the train stage fits]", "in: [training]"),),
        "scope-explicit",
        ADR3,
        "'training' is not specific",
    ),
    Defect(
        "placeholder for a scope",
        (change(ADR3, "in: [Which model the train stage fits]", "in: [TBD]"),),
        "record-complete",
        ADR3,
        "the placeholder TBD is left",
    ),
    Defect(
        "design without an assumption",
        (drop(DESIGN, "assumptions:"), drop(DESIGN, "  - text:"), drop(DESIGN, "    check:")),
        "scope-explicit",
        DESIGN,
        "assumptions are missing",
    ),
    Defect(
        "option without a score",
        (change(ADR3, "security: 4, performance: 3, ", "performance: 3, "),),
        "tradeoffs-evaluated",
        ADR3,
        "no score for security",
    ),
    Defect(
        "lower scorer without a reason",
        (change(ADR3, "chosen: logistic regression", "chosen: boosted trees"),),
        "tradeoffs-evaluated",
        ADR3,
        "'boosted trees' has 14 points, 'logistic regression' has 17",
    ),
    Defect(
        "score out of range",
        (change(ADR3, "security: 4", "security: 7"),),
        "schema-valid",
        ADR3,
        "options[1].security is 7",
    ),
    Defect(
        "id of another kind",
        (change(ADR4, "id: ADR-0004", "id: RISK-0044"),),
        "schema-valid",
        ADR4,
        "id is RISK-0044, but this is a decision",
    ),
    Defect(
        "merge conflict",
        (
            change(
                ADR4,
                "## Decision Outcome",
                "<<<<<<< HEAD\n=======\nOne more line.\n>>>>>>> daily\n\n## Decision Outcome",
            ),
        ),
        "schema-valid",
        ADR4,
        "merge-conflict marker",
    ),
    Defect("the same key twice", (change(ADR4, "domain:", "title: Again\ndomain:"),), "schema-valid", ADR4, "title"),
    Defect("a tab", (change(ADR4, "status: rejected", "status:\n\t- rejected"),), "schema-valid", ADR4, "a tab"),
    Defect(
        "fence not closed",
        (change(ADR4, "domain: training\n---\n", "domain: training\n"),),
        "schema-valid",
        ADR4,
        "closing --- is missing",
    ),
    Defect(
        "stage that the contract has not",
        (change(ADR3, "stages: [train]", "stages: [fit]"),),
        "links-resolve",
        ADR3,
        "the contract has no stage fit",
    ),
)
