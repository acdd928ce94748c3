"""The graph of a contract as SVG: shape and word tell what a stage is and where its failures end."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from gatepost.pipeline import DryRunVerdict
from gatepost.records import Stage
from gatepost.site.layers import Layout, Slot, arrange
from gatepost.site.lookup import Lookup, stage_anchor
from gatepost.site.stage_ends import Answers, Ending
from gatepost.site.stage_shapes import END_SIZE, HEIGHT, ROOM, WIDTH, outline, outline_of_end
from gatepost.site.stage_words import fitted, name_lines, wide

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["draw"]

_ROW: Final = 4
"""Layers in one row of the picture on a desk."""
_NARROW_ROW: Final = 2
"""The same in a hand."""
_MOST: Final = 60
"""Of so many stages there is a picture for narrow screens, too; a longer one is scrolled."""
_GAP, _BELOW = 32, 16
_SIDE, _TOP = 26, 14
_CHANNEL: Final = 30
"""The space between two rows, through which arrows run back to the left."""
_DROP, _LINE = 34, 12
"""From a stage down to the mark of an end, and the height of a line of its words."""
_APART: Final = 33
"""How far two ends of one stage stand from its middle."""
_NAME, _SMALL = 12.5, 10.8
"""The sizes of letters: of a stage's name, and of its kind and what else is said."""
_CLEAR: Final = 6
"""How far words keep from what stands beside them."""


class Mark(NamedTuple):
    """The end of a failure branch in the picture."""

    ending: Ending
    arrow: str
    x: float
    y: float
    """Its middle."""
    shape: str
    cause: str
    before: bool
    """Whether the cause stands before the arrow, for want of room behind it."""
    lines: tuple[str, ...]
    """Its words; none when it leads to the mark of the promotion that it undoes."""
    said: str
    """All of it in words: `rejects: quarantined`."""


class Node(NamedTuple):
    """A stage in the picture."""

    name: str
    lines: tuple[tuple[float, str], ...]
    """Its name as it is written, each line at its height."""
    anchor: str
    kind: str
    words: str
    """Its kind, and where a promotion leads."""
    short: str
    """The same as it is written."""
    short_y: float
    x: float
    """Where its words are centred."""
    shape: str
    """The path of its outline."""
    marks: tuple[Mark, ...]


class _Frame:
    """Turns slots into points."""

    def __init__(self, layout: Layout, answers: Answers, columns: int) -> None:
        self.layout, self.answers, self.columns = layout, answers, columns
        rows = (layout.depth + columns - 1) // columns
        lanes, below = [1] * rows, [_BELOW] * rows
        for slot in [*layout.slots.values(), *(slot for _, _, way in layout.arrows for slot in way)]:
            row = slot.layer // columns
            lanes[row] = max(lanes[row], slot.lanes)
        for name, endings in answers.others.items():
            row = layout.slots[name].layer // columns
            lines = max(2 if one.undoes else 1 for one in endings)
            below[row] = max(below[row], _DROP + END_SIZE + _LINE * lines + 12)
        self.lanes, self.pitches = lanes, [HEIGHT + space for space in below]
        heights = [lane * pitch for lane, pitch in zip(lanes, self.pitches, strict=True)]
        self.tops = [_TOP + sum(heights[:row]) + row * _CHANNEL for row in range(rows)]
        wide = min(layout.depth, columns)
        self.width = 2 * _SIDE + wide * WIDTH + (wide - 1) * _GAP
        self.height = self.tops[-1] + heights[-1]
        self._crossings: dict[int, int] = {}

    def row(self, name: str) -> int:
        """Give the row that a stage stands in."""
        return self.layout.slots[name].layer // self.columns

    def corner(self, slot: Slot) -> tuple[float, float]:
        """Give the upper left corner of a slot."""
        row, column = divmod(slot.layer, self.columns)
        free = (self.lanes[row] - slot.lanes) * self.pitches[row] / 2
        return _SIDE + column * (WIDTH + _GAP), self.tops[row] + free + slot.lane * self.pitches[row]

    def path(self, way: tuple[Slot, ...]) -> str:
        """Give the path of an arrow from slot to slot."""
        x, y = self.corner(way[0])
        parts = [f"M{x + WIDTH:g} {y + HEIGHT / 2:g}"]
        for number, (here, there) in enumerate(itertools.pairwise(way)):
            if number:
                parts.append(f"h{WIDTH}")
            parts.append(self._step(here, there))
        return "".join(parts)

    def _step(self, here: Slot, there: Slot) -> str:
        (x1, y1), (x2, y2) = self.corner(here), self.corner(there)
        x1, y1, y2 = x1 + WIDTH, y1 + HEIGHT / 2, y2 + HEIGHT / 2
        row = here.layer // self.columns
        if row == there.layer // self.columns:
            middle = (x1 + x2) / 2
            return f"H{x2:g}" if y1 == y2 else f"C{middle:g} {y1:g} {middle:g} {y2:g} {x2:g} {y2:g}"
        nth = self._crossings[row] = self._crossings.get(row, -1) + 1
        shift = 4 * (nth % 4)
        channel = self.tops[row + 1] - _CHANNEL / 2 - shift
        return f"H{x1 + 10 + shift:g}V{channel:g}H{x2 - 12 - shift:g}V{y2:g}H{x2:g}"

    def back(self, a: str, b: str) -> str:
        """Give the path of an arrow that leads backwards."""
        (x1, y1), (x2, y2) = self.corner(self.layout.slots[a]), self.corner(self.layout.slots[b])
        x1, x2 = x1 + WIDTH / 2, x2 + WIDTH / 2
        return f"M{x1:g} {y1:g}C{x1:g} {y1 - 24:g} {x2:g} {y2 - 24:g} {x2:g} {y2:g}"

    def leads_back(self, name: str, ending: Ending) -> bool:
        """Tell whether a stage can point at the mark of the promotion that it undoes: in its row, nothing between."""
        if ending.undoes in {"", name} or self.row(name) != self.row(ending.undoes):
            return False
        here, there = self.layout.slots[name], self.layout.slots[ending.undoes]
        if self.corner(here)[1] != self.corner(there)[1] or len(self.answers.others[name]) > 1:
            return False
        between = range(there.layer + 1, here.layer)
        marked = self.answers.others
        one = len(marked.get(ending.undoes, ())) == 1 and marked[ending.undoes][0].undoes == ending.undoes
        return one and not any(slot.layer in between and other in marked for other, slot in self.layout.slots.items())


def draw(lookup: Lookup, verdict: DryRunVerdict, answers: Answers) -> tuple[Markup, ...]:
    """Draw a contract: for a desk and, unless it is long, once more for a hand."""
    layout = arrange(verdict.contract.graph)
    columns = (_ROW, _NARROW_ROW) if len(layout.slots) <= _MOST and layout.depth > _NARROW_ROW else (_ROW,)
    return tuple(_drawn(lookup, verdict, _Frame(layout, answers, many)) for many in columns)


def _drawn(lookup: Lookup, verdict: DryRunVerdict, frame: _Frame) -> Markup:
    stages = verdict.contract.record.stages
    return lookup.render(
        "stage_graph",
        nodes=[_node(lookup, frame, name, stage) for name, stage in stages.items()],
        narrow=frame.columns == _NARROW_ROW,
        width=frame.width,
        height=frame.height,
        answers=frame.answers,
        arrows=[(a, b, frame.path(way)) for a, b, way in frame.layout.arrows],
        back=[(a, b, frame.back(a, b)) for a, b in frame.layout.back],
    )


def _node(lookup: Lookup, frame: _Frame, name: str, stage: Stage) -> Node:
    x, y = frame.corner(frame.layout.slots[name])
    kind = lookup.words(f"stage.{stage.kind}")
    words, room = f"{kind} → {stage.to}" if stage.to else kind, ROOM.get(stage.kind, WIDTH - 2 * _CLEAR)
    lines = name_lines(name, room, _NAME)
    first = y + (24 if len(lines) == 1 else 17)
    return Node(
        name,
        tuple((first + 14 * number, line) for number, line in enumerate(lines)),
        stage_anchor(name),
        stage.kind,
        words,
        fitted(words, room, _SMALL),
        first + 14 * len(lines) + 1,
        x + WIDTH / 2 - (6 if stage.kind == "promote" else 0),
        outline(stage.kind, x, y),
        tuple(_marks(lookup, frame, name, stage.kind)),
    )


def _marks(lookup: Lookup, frame: _Frame, name: str, kind: str) -> Iterator[Mark]:
    """Give the ends of a stage's failure branches, side by side below it."""
    endings = frame.answers.others.get(name, ())
    x, y = frame.corner(frame.layout.slots[name])
    bottom = y + HEIGHT
    for number, ending in enumerate(endings):
        at = x + WIDTH / 2 + (2 * number - len(endings) + 1) * _APART
        middle = bottom + _DROP
        cause, lines = _said(lookup, name, kind, ending)
        said = f"{cause}: {' '.join(lines)}"
        lines = tuple(fitted(line, WIDTH + _GAP - _CLEAR, _SMALL, bold=not place) for place, line in enumerate(lines))
        before = len(endings) == 1 and wide(cause, _SMALL) > WIDTH / 2 - 8
        if frame.leads_back(name, ending):
            there = frame.corner(frame.layout.slots[ending.undoes])[0] + WIDTH / 2
            arrow = f"M{at:g} {bottom:g}V{middle:g}H{there + END_SIZE + 3:g}"
            yield Mark(ending, arrow, at, middle, "", cause, before, (), said)
            continue
        arrow = f"M{at:g} {bottom:g}V{middle - END_SIZE - 3:g}"
        shape = outline_of_end("unhandled" if ending.unsafe else ending.end, at, middle)
        yield Mark(ending, arrow, at, middle, shape, cause, before, lines, said)


def _said(lookup: Lookup, name: str, kind: str, ending: Ending) -> tuple[str, tuple[str, ...]]:
    """Give the words of a failure branch: what goes wrong, and line by line how that ends."""
    words = lookup.words
    cause = words.known(f"ends.{ending.cause}-{kind}", words(f"ends.{ending.cause}"))
    end = words(f"end.{ending.end}")
    if not ending.target:
        return cause, (end,)
    if ending.undoes == name:
        return cause, (end, words("ends.to", target=ending.target))
    return cause, (end, words("ends.undone", stage=ending.undoes, target=ending.target))
