"""What a rejection puts away is the candidate that was judged; what helps to find the cause may stay."""

from __future__ import annotations

import pytest

from gatepost.execution.quarantine import left_in_place, to_be_put_away
from gatepost.execution.setup import orders_of
from gatepost.execution.task import Report
from gatepost.pipeline import Branch, Contract
from gatepost.pipeline.branch import Event
from gatepost.records import Pipeline

RECORD = {
    "title": "P",
    "owner": "ml",
    "handlers": {"quarantine": "python q.py"},
    "artifacts": {
        "rows": {"type": "dataset", "path": "rows.json", "source": "warehouse.rows@7"},
        "features": {"type": "dataset", "path": "features.json"},
        "profile": {"type": "metrics", "path": "profile.json", "keys": ["rows"]},
        "model": {"type": "model", "path": "model.json"},
        "aside": {"type": "model", "path": "aside.json"},
        "metrics": {"type": "metrics", "path": "metrics.json", "keys": ["auc"]},
        "bundle": {"type": "package", "path": "bundle.json"},
    },
    "stages": {
        "prepare": {"kind": "data", "run": "a", "in": ["rows"], "out": ["features", "profile"]},
        "data-gate": {"kind": "gate", "in": ["profile"], "pass": ["rows >= 1"]},
        "train": {"kind": "train", "run": "a", "in": ["features"], "out": ["model"], "after": ["data-gate"]},
        "other": {"kind": "train", "run": "a", "in": ["features"], "out": ["aside"]},
        "evaluate": {"kind": "validate", "run": "a", "in": ["model"], "out": ["metrics"]},
        "gate": {"kind": "gate", "in": ["metrics"], "pass": ["auc >= 0.5"]},
        "package": {"kind": "package", "run": "a", "in": ["model"], "out": ["bundle"], "after": ["gate"]},
        "approve": {"kind": "approval", "by": ["lead"], "in": ["bundle"]},
    },
}


def put_away(stage: str, fault: str = "reject", handlers: dict[str, str] | None = None) -> tuple[str, ...]:
    """Give what has to be put away when a stage rejects."""
    record = Pipeline.model_validate({**RECORD, "handlers": handlers or RECORD["handlers"]})
    branch = Branch((Event(stage, fault),), "quarantined", "untouched", ("quarantine",))  # type: ignore[arg-type]
    return to_be_put_away(orders_of(Contract(record)), branch)


@pytest.mark.parametrize(
    ("stage", "paths"),
    [("data-gate", ("features.json",)), ("gate", ("model.json",)), ("approve", ("bundle.json",))],
)
def test_the_last_that_was_built_is_what_is_rejected(stage: str, paths: tuple[str, ...]) -> None:
    """A bundle stands for the model in it; metrics and inputs from outside are nobody's candidate."""
    assert put_away(stage) == paths


def test_nothing_is_asked_for_where_nothing_was_rejected_or_no_command_puts_it_away() -> None:
    """A gate that crashes has rejected nothing, and what is left to the engine is not run here."""
    assert put_away("gate", fault="fail") == ()
    assert put_away("gate", handlers={"quarantine": "engine"}) == ()


@pytest.mark.parametrize(("rejected", "left", "found"), [(2, ("a", "b"), True), (2, ("a",), False), (0, (), False)])
def test_one_of_several_candidates_put_away_is_enough(rejected: int, left: tuple[str, ...], *, found: bool) -> None:
    """A model beside the one that was judged may stay; nothing is asked for what was never there."""
    said = left_in_place(Report("k", (), rejected=rejected, left=left))
    assert bool(said) is found
    assert not found or "leaves a and b as it was: let it move or mark what was rejected" in said
