"""What a stage or a file of a real definition probably is, told by names; a person checks it."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from gatepost.definitions.definition import RealStage
from gatepost.definitions.environment_names import is_trial
from gatepost.definitions.stage_kinds import told_kind
from gatepost.records.pipeline import StageKind

__all__ = ["Target", "artifact_type", "is_data", "stage_kind", "target_of"]

_METRICS: Final = re.compile(r"metric|scores?\.json|eval", re.IGNORECASE)
_MODEL: Final = re.compile(r"model|\.(?:pkl|joblib|pt|onnx|h5|safetensors)$", re.IGNORECASE)
_DATA: Final = re.compile(r"\.(?:csv|parquet|json|jsonl|tsv|feather|npz?|zip|gz)$|(?:^|/)data(?:/|$)")


_NAME: Final = re.compile(r"[A-Za-z0-9][\w.-]*\Z", re.ASCII)
"""Names of environments that a contract may use."""


class Target(NamedTuple):
    """Where a stage probably promotes to."""

    name: str
    is_production: bool


def target_of(stage: RealStage) -> Target | None:
    """Give where a stage promotes to: the environment that it names, else production; None for one that does not."""
    if stage_kind(stage)[0] != "promote":
        return None
    named = stage.target if stage.target and _NAME.match(stage.target) else "production"
    return Target(named, not is_trial(named))


def stage_kind(stage: RealStage) -> tuple[StageKind, str]:
    """Give the kind that a stage probably has, and what tells it.

    One that waits for people is an approval; else its name tells, then its command, and then what it writes. A sensor
    waits for data, unless its name speaks of an approval.
    """
    is_sensor = "sensor" in (stage.waits_for or "").casefold()
    if stage.waits_for and not stage.command and not is_sensor:
        return "approval", "told by what it waits for"
    if told := told_kind(stage):
        return told
    if is_sensor:
        return "data", f"a guess, as it waits for {stage.waits_for}"
    held = dict(stage.holds)
    written = {held.get(path) or artifact_type(path) for path in stage.writes}
    if "model" in written:
        return "train", "told by what it writes"
    return ("validate", "told by what it writes") if "metrics" in written else ("data", "a guess")


def artifact_type(path: str) -> str:
    """Give what a file probably holds."""
    return "metrics" if _METRICS.search(path) else "model" if _MODEL.search(path) else "dataset"


def is_data(path: str) -> bool:
    """Tell whether a file that is read is data; code and lockfiles are pinned by the commit."""
    return bool(_DATA.search(path))
