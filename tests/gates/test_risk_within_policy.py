"""`risk-within-policy`: what may be accepted, by whom, and who decides above that."""

from __future__ import annotations

from pathlib import Path

import pytest

from trees import checked, clean_log, edited, findings, outcome, said, with_key

GATE = "risk-within-policy"
RISK2 = "churn/risks/0002-tampered-bundle.md"
DESIGN = "churn/index.md"


def rated(likelihood: int, impact: int, more: str = "") -> dict[str, str]:
    """Give the clean log with the accepted RISK-0002 rated otherwise."""
    files = edited(clean_log(), RISK2, "likelihood: 2\nimpact: 4\n", f"likelihood: {likelihood}\nimpact: {impact}\n")
    return with_key(files, RISK2, more) if more else files


@pytest.mark.parametrize(("tier", "limit"), [("low", 12), ("medium", 9), ("high", 6)])
@pytest.mark.parametrize(("likelihood", "impact"), [(2, 3), (3, 3), (2, 5), (3, 4), (5, 5)])
def test_the_threshold_of_the_tier_may_be_reached(
    tier: str, limit: int, likelihood: int, impact: int, tmp_path: Path
) -> None:
    """Without tiers in the policy 12, 9 and 6 hold, and exactly that is still within."""
    files = with_key(rated(likelihood, impact), "policy.md", "tiers: {}")
    found = said(checked(tmp_path, with_key(files, DESIGN, f"tier: {tier}")), GATE)
    exposure = likelihood * impact
    expected = f"the accepted exposure {exposure} is above the {limit} that tier {tier} may accept"
    assert found == ([expected] if exposure > limit else [])


def test_the_residual_exposure_is_what_counts(tmp_path: Path) -> None:
    """A risk that was 25 and is 6 with its treatment may be accepted."""
    files = with_key(rated(5, 5), RISK2, "residual-likelihood: 2")
    assert said(checked(tmp_path, with_key(files, RISK2, "residual-impact: 3")), GATE) == []


@pytest.mark.parametrize("status", ["open", "mitigated", "avoided", "transferred", "closed"])
def test_only_accepted_risks_are_asked_about(status: str, tmp_path: Path) -> None:
    """A risk that is still being treated is above the threshold without needing anybody's decision."""
    report = checked(tmp_path, edited(rated(5, 5), RISK2, "status: accepted", f"status: {status}"))
    assert outcome(report, "RISK-2", GATE).state == "not-applicable"


@pytest.mark.parametrize(
    ("who", "allowed"),
    [("Ana Ruiz", True), ("ANA RUIZ", True), ("Tom Berg", True), ("Eve Roth", False), ("ml-lead", False)],
)
def test_who_may_accept_within_the_threshold(who: str, allowed: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a case
    """A person with an accepting role, or with one that may decide about more."""
    report = checked(tmp_path, edited(clean_log(), RISK2, "accepted-by: Ana Ruiz", f"accepted-by: {who}"))
    found = findings(report, GATE)
    assert [one.message for one in found] == ([] if allowed else [f"{who} may not accept risks of this tier"])
    assert all(one.hint == "who may: ml-lead (Ana Ruiz), head-of-data (Tom Berg)" for one in found)


@pytest.mark.parametrize(
    ("escalation", "message"),
    [
        ("{to: head-of-data, date: 2026-11-06, outcome: accepted, decided-by: Tom Berg}", None),
        ("{to: head-of-data, date: 2026-11-06, outcome: pending}", "its escalation to head-of-data is pending"),
        (
            "{to: head-of-data, date: 2026-11-06, outcome: refused, decided-by: Tom Berg}",
            "was refused, but the risk is",
        ),
        ("{to: head-of-data, date: 2026-11-06, outcome: accepted}", "nobody named may not decide about it"),
        (
            "{to: ml-lead, date: 2026-11-06, outcome: accepted, decided-by: Ana Ruiz}",
            "Ana Ruiz may not decide about it",
        ),
    ],
)
def test_above_the_threshold_someone_with_authority_decides(
    escalation: str, message: str | None, tmp_path: Path
) -> None:
    """Only an escalation that was accepted, by a person who may, lets a risk above the threshold be accepted."""
    found = said(checked(tmp_path, rated(3, 4, f"escalation: {escalation}")), GATE)
    assert len(found) == (1 if message else 0)
    assert message is None or message in found[0]


def test_an_open_escalation_marks_the_design(tmp_path: Path) -> None:
    """A design whose risk waits for a decision is escalated, not merely failing."""
    report = checked(tmp_path, rated(5, 5))
    assert [design.state for design in report.designs] == ["escalated"]


def test_a_design_that_cannot_be_read_leaves_its_tier_unknown(tmp_path: Path) -> None:
    """Risks are not judged by the wrong tier while the design's own page is broken."""
    report = checked(tmp_path, edited(rated(5, 5), DESIGN, "tier: medium", "tier: huge"))
    assert [one.gate.id for one in report.findings] == ["schema-valid"]
    assert outcome(report, "RISK-2", GATE).state == "unknown"


def test_a_risk_outside_any_design_has_the_default_tier(tmp_path: Path) -> None:
    """The policy says which tier holds for risks that belong to no design."""
    files = with_key(clean_log(), "policy.md", "tiers: {}\ndefault-tier: high")
    risk = files[RISK2].replace("RISK-0002", "RISK-0009").replace("decisions: [ADR-0002]\n", "")
    report = checked(tmp_path, {**files, "risks/0009-loose.md": risk})
    assert said(report, GATE) == ["the accepted exposure 8 is above the 6 that tier high may accept"]
