"""Contracts in short: one line a stage, as `evaluate validate model clean > metrics[auc brier] ; after train`.

Before `>` stands what a stage reads, behind it what it writes, with the metrics that this holds in brackets. A gate has
its conditions behind a colon, and after `;` come further fields. What an artifact is, its name says; what no stage
writes comes from outside, in a version, or lies in the repository when it is called committed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from gatepost.pipeline import Contract
from gatepost.records import Pipeline

__all__ = ["contract_of"]

_MODELS: Final = frozenset(
    {"model", "student", "teacher", "base", "champion", "hosted", "encoder", "detector", "scaler"}
)
_PARAMETERS: Final = frozenset({"params"})
_PACKAGES: Final = frozenset({"bundle", "image"})
_REPORTS: Final = frozenset({"verdict", "report", "card", "staged", "release"})
_LISTS: Final = frozenset({"after", "by", "pass", "rollout"})
_PLACES: Final[dict[str, Any]] = {
    "staging": {"state": "out/staging.json"},
    "shadow": {},
    "production": {"state": "out/live.json"},
}


def contract_of(text: str, fields: Mapping[str, Any] | None = None) -> Contract:
    """Read a contract in short.

    Args:
        text: its stages, one a line.
        fields: of the whole contract, where they are not as usual; environments come beside those that are there.
    """
    fields = fields or {}
    stages = dict(_stage(line) for line in text.strip().splitlines() if line.strip())
    artifacts: dict[str, Any] = {}
    for stage in stages.values():
        for side in ("out", "in"):
            for said in stage[side]:
                name, keys = _named(said)
                artifacts.setdefault(name, _artifact(name, keys))
    for stage in stages.values():
        for side in ("out", "in"):
            stage[side] = [_named(said)[0] for said in stage[side]]
    written = {name for stage in stages.values() for name in stage["out"]}
    for name, one in artifacts.items():
        one["path"] = f"out/{name}.json"
        if name not in written:
            one.update({"sha256": "7" * 64} if name.startswith("committed") else {"source": f"store.{name}@7"})
    places = {**_PLACES, **fields.get("environments", {})}
    front = {"title": "P", "owner": "ml", "artifacts": artifacts, "stages": stages, **fields, "environments": places}
    return Contract(Pipeline.model_validate(front))


def _stage(line: str) -> tuple[str, dict[str, Any]]:
    head, *extras = (part.strip() for part in line.split(";"))
    head, _, conditions = head.partition(" : ")
    words, _, out = head.partition(" > ")
    name, kind, *read = words.split()
    stage: dict[str, Any] = {"kind": kind, "run": f"python run.py {name}", "in": read, "out": _split(out)}
    if kind == "gate":
        del stage["run"]
        stage["pass"] = [one.strip() for one in conditions.split(",")]
    if kind == "approval":
        del stage["run"]
        stage["by"] = ["lead"]
    if kind == "promote":
        stage["to"] = "production"
    for extra in extras:
        key, _, value = extra.partition(" ")
        stage[key] = [one.strip() for one in value.split(",")] if key in _LISTS else value
    return name, stage


def _split(out: str) -> list[str]:
    return re.findall(r"[^\s\[]+(?:\[[^\]]*\])?", out)


def _named(said: str) -> tuple[str, list[str]]:
    name, _, keys = said.rstrip("]").partition("[")
    return name, keys.split()


def _artifact(name: str, keys: list[str]) -> dict[str, Any]:
    stem = re.split(r"[-\d]", name)[0]
    known = ((_MODELS, "model"), (_PARAMETERS, "parameters"), (_PACKAGES, "package"), (_REPORTS, "report"))
    type_ = next((one for stems, one in known if stem in stems), "dataset")
    return {"type": "metrics", "keys": keys} if keys else {"type": type_}
