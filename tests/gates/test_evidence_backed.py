"""`evidence-backed`: evidence is looked at, and its grade is what was found."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from trees import TODAY, check_tree, checked, clean_log, edited, findings, git, outcome, said, with_key, write_tree

GATE = "evidence-backed"
ADR2 = "churn/decisions/0002-batch-scoring.md"
ADR3 = "churn/decisions/0003-logistic-regression.md"
METRICS = "churn/evidence/metrics.json"
SHA = hashlib.sha256(clean_log()[METRICS].encode()).hexdigest()


def cites(lines: str, *, kind: str = "benchmark", impact: str = "false") -> dict[str, str]:
    """Give the clean log with one piece of evidence in ADR-0003."""
    block = f"evidence:\n  - kind: {kind}\n    claim: It is good\n" + "".join(
        f"    {one}\n" for one in lines.split("; ")
    )
    files = with_key(clean_log(), ADR3, block.rstrip("\n"))
    return with_key(files, ADR3, f"production-impact: {impact}\nrollout: []") if impact == "true" else files


@pytest.mark.parametrize(
    ("lines", "kind", "grade"),
    [
        ("path: evidence/dry-runs/2026-11-04.md", "dry-run", "A"),
        (f"path: evidence/metrics.json; sha256: {SHA}", "benchmark", "B"),
        ("path: evidence/metrics.json; pointer: /auc; value: 0.76", "benchmark", "B"),
        ("path: evidence/metrics.json", "benchmark", "C"),
        ("path: docs/churn/evidence/metrics.json", "benchmark", "C"),
        ("url: https://example.org/paper", "paper", "C"),
        ("run: mlflow/42", "experiment", "C"),
        ("date: 2026-11-01", "expert-judgement", "D"),
    ],
)
@pytest.mark.parametrize("minimum", ["A", "B", "C", "D"])
def test_the_best_evidence_needs_the_grade_of_the_policy(
    lines: str, kind: str, grade: str, minimum: str, tmp_path: Path
) -> None:
    """The policy's minimum may be reached exactly; below it the finding names both grades."""
    files = with_key(cites(lines, kind=kind), "policy.md", f"evidence: {{minimum: {minimum}, minimum-production: D}}")
    found = said(checked(tmp_path, files), GATE)
    assert (found == []) == (grade <= minimum)
    if found:
        assert f"has grade {grade} " in found[0]
        assert found[0].endswith(f"the policy asks for {minimum}")


def test_production_impact_asks_for_more(tmp_path: Path) -> None:
    """A reference that is enough elsewhere is not enough where production changes."""
    (message,) = said(checked(tmp_path, cites("url: https://example.org/x", impact="true")), GATE)
    assert message.endswith("with production impact the policy asks for B")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("path: evidence/none.json", "the file evidence/none.json does not exist"),
        ("path: evidence", "the file evidence is a folder"),
        ("path: /etc/hostname", "the path /etc/hostname is refused: it is absolute"),
        ("path: ~/x", "the path ~/x is refused: it is absolute"),
        ("path: evidence/../evidence/metrics.json", "is refused: it holds `..`"),
        (f"path: evidence/metrics.json; sha256: {'a' * 64}", "the sha256 of evidence/metrics.json is"),
        ("path: evidence/metrics.json; pointer: /auc; value: 0.77", "the claim quotes 0.77, but"),
        ("path: evidence/metrics.json; pointer: /roc; value: 0.76", "it has nothing at /roc"),
        ("path: evidence/metrics.json; pointer: /minutes; value: 1", "what it has at /minutes is not a number"),
        ("path: evidence/load-test.csv; pointer: /a; value: 1", "it is not JSON"),
        ("commit: 0123456789abcdef", "commit 0123456789abcdef is not in this repository"),
        ("path: evidence/metrics.json; date: 2027-01-01", "the evidence is dated 2027-01-01, in the future"),
        ("path: evidence/metrics.json; supports: boosted tree", "supports names 'boosted tree', which is no option"),
    ],
)
def test_evidence_that_does_not_hold_up_is_one_finding(lines: str, message: str, tmp_path: Path) -> None:
    """What is wrong with a piece of evidence is said, and its grade is not told on top of it."""
    (found,) = said(checked(tmp_path, cites(lines)), GATE)
    assert message in found


@pytest.mark.parametrize(
    ("value", "holds"),
    [
        ("0.7641", True),
        ("0.764", True),
        ("0.76", True),
        ("0.8", True),
        ("1", True),
        ("0.765", False),
        ("0.7640", False),
    ],
)
def test_a_quoted_number_may_be_rounded_but_not_wrong(value: str, holds: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a case
    """0.7641 may be quoted as 0.76; as 0.7640 it claims a digit that is wrong."""
    found = said(checked(tmp_path, cites(f"path: evidence/metrics.json; pointer: /auc; value: {value}")), GATE)
    assert (found == []) == holds


def test_evidence_of_today_is_not_in_the_future(tmp_path: Path) -> None:
    """What was measured on the very day of the check counts."""
    assert said(checked(tmp_path, cites(f"path: evidence/metrics.json; date: {TODAY}")), GATE) == []


@pytest.mark.parametrize(("day", "message"), [("2026-04-20", None), ("2026-04-19", "was 201 days old")])
def test_evidence_has_an_age_on_the_day_of_the_decision(day: str, message: str | None, tmp_path: Path) -> None:
    """The limit of 200 days may be reached; the age does not grow after the decision."""
    found = said(checked(tmp_path, cites(f"path: evidence/metrics.json; date: {day}"), TODAY.replace(year=2029)), GATE)
    assert [one for one in found if "days old" in one] == found
    assert (found == []) == (message is None)
    assert message is None or message in found[0]


def test_a_file_that_git_does_not_track_is_no_evidence(tmp_path: Path) -> None:
    """What only this machine has, nobody can look at."""
    root = write_tree(tmp_path, cites("path: evidence/mine.json"))
    (root / "docs/churn/evidence/mine.json").write_text("{}")
    (finding,) = findings(check_tree(root), GATE)
    assert finding.message == "the file evidence/mine.json is not tracked by git"
    assert finding.hint == "run `git add docs/churn/evidence/mine.json`"


def test_a_link_out_of_the_repository_is_refused(tmp_path: Path) -> None:
    """A symbolic link does not smuggle in a file that others do not have."""
    (tmp_path / "outside.json").write_text("{}")
    inside = tmp_path / "project"
    inside.mkdir()
    root = write_tree(inside, cites("path: evidence/link.json"))
    (root / "docs/churn/evidence/link.json").symlink_to(tmp_path / "outside.json")
    git(root, "add", "--all")
    (message,) = said(check_tree(root), GATE)
    assert message == "the path evidence/link.json is refused: it is a symbolic link that leaves the repository"


def test_a_commit_of_this_repository_is_grade_b(tmp_path: Path) -> None:
    """A commit that exists here can be looked at."""
    root = write_tree(tmp_path, clean_log(), commit=True)
    head = git(root, "rev-parse", "HEAD").strip()
    (root / "docs" / ADR3).write_text(cites(f"commit: {head}", impact="true")[ADR3])
    assert outcome(check_tree(root), "ADR-3", GATE).state == "pass"


def test_in_a_shallow_clone_an_old_commit_is_unknown_not_missing(tmp_path: Path) -> None:
    """What cannot be looked up here is neither blamed nor believed, also where grade B is asked for."""
    whole = tmp_path / "whole"
    whole.mkdir()
    root = write_tree(whole, clean_log(), commit=True)
    first = git(root, "rev-parse", "HEAD").strip()
    (root / "docs" / ADR3).write_text(cites(f"commit: {first}", impact="true")[ADR3])
    git(root, "commit", "--quiet", "--all", "--message", "Cite")
    git(tmp_path, "clone", "--quiet", "--depth=1", root.as_uri(), "shallow")
    stands = outcome(check_tree(tmp_path / "shallow"), "ADR-3", GATE)
    assert stands.state == "unknown"
    assert "shallow clone" in stands.reason
    assert outcome(check_tree(root), "ADR-3", GATE).state == "pass"


def test_without_git_the_gate_is_unknown_and_blocks_only_if_the_policy_says_so(tmp_path: Path) -> None:
    """Whether a file is tracked cannot be known without git; `unknown: block` makes that block."""
    root = write_tree(tmp_path, clean_log(), repository=False)
    report = check_tree(root)
    assert outcome(report, "ADR-3", GATE).state == "unknown"
    assert report.passed
    (root / "docs/policy.md").write_text(with_key(clean_log(), "policy.md", "unknown: block")["policy.md"])
    strict = check_tree(root)
    assert outcome(strict, "ADR-3", GATE).blocks
    assert not strict.passed


def test_without_git_a_grade_that_git_could_not_lift_is_still_told(tmp_path: Path) -> None:
    """A file that nothing binds is grade C with or without git: that is a failure, not unknown."""
    root = write_tree(tmp_path, cites("path: evidence/metrics.json", impact="true"), repository=False)
    (message,) = said(check_tree(root), GATE)
    assert message.startswith("the best evidence for the chosen option has grade C ")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("result: passed", "result: failed", "the dry run in docs/churn/evidence/dry-runs/2026-11-04.md failed"),
        ("result: passed", "result: fine", "cannot be read: result: "),
        ("design: churn\n", "", "cannot be read: design: "),
        ("kind: dry-run", "kind: dry: run", "cannot be read: the frontmatter is not YAML"),
        ("---\nkind", "kind", "cannot be read: it has no frontmatter"),
    ],
)
def test_a_dry_run_must_be_readable_and_must_have_passed(old: str, new: str, message: str, tmp_path: Path) -> None:
    """The record of a dry run is read, not believed because it is there."""
    files = edited(clean_log(), "churn/evidence/dry-runs/2026-11-04.md", old, new)
    (found,) = said(checked(tmp_path, files), GATE)
    assert message in found


def test_evidence_for_another_option_does_not_count_for_the_choice(tmp_path: Path) -> None:
    """Evidence that speaks against is welcome, and is not what the choice rests on."""
    files = cites("path: evidence/metrics.json; supports: boosted trees")
    assert said(checked(tmp_path, files), GATE) == ["no evidence speaks for the chosen option"]


@pytest.mark.parametrize("chosen", ["boosted tree", None])
def test_a_choice_that_is_no_option_is_not_blamed_on_its_evidence(chosen: str | None, tmp_path: Path) -> None:
    """A misspelt or missing choice is one finding, of `tradeoffs-evaluated`."""
    files = cites("path: evidence/metrics.json; supports: boosted trees")
    text = files[ADR3].replace("chosen: logistic regression\n", f"chosen: {chosen}\n" if chosen else "")
    report = checked(tmp_path, {**files, ADR3: text})
    assert [one.gate.id for one in report.findings] == ["tradeoffs-evaluated"]


def test_domain_evidence_of_a_design_is_looked_at(tmp_path: Path) -> None:
    """A design's evidence must hold up; no grade is asked of it."""
    good = "domain-evidence:\n  - {kind: incident, claim: It was down twice}"
    assert said(checked(tmp_path, with_key(clean_log(), "churn/index.md", good)), GATE) == []
    bad = "domain-evidence:\n  - {kind: incident, claim: It was down, path: gone.md}"
    assert said(check_tree(write_tree(tmp_path, with_key(clean_log(), "churn/index.md", bad))), GATE) == [
        "the file gone.md does not exist",
    ]


def test_a_broken_design_does_not_lose_the_files_that_its_decisions_cite(tmp_path: Path) -> None:
    """Paths are looked for in the design's folder, also while its own page cannot be read."""
    report = checked(tmp_path, edited(clean_log(), "churn/index.md", "tier: medium", "tier: huge"))
    assert [one.gate.id for one in report.findings] == ["schema-valid"]


@pytest.mark.parametrize("chosen", ["boosted tree", None])
def test_a_decision_without_evidence_fails_also_without_a_choice(chosen: str | None, tmp_path: Path) -> None:
    """A missing choice and missing evidence are two causes: neither hides the other."""
    files = with_key(clean_log(), ADR3, "evidence: []")
    text = files[ADR3].replace("chosen: logistic regression\n", f"chosen: {chosen}\n" if chosen else "")
    report = checked(tmp_path, {**files, ADR3: text})
    assert [one.gate.id for one in report.findings] == ["tradeoffs-evaluated", GATE]
    assert said(report, GATE) == ["no evidence speaks for the chosen option"]


def test_without_a_choice_all_evidence_is_graded(tmp_path: Path) -> None:
    """The best of what there is must reach the grade, whichever option it speaks for."""
    files = edited(cites("date: 2026-11-01", kind="expert-judgement"), ADR3, "chosen: logistic regression\n", "")
    (message,) = said(checked(tmp_path, files), GATE)
    assert message.startswith("the best evidence for the chosen option has grade D ")


def test_evidence_is_not_blamed_for_a_decision_dated_in_the_future(tmp_path: Path) -> None:
    """Evidence ages until today, not until a day that is a slip of the keyboard."""
    files = edited(
        cites("path: evidence/metrics.json; date: 2026-11-01"), ADR3, "\ndate: 2026-11-06", "\ndate: 2027-11-06"
    )
    report = checked(tmp_path, files)
    assert [one.gate.id for one in report.findings] == ["record-complete"]


def test_a_file_of_git_itself_is_refused(tmp_path: Path) -> None:
    """What is inside .git cannot be committed, so nobody is told to add it."""
    (found,) = said(checked(tmp_path, cites("path: .git/HEAD")), GATE)
    assert found == "the path .git/HEAD is refused: it is inside .git"
