"""`rollout-and-rollback`: the way to production, and the way back."""

from __future__ import annotations

from pathlib import Path

import pytest

from trees import checked, clean_log, edited, findings, outcome, said, with_key

GATE = "rollout-and-rollback"
ADR2 = "churn/decisions/0002-batch-scoring.md"
BACK = "trigger: [p99_ms > 50], target: previous, within: 5m, owner: sre"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (f"rollback: {{{BACK}}}", []),
        ("rollback: {}", ["trigger", "target", "within", "owner"]),
        (f"rollback: {{{BACK.replace('p99_ms > 50', '')}}}", ["trigger"]),
        (f"rollback: {{{BACK.replace(', within: 5m', '')}}}", ["within"]),
    ],
)
def test_each_part_of_a_rollback_is_asked_for(lines: str, expected: list[str], tmp_path: Path) -> None:
    """Trigger, target, time limit and owner: each that is missing is a finding of its own."""
    found = said(checked(tmp_path, with_key(clean_log(), ADR2, lines)), GATE)
    assert found == [f"rollback.{part} is missing" for part in expected]


@pytest.mark.parametrize(
    ("criterion", "measurable"),
    [
        ("error_rate <= 0.01", True),
        ("p99_ms > 50ms", True),
        ("auc@new >= champion.auc - 0.01", True),
        ("share >= 99.5%", True),
        ("rate != 0", True),
        ("it looks good", False),
        ("error rate is low", False),
        ("error_rate", False),
        ("error_rate <=", False),
        ("error_rate =< 0.01", False),
        ("error_rate <= 0.01 or so", False),
    ],
)
@pytest.mark.parametrize("where", ["rollout", "rollback"])
def test_a_criterion_is_a_condition(where: str, criterion: str, measurable: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a case
    """What cannot be measured is found at the very entry, and what can is not."""
    lines = {
        "rollout": f'rollout: [{{step: all, criteria: ["{criterion}"]}}]',
        "rollback": f'rollback: {{trigger: ["{criterion}"], target: previous, within: 5m, owner: sre}}',
    }
    found = findings(checked(tmp_path, with_key(clean_log(), ADR2, lines[where])), GATE)
    assert (found == []) == measurable
    assert all(one.message.startswith(f"not measurable: '{criterion}'") for one in found)


def test_a_step_without_criteria_is_named(tmp_path: Path) -> None:
    """Each step of the rollout says what must hold to go on."""
    files = with_key(clean_log(), ADR2, "rollout: [{step: one tenth}, {step: all, criteria: [a < 1]}]")
    assert said(checked(tmp_path, files), GATE) == ["the rollout step 'one tenth' has no criteria"]


@pytest.mark.parametrize(
    ("domain", "impact", "asked"),
    [
        ("serving", None, True),
        ("promotion", None, True),
        ("training", None, False),
        ("training", "true", True),
        ("serving", "false", False),
    ],
)
def test_whether_production_changes(domain: str, impact: str | None, asked: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a case
    """Promotion and serving change production unless the record denies it; the rest when it says so."""
    files = with_key(clean_log(), ADR2, f"domain: {domain}")
    files = edited(files, ADR2, "production-impact: true\n", f"production-impact: {impact}\n" if impact else "")
    report = checked(tmp_path, with_key(files, ADR2, "rollout: []"))
    stands = outcome(report, "ADR-2", GATE)
    assert stands.state == ("fail" if asked else "not-applicable")
    assert asked or stands.reason == "no production impact"


def test_a_proposal_is_open(tmp_path: Path) -> None:
    """A proposed decision may still have its rollback to write; accepting it without is blocked."""
    files = with_key(clean_log(), ADR2, "rollback: {}")
    proposed = edited(files, ADR2, "status: accepted", "status: proposed")
    assert {one.effect for one in findings(checked(tmp_path, proposed), GATE)} == {"open"}
