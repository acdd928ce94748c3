"""`follow-ups-accountable`: what was promised has an owner, a day and a way to see that it was done."""

from __future__ import annotations

from pathlib import Path

import pytest

from trees import checked, clean_log, edited, messages, outcome, said

GATE = "follow-ups-accountable"
ADR2 = "churn/decisions/0002-batch-scoring.md"
FU1 = "churn/follow-ups/0001-switch-off-service.md"
LINES = {
    "owner": "owner: sre-oncall\n",
    "due": "due: 2027-02-01\n",
    "verification": "verification: The service's route answers 404\n",
}


@pytest.mark.parametrize("key", LINES)
def test_each_promise_is_asked_for(key: str, tmp_path: Path) -> None:
    """Owner, due date and verification: the one that is missing is the one finding, and the decision points at it."""
    report = checked(tmp_path, edited(clean_log(), FU1, LINES[key], ""))
    assert messages(report) == [f"{GATE} docs/{FU1}:1: {key} is missing"]
    assert outcome(report, "ADR-2", GATE).because == ("FU-0001",)


@pytest.mark.parametrize(
    ("status", "owed"),
    [
        ("open", True),
        ("in-progress", True),
        ("done\noutcome: It is off", False),
        ("dropped\noutcome: Not needed", False),
    ],
)
def test_only_what_is_still_owed_is_asked_about(status: str, owed: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a case
    """What is done or dropped owes nothing."""
    files = edited(clean_log(), FU1, "status: open", f"status: {status}")
    assert (said(checked(tmp_path, edited(files, FU1, LINES["owner"], "")), GATE) != []) == owed


def test_a_decision_without_follow_ups_has_nothing_to_account_for(tmp_path: Path) -> None:
    """No follow-up is no fault."""
    stands = outcome(checked(tmp_path, clean_log()), "ADR-3", GATE)
    assert (stands.state, stands.reason) == ("not-applicable", "no follow-ups")


def test_a_follow_up_that_names_the_decision_is_one_of_its(tmp_path: Path) -> None:
    """Either side may make the link."""
    files = edited(clean_log(), ADR2, "follow-ups: [FU-0001]\n", "")
    report = checked(tmp_path, edited(files, FU1, LINES["due"], ""))
    assert outcome(report, "ADR-2", GATE).because == ("FU-0001",)


def test_a_follow_up_of_a_proposed_decision_blocks_by_itself(tmp_path: Path) -> None:
    """Only decisions can be proposed: their follow-ups are held to it from the start."""
    files = edited(clean_log(), ADR2, "status: accepted", "status: proposed")
    report = checked(tmp_path, edited(files, FU1, LINES["due"], ""))
    assert outcome(report, "ADR-2", GATE).effect == "open"
    assert outcome(report, "FU-1", GATE).effect == "block"


def test_a_follow_up_that_only_mentions_a_decision_is_none_of_its(tmp_path: Path) -> None:
    """Prose names what helps to understand; only `decisions` makes a follow-up a decision's own."""
    files = edited(clean_log(), ADR2, "follow-ups: [FU-0001]\n", "")
    files = edited(edited(files, FU1, "decisions: [ADR-0002]\n", ""), FU1, "It may go once", "ADR-0002: it may go once")
    assert outcome(checked(tmp_path, files), "ADR-2", GATE).state == "not-applicable"


def test_a_risk_that_names_the_decision_is_no_follow_up(tmp_path: Path) -> None:
    """A decision with risks and without follow-ups has nothing to account for here."""
    files = edited(clean_log(), ADR2, "follow-ups: [FU-0001]\n", "")
    files = edited(files, FU1, "decisions: [ADR-0002]\n", "")
    assert outcome(checked(tmp_path, files), "ADR-2", GATE).state == "not-applicable"
