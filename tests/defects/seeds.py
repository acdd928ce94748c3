"""Seeded defects: each is one mistake that a person could make, applied alone to the clean log."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from trees import edited

__all__ = ["ALL", "Defect", "Files", "shifted", "together"]

Files = Mapping[str, str]
Edit = Callable[[Files], dict[str, str]]

ADR1: Final = "churn/decisions/0001-online-scoring.md"
ADR2: Final = "churn/decisions/0002-batch-scoring.md"
ADR3: Final = "churn/decisions/0003-logistic-regression.md"
ADR4: Final = "churn/decisions/0004-retrain-daily.md"
RISK1: Final = "churn/risks/0001-stale-scores.md"
RISK2: Final = "churn/risks/0002-tampered-bundle.md"
FU1: Final = "churn/follow-ups/0001-switch-off-service.md"
DESIGN: Final = "churn/index.md"
CONTRACT: Final = "churn/pipeline.md"
CHECKLIST: Final = "churn/checklist.md"
POLICY: Final = "policy.md"
DRY_RUN: Final = "churn/evidence/dry-runs/2026-11-04.md"

ROLLBACK: Final = """\
rollback:
  trigger: [opt_out_rate > 0.02]
  target: the previous table
  within: 15m
  owner: sre-oncall
"""
METRIC_OF_ADR3: Final = """\
    path: evidence/metrics.json
    pointer: /auc
    value: 0.764
"""


@dataclass(frozen=True, slots=True)
class Defect:
    """A mistake, and the one finding that it must give."""

    name: str
    edits: tuple[Edit, ...]
    gate: str
    path: str
    """The file that the finding must stand in."""
    says: str
    """Words of the finding."""

    def seeded(self, files: Files) -> dict[str, str]:
        """Give the files with this mistake in them."""
        changed = dict(files)
        for edit in self.edits:
            changed = edit(changed)
        return changed


def _copy(path: str, to: str, files: Files) -> dict[str, str]:
    return {**files, to: files[path]}


def change(path: str, old: str, new: str) -> Edit:
    """Give the edit that replaces a piece of text."""
    return lambda files: edited(files, path, old, new)


def drop(path: str, start: str) -> Edit:
    """Give the edit that removes the one line that starts with some text."""

    return lambda files: edited(files, path, *_line(files[path], start))


def _line(text: str, start: str) -> tuple[str, str]:
    lines = [line for line in text.splitlines(keepends=True) if line.startswith(start)]
    assert len(lines) == 1, f"{len(lines)} lines start with {start!r}"
    return lines[0], ""


def _without(path: str) -> Edit:
    return lambda files: {name: text for name, text in files.items() if name != path}


def waiver(path: str, *, gate: str, by: str = "Ana Ruiz", until: str = "2026-12-31") -> Edit:
    """Give the edit that adds a waiver to a record."""
    lines = f"waivers:\n  - {{gate: {gate}, reason: agreed in the review, approved-by: {by}, until: {until}}}\n---\n\n#"
    return change(path, "---\n\n#", lines)


_UNTIE: Final = (
    drop(ADR2, "stages:"),
    drop(ADR3, "stages:"),
    change(DESIGN, "[the contract](pipeline.md)", "the contract"),
)
"""Lets nothing name the contract, so that its absence is the one cause."""

_DECISIONS: Final = (
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
        (partial(_copy, ADR3, "churn/decisions/0003-other.md"),),
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

_SCOPE: Final = (
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
        (change(ADR4, "## Decision Outcome", "<<<<<<< HEAD\n=======\nOne more line.\n>>>>>>> daily\n\n## Decision Outcome"),),
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

_RISKS: Final = (
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
        "no word on what risk remains", (drop(ADR3, "residual-risk:"),), "risks-owned", ADR3, "the decision names no risk"
    ),
)

_FOLLOW_UPS: Final = (
    Defect("follow-up without a date", (drop(FU1, "due:"),), "follow-ups-accountable", FU1, "due is missing"),
    Defect("done, and no outcome", (change(FU1, "status: open", "status: done"),), "schema-valid", FU1, "what came of it"),
    Defect("unknown status of work", (change(FU1, "status: open", "status: closed"),), "schema-valid", FU1, "'closed'"),
    Defect("due next week", (change(FU1, "due: 2027-02-01", "due: next week"),), "schema-valid", FU1, "'next week'"),
    Defect(
        "due as a person writes it", (change(FU1, "due: 2027-02-01", "due: 1.2.2027"),), "schema-valid", FU1, "1.2.2027"
    ),
)

_ROLLOUT: Final = (
    Defect("follow-up file removed", (_without(FU1),), "links-resolve", ADR2, "FU-0001 does not exist"),
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

_EVIDENCE: Final = (
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

_WAIVERS: Final = (
    Defect("waiver of no gate", (waiver(ADR3, gate="evidence-baked"),), "waivers-sound", ADR3, "no gate evidence-baked"),
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

_CHECKLIST: Final = (
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

_CONTRACT: Final = (
    Defect(
        "image by tag",
        (change(CONTRACT, "environment: requirements.lock", 'environment: "trainer:latest"'),),
        "stages-reproducible",
        CONTRACT,
        "the environment trainer:latest is a tag, which pins nothing",
    ),
    Defect(
        "lockfile missing",
        (_without("churn/requirements.lock"),),
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
    Defect("no contract", (_without(CONTRACT), *_UNTIE), "promotion-gated", DESIGN, "the design has no stage contract"),
)

_POLICY: Final = (
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
    Defect("second policy", (partial(_copy, POLICY, "rules.md"),), "policy-sound", "rules.md", "the policy already"),
)

ALL: Final = (
    *_DECISIONS,
    *_SCOPE,
    *_RISKS,
    *_FOLLOW_UPS,
    *_ROLLOUT,
    *_EVIDENCE,
    *_WAIVERS,
    *_CHECKLIST,
    *_CONTRACT,
    *_POLICY,
)
"""Every defect, each with a name of its own."""


def shifted(text: str, number: int) -> str:
    """Give text of the clean log as it reads in its copy with a number: other ids, another design."""
    text = re.sub(
        r"\b(ADR|RISK|FU|CHK)-(\d+)\b",
        lambda found: f"{found[1]}-{int(found[2]) + 100 * number:0{len(found[2])}d}",
        text,
    )
    text = re.sub(r"(?<=/)(\d{4})-(?=[a-z])", lambda found: f"{int(found[1]) + 100 * number:04d}-", text)
    return re.sub(r"^(churn(?=/)|(?:id|design): churn(?=$))", rf"\1-{number}", text, flags=re.MULTILINE)


def together(clean: Files) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """Give one log that holds every defect, and for each the gate, the file and the words of its finding.

    Each defect sits in a design of its own, a copy of the clean one with other numbers. They share one policy; a
    policy that cannot be read would hide what the others rest on, and a second one cannot be copied, so such
    defects are left to the tests of one defect.
    """
    log, expected = dict(clean), []
    for number, defect in enumerate(ALL, start=1):
        if defect.path == POLICY and defect.gate == "schema-valid":
            continue
        seeded = defect.seeded(clean)
        if defect.gate == "policy-sound":
            changed = {path: text for path, text in defect.seeded(log).items() if "/" not in path}
            log.update(changed)
            expected.append((defect.gate, defect.path, defect.says))
            continue
        log.update({shifted(path, number): shifted(text, number) for path, text in seeded.items() if "/" in path})
        expected.append((defect.gate, shifted(defect.path, number), shifted(defect.says, number)))
    return log, expected
