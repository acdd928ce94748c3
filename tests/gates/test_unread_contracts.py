"""A contract with values that cannot be read: all that does not depend on them is told in the same run, and no more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands import command
from gatepost.check import Finding, Report
from trees import check_tree, checked, clean_log, edited, findings, messages, outcome, write_tree

CONTRACT = "churn/pipeline.md"
DEFECTS = (
    ("requirements.lock", "missing.lock"),
    ("after: [approve]", "after: [package]"),
    ("  on-fail: halt + alert\n", ""),
)
"""No lockfile, a promotion that does not wait for the approval, no handler: one finding of three gates each."""
GATES = ["dry-run-passed", "stages-reproducible", "promotion-gated"]


def contract(*edits: tuple[str, str]) -> dict[str, str]:
    """Give the clean log with its contract edited."""
    files = clean_log()
    for old, new in edits:
        files = edited(files, CONTRACT, old, new)
    return files


def told(report: Report) -> list[tuple[str, str, str]]:
    """Give what is found besides values that cannot be read: gate, field, and message without the branch shown."""
    others = (one for one in report.findings if one.gate.id != "schema-valid")
    return sorted((one.gate.id, one.field, one.message.partition("; shown by")[0]) for one in others)


def unread(report: Report) -> list[Finding]:
    """Give what cannot be read."""
    return findings(report, "schema-valid")


MALFORMED = [
    ("timeout: 10m", "timeout: 10 minutes", "defaults.timeout", "a number and ms, s, m, h or d, like 10m"),
    ("\n  retries: 1", "\n  retries: many", "defaults.retries", "a whole number"),
    ("seed: 11", "seed: eleven", "defaults.seed", "a whole number"),
    ("repeat: exact", "repeat: exactly", "defaults.repeat", "exact, semantic, {semantic: predictions}"),
    ("title: From customer facts to scores", "title: [From, facts]", "title", "text; put it in quotes"),
    ("owner: growth-ml", "owner: 7", "owner", "text; put it in quotes"),
    ("owner: growth-ml\n", "", "owner", "add `owner:`"),
    ("{known-good: previous}", "{known-good: 5}", "environments.production.known-good", "text; put it in quotes"),
    (
        "{known-good: previous}",
        "{know-good: previous}",
        "environments.production.know-good",
        "did you mean known-good?",
    ),
    ("pii: tokenised", "pii: 5", "artifacts.facts.pii", "text; put it in quotes"),
    ("{type: dataset, path: out/facts.csv,", "{path: out/facts.csv,", "artifacts.facts.type", "add `type:`"),
    ("type: model", "type: [model]", "artifacts.model.type", "text; put it in quotes"),
    (
        "keys: [auc, champion.auc, auc@new]",
        'keys: "auc, champion.auc, auc@new"',
        "artifacts.metrics.keys",
        "a list: [one, two]",
    ),
    ("sign: cosign", "sign: true", "artifacts.bundle.sign", "text; put it in quotes"),
    ("model: {type: model, path: out/model.json}", "model: out/model.json", "artifacts.model", "a mapping of keys"),
    ("kind: data,", "kind: dta,", "stages.features.kind", "did you mean data? Allowed are data, train, validate"),
    ("kind: validate,", "kind: evaluate,", "stages.evaluate.kind", "did you mean validate?"),
    ("run: python train.py", "run: [python, train.py]", "stages.train.run", "text; put it in quotes"),
    ("in: [facts]", "in: facts", "stages.features.in", "a list: [one, two]"),
    ("out: [features]", "out: features", "stages.features.out", "a list: [one, two]"),
    ("after: [quality-gate]", "after: quality-gate", "stages.package.after", "a list: [one, two]"),
    ("[auc >= 0.72,", "[auc >== 0.72,", "stages.quality-gate.pass.0", "expected a number, or a metric to compare with"),
    ("[auc >= 0.72,", "[{auc: 0.72},", "stages.quality-gate.pass.0", "auc >= 0.72, or auc <= 0.72"),
    (
        "on-reject: quarantine + alert",
        "on-reject: [stop]",
        "stages.quality-gate.on-reject",
        "one text: stop",
    ),
    ("by: [ml-lead]", "by: ml-lead", "stages.approve.by", "a list: [one, two]"),
    ("expires: 24h", "expires: a day", "stages.approve.expires", "a number and ms, s, m, h or d, like 10m"),
    ("expires: 24h", "expire: 24h", "stages.approve.expire", "did you mean expires?"),
    ("expires: 24h", "deadline: 24h", "stages.approve.deadline", "known are kind, run, in"),
    ("rollout: [10% 24h", "rollout: [ten 24h", "stages.promote.rollout.0", "a percentage and a duration, like 10% 1h"),
    ("watch: [opt_out_rate]", "watch: opt_out_rate", "stages.promote.watch", "a list: [one, two]"),
    ("to: previous,", "to: [previous],", "stages.promote.rollback.to", "text; put it in quotes"),
    ("within: 15m", "within: soon", "stages.promote.rollback.within", "a number and ms, s, m, h or d, like 10m"),
    ("[opt_out_rate > 0.02]", "[opt_out_rate high]", "stages.promote.rollback.when.0", "expected an operator: <, <="),
    ("rollback + page\n  watch:", "rolback + page\n  watch:", "stages.promote.on-fail", "expected one of halt, alert"),
    ("signals: [opt_out_rate]", "signals: opt_out_rate", "stages.watch.signals", "a list: [one, two]"),
    ("kind: monitor", "kind: monitr", "stages.watch.kind", "did you mean monitor?"),
    ("{type: package, path", "{type: package, pth", "artifacts.bundle.pth", "did you mean path?"),
    ("sign: cosign", "sign:cosign", "artifacts.bundle.sign:cosign", "put a space after the colon"),
]
IDS = [f"{field}: {new}" for _, new, field, _ in MALFORMED]


@pytest.mark.parametrize(("old", "new", "field", "form"), MALFORMED, ids=IDS)
def test_every_defect_is_told_beside_a_value_that_cannot_be_read(
    old: str, new: str, field: str, form: str, tmp_path: Path
) -> None:
    """The value is told once with its place and the expected form; the three defects as if it were mended."""
    files = contract(*DEFECTS, (old, new))
    report = checked(tmp_path, files)
    (finding,) = unread(report)
    assert finding.field == field
    assert form in f"{finding.message} {finding.hint}"
    assert finding.line >= 2 or not new
    write_tree(tmp_path, contract(*DEFECTS))
    mended = check_tree(tmp_path)
    assert [gate for gate, _, _ in told(mended)] == sorted(GATES)
    assert told(report) == told(mended)
    assert {one.fingerprint for one in mended.findings} <= {one.fingerprint for one in report.findings}


@pytest.mark.parametrize(("old", "new", "field", "form"), MALFORMED, ids=IDS)
def test_nothing_is_told_of_a_sound_contract_that_comes_of_a_value_that_cannot_be_read(
    old: str, new: str, field: str, form: str, tmp_path: Path
) -> None:
    """A time-out that cannot be read is there; so is a condition, an edge, a stage. And no gate is met meanwhile."""
    report = checked(tmp_path, contract((old, new)))
    assert [(one.gate.id, one.field) for one in report.findings] == [("schema-valid", field)], (form, messages(report))
    found = report.of("churn/pipeline")
    assert found is not None
    assert list(found.outcomes) == ["schema-valid"]
    assert found.muted > 0
    assert not report.passed


def test_many_values_that_cannot_be_read_are_told_at_once_with_all_defects(tmp_path: Path) -> None:
    """Six values and three defects are nine findings of one run."""
    several = [MALFORMED[number][:2] for number in (0, 1, 15, 21, 25, 33)]
    report = checked(tmp_path, contract(*DEFECTS, *several))
    assert len(unread(report)) == 6
    assert [gate for gate, _, _ in told(report)] == sorted(GATES)
    assert len(report.findings) == 9


def test_values_that_readers_of_yaml_take_for_different_things_are_told_with_the_others(tmp_path: Path) -> None:
    """Such a value stops the reader no more than one of the wrong form: each is told, and the defects beside them."""
    odd = [("10m", "10:30"), ("seed: 11", "seed: 0x11"), ("sign: cosign", "sign: off"), ("kind: data", "kind: on")]
    edits = [*DEFECTS, *odd, ("expires: 24h", "expires: a day"), ("auc >= 0.72", "007")]
    files = contract(*edits)
    report = checked(tmp_path, files)
    lines = files[CONTRACT].splitlines()
    places = ("10:30", "0x11", "sign: off", "kind: on", "007", "a day")
    assert [next(one for one in places if one in lines[found.line - 1]) for found in unread(report)] == [*places]
    assert {gate for gate, _, _ in told(report)} <= set(GATES)
    write_tree(tmp_path, contract(*edits[3:]))
    assert told(check_tree(tmp_path)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  model: {type", "  the model: {type"),
        ("  train: {kind", "  the train stage: {kind"),
        ("  production: {known", "  in production: {known"),
        ("after: [approve]", "needs: [approve]"),
        ("rollback: {to", "undo: {too"),
    ],
)
def test_a_name_that_is_none_or_a_key_that_nobody_knows_takes_nothing_away(old: str, new: str, tmp_path: Path) -> None:
    """What is named and not listed may be what has that name; an unknown key may be any that it can be."""
    files = contract((old, new))
    assert [one.gate.id for one in checked(tmp_path, files).findings] == ["schema-valid"]


@pytest.mark.parametrize(
    ("old", "new", "waits"),
    [
        ("to: production", "to: [production]", "promotion-gated"),
        ("environment: requirements.lock", "environment: [requirements.lock]", "stages-reproducible"),
        ("  on-fail: halt + alert\n", "  on-fail: stop\n", "dry-run-passed"),
    ],
)
def test_what_depends_on_a_value_that_cannot_be_read_waits(old: str, new: str, waits: str, tmp_path: Path) -> None:
    """Whether a promotion to nobody knows where needs an approval is not known, and its gate is not met either."""
    kept = [one for one in DEFECTS if one[0] not in {old, old.partition(": ")[2]}]
    found = checked(tmp_path, contract(*kept, (old, new))).of("churn/pipeline")
    assert found is not None
    assert {"schema-valid", *GATES} - {waits} == set(found.outcomes)
    assert all(one.state == "fail" for one in found.outcomes.values())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  features: {kind: data, run: python features.py, in: [facts], out: [features]}", "  features: python f.py"),
        ("stages:\n", "workdir: [churn]\nstages:\n"),
        ("owner: growth-ml", "owner: growth-ml\nwaivers: [{gate: promotion-gated, until: soon}]"),
    ],
)
def test_where_too_much_is_open_nothing_else_is_told(old: str, new: str, tmp_path: Path) -> None:
    """Of a stage that is no mapping, of files in a folder that is not known, of a waiver: the rest waits."""
    report = checked(tmp_path, contract(*DEFECTS, (old, new)))
    assert {one.gate.id for one in report.findings} == {"schema-valid"}


def test_a_finding_that_is_waived_stays_so_beside_a_value_that_cannot_be_read(tmp_path: Path) -> None:
    """The waiver can be read, and is held to as before."""
    waiver = "{gate: stages-reproducible, reason: It comes next week, approved-by: Ana Ruiz, until: 2026-12-01}"
    edits = [DEFECTS[0], ("owner: growth-ml", f"owner: growth-ml\nwaivers: [{waiver}]")]
    assert outcome(checked(tmp_path, contract(*edits)), "churn/pipeline", "stages-reproducible").state == "waived"
    write_tree(tmp_path, contract(*edits, ("timeout: 10m", "timeout: ten")))
    assert {one.gate.id for one in check_tree(tmp_path).findings} == {"schema-valid"}


@pytest.mark.parametrize(
    ("path", "defect", "malformed", "gate"),
    [
        (
            "churn/risks/0001-stale-scores.md",
            ("owner: Ana Ruiz\n", ""),
            ("\nlikelihood: ", "\nlikelihood: high #"),
            "risks-owned",
        ),
        (
            "churn/decisions/0003-logistic-regression.md",
            ("  out: [How often it is trained (ADR-0002)]\n", ""),
            ("production-impact: ", "production-impact: maybe #"),
            "scope-explicit",
        ),
        (
            "churn/checklist.md",
            ("threshold: 0.72", "threshold: 0.8"),
            ("measured-on: ", "measured-on: lately #"),
            "verification-measurable",
        ),
        (
            "churn/follow-ups/0001-switch-off-service.md",
            ("owner: ", "x-owner: "),
            ("status: open", "status: open\nreviewed: lately"),
            "follow-ups-accountable",
        ),
    ],
)
def test_other_kinds_of_record_are_told_all_at_once_too(
    path: str, defect: tuple[str, str], malformed: tuple[str, str], gate: str, tmp_path: Path
) -> None:
    """A decision, a risk, a checklist or a follow-up with one bad field hides none of its other defects."""
    report = checked(tmp_path, edited(edited(clean_log(), path, *defect), path, *malformed))
    assert {one.gate.id for one in report.findings if one.path == f"docs/{path}"} == {"schema-valid", gate}


@pytest.mark.parametrize("malformed", [("threshold: 0.72", "threshold: high"), ("title: ", "title: a: b #")])
def test_what_names_an_item_of_a_checklist_that_cannot_be_read_is_not_blamed(
    malformed: tuple[str, str], tmp_path: Path
) -> None:
    """The items are there, whatever is wrong with the checklist; one that it does not have is still missed."""
    files = edited(clean_log(), "churn/checklist.md", *malformed)
    decision = "churn/decisions/0003-logistic-regression.md"
    files[decision] += "\nSee CHK-0002, and CHK-0077.\n"
    report = checked(tmp_path, files)
    assert [one.message for one in report.findings if one.gate.id != "schema-valid"] == ["CHK-0077 does not exist"]


def test_what_was_there_before_is_not_new_beside_a_value_that_cannot_be_read(tmp_path: Path) -> None:
    """Findings keep their fingerprints, so that `check --base --new-only` names the value alone."""
    write_tree(tmp_path, contract(*DEFECTS), commit=True)
    write_tree(tmp_path, contract(*DEFECTS, ("timeout: 10m", "timeout: ten")))
    done = command(tmp_path, "check", "--base", "HEAD", "--new-only", "--format", "json")
    assert [one["gate"] for one in json.loads(done.out)["findings"] if one["new"]] == ["schema-valid"]
