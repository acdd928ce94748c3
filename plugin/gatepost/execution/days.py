"""Artifacts that hold the day of the run: two runs on one day agree on it, and do not show what another day gives."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from gatepost.execution.folder import Packed, inside, paths_below
from gatepost.execution.repeats import SAME
from gatepost.execution.setup import Orders
from gatepost.records.dry_run import Repeated

__all__ = ["days_held"]

_FORMS: Final = ("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d")
_MOST: Final = 16 << 20
"""Larger files are not searched."""


def days_held(
    orders: Orders, folder: Path, checkout: Packed, repeated: Iterable[Repeated], day: dt.date
) -> Iterator[str]:
    """Say in sentences which artifacts with the same bytes in both runs hold their day, unless the checkout has it.

    A local day differs between the two runs by their time zones; this is about the day in UTC.

    Args:
        orders: what was run.
        folder: a clean run.
        checkout: what it began with.
        repeated: what two clean runs made of each artifact.
        day: the day in UTC.
    """
    given = [one.content for one in checkout if one.content]
    forms = [form for form in map(day.strftime, _FORMS) if not any(form.encode() in content for content in given)]
    for one in repeated:
        path = orders.path_of(one.artifact)
        if path is None or not one.verified or one.found != SAME:
            continue
        held = next((form for form in forms if _holds(inside(folder, path), form)), None)
        if held is not None:
            yield f"{one.artifact} holds {held}, the day of this run in UTC: what it holds on another day was not seen."


def _holds(path: Path, day: str) -> bool:
    """Tell whether a file, or one in a folder, holds a day that is not a piece of a longer number."""
    text = re.compile(rf"(?<!\d){day}(?!\d)".encode())
    files = paths_below(path) if path.is_dir() else (path,)
    return any(one.is_file() and one.stat().st_size <= _MOST and text.search(one.read_bytes()) for one in files)
