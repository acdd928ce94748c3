"""The small pieces that tables and record pages repeat by the thousand, written without a template."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from gatepost.records import ID_IN_PROSE
from gatepost.site.escape import safe
from gatepost.site.marks import Mark

if TYPE_CHECKING:
    from gatepost.site.lookup import Lookup, Ref
    from gatepost.site.words import Words

__all__ = [
    "bullets",
    "day",
    "fact",
    "facts",
    "linked",
    "listed",
    "mark",
    "named",
    "note_of_gates",
    "prose",
    "staged",
    "status",
    "titled",
]


@lru_cache(maxsize=256)
def mark(words: Words, name: Mark) -> str:
    """Give a mark: its sign comes from the style sheet, its word from the catalogue."""
    return f'<span class="gp-m gp-m-{name}">{words.html(f"mark.{name}")}</span>'


@lru_cache(maxsize=256)
def status(words: Words, name: str) -> str:
    """Give the badge of a status; nothing for a record that has none."""
    return f'<span class="gp-s gp-s-{name}">{words.html(f"status.{name}")}</span>' if name else ""


def day(value: dt.date | None) -> str:
    """Give a day; nothing for none."""
    return f'<time datetime="{value}">{value}</time>' if value else ""


def linked(words: Words, refs: Iterable[Ref]) -> str:
    """Give links with the ids of records, in one line."""
    return ", ".join(
        f'<a class="gp-ref" href="{safe(one.href)}" title="{safe(one.title)}">{safe(one.id)}</a>'
        if one.href
        else f'<span class="gp-ref gp-dangling" title="{words.html("ref.missing")}">{safe(one.id)}</span>'
        for one in refs
    )


def titled(words: Words, one: Ref) -> str:
    """Give a link with the id and the title of a record."""
    return (
        named(one, safe(one.href))
        if one.href
        else f'<span class="gp-dangling">{safe(one.id)} {words.html("ref.missing")}</span>'
    )


def named(one: Ref, href: str) -> str:
    """Give a link, to an address that is escaped already, under the id and the title of a record."""
    return f'<a href="{href}"><span class="gp-id">{safe(one.id)}</span> {safe(one.title)}</a>'


def note_of_gates(gates: Iterable[str]) -> str:
    """Give, below something in a cell, which gates somebody should look at; nothing for none."""
    names = ", ".join(gates)
    return f'<br><span class="gp-note">{safe(names)}</span>' if names else ""


def bullets(many: Sequence[str]) -> str:
    """Give a single text as it is, several as a list, nothing for none."""
    if len(many) > 1:
        return f"<ul>{''.join(f'<li>{safe(one)}</li>' for one in many)}</ul>"
    return safe(many[0]) if many else ""


def prose(lookup: Lookup, page: str, text: str | None) -> Markup:
    """Give the words of a field with each record id in them linked; nothing for none."""
    if not text:
        return Markup()
    parts, done = [], 0
    for match in ID_IN_PROSE.finditer(text):
        target = lookup.page_of(match[0])
        if target and target != page:
            href, name = safe(lookup.urls(page, target)), safe(lookup.title_of(match[0]))
            link = f'<a class="gp-ref" href="{href}" title="{name}">{match[0]}</a>'
            parts += [safe(text[done : match.start()]), link]
            done = match.end()
    return Markup("".join([*parts, safe(text[done:])]))  # noqa: S704 - each part was escaped


def listed(lookup: Lookup, page: str, texts: Iterable[str]) -> Markup:
    """Give the words of a field that holds several, with the ids in them linked."""
    return Markup(bullets([prose(lookup, page, text) for text in texts]))  # noqa: S704 - each was escaped


def fact(term: str, html: str) -> str:
    """Give a term and what it is here, which is escaped already; nothing for nothing."""
    return f"<dt>{safe(term)}</dt><dd>{html}</dd>" if html else ""


def facts(title: str, found: Iterable[str]) -> str:
    """Give a list of facts under a heading."""
    listed = "".join(found)
    return f'<h2>{safe(title)}</h2>\n<dl class="gp-facts">{listed}</dl>\n'


def staged(lookup: Lookup, page: str, design: str, stage: str) -> str:
    """Give a stage, linked when the contract of the design has it."""
    target = lookup.page_of(f"{design}/pipeline#{stage}")
    return f'<a href="{safe(lookup.urls(page, target))}">{safe(stage)}</a>' if target else safe(stage)
