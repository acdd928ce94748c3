"""The commands of a real stage: whether they run what a contract says, and whether a failure gets out of them."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["runs", "swallows"]

_LINES: Final = re.compile(r"\n|&&|;")
_SIGNS: Final = str.maketrans("", "", "\"'\\")
_OUTPUT: Final = re.compile(r"(?:\s+(?:\d?>&\d|&?\d?>>?\s*[^\s|&]+))+\Z")
_WITHHELD: Final = re.compile(r"[|#!]|\b(?:echo|printf|true|false)\b")
"""What before a command tells that it is only printed, or runs only now and then."""
_SWALLOWED: Final = re.compile(
    r"\|\|\s*(?:true|:|exit\s+0|echo\b.*|printf\b.*)\s*\Z|\Aset\s+\+e\b|\Aset\s+\+o\s+errexit\b"
)
_FILLED_IN: Final = ("{{", "${", "$(")


def runs(theirs: str, ours: str) -> bool:
    """Tell whether the commands of a real stage run that of a contract, with the same arguments.

    A wrapper in front (`sh -c`, `uv run`), commands around it, and where its output goes make no difference. What is
    filled in while the pipeline runs is not known here, and given the benefit of the doubt.
    """
    if any(sign in theirs for sign in _FILLED_IN):
        return True
    said, wanted = _parts(theirs), _parts(ours)
    count = len(wanted)
    return any(_agree(said[place : place + count], wanted) for place in range(len(said) - count + 1))


def _parts(command: str) -> list[str]:
    parts = (" ".join(part.translate(_SIGNS).split()) for part in _LINES.split(command.replace("\\\n", " ")))
    return [_OUTPUT.sub("", part) for part in parts if part]


def _agree(said: list[str], wanted: list[str]) -> bool:
    first, own = said[0], wanted[0]
    if said[1:] != wanted[1:]:
        return False
    return first == own or (first.endswith(f" {own}") and not _WITHHELD.search(first.removesuffix(own)))


def swallows(command: str) -> bool:
    """Tell whether commands end well though one of them has failed: `gate || true`, `set +e`."""
    return any(_SWALLOWED.search(part) for part in _parts(command))
