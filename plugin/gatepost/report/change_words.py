"""One change of a record in words, for a comparison and for a record's history alike."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from gatepost.report.counts import counted

if TYPE_CHECKING:
    from gatepost.book.changes import Change

__all__ = ["change_words", "cut", "value_words"]

_LONGEST: Final = 90


def change_words(change: Change) -> str:
    """Say one change of a record: `owner: Ana → Tom`, `risks: + RISK-3`, `Decision Outcome: 20 → 25 words`."""
    one, two = change.before, change.after
    match change.kind:
        case "added" | "removed":
            return change.kind
        case "item":
            sign, name = ("+", _item(change, two)) if one is None else ("-", _item(change, one))
            return f"{'.'.join(change.path[:-1])}: {sign} {name}"
        case "section":
            return f"text “{change.key or 'first paragraph'}”: {_words(one, two)}"
        case "heading":
            return f"heading: {value_words(one)} → {value_words(two)}"
        case "order":
            return f"{change.key}: in another order"
        case "unreadable":
            return f"cannot be read: {value_words(two)}" if two else f"can be read again (it was: {value_words(one)})"
        case _:
            return f"{change.key or change.kind}: {value_words(one)} → {value_words(two)}"


def _words(one: int | None, two: int | None) -> str:
    if one is None:
        return f"added, {counted(two or 0, 'word')}"
    if two is None:
        return f"removed, {counted(one, 'word')}"
    return f"edited, {one} → {counted(two, 'word')}"


def _item(change: Change, value: Any) -> str:  # noqa: ANN401 - frontmatter holds anything
    """Name an item as its author does, when it is a word; else by what tells it from the others."""
    return value_words(value) if isinstance(value, str) else cut(change.path[-1])


def value_words(value: Any) -> str:  # noqa: ANN401 - frontmatter holds anything
    """Give a value as text of some length."""
    if value is None:
        return "(nothing)"
    return cut(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def cut(text: str) -> str:
    """Give text on one line, and not longer than a line of a table."""
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
