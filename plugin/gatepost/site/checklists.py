"""The checklists: each criterion, what was measured, and whether that meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from gatepost.book import Entry
from gatepost.records import Checklist, Item
from gatepost.site.fragments import prose
from gatepost.site.frame import calm, framed
from gatepost.site.lookup import Lookup, Ref, item_anchor
from gatepost.site.page import Page

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["ItemRow", "checklists", "item_rows"]

PATH: Final = "checklists.md"


class ItemRow(NamedTuple):
    """A criterion as pages show it."""

    item: Item
    anchor: str
    criterion: Markup
    """The criterion with its links."""
    asked: str
    """The condition, or the command with the result it must have; empty when it is not measurable."""
    found: str
    """What was measured; empty for nothing yet."""
    result: Literal["met", "unmet", "pending", "vague"]
    verifies: list[Ref]


def checklists(lookup: Lookup) -> Page:
    """Give the page: a table for each checklist."""
    words = lookup.words
    title = words("page.checklists")
    lists = [(lookup.to(PATH, entry), _title(lookup, entry), _rows(lookup, PATH, entry)) for entry in _all(lookup)]
    unread = [lookup.to(PATH, one) for one in lookup.book.unread if one.kind == "checklist"]
    if not lists and not unread:
        return framed(lookup, PATH, title, calm(words("checklists.lede"), words("checklists.empty")), wide=True)
    html = lookup.render("checklists", lists=lists, unread=unread)
    return framed(lookup, PATH, title, html, wide=True)


def _all(lookup: Lookup) -> tuple[Entry, ...]:
    return lookup.book.of_kind("checklist")


def _title(lookup: Lookup, entry: Entry) -> str:
    design = lookup.book.design(entry.design)
    return f"{entry.record.title} ({design.title})" if design else entry.record.title


def _rows(lookup: Lookup, page: str, entry: Entry) -> list[ItemRow]:
    return item_rows(lookup, page, entry.record) if isinstance(entry.record, Checklist) else []


def item_rows(lookup: Lookup, page: str, checklist: Checklist) -> list[ItemRow]:
    """Give the criteria of a checklist as a page shows them."""
    return [
        ItemRow(
            item,
            item_anchor(item.id),
            prose(lookup, page, item.criterion),
            _asked(item),
            _found(item),
            _result(item),
            lookup.refs(page, item.verifies),
        )
        for item in checklist.items
    ]


def _asked(item: Item) -> str:
    condition = item.condition
    if condition is not None:
        return f"{condition.key} {condition.operator} {condition.number:g}{_unit(item)}"
    return f"{item.command} → {item.expect}" if item.command and item.expect else ""


def _found(item: Item) -> str:
    if item.measured is not None:
        return f"{item.measured:g}{_unit(item)}"
    return item.result or ""


def _unit(item: Item) -> str:
    return f" {item.unit}" if item.unit else ""


def _result(item: Item) -> Literal["met", "unmet", "pending", "vague"]:
    condition = item.condition
    if condition is not None:
        if item.measured is None:
            return "pending"
        return "met" if condition.holds(item.measured) else "unmet"
    if not (item.command and item.expect):
        return "vague"
    if item.result is None:
        return "pending"
    return "met" if item.result == item.expect else "unmet"
