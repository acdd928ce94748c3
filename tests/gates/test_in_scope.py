"""`in-scope`: what this log is for."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatepost.records import DOMAINS
from trees import checked, clean_log, edited, findings, outcome, said, with_key

GATE = "in-scope"
ADR3 = "churn/decisions/0003-logistic-regression.md"


@pytest.mark.parametrize("domain", [*DOMAINS, "Training", "MONITORING"])
def test_each_domain_of_the_boundary_is_in_scope(domain: str, tmp_path: Path) -> None:
    """The eight domains are in scope, however they are capitalised."""
    assert said(checked(tmp_path, with_key(clean_log(), ADR3, f"domain: {domain}")), GATE) == []


@pytest.mark.parametrize(
    ("domain", "hint"),
    [
        ("model-architecture", "it goes to the research group's own log"),
        ("Model Architecture Research", "it goes to the research group's own log"),
        ("api_lifecycle", "it goes to the API governance process"),
        ("database", "it goes to the database administrators' change process"),
        ("catering", "this log is for data, model, training"),
    ],
)
def test_other_domains_are_told_where_they_belong(domain: str, hint: str, tmp_path: Path) -> None:
    """What is out of scope comes with the place it belongs to, as far as that is known."""
    (finding,) = findings(checked(tmp_path, with_key(clean_log(), ADR3, f"domain: {domain}")), GATE)
    assert domain in finding.message
    assert hint in finding.hint


def test_the_policy_says_where_else(tmp_path: Path) -> None:
    """The policy's own pointer comes first, also for one of the eight domains."""
    files = with_key(clean_log(), "policy.md", "out-of-scope: {training: the research group's wiki}")
    (finding,) = findings(checked(tmp_path, files), GATE)
    assert finding.hint == "it goes to the research group's wiki"


def test_a_proposed_decision_is_open_and_history_is_left_alone(tmp_path: Path) -> None:
    """The gate waits for a proposal and does not ask about what no longer stands."""
    files = with_key(with_key(clean_log(), ADR3, "domain: database"), ADR3, "status: proposed")
    files = with_key(files, "churn/decisions/0004-retrain-daily.md", "domain: database")
    report = checked(tmp_path, files)
    assert [(one.record, one.effect) for one in findings(report, GATE)] == [("ADR-0003", "open")]
    assert report.passed
    assert outcome(report, "ADR-4", GATE).reason == "history: the decision no longer stands"


def test_a_capital_letter_does_not_hide_an_impact_on_production(tmp_path: Path) -> None:
    """A decision about Serving is asked for its rollback like one about serving."""
    files = edited(clean_log(), ADR3, "production-impact: false\n", "")
    report = checked(tmp_path, with_key(files, ADR3, "domain: Serving"))
    assert outcome(report, "ADR-3", "rollout-and-rollback").state == "fail"
