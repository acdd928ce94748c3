"""Edits that change nothing for the worse: no gate blames them."""

from __future__ import annotations

from pathlib import Path

import pytest

from trees import checked, clean_log, edited, messages, with_key

ADR1 = "churn/decisions/0001-online-scoring.md"
ADR2 = "churn/decisions/0002-batch-scoring.md"
ADR3 = "churn/decisions/0003-logistic-regression.md"
CONTRACT = "churn/pipeline.md"
CHECKLIST = "churn/checklist.md"
RISK1 = "churn/risks/0001-stale-scores.md"
FU1 = "churn/follow-ups/0001-switch-off-service.md"

EDITS = {
    "a time-out raised": (CONTRACT, "  timeout: 10m", "  timeout: 2h"),
    "a gate tightened": (CONTRACT, "auc >= 0.72,", "auc >= 0.75,"),
    "a condition added": (CONTRACT, "auc >= 0.72,", "auc >= 0.72, auc <= 0.99,"),
    "a stage described": (CONTRACT, "run: python train.py,", "run: python train.py, description: 'Fits it: once',"),
    "a stage run elsewhere": (
        CONTRACT,
        "run: python train.py,",
        f'run: python train.py, environment: "t@sha256:{"a" * 64}",',
    ),
    "staging added": (
        CONTRACT,
        "  watch: {kind: monitor",
        "  rehearse: {kind: promote, to: staging, run: python stage.py, in: [bundle]}\n  watch: {kind: monitor",
    ),
    "a second approval": (CONTRACT, "by: [ml-lead], after", "by: [ml-lead, head-of-data], after"),
    "an input replaced by a newer version": (CONTRACT, "facts@2026-11-02", "facts@2026-11-09"),
    "a retry more": (CONTRACT, "  retries: 1", "  retries: 3"),
    "a stage claims less": (CONTRACT, "run: python train.py,", "run: python train.py, repeat: {metric: 0.005},"),
    "ids without zeros": (ADR2, "risks: [RISK-0001, RISK-0002]", "risks: [RISK-1, RISK-2]"),
    "a list in lines": (ADR2, "risks: [RISK-0001, RISK-0002]", "risks:\n  - RISK-0001\n  - RISK-0002"),
    "a status in capitals": (ADR3, "status: accepted", "status: Accepted"),
    "MADR's word for the deciders": (ADR3, "decision-makers:", "deciders:"),
    "a status with its successor": (
        ADR1,
        "status: superseded\ndate: 2026-09-14\ndecision-makers: [Ana Ruiz]\nsuperseded-by: [ADR-0002]",
        "status: superseded by ADR-0002\ndate: 2026-09-14\ndecision-makers: [Ana Ruiz]",
    ),
    "a title with punctuation": (ADR3, "title: Train a logistic regression", "title: \"Train: a model, 'logistic'\""),
    "a comment in the frontmatter": (ADR3, "domain: training", "domain: training  # not serving"),
    "a third option": (
        ADR3,
        "chosen: logistic",
        "  - {name: a tree, security: 4, performance: 2, operability: 5, maintainability: 5}\nchosen: logistic",
    ),
    "a section more": (ADR3, "## Decision Outcome", "## Decision Drivers\n\n* people on call\n\n## Decision Outcome"),
    "subsections": (ADR3, "* boosted trees\n", "* boosted trees\n\n### Consequences\n\n* Good, because it is small\n"),
    "a heading of the first rank": (ADR3, "## Considered Options", "# Considered Options"),
    "a quoted number with another precision": (ADR3, "value: 0.764", "value: 0.76"),
    "a risk treated further": (RISK1, "residual-likelihood: 2", "residual-likelihood: 1"),
    "a risk closed": (RISK1, "status: mitigated", "status: closed"),
    "work done": (FU1, "status: open", "status: done\noutcome: The route answers 404 since Monday"),
    "a new due date": (FU1, "due: 2027-02-01", "due: 2027-04-01"),
    "a threshold made stricter": (CHECKLIST, "threshold: 0.72", "threshold: 0.75"),
    "a measurement in more digits": (CHECKLIST, "measured: 0.764", "measured: 0.7641"),
    "a rollout in more steps": (
        ADR2,
        "  - {step: all customers, criteria",
        "  - {step: half of them, criteria: [opt_out_rate <= 0.02]}\n  - {step: all customers, criteria",
    ),
    "prose in Chinese": (ADR3, "ADR-0002 needs a model", "ADR-0002 需要一个模型 needs a model"),
    "windows line ends": (ADR3, "\n## Decision Outcome\n", "\r\n## Decision Outcome\r\n"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_honest_edit_is_not_blamed(edit: tuple[str, str, str], tmp_path: Path) -> None:
    """Tightening, describing, treating, finishing and reformatting give no finding at all."""
    assert messages(checked(tmp_path, edited(clean_log(), *edit))) == []


def test_a_renamed_file_is_the_same_record(tmp_path: Path) -> None:
    """What names a record names its id, not its file."""
    files = clean_log()
    files["churn/decisions/0003-simple-model.md"] = files.pop(ADR3)
    assert messages(checked(tmp_path, files)) == []


def test_a_moved_design_keeps_its_records(tmp_path: Path) -> None:
    """A design's folder may be renamed or nested: paths are relative to it."""
    files = {path.replace("churn/", "teams/growth/churn-v2/", 1): text for path, text in clean_log().items()}
    assert messages(checked(tmp_path, files)) == []


def test_a_stage_renamed_everywhere_is_no_fault(tmp_path: Path) -> None:
    """A name may change when all that use it change with it."""
    files = edited(clean_log(), CONTRACT, "  train: {kind", "  fit: {kind")
    assert messages(checked(tmp_path, edited(files, ADR3, "stages: [train]", "stages: [fit]"))) == []


def test_stages_in_another_order_are_the_same_contract(tmp_path: Path) -> None:
    """Edges make the order, not the lines."""
    files = clean_log()
    watch = next(line for line in files[CONTRACT].splitlines(keepends=True) if line.startswith("  watch: "))
    moved = files[CONTRACT].replace(watch, "").replace("stages:\n", f"stages:\n{watch}")
    assert messages(checked(tmp_path, {**files, CONTRACT: moved})) == []


def test_pages_beside_the_records_are_nobodys_business(tmp_path: Path) -> None:
    """Indexes, readmes, templates and plain pages are no records, whatever stands in them."""
    page = "# Notes\n\nTODO, ADR-0099, [x](gone.md)\n"
    names = ("notes.md", "churn/decisions/index.md", "churn/decisions/README.md", "churn/decisions/template.md")
    assert messages(checked(tmp_path, {**clean_log(), **dict.fromkeys(names, page)})) == []


def test_a_new_proposal_blocks_nobody(tmp_path: Path) -> None:
    """A proposal with only a title is open work, and the check passes."""
    proposal = "---\ntitle: Score twice a week\nstatus: proposed\ndate: 2026-11-20\n---\n\n# Score twice a week\n"
    report = checked(tmp_path, {**clean_log(), "churn/decisions/0005-twice.md": proposal})
    assert {one.effect for one in report.findings} == {"open"}
    assert report.passed


def test_a_waiver_more_never_adds_a_failure(tmp_path: Path) -> None:
    """Setting a gate aside that is not met takes its findings away and brings none."""
    files = with_key(clean_log(), ADR3, "domain: database")
    lines = "waivers: [{gate: in-scope, reason: agreed, approved-by: Ana Ruiz, until: 2027-01-31}]"
    assert messages(checked(tmp_path, with_key(files, ADR3, lines))) == []
