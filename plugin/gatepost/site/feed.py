"""The change log as an Atom feed, for readers who want to be told. Source: RFC 4287."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin
from uuid import NAMESPACE_URL, UUID, uuid5
from xml.etree import ElementTree as ET

from gatepost.site.escape import safe
from gatepost.site.page import Asset
from gatepost.site.told import predicate, subject, target_of

if TYPE_CHECKING:
    from gatepost.check.event import Event
    from gatepost.site.lookup import Lookup

__all__ = ["FEED", "fed", "feed", "feed_link"]

FEED: Final = "change-log.xml"
"""Where it goes, relative to the root of the site."""
_PAGE: Final = "change-log.md"
_ATOM: Final = "http://www.w3.org/2005/Atom"
_MOST: Final = 50
_OURS: Final = UUID("6b5f0d0e-6a55-5d0c-9a37-2f1f4c1c2f2a")
"""The name space of the ids of events: two sites of one history call one event by one id."""
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2})\Z", re.ASCII)


def feed(lookup: Lookup, name: str, root: str) -> Asset | None:
    """Give the feed of the newest events; None when none is known, since a feed without a date is not valid.

    Args:
        lookup: for the events, words and links.
        name: what the site is called.
        root: the address of the site; empty when it is not known, and the links are relative to the feed.
    """
    root = root if not root or root.endswith("/") else f"{root}/"
    dated = fed(lookup)
    if not dated:
        return None
    top = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": lookup.words.language})
    _text(top, "id", _feed_id(lookup, root))
    _text(top, "title", f"{name}: {lookup.words('page.change-log')}" if name else lookup.words("page.change-log"))
    _text(top, "updated", max((event.commit.date for event in dated), key=dt.datetime.fromisoformat))
    if root:
        _link(top, "self", urljoin(root, FEED), "application/atom+xml")
    _link(top, "alternate", urljoin(root, lookup.urls(FEED, _PAGE)), "text/html")
    _text(top, "generator", "Gatepost")
    for event in dated:
        _entry(top, lookup, event, root)
    ET.indent(top)
    return Asset(FEED, ET.tostring(top, encoding="utf-8", xml_declaration=True) + b"\n")


def feed_link(lookup: Lookup, page: str) -> str:
    """Give what a page's head says about the feed, by which readers of feeds find it.

    Args:
        lookup: for words and links.
        page: the source path of the page.
    """
    href, title = safe(lookup.urls(page, FEED)), lookup.words.html("page.change-log")
    return f'<link rel="alternate" type="application/atom+xml" title="{title}" href="{href}">'


def fed(lookup: Lookup) -> list[Event]:
    """Give the events that the feed has: the newest, of those whose commit has a date."""
    return [event for event in lookup.chronicle.events if _is_date(event.commit.date)][:_MOST]


def _entry(top: ET.Element, lookup: Lookup, event: Event, root: str) -> None:
    words = lookup.words
    entry = ET.SubElement(top, "entry")
    target = target_of(lookup, event) or f"{_PAGE}#{event.day}"
    _text(entry, "id", uuid5(_OURS, "\n".join(_identity(event))).urn)
    _text(entry, "title", f"{subject(event)} {predicate(words, event)}")
    _text(entry, "updated", event.commit.date)
    _text(ET.SubElement(entry, "author"), "name", event.author.strip() or words("none"))
    _link(entry, "alternate", urljoin(root, lookup.urls(FEED, target)), "text/html")
    ET.SubElement(entry, "category", {"term": event.kind, "label": words(f"event.{event.kind}")})
    commit = event.commit
    _text(entry, "summary", f"{event.author} · {commit.short} · {commit.subject}")


def _identity(event: Event) -> tuple[str, ...]:
    """Give what never changes about an event, whatever becomes of its record."""
    path = event.path.encode("utf-8", "backslashreplace").decode()
    return event.commit.id, event.kind, path, event.gate


def _feed_id(lookup: Lookup, root: str) -> str:
    """Give the id of the feed: by its address, or by the oldest commit that the log knows."""
    return (uuid5(NAMESPACE_URL, urljoin(root, FEED)) if root else uuid5(_OURS, lookup.chronicle.first)).urn


def _is_date(said: str) -> bool:
    """Tell whether a commit's date is one by RFC 3339."""
    if not _DATE.match(said):
        return False
    try:
        return dt.datetime.fromisoformat(said).tzinfo is not None
    except ValueError:
        return False


def _text(parent: ET.Element, name: str, said: str) -> None:
    ET.SubElement(parent, name).text = _NO_XML.sub("\ufffd", " ".join(said.split()))


def _link(parent: ET.Element, relation: str, href: str, kind: str) -> None:
    ET.SubElement(parent, "link", {"rel": relation, "type": kind, "href": _NO_XML.sub("\ufffd", href)})
