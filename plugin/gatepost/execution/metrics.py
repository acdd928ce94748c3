"""Metrics in JSON files: found by name or step by step, and set to another value."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

__all__ = ["MetricsError", "is_whole", "metric_in", "with_metric"]


class MetricsError(ValueError):
    """A file that should hold metrics and does not."""


def _read(path: Path) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None


def _place(data: Any, key: str) -> tuple[dict[str, Any], str] | None:  # noqa: ANN401 - whatever JSON holds
    """Find a metric: by its whole name, else step by step at the dots."""
    if not isinstance(data, dict):
        return None
    if key in data:
        return data, key
    for at, letter in enumerate(key):
        if letter == "." and isinstance(data.get(key[:at]), dict):
            found = _place(data[key[:at]], key[at + 1 :])
            if found is not None:
                return found
    return None


def metric_in(path: Path, key: str) -> float:
    """Give a metric of a JSON file, by its name (`auc@new`) or by steps (`champion.auc`); NaN when it is not there."""
    place = _place(_read(path), key)
    value = place[0][place[1]] if place else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan


def is_whole(path: Path, key: str) -> bool:
    """Tell whether a metric of a JSON file is written as a whole number, as a count is."""
    place = _place(_read(path), key)
    return place is not None and type(place[0][place[1]]) is int


def with_metric(path: Path, values: dict[str, float | None]) -> None:
    """Write metrics into a JSON file; None takes one away.

    Raises:
        MetricsError: the file holds no JSON object.
    """
    data = _read(path)
    if not isinstance(data, dict):
        message = f"{path.name} holds no JSON object with metrics"
        raise MetricsError(message)
    for key, value in values.items():
        inner, name = _place(data, key) or (data, key)
        if value is None:
            inner.pop(name, None)
        else:
            inner[name] = int(value) if value.is_integer() and isinstance(inner.get(name), int) else value
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False), encoding="utf-8")
