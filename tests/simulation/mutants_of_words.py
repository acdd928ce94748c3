"""Contracts whose words say less than they seem to: targets and versions that move, names that mean nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from steps import Data, put

from gatepost.records.expressions import parse_condition

__all__ = ["TARGETS", "VERSIONS", "mutants_of_words"]


TARGETS: Final = (
    *("previous release", "the last one", "previus", "N-1", "stable", "what was there", "rules-engine"),
    *("champion@stable-2", "release-${RELEASE}", "fraud@{{ release }}", "the 2 releases before"),
)
"""What a rollback may call what came before, and what is not there on a first release."""
VERSIONS: Final = ("main-2", "7d", "daily2", "${V2}", "{{ v2 }}", "stable", "latest-2", "HEAD~3", "1.x", "release/2")
"""What an input may call a version that is another one next week."""
_BOUNDED: Final = frozenset({"auc", "macro_f1"})


def mutants_of_words(data: Data) -> Iterator[tuple[str, Data]]:
    """Give broken versions of a contract, each with a name that says what was done."""
    for action in data["handlers"]:
        left = {key: command for key, command in data["handlers"].items() if key != action}
        yield f"no command for {action}", put(data, left, "handlers")
    yield "a time-out of more than a year", put(data, "9000h", "defaults", "timeout")
    yield "the owner is todo", put(data, "todo", "owner")
    for name, stage in data["stages"].items():
        yield from _of_stage(data, name, stage)
    for name, artifact in data["artifacts"].items():
        yield from _of_artifact(data, name, artifact)


def _of_stage(data: Data, name: str, stage: Data) -> Iterator[tuple[str, Data]]:
    at = ("stages", name)
    match stage["kind"]:
        case "approval":
            yield f"{name} is given by nobody", put(data, ["nobody"], *at, "by")
            yield f"{name} also waits for a role that nobody has", put(data, [*stage["by"], "moon-board"], *at, "by")
            yield f"{name} is good for more than a year", put(data, "400d", *at, "expires")
        case "monitor":
            yield f"{name} watches the moon", put(data, ["moon_phase"], *at, "signals")
            yield f"{name} watches the moon, too", put(data, [*stage["signals"], "moon_phase"], *at, "signals")
        case "gate":
            yield from _of_limits(data, name, stage)
        case "promote" if stage["to"] == "production":
            yield f"{name} watches the moon, too", put(data, [*stage["watch"], "moon_phase"], *at, "watch")
            yield from _of_rollback(data, name, stage["rollback"])
        case _:
            pass


def _of_rollback(data: Data, name: str, rollback: Data) -> Iterator[tuple[str, Data]]:
    at = ("stages", name, "rollback")
    without = {key: value for key, value in rollback.items() if key != "first"}
    for target in TARGETS:
        yield f"{name} goes back to {target}, also at first", put(data, {**without, "to": target}, *at)
    for answer in (
        "the same",
        "it is the same",
        rollback["to"],
        "todo",
        "later",
        "not decided yet",
        "N-1",
        "keep it",
        "page",
    ):
        yield f"{name} answers a first release with {answer}", put(data, {**rollback, "first": answer}, *at)


def _of_limits(data: Data, name: str, stage: Data) -> Iterator[tuple[str, Data]]:
    for index, text in enumerate(stage["pass"]):
        condition = parse_condition(text)
        if condition.metric not in _BOUNDED or condition.reference:
            continue
        for limit in (">= 0", "> -0.1", ">= 101"):
            conditions = [*stage["pass"][:index], f"{condition.key} {limit}", *stage["pass"][index + 1 :]]
            yield f"{name} asks for {condition.key} {limit}", put(data, conditions, "stages", name, "pass")


def _of_artifact(data: Data, name: str, artifact: Data) -> Iterator[tuple[str, Data]]:
    if "sign" in artifact:
        for sign in ("todo", "not yet", "n/a", "unsigned for now", "not needed", "planned"):
            yield f"{name} is signed by {sign}", put(data, sign, "artifacts", name, "sign")
    if "source" in artifact:
        bare = {key: value for key, value in artifact.items() if key != "sha256"}
        source = artifact["source"].partition("@")[0]
        yield f"{name} has no version", put(data, {**bare, "source": source}, "artifacts", name)
        for version in VERSIONS:
            moved = {**bare, "source": f"{source}@{version}"}
            yield f"{name} is whatever {version} is", put(data, moved, "artifacts", name)
