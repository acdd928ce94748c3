"""`risks-owned`: what remains has an owner, a day and a way to see that it is treated."""

from __future__ import annotations

from pathlib import Path

import pytest

from trees import check_tree, checked, clean_log, edited, findings, messages, outcome, said, with_key

GATE = "risks-owned"
ADR2 = "churn/decisions/0002-batch-scoring.md"
ADR3 = "churn/decisions/0003-logistic-regression.md"
RISK1 = "churn/risks/0001-stale-scores.md"
LINES = {
    "owner": "owner: Ana Ruiz\n",
    "due": "due: 2027-03-01\n",
    "verification": "verification: The report of the watch stage lists opt-outs by age\n",
}


def without(*keys: str, status: str = "mitigated") -> dict[str, str]:
    """Give the clean log with keys of RISK-0001 left out."""
    files = edited(clean_log(), RISK1, "status: mitigated", f"status: {status}")
    for key in keys:
        files = edited(files, RISK1, LINES[key], "")
    return files


@pytest.mark.parametrize("key", LINES)
def test_each_promise_of_a_risk_is_asked_for(key: str, tmp_path: Path) -> None:
    """Owner, due date and verification: the one that is missing is the one finding."""
    report = checked(tmp_path, without(key))
    assert messages(report) == [f"{GATE} docs/{RISK1}:1: {key} is missing"]
    assert f"`{key}:`" in report.findings[0].hint


def test_the_decision_is_unmet_because_of_its_risk(tmp_path: Path) -> None:
    """A decision whose risk nobody owns is unmet without a finding of its own: it points at the risk."""
    report = checked(tmp_path, without("owner", "due"))
    stands = outcome(report, "ADR-2", GATE)
    assert (stands.state, stands.because, stands.findings) == ("fail", ("RISK-0001",), ())
    assert len(findings(report, GATE)) == 2


@pytest.mark.parametrize("status", ["open", "mitigated", "avoided", "transferred", "closed"])
def test_a_risk_that_cannot_hurt_any_more_owes_nothing(status: str, tmp_path: Path) -> None:
    """Avoided, transferred and closed risks are left alone."""
    live = status in {"open", "mitigated"}
    assert (said(checked(tmp_path, without("owner", status=status)), GATE) != []) == live


def test_a_risk_that_names_the_decision_is_one_of_its_risks(tmp_path: Path) -> None:
    """Either side may make the link."""
    files = edited(clean_log(), ADR2, "risks: [RISK-0001, RISK-0002]\n", "")
    assert messages(checked(tmp_path, files)) == []


def test_a_risk_that_names_the_decision_makes_it_unmet(tmp_path: Path) -> None:
    """A link that only the risk tells is followed as well."""
    files = edited(without("owner"), ADR2, "risks: [RISK-0001, RISK-0002]\n", "")
    assert outcome(checked(tmp_path, files), "ADR-2", GATE).because == ("RISK-0001",)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("residual-risk: It can be swapped in a day", []),
        ("x-nothing: at all", ["the decision names no risk, and does not say why none remains"]),
    ],
)
def test_a_decision_without_risks_says_why_none_remains(line: str, expected: list[str], tmp_path: Path) -> None:
    """No risk is an answer, if it is given."""
    files = edited(
        clean_log(), ADR3, "residual-risk: The model can be swapped in a day; nothing else depends on its form\n", ""
    )
    assert said(checked(tmp_path, with_key(files, ADR3, line)), GATE) == expected


def test_a_risk_that_cannot_be_read_does_not_make_the_decision_unmet(tmp_path: Path) -> None:
    """What follows from a record that cannot be read is muted."""
    report = checked(tmp_path, edited(clean_log(), RISK1, "impact: 3\nresidual", "impact: big\nresidual"))
    assert [one.gate.id for one in report.findings] == ["schema-valid"]
    assert outcome(report, "ADR-2", GATE).state == "pass"


def test_a_risk_that_only_mentions_a_decision_is_none_of_its(tmp_path: Path) -> None:
    """Neither a mention in a risk's prose nor a follow-up answers for the risks of a decision."""
    files = edited(clean_log(), ADR2, "risks: [RISK-0001, RISK-0002]\n", "")
    for path in (RISK1, "churn/risks/0002-tampered-bundle.md"):
        files = edited(files, path, "decisions: [ADR-0002]\n", "")
        files = {**files, path: files[path] + "\nSee ADR-0002.\n"}
    assert said(checked(tmp_path, files), GATE) == ["the decision names no risk, and does not say why none remains"]


def test_a_treatment_does_not_add_to_a_risk(tmp_path: Path) -> None:
    """A residual exposure above the inherent one says that one of the two is wrong; an equal one may be honest."""
    levels = {"likelihood": 1, "impact": 1, "residual-likelihood": 1, "residual-impact": 2}
    files = clean_log()
    for key, level in levels.items():
        files = with_key(files, RISK1, f"{key}: {level}")
    assert said(checked(tmp_path, files), GATE) == ["the residual exposure 2 is above the inherent 1"]
    (tmp_path / "docs" / RISK1).write_text(with_key(files, RISK1, "residual-impact: 1")[RISK1])
    assert said(check_tree(tmp_path), GATE) == []
