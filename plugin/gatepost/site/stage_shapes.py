"""The outlines of the picture of a contract: one for each kind of stage, one for each way to end."""

from __future__ import annotations

from typing import Final

from gatepost.pipeline.branch import End

__all__ = ["END_SIZE", "HEIGHT", "ROOM", "WIDTH", "outline", "outline_of_end"]

WIDTH: Final = 150
HEIGHT: Final = 54
"""Of a stage, in the units of the picture."""
ROOM: Final = {"data": 130, "gate": 122, "approval": 124, "promote": 128, "monitor": 112, "validate": 128}
"""How wide the words in a stage may be, by its kind; in a kind of any other shape `WIDTH` less a margin."""
END_SIZE: Final = 8
"""Half the size of a terminal mark."""


def outline(kind: str, x: float, y: float) -> str:
    """Give the path of a stage whose upper left corner is at a point: each kind has its own.

    Args:
        kind: the kind of the stage.
        x: from the left.
        y: from the top.
    """
    right, bottom, middle = x + WIDTH, y + HEIGHT, y + HEIGHT / 2
    half = HEIGHT / 2
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
            arc = f"A{WIDTH / 2:g} {half:g} 0 0 1"
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


def outline_of_end(end: End, x: float, y: float) -> str:
    """Give the path of a terminal mark around a point.

    An octagon halts, bars keep in quarantine, an arrow turns back; a triangle is an end that nobody should want.
    """
    size = END_SIZE
    match end:
        case "halted":
            cut = 4.7
            return (
                f"M{x - size + cut:g} {y - size:g}h{2 * (size - cut):g}l{cut} {cut}v{2 * (size - cut):g}l-{cut} {cut}"
                f"h-{2 * (size - cut):g}l-{cut} -{cut}v-{2 * (size - cut):g}Z"
            )
        case "quarantined":
            box = f"M{x - size:g} {y - size:g}h{2 * size}v{2 * size}h-{2 * size}Z"
            return f"{box}M{x - 3:g} {y - size:g}v{2 * size}M{x + 3:g} {y - size:g}v{2 * size}"
        case "rolled-back" | "fallback":
            return f"M{x - 5:g} {y - 4:g}A6.5 6.5 0 1 1 {x - 6:g} {y + 3:g}M{x - 6.5:g} {y - 8:g}v5h5"
        case _:
            return f"M{x:g} {y - size:g}l{size + 1} {2 * size}h-{2 * size + 2}ZM{x:g} {y - 2:g}v5M{x:g} {y + 5:g}v1"
