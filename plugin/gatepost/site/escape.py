"""Text as HTML: whatever a page prints goes through here once."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from markupsafe import Markup

__all__ = ["safe"]

_TABLE: Final = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&#34;",
        "'": "&#39;",
        "{": "&#123;",
        "}": "&#125;",
        "`": "&#96;",
        "~": "&#126;",
        "\n": " ",
        "\r": " ",
    },
)
"""What HTML takes for markup, and what other plugins take for theirs: macros, fences, blank lines."""
_SPECIAL: Final = re.compile("[&<>\"'{}`~\n\r]")


def safe(value: object) -> Markup:
    """Give a value as text that HTML, Markdown and macros leave alone; Markup stays what it is."""
    if type(value) is Markup:
        return value
    return _escaped(value if type(value) is str else str(value))


@lru_cache(maxsize=4096)
def _escaped(text: str) -> Markup:
    """Give a plain string escaped; pages repeat the same words and hints over and over."""
    return str.__new__(Markup, text.translate(_TABLE) if _SPECIAL.search(text) else text)
