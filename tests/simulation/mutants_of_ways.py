"""Contracts whose way to production is open: a place under another name, and guards that judge something else."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Final

from steps import Data, leave_out, put

__all__ = ["ELSEWHERE", "into", "mutants_of_ways"]

ELSEWHERE: Final = ("prod", "prod-eu", "PRODUCTION", "live", "prd", "online", "canary", "europe")
"""What production may be called."""


def into(data: Data, place: str) -> Data:
    """Give a contract whose production has another name; nothing else about it is changed."""
    made = copy.deepcopy(data)
    places = made["environments"]
    places[place] = places.pop("production")
    for stage in made["stages"].values():
        if stage.get("to") == "production":
            stage["to"] = place
    return made


def mutants_of_ways(data: Data) -> Iterator[tuple[str, str, Data]]:
    """Give broken versions of a contract, each with a name that says what was done and the gate that finds it."""
    promotion = next(str(name) for name, stage in data["stages"].items() if stage.get("to") == "production")
    for place in ELSEWHERE:
        moved = into(data, place)
        yield f"{place} without approval", "promotion-gated", _unwaited(moved, "approval")
        yield f"{place} without a gate", "promotion-gated", _unwaited(moved, "gate")
        yield f"{place} without rollback", "dry-run-passed", leave_out(moved, "stages", promotion, "rollback")
        yield f"{place} unwatched", "dry-run-passed", leave_out(moved, "stages", promotion, "watch")
    run = str(data["stages"][promotion]["run"])
    yield "the rollback promotes", "dry-run-passed", put(data, run, "stages", promotion, "rollback", "run")
    for name in _of_kind(data, "gate"):
        key = str(data["stages"][name]["pass"][0]).split()[0]
        itself = put(data, [f"{key} >= {key} - 0.01"], "stages", name, "pass")
        yield f"{name} compares with itself", "promotion-gated", itself
    for what, mutant in (
        ("another model is packaged", _another_model(data)),
        ("the model is not measured", _unmeasured(data)),
        ("the model is not measured for quality, while its package is", _measured_as_a_package(data)),
        ("it is trained again beside its gate, while its package is measured", _retrained(data)),
        ("it is trained again behind its gate, while its package is measured", _retrained(data, is_behind=True)),
        ("the package is made of nothing", leave_out(data, "stages", "package", "in")),
        *((f"{name} is given before training", _early(data, name)) for name in _of_kind(data, "approval")),
    ):
        yield what, "promotion-gated", mutant


def _unwaited(data: Data, kind: str) -> Data:
    """Let nothing wait for the stages of a kind any more; what they write is for readers outside."""
    made = copy.deepcopy(data)
    guards = {name for name, stage in made["stages"].items() if stage["kind"] == kind}
    outs = {one for name in guards for one in made["stages"][name].get("out", ())}
    for artifact in outs:
        made["artifacts"][artifact]["final"] = True
    for stage in made["stages"].values():
        stage["after"] = [one for one in stage.get("after", ()) if one not in guards]
        stage["in"] = [one for one in stage.get("in", ()) if one not in outs]
    return made


def _of_kind(data: Data, kind: str) -> list[str]:
    return [str(name) for name, stage in data["stages"].items() if stage["kind"] == kind]


def _another_model(data: Data) -> Data:
    """Train a second model beside the one that is judged, and package it in its place."""
    made = copy.deepcopy(data)
    (trains,) = _of_kind(data, "train")
    made["artifacts"]["model-of-all"] = {"type": "model", "path": "out/model-of-all.json"}
    first = made["stages"][trains]
    made["stages"]["train-all"] = {**first, "out": ["model-of-all"], "repeat": "exact"}
    package = made["stages"]["package"]
    package["in"] = ["model-of-all", *(one for one in package["in"] if one != "model")]
    return made


def _unmeasured(data: Data) -> Data:
    """Let no stage that measures read the model, or anything that comes with it or from it."""
    made = copy.deepcopy(data)
    stages = made["stages"]
    with_it = {out for name in (*_of_kind(data, "train"), "package") for out in stages[name]["out"]}
    for stage in stages.values():
        if stage["kind"] not in {"promote", "package", "approval"}:
            stage["in"] = [one for one in stage["in"] if one not in with_it]
    return made


def _measured_as_a_package(data: Data) -> Data:
    """Let no stage but those that package read the model, or what comes with it; what reads the package still does."""
    made = copy.deepcopy(data)
    with_it = {out for name in _of_kind(data, "train") for out in made["stages"][name]["out"]}
    for stage in made["stages"].values():
        if stage["kind"] != "package":
            stage["in"] = [one for one in stage["in"] if one not in with_it]
    return made


def _retrained(data: Data, *, is_behind: bool = False) -> Data:
    """Train again, from the model that is judged, and package what comes of it; the gates stay as they are."""
    made = copy.deepcopy(data)
    (trains,) = _of_kind(data, "train")
    first, package = made["stages"][trains], made["stages"]["package"]
    made["artifacts"]["model-again"] = {"type": "model", "path": "out/model-again.json"}
    verdicts = [one for one in package["in"] if one.endswith("verdict")] if is_behind else []
    again = {**first, "in": ["model", *first["in"], *verdicts], "out": ["model-again"], "repeat": "exact"}
    made["stages"]["train-again"] = again
    package["in"] = ["model-again", *(one for one in package["in"] if one != "model")]
    return made


def _early(data: Data, name: str) -> Data:
    """Let an approval wait for the first stage alone, and what waited for it for all that it waited for."""
    approval = data["stages"][name]
    makers = [one for one, stage in data["stages"].items() if set(stage.get("out", ())) & set(approval.get("in", ()))]
    waited = [*approval.get("after", ()), *makers]
    made = put(leave_out(data, "stages", name, "in"), [next(iter(data["stages"]))], "stages", name, "after")
    for stage in made["stages"].values():
        if set(approval["out"]) & set(stage.get("in", ())):
            stage["after"] = [*stage.get("after", ()), *waited]
    return made
