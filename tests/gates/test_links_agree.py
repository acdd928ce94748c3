"""`links-agree`: both sides of a supersession."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from trees import checked, messages, outcome, said

GATE = "links-agree"
STATUSES = ("proposed", "accepted", "rejected", "deprecated", "superseded")


def decision(number: int, status: str = "accepted", **links: str) -> dict[str, str]:
    """Give a decision of which only the links matter."""
    lines = "".join(f"{key.replace('_', '-')}: [{value}]\n" for key, value in links.items() if value)
    front = f"title: Decision {number}\nstatus: {status}\ndate: 2026-11-05\ndecision-makers: [Ana]\n{lines}"
    return {f"decisions/{number:04d}-d.md": f"---\n{front}---\n\n# Decision {number}\n"}


@pytest.mark.parametrize("status", STATUSES)
def test_only_a_decision_that_stands_makes_the_old_one_answer(status: str, tmp_path: Path) -> None:
    """A new decision that is proposed or rejected may name what it would supersede; the old one stays silent."""
    report = checked(tmp_path, decision(1) | decision(2, status, supersedes="ADR-1"))
    asked = status not in {"proposed", "rejected"}
    expected = ["ADR-0002 supersedes ADR-0001, but ADR-0001 does not say so"] if asked else []
    if status == "superseded":
        expected.append("a superseded decision names no successor")
    assert said(report, GATE) == expected


@pytest.mark.parametrize(("old", "new"), list(product(STATUSES, STATUSES)))
def test_the_statuses_of_both_sides_fit(old: str, new: str, tmp_path: Path) -> None:
    """When both sides name each other, the old one must be superseded and the new one must stand."""
    report = checked(
        tmp_path,
        decision(1, old, superseded_by="ADR-2") | decision(2, new, supersedes="ADR-1") | decision(3, supersedes=""),
    )
    found = said(report, GATE)
    assert (f"superseded-by names ADR-2, but the status is {old}" in found) == (old != "superseded")
    assert (f"superseded by ADR-2, which is {new}" in found) == (new in {"proposed", "rejected"})
    assert ("a superseded decision names no successor" in found) == (new == "superseded")


@pytest.mark.parametrize("status", STATUSES)
def test_a_successor_that_stands_answers(status: str, tmp_path: Path) -> None:
    """When only the old decision tells of it, one that stands is asked to say so; one that does not, never stood in."""
    report = checked(tmp_path, decision(1, "superseded", superseded_by="ADR-2") | decision(2, status))
    found = said(report, GATE)
    stands = status not in {"proposed", "rejected"}
    assert ("ADR-0001 is superseded by ADR-0002, but ADR-0002 does not say so" in found) == stands
    assert (f"superseded by ADR-2, which is {status}" in found) != stands


def test_one_line_in_the_status_says_the_same(tmp_path: Path) -> None:
    """`status: superseded by ADR-2` is a status and a link."""
    files = decision(1) | decision(2, supersedes="ADR-1")
    files["decisions/0001-d.md"] = files["decisions/0001-d.md"].replace("accepted", "superseded by ADR-0002")
    assert said(checked(tmp_path, files), GATE) == []


def test_one_decision_may_replace_several_and_be_replaced_by_several(tmp_path: Path) -> None:
    """Supersession is many to many."""
    files = decision(1, "superseded", superseded_by="ADR-3, ADR-4") | decision(2, "superseded", superseded_by="ADR-3")
    files |= decision(3, supersedes="ADR-1, ADR-2") | decision(4, supersedes="ADR-1")
    assert said(checked(tmp_path, files), GATE) == []


@pytest.mark.parametrize("length", [1, 2, 3, 7])
def test_a_circle_is_one_finding_and_unmet_on_each_of_its_decisions(length: int, tmp_path: Path) -> None:
    """However long the circle, it is told once, and no decision on it counts as met."""
    files: dict[str, str] = {}
    for number in range(1, length + 1):
        after, before = number % length + 1, (number - 2) % length + 1
        files |= decision(number, "superseded", superseded_by=f"ADR-{after}", supersedes=f"ADR-{before}")
    report = checked(tmp_path, files)
    assert len(said(report, GATE)) == 1
    assert "runs in a circle" in said(report, GATE)[0]
    assert {outcome(report, f"ADR-{number}", GATE).state for number in range(1, length + 1)} == {"fail"}


def test_a_circle_that_only_the_new_records_tell_is_found(tmp_path: Path) -> None:
    """`supersedes` alone can run in a circle."""
    report = checked(tmp_path, decision(1, supersedes="ADR-2") | decision(2, supersedes="ADR-1"))
    assert [one.partition(":")[0] for one in said(report, GATE)] == ["the supersession runs in a circle"]


def test_a_chain_is_no_circle(tmp_path: Path) -> None:
    """A decision may replace one that replaced another."""
    files = decision(1, "superseded", superseded_by="ADR-2")
    files |= decision(2, "superseded", superseded_by="ADR-3", supersedes="ADR-1") | decision(3, supersedes="ADR-2")
    assert said(checked(tmp_path, files), GATE) == []


def test_a_typo_on_either_side_is_one_finding(tmp_path: Path) -> None:
    """A successor or predecessor that does not exist is a dead link, and its other side does not complain too."""
    files = decision(1, "superseded", superseded_by="ADR-9") | decision(2, supersedes="ADR-1")
    files |= decision(3, "superseded", superseded_by="ADR-4") | decision(4, supersedes="ADR-8")
    report = checked(tmp_path, files)
    assert [one for one in messages(report) if one.startswith("links")] == [
        "links-resolve docs/decisions/0001-d.md:6: ADR-9 does not exist",
        "links-resolve docs/decisions/0004-d.md:6: ADR-8 does not exist",
    ]


def test_a_record_that_cannot_be_read_is_not_blamed_for_its_silence(tmp_path: Path) -> None:
    """While the new decision cannot be read, the old one is not told that nobody answers."""
    files = decision(1, "superseded", superseded_by="ADR-2") | decision(2, "acepted", supersedes="ADR-1")
    assert [one.partition(" ")[0] for one in messages(checked(tmp_path, files)) if "links" in one] == []
