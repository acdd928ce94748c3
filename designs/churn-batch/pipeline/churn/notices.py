"""What is done when a stage does not succeed: tell somebody, or take what was built out of the way."""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Final

from churn.files import sha256

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["OWNERS", "notify", "quarantine"]

OWNERS: Final = {"approve": "crm-lead", "publish": "sre-oncall", "observe": "sre-oncall", "watch": "sre-oncall"}
"""Who owns a stage, as the contract says; every other stage is growth-ml's."""
_BUILT: Final = ("scores.csv", "bundle.json", "model.json")
"""What a rejected run leaves that could be released, the nearest to a customer first; metrics stay to be looked at."""


def notify(out: Path, action: str) -> None:
    """Append a notice; `alert` is read in the morning, `page` rings at once. The sender is no part of this design."""
    out.mkdir(parents=True, exist_ok=True)
    stage = _told("STAGE")
    told = {"action": action, "outcome": _told("OUTCOME"), "run": _told("RUN"), "stage": stage}
    with (out / "notices.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({**told, "to": OWNERS.get(stage, "growth-ml")}, sort_keys=True) + "\n")


def quarantine(out: Path) -> Path | None:
    """Move what a run has built to a folder of its own, and give it; None when nothing was built.

    The folder is named by what is in it, so a second rejected candidate never replaces the first.
    """
    built = [path for name in _BUILT if (path := out / name).exists()]
    if not built:
        return None
    name = hashlib.sha256("".join(map(sha256, built)).encode()).hexdigest()
    place = out / "quarantine" / f"rejected-{name[:12]}"
    place.mkdir(parents=True, exist_ok=True)
    for path in built:
        os.replace(path, place / path.name)  # noqa: PTH105 - as in files.py
    return place


def _told(name: str) -> str:
    return os.environ.get(f"GATEPOST_{name}", "by hand")
