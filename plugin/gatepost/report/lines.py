"""Text in columns: how wide it is, what a terminal must not get, where it is broken."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

__all__ = ["columns", "pad", "plain", "shortened", "wrap"]

_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, marks that turn the direction of writing, and halves of characters."""

_COMMANDS: Final = ("::", "##[")
"""What starts a line that a CI runner takes for a command."""


def plain(text: str) -> str:
    """Give text on one line, with what could steer a terminal written as escapes."""
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\n", " ").replace("\t", " ")
    return _UNSEEN.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def columns(text: str) -> int:
    """Give how many columns text takes; wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def pad(text: str, room: int) -> str:
    """Fill text with spaces up to a number of columns, or cut it there."""
    over = columns(text) - room
    if over <= 0:
        return text + " " * -over
    while columns(text) > room - 1:
        text = text[:-1]
    return pad(f"{text}…", room)


def shortened(names: Iterable[str], room: int) -> dict[str, str]:
    """Give names in a number of columns: of a longer one the middle is left out, so that no two look the same."""
    names = tuple(names)
    used = {name for name in names if columns(name) <= room}
    found = {name: name for name in used}
    for name in names:
        if name not in found:
            found[name] = next(one for one in _shorter(name, room) if one not in used)
            used.add(found[name])
    return {name: found[name] for name in names}


def _shorter(name: str, room: int) -> Iterator[str]:
    """Give shorter forms of a name: first with half of each end, then with more of one, then with a number."""
    half = (room - 1) // 2
    for head in sorted(range(1, room - 1), key=lambda head: abs(head - half)):
        yield f"{_fitting(name, head)}…{_fitting(name[::-1], room - 1 - head)[::-1]}"
    for number in itertools.count(2):
        yield f"{_fitting(name, room - 1 - len(str(number)))}…{number}"


def _fitting(text: str, room: int) -> str:
    while columns(text) > room:
        text = text[:-1]
    return text


def wrap(text: str, room: int, first: int | None = None) -> list[str]:
    """Break text into lines at spaces; wide text without spaces anywhere, an over-long word nowhere.

    Args:
        text: what is broken.
        room: columns of each line.
        first: columns of the first line, when it has less.
    """
    text = plain(text)
    left = room if first is None else first
    if len(text) <= left and text.isascii():
        return [text]
    lines: list[str] = []
    line = ""
    for word in _words(text):
        joined = f"{line} {word}" if line else word
        if columns(joined) <= left or (not line and (lines or first is None)):
            line = joined
            continue
        lines.append(line.rstrip())
        line, left = word, room
    lines.append(line.rstrip())
    return [piece for one in lines for piece in _cut(one, room)]


def _words(text: str) -> list[str]:
    """Give the words; one that a CI runner would obey stays with the word before it."""
    words: list[str] = []
    for word in text.split(" "):
        if words and word.startswith(_COMMANDS):
            words[-1] += f" {word}"
        else:
            words.append(word)
    return words


def _cut(line: str, room: int) -> list[str]:
    """Cut a line that is too long between wide characters, which need no space to be broken at."""
    if line.isascii() or columns(line) <= room:
        return [line]
    pieces, piece, used = [], "", 0
    for character in line:
        size = columns(character)
        if used + size > room and size == 2:  # noqa: PLR2004 - a wide character
            pieces.append(piece)
            piece, used = "", 0
        piece, used = piece + character, used + size
    return [*pieces, piece]
