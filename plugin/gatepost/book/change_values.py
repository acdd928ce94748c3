"""The values of a change as text that a line can hold, in any language."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from gatepost.book.changes import Change

__all__ = ["cut", "item_name", "value_text"]

_LONGEST: Final = 90


def value_text(value: Any) -> str:  # noqa: ANN401 - frontmatter holds anything
    """Give a value as text of some length, on one line."""
    return cut(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def item_name(change: Change) -> str:
    """Name an item that came or went as its author does, when it is a word; else by what tells it from the others."""
    value = change.after if change.before is None else change.before
    return cut(value) if isinstance(value, str) else cut(change.path[-1])


def cut(text: str) -> str:
    """Give text on one line, and not longer than a line of a table."""
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
