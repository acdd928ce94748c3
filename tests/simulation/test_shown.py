"""Every violation is shown by a branch, save those that the contract shows by itself."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from mutants import mutants
from test_mutants import CONTRACTS, SMALLEST, contract

from effort import first
from gatepost.pipeline import INVARIANTS, Contract, Violation, simulated
from gatepost.records import Pipeline
from gatepost.records.expressions import ACTIONS

STRUCTURAL = {"ordered", "pinned", "artifacts-used"}
"""What no single branch shows: an order that no run can follow, files, artifacts that nobody lists or reads."""


def found(data: dict[str, Any]) -> dict[str, list[Violation]]:
    """Give what every mutant of a contract breaks, by invariant."""
    broken: dict[str, list[Violation]] = defaultdict(list)
    for what, mutant in (*mutants(data), *badly_rolled_out(data)):
        if what != "drop the owner":
            for one in simulated(Contract(Pipeline.model_validate(mutant))).violations:
                broken[one.invariant].append(one)
    return broken


def badly_rolled_out(data: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Give the contract with rollouts that go down, that skip a step, and that never end."""
    name = next(one for one, stage in data["stages"].items() if stage.get("to") == "production")
    rollouts = (["50% 1h", "10% 1h", "100%"], ["10%", "100%"], ["10% 1h"])
    return [
        (str(steps), {**data, "stages": {**data["stages"], name: {**data["stages"][name], "rollout": steps}}})
        for steps in rollouts
    ]


def test_what_no_branch_shows_is_named_as_such() -> None:
    """Who reads an invariant knows whether to expect a branch."""
    assert {one.id for one in INVARIANTS if one.shown_by == "contract"} == STRUCTURAL


@pytest.mark.parametrize("name", first([SMALLEST, *sorted(set(CONTRACTS) - {SMALLEST})]))
def test_a_violation_has_a_branch_or_needs_none(name: str) -> None:
    """Over all mutants each invariant is broken, and what is no matter of structure names a path to the bad end."""
    broken = found(contract(name))
    assert set(broken) == {one.id for one in INVARIANTS} - {"pinned"}
    for one in INVARIANTS:
        for violation in broken[one.id]:
            assert bool(violation.branch) is (one.shown_by != "contract"), violation


def test_a_branch_begins_with_a_stage_that_waits_for_nothing() -> None:
    """The path can be followed from its first step: what succeeds before, and then what goes wrong."""
    data = contract(SMALLEST)
    begins = {name for name, stage in data["stages"].items() if not stage.get("after")}
    for violations in found(data).values():
        for one in violations:
            steps = one.branch.removeprefix("first release → ").split(" → ")
            assert not one.branch or steps[0].split()[0] in begins, one.branch
            assert not one.branch or (len(steps) > 1 and not set(steps[-1].split(" + ")) & set(ACTIONS)), one.branch
