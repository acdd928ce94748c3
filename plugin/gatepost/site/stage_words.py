"""Words that fit into the picture of a contract: measured, put on two lines, or with their middle left out."""

from __future__ import annotations

import itertools
import re
import unicodedata
from typing import Final

__all__ = ["fitted", "name_lines", "wide"]

_WIDTHS: Final = {
    **dict.fromkeys("ijlI .,:;|!'", 0.38),
    **dict.fromkeys("rft-_()[]/", 0.5),
    **dict.fromkeys("csz", 0.6),
    **dict.fromkeys("aekovxy", 0.69),
    **dict.fromkeys("bdghnpqu0123456789", 0.72),
    **dict.fromkeys("wm", 1.05),
}
_OTHERS: Final = 0.85
_WIDEST: Final = {*"MW@%…"}
_REGULAR: Final = 0.9
"""How wide letters are, by their height, in a bold font wider than most; and how wide its regular cut is to that."""
_PIECE: Final = re.compile(r"[^-_./]+[-_./]*|[-_./]+")


def wide(text: str, size: float, *, bold: bool = False) -> float:
    """Give how wide text is at most, in the units of the picture, with letters of a size."""
    return sum(map(_ems, text)) * size * (1.0 if bold else _REGULAR)


def _ems(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    if letter in _WIDEST or unicodedata.east_asian_width(letter) in "WF":
        return 1.1
    return _WIDTHS.get(letter, _OTHERS)


def fitted(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """Give text that fits into some room: of longer text the middle is left out."""
    if wide(text, size, bold=bold) <= room:
        return text
    for kept in range(len(text) - 1, 1, -1):
        head = (kept + 1) // 2
        shorter = f"{text[:head]}…{text[len(text) - kept + head :]}"
        if wide(shorter, size, bold=bold) <= room:
            return shorter
    return "…"


def name_lines(name: str, room: float, size: float) -> tuple[str, ...]:
    """Give a name on one line, or on two where it does not fit: broken at a mark of its own, if it has one."""
    if wide(name, size, bold=True) <= room:
        return (name,)
    pieces = _PIECE.findall(name)
    ends = list(itertools.accumulate(len(piece) for piece in pieces))[:-1]
    at = min(ends or range(1, len(name)), key=lambda end: max(map(len, (name[:end], name[end:]))))
    return tuple(fitted(line, room, size, bold=True) for line in (name[:at], name[at:]))
