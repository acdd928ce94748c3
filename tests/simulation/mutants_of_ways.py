"""Contracts whose way to production is open: a place under another name, and guards that judge something else."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Final

from steps import Data, leave_out

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
