"""Defects of evidence, waivers and checklists."""

from __future__ import annotations

from typing import Final

from edits import ADR2, ADR3, CHECKLIST, CONTRACT, DRY_RUN, METRIC_OF_ADR3, Defect, change, drop, waiver

__all__ = ["ON_CHECKLISTS", "ON_EVIDENCE", "ON_WAIVERS"]

ON_EVIDENCE: Final = (
    Defect(
        "cited file missing",
        (change(ADR3, "path: evidence/metrics.json", "path: evidence/metric.json"),),
        "evidence-backed",
        ADR3,
        "the file evidence/metric.json does not exist",
    ),
    Defect(
        "file changed after it was cited",
        (change("churn/evidence/load-test.csv", "online,180", "online,140"),),
        "evidence-backed",
        ADR2,
        "the sha256 of evidence/load-test.csv is",
    ),
    Defect(
        "quoted number is another",
        (change(ADR3, "value: 0.764", "value: 0.784"),),
        "evidence-backed",
        ADR3,
        "the claim quotes 0.784, but evidence/metrics.json has 0.7641",
    ),
    Defect(
        "pointer leads nowhere",
        (change(ADR3, "pointer: /auc", "pointer: /roc"),),
        "evidence-backed",
        ADR3,
        "it has nothing at /roc",
    ),
    Defect(
        "absolute path",
        (change(ADR3, "path: evidence/metrics.json", "path: /srv/metrics.json"),),
        "evidence-backed",
        ADR3,
        "is refused: it is absolute",
    ),
    Defect(
        "path out of the folder",
        (change(ADR3, "path: evidence/metrics.json", "path: ../churn/evidence/metrics.json"),),
        "evidence-backed",
        ADR3,
        "is refused: it holds `..`",
    ),
    Defect(
        "commit that is not there",
        (change(ADR3, METRIC_OF_ADR3, "    commit: 0123abc\n"),),
        "evidence-backed",
        ADR3,
        "commit 0123abc is not in this repository",
    ),
    Defect(
        "mere assertion",
        (change(ADR3, METRIC_OF_ADR3, ""),),
        "evidence-backed",
        ADR3,
        "the best evidence for the chosen option has grade D",
    ),
    Defect(
        "failed dry run",
        (change(DRY_RUN, "result: passed", "result: failed"),),
        "evidence-backed",
        ADR2,
        "2026-11-04.md failed",
    ),
    Defect(
        "old measurement",
        (change(ADR3, "date: 2026-11-03", "date: 2025-11-03"),),
        "evidence-backed",
        ADR3,
        "368 days old on the day of the decision; the policy allows 200",
    ),
    Defect(
        "evidence for no option",
        (change(ADR2, "supports: online service", "supports: on-line service"),),
        "evidence-backed",
        ADR2,
        "'on-line service', which is no option",
    ),
    Defect(
        "a file and a page",
        (change(ADR3, "    pointer: /auc", "    url: https://example.org/auc\n    pointer: /auc"),),
        "schema-valid",
        ADR3,
        "give one of path, url, commit or run",
    ),
    Defect(
        "number in the prose that is nowhere",
        (change(ADR3, "metrics.json#/auc')", "metrics.json#/roc')"),),
        "links-resolve",
        ADR3,
        "it has nothing at /roc",
    ),
)


ON_WAIVERS: Final = (
    Defect(
        "waiver of no gate", (waiver(ADR3, gate="evidence-baked"),), "waivers-sound", ADR3, "no gate evidence-baked"
    ),
    Defect(
        "waiver by the wrong person",
        (waiver(ADR3, gate="in-scope", by="Eve Roth"),),
        "waivers-sound",
        ADR3,
        "Eve Roth may not approve waivers",
    ),
    Defect(
        "waiver for years",
        (waiver(ADR3, gate="in-scope", until="2028-12-31"),),
        "waivers-sound",
        ADR3,
        "the policy allows 90",
    ),
    Defect("waiver of nothing", (waiver(ADR3, gate="GP104"),), "waivers-sound", ADR3, "sets nothing aside"),
    Defect(
        "waiver of what is never waived",
        (waiver(CONTRACT, gate="promotion-gated"),),
        "waivers-sound",
        CONTRACT,
        "promotion-gated cannot be waived",
    ),
    Defect(
        "waiver without a reason",
        (waiver(ADR3, gate="in-scope"), change(ADR3, "reason: agreed in the review, ", "")),
        "schema-valid",
        ADR3,
        "waivers[1].reason is missing",
    ),
)


ON_CHECKLISTS: Final = (
    Defect(
        "threshold not met",
        (change(CHECKLIST, "threshold: 0.72", "threshold: 0.8"),),
        "verification-measurable",
        CHECKLIST,
        "CHK-1: measured 0.764, but auc >= 0.8 is asked for",
    ),
    Defect(
        "criterion that nothing measures",
        (drop(CHECKLIST, "    command:"), drop(CHECKLIST, "    expect:")),
        "verification-measurable",
        CHECKLIST,
        "CHK-2 is not measurable",
    ),
    Defect(
        "measured nan",
        (change(CHECKLIST, "measured: 0.764", "measured: .nan"), drop(CHECKLIST, "    evidence:")),
        "verification-measurable",
        CHECKLIST,
        "measured nan",
    ),
    Defect(
        "measured something else",
        (change(CHECKLIST, "measured: 0.764", "measured: 0.774"),),
        "verification-measurable",
        CHECKLIST,
        "measured is 0.774, but evidence/metrics.json#/auc has 0.7641",
    ),
    Defect(
        "the same item twice",
        (change(CHECKLIST, "id: CHK-2", "id: CHK-1"), change(CHECKLIST, "; CHK-2 before", "; the other before")),
        "id-unique",
        CHECKLIST,
        "the id CHK-1 is taken",
    ),
    Defect(
        "item verifies nothing",
        (change(CHECKLIST, "verifies: [RISK-0002]", "verifies: [RISK-0022]"),),
        "links-resolve",
        CHECKLIST,
        "RISK-0022 does not exist",
    ),
)
