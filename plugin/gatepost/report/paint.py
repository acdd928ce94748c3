"""Colour on a terminal: text with a role to text with ANSI codes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

__all__ = ["Paint", "Role", "in_colour", "in_plain"]

Role = Literal["block", "open", "advise", "stop", "good", "name", "faint"]
"""What a piece of text is: a finding's effect, a design that must stop, good news, a name, an aside."""

Paint = Callable[[str, Role], str]
"""Gives text the look of its role."""

_CODES: Final[dict[Role, str]] = {
    "block": "1;31",
    "open": "33",
    "advise": "36",
    "stop": "1;37;41",
    "good": "32",
    "name": "1",
    "faint": "2",
}


def in_colour(text: str, role: Role) -> str:
    """Colour text for a terminal."""
    return f"\x1b[{_CODES[role]}m{text}\x1b[0m"


def in_plain(text: str, role: Role) -> str:  # noqa: ARG001 - the port's signature
    """Leave text as it is."""
    return text
