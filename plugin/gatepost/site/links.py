"""Links both ways, under the name that each has from where the reader stands."""

from __future__ import annotations

from typing import Final

from gatepost.book import Entry
from gatepost.records import canonical
from gatepost.site.lookup import Lookup, Ref

__all__ = ["chain", "relations"]

_OUT: Final = {
    "supersedes": "supersedes",
    "superseded-by": "superseded-by",
    "decisions": "decisions",
    "risks": "risks",
    "follow-ups": "follow-ups",
    "verifies": "verifies",
    "relates": "relates",
    "mentions": "mentions",
}
_IN: Final = {
    "supersedes": "superseded-by",
    "superseded-by": "supersedes",
    "verifies": "verified-by",
    "relates": "relates",
    "mentions": "mentioned-by",
}
_BY_KIND: Final = {"decision": "decisions", "risk": "risks", "follow-up": "follow-ups"}
_ORDER: Final = (*_OUT, "verified-by", "mentioned-by")
_WEAK: Final = ("mentions", "mentioned-by")
_SUPERSESSION: Final = frozenset({"supersedes", "superseded-by"})


def relations(
    lookup: Lookup, page: str, entry: Entry, wanted: frozenset[str] = frozenset(_ORDER)
) -> dict[str, list[Ref]]:
    """Give what a record names and what names it: relation to links, each record once, prose last.

    Args:
        lookup: the report.
        page: the page that links.
        entry: the record.
        wanted: which relations to give, all when left out.
    """
    found: dict[str, dict[str, str]] = {}
    for link in lookup.book.links(entry):
        if link.relation in _OUT:
            found.setdefault(_OUT[link.relation], {}).setdefault(link.target, link.written)
    for source, link in lookup.book.backlinks(entry.key):
        relation = _IN.get(link.relation) or _BY_KIND.get(source.kind, "relates")
        found.setdefault(relation, {}).setdefault(source.key, source.id)
    named = {key for relation, keys in found.items() if relation not in _WEAK for key in keys}
    for relation in _WEAK:
        if relation in found:
            found[relation] = {key: text for key, text in found[relation].items() if key not in named}
    return {
        relation: [lookup.ref(page, key, text) for key, text in found[relation].items()]
        for relation in _ORDER
        if relation in wanted and found.get(relation)
    }


def chain(lookup: Lookup, page: str, entry: Entry) -> list[Ref]:
    """Give the decisions that led to this one and those that replaced it, the oldest first; empty for none."""
    book = lookup.book
    touching = {link.relation for link in book.links(entry)} | {link.relation for _, link in book.backlinks(entry.key)}
    if not touching & _SUPERSESSION:
        return []
    older, newer = _reach(lookup, entry, back=True), _reach(lookup, entry, back=False)
    if not older and not newer:
        return []
    keys = [*reversed(older), entry.key, *(key for key in newer if key not in older)]
    return [lookup.ref(page, key) for key in keys]


def _reach(lookup: Lookup, entry: Entry, *, back: bool) -> list[str]:
    """Give the decisions before or after one, the nearest first."""
    named, naming = ("supersedes", "superseded-by") if back else ("superseded-by", "supersedes")
    seen: list[str] = []
    waiting = [entry.key]
    while waiting:
        key = waiting.pop(0)
        here = lookup.book.get(key)
        steps = [link.target for link in lookup.book.links(here) if link.relation == named] if here else []
        steps += [source.key for source, link in lookup.book.backlinks(key) if link.relation == naming]
        for step in map(canonical, steps):
            if step not in seen and step != entry.key:
                seen.append(step)
                waiting.append(step)
    return seen
