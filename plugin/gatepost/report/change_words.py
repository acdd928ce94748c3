"""One change of a record in words, for a comparison and for a record's history alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gatepost.book.change_values import cut, item_name, value_text
from gatepost.report.counts import counted

if TYPE_CHECKING:
    from gatepost.book.changes import Change

__all__ = ["change_words", "cut", "value_words"]


def change_words(change: Change) -> str:
    """Say one change of a record: `owner: Ana → Tom`, `risks: + RISK-3`, `Decision Outcome: 20 → 25 words`."""
    one, two = change.before, change.after
    match change.kind:
        case "added" | "removed":
            return change.kind
        case "item":
            return f"{'.'.join(change.path[:-1])}: {'+' if one is None else '-'} {item_name(change)}"
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


def value_words(value: Any) -> str:  # noqa: ANN401 - frontmatter holds anything
    """Give a value as text of some length."""
    return "(nothing)" if value is None else value_text(value)
