"""`policy-sound`, and what a policy does to the other gates."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatepost.records import Decision, HistoryPolicy
from trees import checked, clean_log, findings, messages, outcome, said, with_key

GATE = "policy-sound"
POLICY = "policy.md"
ADR3 = "churn/decisions/0003-logistic-regression.md"


def ruled(lines: str) -> dict[str, str]:
    """Give the clean log with ADR-0003 out of scope, and lines in the policy."""
    return with_key(with_key(clean_log(), ADR3, "domain: database"), POLICY, lines)


@pytest.mark.parametrize("name", ["in-scope", "GP101", "gp101"])
@pytest.mark.parametrize(("said_so", "effect"), [("block", "block"), ("advise", "advise"), ('"off"', None)])
def test_enforcement_by_name_or_code(name: str, said_so: str, effect: str | None, tmp_path: Path) -> None:
    """A gate blocks, advises or is not asked at all, as the policy says."""
    report = checked(tmp_path, ruled(f"enforcement: {{{name}: {said_so}}}"))
    assert [one.effect for one in findings(report, "in-scope")] == ([effect] if effect else [])
    assert report.passed == (effect != "block")
    assert ("in-scope" in report.of("ADR-3").outcomes) == (effect is not None)
    assert said(report, GATE) == []


def test_a_gate_that_does_not_exist_is_a_finding_and_changes_nothing(tmp_path: Path) -> None:
    """A misspelt gate is told with the nearest one, and the gate that was meant still blocks."""
    report = checked(tmp_path, ruled("enforcement: {in-scop: advise}"))
    (finding,) = findings(report, GATE)
    assert (finding.message, finding.hint) == ("there is no gate in-scop", "did you mean in-scope?")
    assert [one.effect for one in findings(report, "in-scope")] == ["block"]


def test_a_gate_named_twice_is_a_finding(tmp_path: Path) -> None:
    """Name and code of one gate with two answers are told, instead of one of them winning in silence."""
    report = checked(tmp_path, ruled('enforcement: {in-scope: block, GP101: "off"}'))
    assert said(report, GATE) == ["GP101 is the gate in-scope, which in-scope names already"]


@pytest.mark.parametrize(
    "lines",
    [
        "tiers: {low: {accepted-exposure: 12, accept: [boss]}}",
        "tiers: {high: {accepted-exposure: 4, escalate: [boss]}}",
        "waivers-allowed: {approve: [boss]}",
        "roles: {boss: []}\nwaivers-allowed: {approve: [boss]}\ntiers: {}",
    ],
)
def test_a_role_must_be_held_by_somebody(lines: str, tmp_path: Path) -> None:
    """Who may accept, decide or approve is a role with people in it."""
    files = clean_log()
    for line in lines.split("\n"):
        files = with_key(files, POLICY, line)
    assert "nobody holds the role boss" in said(checked(tmp_path, files), GATE)


def test_the_second_policy_is_a_finding_and_is_not_read(tmp_path: Path) -> None:
    """The first policy by path holds; a second one is told once, whatever else is wrong with it."""
    second = with_key(clean_log(), POLICY, 'enforcement: {in-scope: "off", nonsense: block}')[POLICY]
    files = {**with_key(clean_log(), ADR3, "domain: database"), "zz.md": second}
    report = checked(tmp_path, files)
    assert [(one.gate.id, one.path) for one in report.findings] == [
        ("in-scope", f"docs/{ADR3}"),
        ("policy-sound", "docs/zz.md"),
    ]


def test_a_log_without_a_policy_is_held_to_the_defaults(tmp_path: Path) -> None:
    """No policy is no fault: the defaults hold, with the thresholds that the page names.

    They look at dry runs, too, and the log's own record of one is a sketch.
    """
    files = clean_log()
    del files[POLICY]
    assert [one for one in messages(checked(tmp_path, files)) if not one.startswith("dry-run-passed")] == []
    files = with_key(files, "churn/risks/0002-tampered-bundle.md", "impact: 5")
    report = checked(tmp_path, files)
    assert said(report, "risk-within-policy") == [
        "the accepted exposure 10 is above the 9 that tier medium may accept",
    ]


def test_sections_are_the_policys(tmp_path: Path) -> None:
    """A team that uses other headings names them, and the default ones are asked for no more."""
    report = checked(tmp_path, with_key(clean_log(), POLICY, "sections: {risk: [Scenario]}"))
    assert set(said(report, "record-complete")) == {"the section 'Scenario' is missing"}
    assert outcome(report, "ADR-3", "record-complete").state == "pass"


@pytest.mark.parametrize(
    ("setting", "message", "hint"),
    [
        ("freeze-fields: [titel]", "a decision has no field titel", "did you mean title?"),
        (
            "freeze-fields: [decision_makers]",
            "a decision has no field decision_makers",
            "did you mean decision-makers?",
        ),
        ("since: 2030-01-01", "since is 2030-01-01, which is to come", "set the day on which the rules began"),
        ("baseline: '1234567'", "the baseline 1234567 is no commit on the main line", "name a commit of this branch"),
    ],
)
def test_what_freezes_must_exist(setting: str, message: str, hint: str, tmp_path: Path) -> None:
    """A misspelt field, a day to come or a commit of elsewhere would freeze nothing, in silence."""
    (finding,) = findings(checked(tmp_path, ruled(f"history: {{{setting}}}")), GATE)
    assert finding.message == message
    assert finding.hint.startswith(hint)


def test_the_defaults_freeze_fields_that_exist() -> None:
    """The fields that freeze when the policy says nothing are fields of a decision."""
    assert set(HistoryPolicy().freeze_fields) <= Decision.field_keys()
