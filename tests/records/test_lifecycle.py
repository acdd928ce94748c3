"""Which status may follow which."""

from __future__ import annotations

from typing import get_args

import pytest

from gatepost.records import may_move, moves_from
from gatepost.records.decision import DecisionStatus
from gatepost.records.follow_up import FollowUpStatus
from gatepost.records.lifecycle import FINAL, MOVES
from gatepost.records.risk import RiskStatus

STATUSES = {"decision": get_args(DecisionStatus), "risk": get_args(RiskStatus), "follow-up": get_args(FollowUpStatus)}


@pytest.mark.parametrize("kind", STATUSES)
def test_the_table_knows_each_status_of_a_kind_and_no_other(kind: str) -> None:
    """A status that a record may have has a row, and no row leads to one that it may not have."""
    assert set(MOVES[kind]) == set(STATUSES[kind])
    assert {after for row in MOVES[kind].values() for after in row} <= set(STATUSES[kind])
    assert [status for status, after in MOVES[kind].items() if status in after] == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("proposed", "accepted"),
        ("proposed", "rejected"),
        ("accepted", "deprecated"),
        ("accepted", "superseded"),
        ("deprecated", "superseded"),
    ],
)
def test_a_decision_moves_one_step_at_a_time(before: str, after: str) -> None:
    """The legal moves of a decision, none of which has a way back."""
    assert may_move("decision", before, after)
    assert not may_move("decision", after, before)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("proposed", "superseded"),
        ("proposed", "deprecated"),
        ("rejected", "accepted"),
        ("rejected", "proposed"),
        ("superseded", "accepted"),
        ("deprecated", "accepted"),
        ("accepted", "rejected"),
        ("accepted", "proposed"),
    ],
)
def test_a_decision_skips_no_status_and_is_never_revived(before: str, after: str) -> None:
    """Rejected and superseded are final; what was accepted is not taken back."""
    assert not may_move("decision", before, after)


def test_only_decisions_have_a_final_status() -> None:
    """A risk or a follow-up can be opened again."""
    assert {"decision": {"rejected", "superseded"}, "risk": frozenset(), "follow-up": frozenset()} == FINAL
    assert may_move("risk", "closed", "open")
    assert may_move("follow-up", "done", "open")
    assert not may_move("risk", "closed", "mitigated")
    assert not may_move("follow-up", "done", "dropped")


def test_to_stay_is_no_move() -> None:
    """The same status twice is allowed, for each kind and status."""
    assert all(may_move(kind, status, status) for kind, row in MOVES.items() for status in row)


def test_what_is_unknown_has_no_move() -> None:
    """A kind without a status, or a status that no record may have, leads nowhere."""
    assert moves_from("design", "accepted") == ()
    assert moves_from("decision", "Accepted!") == ()
    assert not may_move("decision", "draft", "accepted")
