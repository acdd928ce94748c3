"""The graph of a contract as SVG: shape and word tell what a stage is, rows keep it within a page."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, NamedTuple

from gatepost.pipeline import StageGraph
from gatepost.records import Pipeline, Stage
from gatepost.site.layers import Layout, Slot, arrange
from gatepost.site.lookup import Lookup, stage_anchor

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["draw"]

_ROW: Final = 5
"""Layers in one row of the picture."""
_WIDTH, _HEIGHT = 128, 48
_GAP, _PITCH = 30, 76
_SIDE, _TOP = 26, 14
_CHANNEL: Final = 30
"""The space between two rows, through which arrows run back to the left."""
_LETTERS: Final = 17


class Node(NamedTuple):
    """A stage in the picture."""

    name: str
    short: str
    anchor: str
    kind: str
    words: str
    """Its kind, and where a promotion leads."""
    handler: str
    """What happens when it fails or rejects; for the kinds that guard or move production."""
    x: float
    """Where its words are centred."""
    y: float
    """Its upper edge."""
    shape: str
    """The path of its outline."""


class _Frame:
    """Turns slots into points."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        rows = (layout.depth + _ROW - 1) // _ROW
        lanes = [1] * rows
        for slot in [*layout.slots.values(), *(slot for _, _, way in layout.arrows for slot in way)]:
            lanes[slot.layer // _ROW] = max(lanes[slot.layer // _ROW], slot.lanes)
        self.lanes = lanes
        self.tops = [_TOP + sum(lanes[:row]) * _PITCH + row * _CHANNEL for row in range(rows)]
        columns = min(layout.depth, _ROW)
        self.width = 2 * _SIDE + columns * _WIDTH + (columns - 1) * _GAP
        self.height = self.tops[-1] + lanes[-1] * _PITCH
        self._crossings: dict[int, int] = {}

    def corner(self, slot: Slot) -> tuple[float, float]:
        """Give the upper left corner of a slot."""
        row, column = divmod(slot.layer, _ROW)
        free = (self.lanes[row] - slot.lanes) * _PITCH / 2
        return _SIDE + column * (_WIDTH + _GAP), self.tops[row] + free + slot.lane * _PITCH

    def path(self, way: tuple[Slot, ...]) -> str:
        """Give the path of an arrow from slot to slot."""
        x, y = self.corner(way[0])
        parts = [f"M{x + _WIDTH:g} {y + _HEIGHT / 2:g}"]
        for number, (here, there) in enumerate(itertools.pairwise(way)):
            if number:
                parts.append(f"h{_WIDTH}")
            parts.append(self._step(here, there))
        return "".join(parts)

    def _step(self, here: Slot, there: Slot) -> str:
        (x1, y1), (x2, y2) = self.corner(here), self.corner(there)
        x1, y1, y2 = x1 + _WIDTH, y1 + _HEIGHT / 2, y2 + _HEIGHT / 2
        row = here.layer // _ROW
        if row == there.layer // _ROW:
            middle = (x1 + x2) / 2
            return f"H{x2:g}" if y1 == y2 else f"C{middle:g} {y1:g} {middle:g} {y2:g} {x2:g} {y2:g}"
        nth = self._crossings[row] = self._crossings.get(row, -1) + 1
        shift = 4 * (nth % 4)
        channel = self.tops[row + 1] - _CHANNEL / 2 - shift
        return f"H{x1 + 10 + shift:g}V{channel:g}H{x2 - 12 - shift:g}V{y2:g}H{x2:g}"

    def back(self, a: str, b: str) -> str:
        """Give the path of an arrow that leads backwards."""
        (x1, y1), (x2, y2) = self.corner(self.layout.slots[a]), self.corner(self.layout.slots[b])
        x1, x2 = x1 + _WIDTH / 2, x2 + _WIDTH / 2
        return f"M{x1:g} {y1:g}C{x1:g} {y1 - 24:g} {x2:g} {y2 - 24:g} {x2:g} {y2:g}"


def draw(lookup: Lookup, contract: Pipeline, graph: StageGraph) -> Markup:
    """Draw a contract."""
    layout = arrange(graph)
    frame = _Frame(layout)
    nodes = [_node(lookup, frame, name, contract.stages[name]) for name in contract.stages]
    return lookup.render(
        "stage_graph",
        nodes=nodes,
        height_of=_HEIGHT,
        width=frame.width,
        height=frame.height,
        arrows=[(a, b, frame.path(way)) for a, b, way in layout.arrows],
        back=[(a, b, frame.back(a, b)) for a, b in layout.back],
    )


def _node(lookup: Lookup, frame: _Frame, name: str, stage: Stage) -> Node:
    x, y = frame.corner(frame.layout.slots[name])
    short = name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…"
    words = lookup.words(f"stage.{stage.kind}")
    handler = stage.on_reject or stage.on_fail
    return Node(
        name,
        short,
        stage_anchor(name),
        stage.kind,
        f"{words} → {stage.to}" if stage.to else words,
        str(handler) if handler and stage.kind in {"gate", "approval", "promote", "monitor"} else "",
        x + _WIDTH / 2 - (7 if stage.kind == "promote" else 0),
        y,
        _outline(stage.kind, x, y),
    )


def _outline(kind: str, x: float, y: float) -> str:
    """Give the outline of a kind: each has its own."""
    right, bottom, middle = x + _WIDTH, y + _HEIGHT, y + _HEIGHT / 2
    half = _HEIGHT / 2
    match kind:
        case "data":
            return f"M{x + 8:g} {y:g}H{right:g}L{right - 8:g} {bottom:g}H{x:g}Z"
        case "gate":
            corners = f"H{right - 16:g}L{right:g} {middle:g}L{right - 16:g} {bottom:g}H{x + 16:g}L{x:g} {middle:g}"
            return f"M{x + 16:g} {y:g}{corners}Z"
        case "approval":
            ends = f"H{right - half:g}A{half:g} {half:g} 0 0 1 {right - half:g} {bottom:g}H{x + half:g}"
            return f"M{x + half:g} {y:g}{ends}A{half:g} {half:g} 0 0 1 {x + half:g} {y:g}Z"
        case "promote":
            return f"M{x:g} {y:g}H{right - 18:g}L{right:g} {middle:g}L{right - 18:g} {bottom:g}H{x:g}Z"
        case "monitor":
            arc = f"A{_WIDTH / 2:g} {half:g} 0 0 1"
            return f"M{x:g} {middle:g}{arc} {right:g} {middle:g}{arc} {x:g} {middle:g}Z"
        case "validate":
            box = f"M{x:g} {y:g}H{right:g}V{bottom:g}H{x:g}Z"
            return f"{box}M{x + 6:g} {y:g}V{bottom:g}M{right - 6:g} {y:g}V{bottom:g}"
        case "package":
            return f"M{x:g} {y:g}H{right:g}V{bottom:g}H{x:g}ZM{x:g} {y + 7:g}H{right:g}"
        case _:
            side = f"H{right - 8:g}Q{right:g} {y:g} {right:g} {y + 8:g}V{bottom - 8:g}Q{right:g} {bottom:g} "
            left = f"{right - 8:g} {bottom:g}H{x + 8:g}Q{x:g} {bottom:g} {x:g} {bottom - 8:g}V{y + 8:g}"
            return f"M{x + 8:g} {y:g}{side}{left}Q{x:g} {y:g} {x + 8:g} {y:g}Z"
