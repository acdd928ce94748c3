"""Conditions that hold never, whatever the run: `false`, `1 == 2`, `'a' == 'b'`. Of all others nothing is said."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["is_false"]

_COMPARED: Final = re.compile(r"""(['"]?)([\w.-]+)\1\s*(==|!=)\s*(['"]?)([\w.-]+)\4\Z""")
_LITERAL: Final = re.compile(r"-?\d+(?:\.\d+)?|true|false", re.IGNORECASE)


def is_false(words: str) -> bool:
    """Tell whether an expression of literals does not hold."""
    plain = words.strip().removeprefix("${{").removesuffix("}}").strip()
    if plain.casefold().strip("'\"") == "false":
        return True
    compared = _COMPARED.match(plain)
    if compared is None:
        return False
    sides = [
        text.casefold()
        for quote, text in ((compared[1], compared[2]), (compared[4], compared[5]))
        if quote or _LITERAL.fullmatch(text)
    ]
    return len(sides) == 2 and (sides[0] == sides[1]) is (compared[3] == "!=")  # noqa: PLR2004 - both sides
