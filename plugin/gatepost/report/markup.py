"""Text of other people's inside a comment on GitHub or GitLab: shown as it is, never taken for markup or a mention.

Source: https://github.github.com/gfm/ and https://docs.gitlab.com/user/markdown/
"""

from __future__ import annotations

import re
from typing import Final

from gatepost.report.lines import plain

__all__ = ["code", "sentence", "shown"]

_UNSEEN: Final = "\u200b"
"""A space without width: what stands on both sides of it is not one word to the forge, and looks like one to people."""
_MARKS: Final = re.compile(r"[\\`*_\[\]~$]")
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;"}
_SPECIAL: Final = re.compile(r"[&<>|]")
_REFERENCE: Final = re.compile(
    r"[@#!%~$^&](?=[\w\"'`*-])|(?<=:)(?=//)|\bGH(?=-\d)|\bwww(?=\.)|:(?=[\w+-]+:)", re.IGNORECASE
)
"""Where a mention, a reference to an issue, a label, an address or an emoji would begin."""
_QUOTED: Final = re.compile(r"`([^`]+)`")
_SIMPLE: Final = re.compile(r"[\w./:@#=+-]+(?: [\w./:@#=+-]+)*\Z")


def shown(text: str) -> str:
    """Give text as Markdown that shows it on one line, in a cell of a table too."""
    text = _REFERENCE.sub(lambda match: f"{match[0]}{_UNSEEN}", plain(text))
    text = _SPECIAL.sub(lambda match: _ENTITIES[match[0]], text)
    return _MARKS.sub(lambda match: f"\\{match[0]}", text)


def code(text: str) -> str:
    """Give text as code: a path, a field, the name of a gate."""
    text = plain(text)
    if _SIMPLE.match(text):
        return f"`{text}`"
    return f"<code>{shown(text)}</code>" if text else ""


def sentence(text: str) -> str:
    """Give a sentence in which pairs of backticks mark code, as the messages of gates have it."""
    pieces: list[str] = []
    done = 0
    for match in _QUOTED.finditer(text):
        pieces += shown(text[done : match.start()]), code(match[1])
        done = match.end()
    return "".join([*pieces, shown(text[done:])])
