"""What is done when a stage does not succeed: somebody is told, or what was built is taken out of the way."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Final

from fraud.files import sha256
from fraud.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["ANSWERS", "actions_for", "failed_in", "notify", "quarantine"]

_BUILT: Final = (
    "bundle.json",
    "model.json",
    "approval.json",
    "quality-gate.json",
    "latency-gate.json",
    "shadow-gate.json",
)

ANSWERS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "quality-gate": (("alert",), ("quarantine", "alert")),
    "latency-gate": (("alert",), ("quarantine", "alert")),
    "shadow-gate": (("alert",), ("quarantine", "alert")),
    "canary": (("rollback", "page"), ("rollback", "page")),
    "observe": (("rollback", "page"), ("rollback", "page")),
    "watch": (("rollback", "page"), ("rollback", "page")),
}
"""For each stage what follows when it fails, and when it rejects; for the others somebody is alerted."""


def failed_in(failures: str, stages: Sequence[str]) -> dict[str, str]:
    """Give the stages that failed, each with its outcome, from `{{workflow.failures}}` of Argo.

    That is a JSON list, quoted once more. It names the attempts of a task, `canary(0)`, beside the task; only attempts
    carry an exit code; whatever is no stage, such as the workflow, is left out.
    """
    found = json.loads(failures or "null") or []
    nodes = json.loads(found) or [] if isinstance(found, str) else found
    outcomes: dict[str, str] = {}
    for node in sorted(nodes, key=lambda one: str(one.get("displayName"))):
        stage = re.sub(r"\(\d+\)$", "", str(node.get("displayName")))
        code = re.search(r"exit code (\d+)", str(node.get("message")))
        if stage in stages and (code or stage not in outcomes):
            outcomes[stage] = _outcome(int(code[1])) if code else "fail"
    return outcomes


def _outcome(code: int) -> str:
    return Outcome(code).name.lower() if code in set(Outcome) else "fail"


def actions_for(stage: str, outcome: str) -> tuple[str, ...]:
    """Give what the contract answers to the outcome of a stage."""
    on_fail, on_reject = ANSWERS.get(stage, (("alert",), ("alert",)))
    return on_reject if outcome in {"reject", "inconclusive"} else on_fail


def notify(out: Path, action: str) -> None:
    """Append a notice: `alert` is read in the morning, `page` wakes somebody. What sends it is not in this design."""
    out.mkdir(parents=True, exist_ok=True)
    told = {"action": action, **{name.lower(): _told(name) for name in ("STAGE", "OUTCOME", "RUN")}}
    with (out / "notices.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(told, sort_keys=True) + "\n")


def quarantine(out: Path) -> Path | None:
    """Move what a run has built to a folder of its own; None when nothing was built.

    What it was made from, and the metrics, stay for whoever looks for the cause.
    """
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
