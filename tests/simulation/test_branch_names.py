"""Each branch that is listed has a name and a path of its own, and the path is one that leads to its end."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from shipped import CONTRACTS, data_of, recorded
from test_simulation_oracle import defaults, simulation, stages

from gatepost.pipeline import Branch, Contract, Simulation, before_fault, key_of, trace
from gatepost.records import Pipeline

BACK = {"to": "previous", "first": "disable-route"}
BESIDE: dict[str, dict[str, Any]] = {
    "train": {"kind": "train", "after": []},
    "lint": {"kind": "data", "run": "ruff check .", "after": []},
    "gate": {"kind": "gate", "after": ["train"]},
    "deploy": {
        "kind": "promote",
        "to": "production",
        "after": ["gate"],
        "rollback": BACK,
        "on-fail": "rollback + page",
    },
}
"""A stage that the promotion does not wait for, and that waits for nothing."""


def promoted(found: Simulation, branch: Branch) -> set[str]:
    """Give the promotions to production that stand on the path of a branch before its fault."""
    return {one.name for one in found.contract.promotions} & set(before_fault(found.contract, branch))


@settings(max_examples=150, deadline=None)
@given(stages(6), defaults)
def test_no_two_listed_branches_have_one_name_or_one_path(
    made: dict[str, dict[str, Any]], default: dict[str, Any]
) -> None:
    """Who reads a row of the table, or an entry of a record, knows which branch it is."""
    found = simulation(made, default)
    for said in (key_of, lambda one: trace(found.contract, one)):
        names = [said(one) for one in found.listed]
        assert sorted(set(names)) == sorted(names)


@settings(max_examples=150, deadline=None)
@given(stages(6), defaults)
def test_a_path_has_the_promotions_that_its_end_tells_of(
    made: dict[str, dict[str, Any]], default: dict[str, Any]
) -> None:
    """Production is untouched exactly where no promotion stands before the fault, in an order that can be run."""
    found = simulation(made, default)
    for branch in found.singles:
        if branch.end in {"halted", "quarantined", "unhandled"} and branch.production != "unknown":
            assert bool(promoted(found, branch)) is (branch.production != "untouched"), branch
        path = [*before_fault(found.contract, branch), branch.events[0].stage]
        for place, name in enumerate(path):
            assert found.contract.graph.ancestors(name) <= set(path[:place]), branch


def test_a_stage_beside_a_promotion_says_which_of_its_branches_comes_after_it() -> None:
    """Two ends of one fault: before the promotion production is untouched, after it users have the new version."""
    found = simulation(BESIDE, {"on-fail": "halt + alert"})
    branches = [one for one in found.listed if one.events[0] == ("lint", "fail", False)]
    assert [(key_of(one), one.production) for one in branches] == [
        ("lint fail", "untouched"),
        ("lint fail, after deploy", "new"),
    ]
    assert [trace(found.contract, one) for one in branches] == [
        "lint fail → halt + alert → halted",
        "train ok → gate pass → deploy ok → lint fail → halt + alert → halted",
    ]


def test_a_long_path_ends_with_the_promotion_beside_the_stage_that_fails() -> None:
    """What is left out of a path is never the promotion that makes the end what it is."""
    chain = {f"s{n}": {"kind": "data", "after": [f"s{n - 1}"] if n else []} for n in range(20)}
    made = {**BESIDE, **chain, "last": {"kind": "data", "after": ["s19"]}}
    found = simulation(made, {"on-fail": "halt + alert"})
    branch = next(one for one in found.listed if key_of(one) == "last fail, after deploy")
    assert trace(found.contract, branch).endswith("s19 ok → deploy ok → last fail → halt + alert → halted")


@pytest.mark.parametrize(("number", "middle"), [(7, "s3 ok"), (8, "2 more succeed")])
def test_one_stage_that_would_be_counted_is_named(number: int, middle: str) -> None:
    """`1 more succeed` says less than the name, and is no shorter."""
    made = {f"s{n}": {"kind": "data", "after": [f"s{n - 1}"] if n else []} for n in range(number + 1)}
    found = simulation(made, {"on-fail": "halt + alert"})
    branch = next(one for one in found.listed if key_of(one) == f"s{number} fail")
    assert trace(found.contract, branch).split(" → ")[3] == middle


@pytest.mark.parametrize("name", sorted(CONTRACTS))
def test_recorded_branches_of_the_worked_designs_keep_their_names(name: str) -> None:
    """A record that was committed names the branches of its contract as they are named today."""
    record = recorded(name)
    named = {one.branch for one in (*record.branches, *record.not_executed)} - {"success"}
    assert named == {key_of(one) for one in Simulation(Contract(Pipeline.model_validate(data_of(name)))).listed}
