"""The trend on the overview: three small charts, drawn when the site is built, and the same numbers in a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from gatepost.check.trend import Trend, TrendPoint
from gatepost.site.lookup import Lookup

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["trend_part"]

_WIDTH, _HEIGHT = 340, 150
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 10, 10, 24
_STEPS: Final = (1, 2, 5)
"""What the highest label of an axis may be, times a power of ten."""
_HUNDRED: Final = 100


class Chart(NamedTuple):
    """One line over time."""

    name: str
    """met, exposure or overdue."""
    now: str
    """The last value, in words."""
    words: str
    """What it says to those who cannot see it."""
    line: str
    """The path of the line."""
    area: str
    """The path of what is below it."""
    dots: str
    """The path of the points themselves."""
    ticks: tuple[tuple[float, str], ...]
    """The labels of the axis of values: where, and what."""


def trend_part(lookup: Lookup) -> Markup | str:
    """Give the trend as it stands on the overview; nothing when there is none.

    Args:
        lookup: for the trend and the words.
    """
    trend = lookup.trend
    if trend is None:
        return ""
    points = trend.points
    drawn = len(points) > 1 and points[0].day < points[-1].day
    return lookup.render(
        "trend",
        trend=trend,
        charts=_charts(lookup, points) if drawn else (),
        width=_WIDTH,
        height=_HEIGHT,
        left=_LEFT,
        right=_WIDTH - _RIGHT,
        base=_HEIGHT - _BOTTOM,
        days=_days(points) if drawn else (),
        rows=[(point, _percent(point)) for point in reversed(points)],
        notes=_notes(lookup, trend),
    )


def _charts(lookup: Lookup, points: Sequence[TrendPoint]) -> tuple[Chart, ...]:
    last = points[-1]
    met = lookup.words("trend.met.now", percent=_percent(last), met=last.met, asked=last.asked)
    percents = [float(_percent(point)) for point in points]
    exposures = [float(point.exposure) for point in points]
    overdue = [float(point.overdue) for point in points]
    return (
        _chart(lookup, "met", points, percents, met),
        _chart(lookup, "exposure", points, exposures, str(last.exposure)),
        _chart(lookup, "overdue", points, overdue, str(last.overdue)),
    )


def _chart(lookup: Lookup, name: str, points: Sequence[TrendPoint], values: Sequence[float], now: str) -> Chart:
    base, sign = _HEIGHT - _BOTTOM, "%" if name == "met" else ""
    top = _HUNDRED if name == "met" else _top(values)

    def height(value: float) -> float:
        return round(base - value / top * (base - _TOP), 1)

    at = [(_x(point.day, points), height(value)) for point, value in zip(points, values, strict=True)]
    line = "L".join(f"{x} {y}" for x, y in at)
    first, last, least, most = (f"{value:g}{sign}" for value in (values[0], values[-1], min(values), max(values)))
    said = lookup.words(
        "trend.words", start=points[0].day, end=points[-1].day, first=first, last=last, least=least, most=most
    )
    return Chart(
        name,
        now,
        said,
        f"M{line}",
        f"M{at[0][0]} {base}L{line}L{at[-1][0]} {base}Z",
        "".join(f"M{x} {y}h0" for x, y in at),
        tuple((height(value), f"{value}{sign}") for value in dict.fromkeys((0, top // 2, top))),
    )


def _x(day: str, points: Sequence[TrendPoint]) -> float:
    """Give where a day is on the axis of time."""
    first, last, this = (dt.date.fromisoformat(one).toordinal() for one in (points[0].day, points[-1].day, day))
    return round(_LEFT + (this - first) / (last - first) * (_WIDTH - _LEFT - _RIGHT), 1)


def _days(points: Sequence[TrendPoint]) -> tuple[tuple[float, str, str], ...]:
    """Give the labels of the axis of time: where, what, and which side of it stands there."""
    first, last = (dt.date.fromisoformat(one.day) for one in (points[0], points[-1]))
    middle = (first + (last - first) / 2).isoformat()
    found = [(float(_LEFT), points[0].day, "start"), (float(_WIDTH - _RIGHT), points[-1].day, "end")]
    if points[0].day < middle < points[-1].day:
        found.insert(1, (_x(middle, points), middle, "middle"))
    return tuple(found)


def _top(values: Sequence[float]) -> int:
    """Give the highest label of an axis: the first round number that no value is above, at least 2."""
    scale = 1
    while True:
        for step in _STEPS:
            if step * scale >= max(2, *values):
                return step * scale
        scale *= 10


def _percent(point: TrendPoint) -> str:
    """Give the share of the gates that are met; it is whole only when all are."""
    if point.met == point.asked:
        return "100"
    return f"{min(99.9, 100 * point.met / point.asked):.1f}"


def _notes(lookup: Lookup, trend: Trend) -> list[str]:
    """Say how the numbers came about."""
    words = lookup.words
    said = [words("trend.how")]
    if trend.every > 1:
        said.append(words("trend.every", every=trend.every))
    if trend.left_out:
        said.append(words("trend.without", gates=", ".join(trend.left_out)))
    return said
