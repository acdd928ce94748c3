"""What is done when a stage does not succeed: tell somebody, or take what was built out of the way."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Final

from routing.files import sha256

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["notify", "quarantine"]

_BUILT: Final = ("model.json", "predictions.json", "bundle.json", "model-card.md", "smoke.json", "staging/active.json")
"""What a rejected run leaves; what it was made from stays for those who look for the cause."""


def notify(out: Path, action: str) -> None:
    """Append a notice; `alert` is read in the morning, `page` rings at once. The sender is no part of this design."""
    out.mkdir(parents=True, exist_ok=True)
    told = {"action": action, "stage": _told("STAGE"), "outcome": _told("OUTCOME"), "run": _told("RUN")}
    with (out / "notices.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(told, sort_keys=True) + "\n")


def quarantine(out: Path) -> Path | None:
    """Move what a run has built to a folder of its own, and give it; None when nothing was built."""
    built = [path for name in _BUILT if (path := out / name).exists()]
    if not built:
        return None
    place = out / "quarantine" / sha256(built[0])[:12]
    place.mkdir(parents=True, exist_ok=True)
    for path in built:
        os.replace(path, place / path.name)  # noqa: PTH105 - as in files.py
    return place


def _told(name: str) -> str:
    return os.environ.get(f"GATEPOST_{name}", "by hand")
