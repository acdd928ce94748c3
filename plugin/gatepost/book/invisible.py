"""Characters that nobody sees and that change what YAML reads: a pasted no-break space, a zero-width sign."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["invisible_in"]

_NAMES: Final = {
    "\u00a0": "a no-break space (U+00A0)",
    "\u00ad": "a soft hyphen (U+00AD)",
    "\u200b": "a zero-width space (U+200B)",
    "\u200c": "a zero-width non-joiner (U+200C)",
    "\u200d": "a zero-width joiner (U+200D)",
    "\u2007": "a figure space (U+2007)",
    "\u202f": "a narrow no-break space (U+202F)",
    "\u2060": "a word joiner (U+2060)",
    "\ufeff": "a byte-order mark (U+FEFF)",
}
_SPACES: Final = frozenset("\u00a0\u2007\u202f")
_ANY: Final = re.compile(f"[{''.join(_NAMES)}]")


def invisible_in(text: str) -> tuple[str, str, int] | None:
    """Give the name of the first such character in a text, what to do about it, and where it is; None without one."""
    found = _ANY.search(text)
    if found is None:
        return None
    hint = "replace it by a plain space, or remove it" if found[0] in _SPACES else "remove it, or write the text anew"
    return _NAMES[found[0]], hint, found.start()
