# ruff: noqa: INP001 - a folder of scripts, not a package
"""Days that go wrong, written over the data of a copy of the pipeline."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from fraud.payments import payments
from fraud.synthetic import made
from make_data import REPLAY, WEEK, write_replay

if TYPE_CHECKING:
    from fraud.payments import Payment
    from workspace import Workspace

__all__ = ["new_devices", "quiet_thieves", "set_replay", "slow_scorer"]


def new_devices(table: list[Payment], every: int = 1) -> list[Payment]:
    """Let a new version of a telephone app report devices as new: those of all cards, or of every third one."""
    return [
        one._replace(new_device=1) if hashlib.sha256(one.card.encode()).digest()[0] % every == 0 else one
        for one in table
    ]


def set_replay(place: Workspace, table: list[Payment] | None = None) -> list[Payment]:
    """Let the day that is replayed be another one; without a table, one on which all devices are new."""
    path = place.data / "replay.csv"
    own = new_devices(payments(path)) if table is None else table
    write_replay(path, own)
    return own


def quiet_thieves(place: Workspace, share: float = 0.8) -> None:
    """Let thieves of the replayed day and the watched week behave like customers, and let there be more of them."""
    write_replay(place.data / "replay.csv", made(replace(REPLAY, quiet_thieves=share)))
    write_replay(place.data / "week.csv", made(replace(WEEK, quiet_thieves=share)))


def slow_scorer(place: Workspace, seconds: float) -> None:
    """Let each answer of this copy take longer."""
    place.edit(
        "fraud/serving.py",
        "        payment = payment_of(request)\n",
        f"        payment = payment_of(request)\n        time.sleep({seconds})\n",
    )
