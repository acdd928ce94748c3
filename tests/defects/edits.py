"""What a seeded defect is, and the edits it is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from trees import edited

__all__ = [
    "ADR1",
    "ADR2",
    "ADR3",
    "ADR4",
    "CHECKLIST",
    "CONTRACT",
    "DESIGN",
    "DRY_RUN",
    "FU1",
    "METRIC_OF_ADR3",
    "POLICY",
    "RISK1",
    "RISK2",
    "ROLLBACK",
    "Defect",
    "Edit",
    "Files",
    "add",
    "change",
    "copy",
    "drop",
    "waiver",
    "without",
]

Files = Mapping[str, str]
Edit = Callable[[Files], dict[str, str]]

ADR1: Final = "churn/decisions/0001-online-scoring.md"
ADR2: Final = "churn/decisions/0002-batch-scoring.md"
ADR3: Final = "churn/decisions/0003-logistic-regression.md"
ADR4: Final = "churn/decisions/0004-retrain-daily.md"
RISK1: Final = "churn/risks/0001-stale-scores.md"
RISK2: Final = "churn/risks/0002-tampered-bundle.md"
FU1: Final = "churn/follow-ups/0001-switch-off-service.md"
DESIGN: Final = "churn/index.md"
CONTRACT: Final = "churn/pipeline.md"
CHECKLIST: Final = "churn/checklist.md"
POLICY: Final = "policy.md"
DRY_RUN: Final = "churn/evidence/dry-runs/2026-11-04.md"

ROLLBACK: Final = """\
rollback:
  trigger: [opt_out_rate > 0.02]
  target: the previous table
  within: 15m
  owner: sre-oncall
"""
METRIC_OF_ADR3: Final = """\
    path: evidence/metrics.json
    pointer: /auc
    value: 0.764
"""


@dataclass(frozen=True, slots=True)
class Defect:
    """A mistake, and the one finding that it must give."""

    name: str
    edits: tuple[Edit, ...]
    gate: str
    path: str
    """The file that the finding must stand in."""
    says: str
    """Words of the finding."""

    def seeded(self, files: Files) -> dict[str, str]:
        """Give the files with this mistake in them."""
        changed = dict(files)
        for edit in self.edits:
            changed = edit(changed)
        return changed


def copy(path: str, to: str) -> Edit:
    """Give the edit that copies a file."""
    return lambda files: {**files, to: files[path]}


def change(path: str, old: str, new: str) -> Edit:
    """Give the edit that replaces a piece of text."""
    return lambda files: edited(files, path, old, new)


def add(path: str, text: str) -> Edit:
    """Give the edit that adds a file."""
    return lambda files: {**files, path: text}


def drop(path: str, start: str) -> Edit:
    """Give the edit that removes the one line that starts with some text."""
    return lambda files: edited(files, path, *_line(files[path], start))


def _line(text: str, start: str) -> tuple[str, str]:
    lines = [line for line in text.splitlines(keepends=True) if line.startswith(start)]
    assert len(lines) == 1, f"{len(lines)} lines start with {start!r}"
    return lines[0], ""


def without(path: str) -> Edit:
    """Give the edit that removes a file."""
    return lambda files: {name: text for name, text in files.items() if name != path}


def waiver(path: str, *, gate: str, by: str = "Ana Ruiz", until: str = "2026-12-31") -> Edit:
    """Give the edit that adds a waiver to a record."""
    lines = f"waivers:\n  - {{gate: {gate}, reason: agreed in the review, approved-by: {by}, until: {until}}}\n---\n\n#"
    return change(path, "---\n\n#", lines)
