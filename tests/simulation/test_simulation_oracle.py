"""The simulation finds exactly what a naive walk through every interleaving finds."""

from __future__ import annotations

from typing import Any

import pytest
from every_interleaving import Blame, Seen, World
from hypothesis import given, settings
from hypothesis import strategies as st

from gatepost.pipeline import Branch, Contract, Simulation, unsafe_ends
from gatepost.records import Pipeline

HANDLERS = ["halt + alert", "quarantine", "alert", "rollback + page", "rollback", "halt", "retry"]
BACKS = [
    {"to": "previous"},
    {"to": "stable"},
    {"to": "previous", "first": "disable-route"},
    {"to": "rules-engine", "first": "the same"},
    {"to": "fraud@7"},
]
LIMITS: list[dict[str, Any]] = [{}, {"when": ["psi > 1"]}]


@st.composite
def stages(draw: st.DrawFn, most: int = 5) -> dict[str, dict[str, Any]]:
    """A few stages, each behind any of those before it."""
    made: dict[str, dict[str, Any]] = {}
    kinds = st.sampled_from(
        ["data", "train", "package", "gate", "approval", "promote", "promote", "monitor", "monitor"]
    )
    for number in range(draw(st.integers(1, most))):
        after = draw(st.lists(st.sampled_from(list(made)), unique=True, max_size=2)) if made else []
        stage: dict[str, Any] = {"kind": draw(kinds), "after": after}
        if draw(st.booleans()):
            stage["run"] = "do"
        if draw(st.booleans()):
            stage["on-fail"] = draw(st.sampled_from(HANDLERS))
        if stage["kind"] in {"gate", "approval"} and draw(st.booleans()):
            stage["on-reject"] = draw(st.sampled_from(HANDLERS))
        if draw(st.integers(0, 3)) == 0:
            stage["retries"] = draw(st.integers(0, 2))
        if stage["kind"] == "promote":
            stage["to"] = draw(st.sampled_from(["production", "prod-eu", "rehearsal", "staging", "eu-staging"]))
            if draw(st.integers(0, 3)):
                stage["rollback"] = {
                    **draw(st.sampled_from(BACKS)),
                    **draw(st.sampled_from([{}, {"when": ["psi > 1"]}])),
                }
            if draw(st.booleans()):
                stage["watch"] = [draw(st.sampled_from(["p99", "drift"]))]
        if stage["kind"] == "monitor" and draw(st.integers(0, 3)):
            stage["signals"] = [draw(st.sampled_from(["p99", "drift", "psi"]))]
        made[f"s{number}"] = stage
    return made


defaults = st.builds(
    lambda retries, repeat, fail: {"retries": retries, **repeat, **fail},
    st.integers(0, 2),
    st.sampled_from([{}, {"repeat": "exact"}, {"repeat": "none: the clock"}]),
    st.sampled_from([{}, {"on-fail": "halt + alert"}, {"on-fail": "rollback + page"}]),
)


def simulation(made: dict[str, dict[str, Any]], default: dict[str, Any]) -> Simulation:
    """Simulate the contract that these stages make."""
    contract = {
        "title": "T",
        "owner": "o",
        "environments": {name: {} for name in ("staging", "eu-staging", "production", "prod-eu", "rehearsal")},
        "defaults": default,
        "stages": made,
    }
    return Simulation(Contract(Pipeline.model_validate(contract)))


def seen(branch: Branch) -> Seen:
    """Give a branch as the naive walk writes it down."""
    events = sorted((tuple(event) for event in branch.events), key=lambda event: str(event[0]))
    return tuple(events), branch.end, branch.production, branch.actions, branch.first_release  # type: ignore[return-value]


def everything(found: Simulation) -> list[Seen]:
    """Give the success branch, the single faults and the pairs."""
    return [seen(one) for one in (found.success, *found.singles, *found.pairs())]


def blamed(found: Simulation) -> set[Blame]:
    """Give what the branches are found to break, as the naive walk blames it."""
    return {
        (one.invariant, tuple(map(str, one.at)), stage)
        for one in unsafe_ends(found)
        for stage in one.value.replace(" and ", ", ").split(", ")
    }


def compare(made: dict[str, dict[str, Any]], default: dict[str, Any]) -> None:
    """Hold the simulation against the naive walk."""
    found = simulation(made, default)
    branches, world = everything(found), World(made, default)
    assert set(branches) == world.explore()
    assert blamed(found) == world.blamed
    assert len(branches) == len(set(branches)), "a branch is given twice"
    assert found.pair_count == len(branches) - 1 - len(found.singles)


@settings(max_examples=150, deadline=None)
@given(stages(), defaults)
def test_it_finds_what_every_interleaving_finds(made: dict[str, dict[str, Any]], default: dict[str, Any]) -> None:
    """On small contracts branches are those of all orders, all attempts and all handlers; none is double.

    So is what they break: who answers for it, and where, is the same for every pair of faults.
    """
    compare(made, default)


@pytest.mark.parametrize("signal", ["p99", "psi", "drift", None])
@pytest.mark.parametrize("behind", ["release", "try", "nothing"])
@pytest.mark.parametrize("first", ["rollback + page", "halt + page"])
def test_a_second_monitor_only_reports_in_both(signal: str | None, behind: str, first: str) -> None:
    """What nobody rolls back for leaves a release as it is, where another monitor takes back what is bad."""
    back = {**BACKS[2], "when": ["psi > 1"]}
    made: dict[str, dict[str, Any]] = {
        "try": {"kind": "promote", "to": "staging", "after": []},
        "release": {"kind": "promote", "to": "production", "after": ["try"], "watch": ["p99"], "rollback": back},
        "watch": {"kind": "monitor", "after": ["release"], "signals": ["p99"], "on-fail": first},
        "second": {"kind": "monitor", "after": [behind] if behind in {"release", "try"} else []},
    }
    made["second"] |= {"on-fail": "halt + alert", **({"signals": [signal]} if signal else {})}
    compare(made, {"retries": 0})
    is_left = ("production-safe", ("stages", "second", "on-fail"), "second") not in blamed(simulation(made, {}))
    assert is_left is ((signal, behind, first) == ("drift", "release", "rollback + page"))


@pytest.mark.slow
@settings(max_examples=700, deadline=None)
@given(stages(6), defaults)
def test_it_finds_what_every_interleaving_finds_at_length(
    made: dict[str, dict[str, Any]], default: dict[str, Any]
) -> None:
    """The same on many more contracts."""
    compare(made, default)


@settings(max_examples=60, deadline=None)
@given(stages(4), defaults)
def test_stages_that_fail_side_by_side_break_nothing_more(
    made: dict[str, dict[str, Any]], default: dict[str, Any]
) -> None:
    """Two branches that both fail before they join, each answered: whoever is to blame is so for one fault alone."""
    world = World(made, default)
    world.explore()
    assert world.side_by_side() <= blamed(simulation(made, default))


@settings(max_examples=40, deadline=None)
@given(stages(), defaults)
def test_pairs_end_like_one_of_their_faults(made: dict[str, dict[str, Any]], default: dict[str, Any]) -> None:
    """No pair ends in a state that no single fault ends in, save a rollback that fails."""
    found = simulation(made, default)
    single = {(one.end, one.production) for one in (found.success, *found.singles)}
    assert {(one.end, one.production) for one in found.pairs()} <= single | {("rollback-failed", "unknown")}
