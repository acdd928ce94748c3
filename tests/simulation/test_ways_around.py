"""No way to production goes around a gate or an approval, and no sound shape of a pipeline is blamed for one."""

from __future__ import annotations

from typing import Any

import pytest
from honest_shapes import HONEST, JUDGED, PACKAGE, RELEASE
from short_contracts import contract_of
from ways_around import AROUND

from gatepost.pipeline import INVARIANTS, Contract, Simulation, open_ways, unsafe_ends
from gatepost.pipeline.artifacts import broken_artifacts
from gatepost.pipeline.disguised import disguised_ways
from gatepost.records import Pipeline


@pytest.mark.parametrize("shape", HONEST)
def test_no_sound_shape_is_blamed(shape: str) -> None:
    """Gates on data, bases, champions, packages, predictions and reports each have their place before production."""
    assert list(open_ways(contract_of(HONEST[shape]))) == []


@pytest.mark.parametrize("way", AROUND)
def test_every_way_around_is_told_once_with_what_mends_it(way: str) -> None:
    """One cause is one finding, of a named invariant, with a branch that shows it."""
    said = AROUND[way]
    (found,) = open_ways(contract_of(said.stages, said.fields))
    assert (found.invariant, found.message[: len(said.message)]) == (said.invariant, said.message)
    assert found.hint.startswith(said.hint)
    assert " → " in found.branch
    assert found.invariant in {one.id for one in INVARIANTS}


def in_one_place(contract: Contract, *names: str) -> Contract:
    """Give a contract with some artifacts at one path."""
    data: dict[str, Any] = contract.record.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for name in names:
        data["artifacts"][name]["path"] = f"out/./{names[0]}.json" if name != names[0] else f"out/{name}.json"
    return Contract(Pipeline.model_validate(data))


def test_what_was_judged_is_not_written_over() -> None:
    """Two artifacts at one path are one file: what is packaged may be another one than what was measured."""
    stages = f"{JUDGED}\nretrain train model clean verdict > model2\npackage package model2 > bundle\n{RELEASE}"
    contract = in_one_place(contract_of(stages), "model", "model2")
    (found,) = (one for one in broken_artifacts(contract) if "one path" in one.message)
    said = "model and model2 are written to one path, out/./model.json, by train and retrain"
    assert (found.invariant, found.message, found.hint) == ("artifacts-used", said, "give each a path of its own")


def test_what_a_model_learns_from_is_not_what_it_is_judged_by_under_another_name() -> None:
    """Two inputs with one digest are the same bytes."""
    stages = "train train committed-rows > model\nevaluate validate model committed-test > metrics[auc]\n"
    contract = contract_of(f"{stages}quality gate metrics > verdict : auc >= 0.7\n{PACKAGE}{RELEASE}")
    (found,) = (one for one in broken_artifacts(contract) if "bytes" in one.message)
    said = "committed-rows and committed-test are the same bytes: both have the sha256 777777777777…"
    assert (found.invariant, found.message, found.at) == (
        "artifacts-used",
        said,
        ("artifacts", "committed-test", "sha256"),
    )


def test_promotions_write_what_is_served_one_after_the_other() -> None:
    """A canary and the promotion of the rest write one file, and each has an artifact for it."""
    stages = HONEST["a shadow, its gate, a canary, its gate, and everybody"]
    look = "look-on validate release-full > canary-report[p99_ms]\n"
    contract = in_one_place(contract_of(stages + look), "release", "release-full")
    assert [one.message for one in broken_artifacts(contract) if "one path" in one.message] == []


def test_what_watches_a_release_may_write_beside_it() -> None:
    """A folder that is served may hold what was seen of it; before the release nobody writes there."""
    place = {"environments": {"production": {"state": "out"}, "staging": {"state": "staged"}}}
    stages = "promote promote bundle > release\nsee validate release > report\n"
    found = [one.message for one in disguised_ways(contract_of(stages, place))]
    assert found == []
    before = [
        one.message
        for one in disguised_ways(contract_of("see validate bundle > report\npromote promote bundle > release", place))
    ]
    assert before == ["see writes out/report.json, which is what production serves"]


def test_a_place_that_was_let_through_keeps_what_it_has_when_the_next_one_is_refused() -> None:
    """Who refuses the second region has not judged the first; at one place, and by a gate on it, it is undone."""
    stages = HONEST["two regions in turn"]
    refused = {"approve-us", "healthy"}
    for places, blamed in (("prod-us", {"healthy"}), ("prod-eu", refused)):
        contract = contract_of(stages.replace("to prod-us", f"to {places}"), {"defaults": {"on-fail": "halt + alert"}})
        found = [one for one in unsafe_ends(Simulation(contract)) if one.invariant == "production-safe"]
        assert {name for name in refused for one in found if name in one.message} == blamed


def test_one_command_for_all_stages_is_no_promotion() -> None:
    """What a command does may depend on its surroundings; where all stages run one, it says nothing about any."""
    contract = contract_of(HONEST["one gate, on the package"])
    data: dict[str, Any] = contract.record.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for stage in data["stages"].values():
        if "run" in stage:
            stage["run"] = "python step.py"
    assert list(open_ways(Contract(Pipeline.model_validate(data)))) == []


def test_both_lists_are_as_long_as_was_promised() -> None:
    """A shape that is taken out is missed."""
    assert (len(HONEST), len(AROUND)) >= (40, 25)
