"""The checklists of the worked designs take from the committed dry run what a dry run can measure."""

from __future__ import annotations

from typing import Final

import frontmatter
import pytest
from design_runs import DESIGNS

from gatepost.records import Checklist, DryRun, Item

NAMES: Final = sorted(path.parent.name for path in DESIGNS.glob("*/pipeline.md"))
COUNTS: Final = {"executed", "agreeing", "repeating"}
"""What a record counts, beside what gates and monitors compare."""


def items_of(name: str) -> list[Item]:
    """Give the items of a checklist that were measured."""
    found = Checklist.model_validate(frontmatter.load(str(DESIGNS / name / "checklist.md")).metadata)
    return [one for one in found.items if one.measured is not None or one.result is not None]


def record_of(name: str) -> tuple[str, DryRun]:
    """Give the newest record of a dry run, and how evidence names it."""
    path = max((DESIGNS / name / "evidence" / "dry-runs").glob("*.md"))
    return f"evidence/dry-runs/{path.name}", DryRun.model_validate(frontmatter.load(str(path)).metadata)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_dry_run_measures_is_quoted_from_it(name: str) -> None:
    """An item whose metric the record holds cites the record; most of the measured items do."""
    path, record = record_of(name)
    known = {*record.metrics, *COUNTS}
    items = items_of(name)
    for item in items:
        key = item.metric and f"{item.metric}@{item.slice}" if item.slice else item.metric
        if key in known:
            assert (item.evidence or "").startswith(f"{path}#/"), item.id
    quoting = [one for one in items if (one.evidence or "").startswith(path)]
    assert len(quoting) > len(items) * 2 // 3
