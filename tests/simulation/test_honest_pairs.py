"""Who edits a worked design honestly, the contract and what runs together, is blamed by no gate."""

from __future__ import annotations

from functools import cache

import pytest
from honest_pairs import edits
from shipped import CONTRACTS, report_of

from effort import first

CHANGED = "changed after the dry run of "


def findings(name: str, versions: dict[str, str]) -> set[str]:
    """Give what all gates say about all records of a design, advice and open work included."""
    return {f"{one.gate.id}: {one.message}" for one in report_of(versions, f"{name}/**/*.md").findings}


@cache
def as_shipped(name: str) -> set[str]:
    """Give what they say where nothing was edited."""
    return findings(name, {})


@pytest.mark.parametrize("name", first(sorted(CONTRACTS), quick=0))
def test_no_honest_edit_of_contract_and_definition_is_blamed(name: str) -> None:
    """Every gate is asked about all records of it; `dry-run-passed` alone asks for another dry run where one is due.

    It is due when what was tried has changed: the contract, or a file that was run. The comparison with the real
    definition finds nothing, since it was edited, too.
    """
    before = as_shipped(name)
    for edit in edits(name):
        new = findings(name, edit.versions) - before
        due = {one for one in new if one.startswith("dry-run-passed: ") and CHANGED in one}
        assert new == due, edit.what
        assert bool(due) is edit.needs_a_dry_run, edit.what


@pytest.mark.parametrize("name", first(["fraud-realtime", "ticket-routing"]))
@pytest.mark.parametrize("side", first(["pipeline.md", "definition"]))
def test_more_time_on_one_side_only_is_a_difference(name: str, side: str) -> None:
    """Neither is harmless: the engine ends what the contract still waits for, or a stage hangs longer than promised."""
    (edit,) = (one for one in edits(name) if one.what == "a longer time-out")
    versions = {
        path: text for path, text in edit.versions.items() if path.endswith("pipeline.md") is (side != "definition")
    }
    assert len(versions) == 1
    new = findings(name, versions) - as_shipped(name)
    assert any(one.startswith("contract-conformant: ") and " may take " in one for one in new), new


def test_the_list_of_honest_edits_is_the_promised_one() -> None:
    """Rename, reorder, describe, allow more time, ask for more, one more promotion, one more data set, for each."""
    for name in CONTRACTS:
        assert len(list(edits(name))) == 8
