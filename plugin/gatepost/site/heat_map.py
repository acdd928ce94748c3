"""The heat map: how many risks have each likelihood and impact, with the tiers' thresholds drawn in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from gatepost.records import Risk
from gatepost.site.lookup import Lookup

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["heat_map"]

Which = Literal["inherent", "residual"]
_LEVELS: Final = (1, 2, 3, 4, 5)
_CELL: Final = (58, 42)
_LEFT, _TOP = 46, 10
_BANDS: Final = ((4, 1), (8, 2), (12, 3), (16, 4), (25, 5))
"""The highest exposure of each shade."""


class Cell(NamedTuple):
    """One combination of likelihood and impact."""

    x: int
    y: int
    shade: int
    name: str
    """`4x5`: as the filter spells it."""
    exposure: int
    risks: tuple[Risk, ...]
    words: str
    """What it says to those who cannot see it."""


def heat_map(lookup: Lookup, which: Which, risks: Sequence[Risk], limits: Sequence[tuple[str, int]]) -> Markup:
    """Draw one map.

    Args:
        lookup: for the words.
        which: before treatment, or with the treatment in place.
        risks: those that can still hurt.
        limits: each tier and the highest exposure that it may accept.
    """
    found: dict[tuple[int, int], list[Risk]] = defaultdict(list)
    for risk in risks:
        found[_levels(risk, which)].append(risk)
    width, height = _CELL
    return lookup.render(
        "heat_map",
        which=which,
        cells=[_cell(lookup, (x, y), tuple(found[x, y])) for y in _LEVELS for x in _LEVELS],
        cell=_CELL,
        left=_LEFT,
        top=_TOP,
        width=_LEFT + 5 * width + 8,
        height=_TOP + 5 * height + 40,
        lines=[(tier, _line(limit, offset)) for offset, (tier, limit) in enumerate(limits)],
        columns=[(_LEFT + (x - 0.5) * width, x) for x in _LEVELS],
        rows=[(_TOP + (5.5 - y) * height, y) for y in _LEVELS],
    )


def _levels(risk: Risk, which: Which) -> tuple[int, int]:
    if which == "inherent":
        return risk.likelihood, risk.impact
    return risk.residual_likelihood or risk.likelihood, risk.residual_impact or risk.impact


def _cell(lookup: Lookup, at: tuple[int, int], risks: tuple[Risk, ...]) -> Cell:
    likelihood, impact = at
    exposure = likelihood * impact
    shade = next(shade for highest, shade in _BANDS if exposure <= highest)
    names = ", ".join(f"{risk.id} {risk.title}" for risk in risks)
    words = lookup.words("map.cell", n=len(risks), likelihood=likelihood, impact=impact, exposure=exposure)
    x, y = _LEFT + (likelihood - 1) * _CELL[0], _TOP + (5 - impact) * _CELL[1]
    return Cell(x, y, shade, f"{likelihood}x{impact}", exposure, risks, f"{words}: {names}" if names else words)


def _line(limit: int, offset: int) -> str:
    """Give the path between the cells that a tier may accept and those above it."""
    width, height = _CELL
    shift = 2 * offset
    whole = sum(1 for likelihood in _LEVELS if limit // likelihood >= max(_LEVELS))
    steps = []
    for likelihood in _LEVELS[whole:]:
        end = _LEFT + likelihood * width + (shift if likelihood < max(_LEVELS) else 0)
        steps.append(f"V{_TOP + (5 - limit // likelihood) * height + shift}H{end}")
    return f"M{_LEFT + whole * width + shift} {_TOP}{''.join(steps)}"
