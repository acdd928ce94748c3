"""What of a contract is run, told without running it."""

from __future__ import annotations

from gatepost.execution.setup import orders_of
from gatepost.pipeline import Contract
from gatepost.records import Pipeline

RECORD = {
    "title": "P",
    "owner": "ml",
    "handlers": {"alert": "python notify.py alert", "page": "engine"},
    "stages": {"train": {"kind": "train", "run": "python train.py", "on-fail": "halt + page"}},
}


def test_an_action_that_is_left_to_the_engine_has_no_command() -> None:
    """`page: engine` says who does it; nothing of that name is started."""
    orders = orders_of(Contract(Pipeline.model_validate(RECORD)))
    assert orders.handlers == {"alert": ("python", "notify.py", "alert")}
