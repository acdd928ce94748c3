"""Text as YAML that every reader of it takes for that text."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["NO_TEXT", "duration", "quoted"]

NO_TEXT: Final = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
"""Words that YAML 1.1 reads as something else than text."""
_PLAIN: Final = re.compile(r"[A-Za-z](?:[\w ./-]*[\w./-])?", re.ASCII)


def quoted(text: str) -> str:
    """Give text as a YAML scalar on one line: plain where that is surely text."""
    if _PLAIN.fullmatch(text) and text.casefold() not in NO_TEXT:
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(sign: str) -> str:
    if sign in {'"', "\\"}:
        return f"\\{sign}"
    if sign.isprintable():
        return sign
    return "\\n" if sign == "\n" else f"\\U{ord(sign):08x}"


def duration(seconds: float) -> str:
    """Give a length of time as a contract writes it."""
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{int(seconds // size)}{unit}"
    return f"{seconds:g}s" if seconds >= 1 else f"{seconds * 1000:g}ms"
