"""Units behind a number of a condition: counted in the unit that the metric's own name ends with, or refused.

A metric is a bare number in a file, so its name is the only place where a contract says how it is counted: `p99_ms`,
`age_hours`, `missing_pct`, `missing_share`. Where it says nothing a unit is refused, for whoever guesses
is wrong by a hundred or a thousand.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["IN_PERCENT", "UnitError", "in_unit_of"]

_MICROSECONDS: Final = {
    unit: length
    for length, units in (
        (1, "us usec usecs micros microsecond microseconds"),
        (1_000, "ms msec msecs millis millisecond milliseconds"),
        (1_000_000, "s sec secs second seconds"),
        (60_000_000, "m min mins minute minutes"),
        (3_600_000_000, "h hr hrs hour hours"),
        (86_400_000_000, "d day days"),
    )
    for unit in units.split()
}
_SECOND: Final = _MICROSECONDS["s"]
IN_PERCENT: Final = frozenset({"pct", "percent", "percentage"})
"""Words at the end of a metric that goes from 0 to 100."""
_SHARE: Final = frozenset({"share", "fraction", "ratio"})
_WORD: Final = re.compile(r"[A-Za-z0-9]+")


class UnitError(ValueError):
    """A unit that a metric is not counted in."""


def in_unit_of(metric: str, number: float, unit: str) -> float:
    """Give a number with a unit in the unit that a metric is counted in.

    Args:
        metric: its name without a slice, like `p99_ms`.
        number: what stands before the unit.
        unit: what stands behind the number, like `s` or `%`.

    Raises:
        UnitError: the metric's name does not end with a unit, or with one of another sort; or nobody knows the unit.
    """
    words, written = _WORD.findall(metric.casefold()), unit.casefold()
    own = words[-1] if words else ""
    if written == own or (_is_percent(written) and own in IN_PERCENT):
        return number
    if written in _MICROSECONDS:
        if own in _MICROSECONDS and len(words) > 1:
            if written == "m" and _MICROSECONDS[own] < _SECOND:
                message = f"{unit} is minutes, and {metric} is counted in {own}: write ms, or s"
                raise UnitError(message)
            return number * _MICROSECONDS[written] / _MICROSECONDS[own]
        message = _other_sort(metric, own, unit, "length of time")
        raise UnitError(message)
    if _is_percent(written):
        if own in _SHARE:
            return number / 100
        message = _other_sort(metric, own, unit, "percentage")
        raise UnitError(message)
    message = f"'{unit}' is no unit that {metric} is counted in"
    raise UnitError(message)


def _other_sort(metric: str, own: str, unit: str, sort: str) -> str:
    called = f"{metric}_pct" if _is_percent(unit.casefold()) else f"{metric}_{unit}"
    if own in _MICROSECONDS or own in IN_PERCENT or own in _SHARE:
        return f"{unit} is a {sort}, and {metric} ends with {own}: write the number in {own}"
    return f"{metric} does not say that it is counted in {unit}: write the bare number, or call the metric {called}"


def _is_percent(unit: str) -> bool:
    return unit == "%" or unit in IN_PERCENT
