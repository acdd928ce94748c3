"""Variables of a script that the definition gives: filled in as far as nothing else may have set them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

__all__ = ["Known", "expanded", "in_shell"]

_VARIABLE: Final = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_PLAIN: Final = re.compile(r"[\w./:@%+=,-]+\Z")
"""Texts that a shell takes for one word, whatever stands around them."""
_SET: Final = re.compile(r"(?:^|[\s;&|({])(\w+)\+?=|\bfor\s+(\w+)\s+in")
_READ: Final = re.compile(r"\b(?:read|unset|getopts|mapfile)\b|\beval\b|(?:^|\s)(?:source|\.)\s")
_MOST: Final = 8
"""How often one value may lead to another."""
Known = Callable[[str], str | None]
"""Gives what a variable stands for; None for what is not known."""


def in_shell(text: str, known: Known, whole: str = "") -> str:
    """Fill in the variables of a script that it sets nowhere itself, where their value is one plain word.

    Args:
        text: the script, or a line of it.
        known: what its variables stand for.
        whole: the script, where the text is a line of it.
    """
    whole = whole or text
    if "$" not in text or _READ.search(whole):
        return text
    own = {name for match in _SET.finditer(whole) for name in match.groups() if name}

    def value(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        found = known(name) if name not in own else None
        is_quoted = text.count("'", text.rfind("\n", 0, match.start()) + 1, match.start()) % 2
        is_escaped = text[: match.start()].endswith("\\")
        is_plain = found is not None and _PLAIN.match(found)
        return str(found) if is_plain and not is_quoted and not is_escaped else match[0]

    return _VARIABLE.sub(value, text)


def expanded(text: str, known: Known) -> str:
    """Fill in the variables of a text that no shell reads, and those of their values; the unknown stay."""
    for _ in range(_MOST):
        found = _VARIABLE.sub(lambda match: _or_itself(known(match[1] or match[2]), match[0]), text)
        if found == text or len(found) > 10 * len(text) + 10_000:
            return text
        text = found
    return text


def _or_itself(found: str | None, itself: str) -> str:
    return itself if found is None else found
