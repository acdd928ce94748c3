"""The Atom feed of the change log, held to the rules of RFC 4287."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost.book import Book
from gatepost.book.history import Commit
from gatepost.check import Report
from gatepost.check.event import Event, Named
from gatepost.check.events import Chronicle
from gatepost.gates import GateSet
from gatepost.site import Site
from trees import TODAY, check_tree, clean_log, commit_files, edited, git

ATOM = "{http://www.w3.org/2005/Atom}"
RFC_3339 = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")
DECISION = "churn/decisions/0002-batch-scoring.md"
COMMIT = Commit("a" * 40, "Ana Ruiz", "2026-11-05T10:00:00+01:00", "Decide")
EVENT = Event(
    "proposed", Named("ADR-0001", "One", "decisions/0001-one.md", ""), COMMIT, "Ana Ruiz", "decisions/0001.md"
)


def broken_rules(content: bytes) -> list[str]:
    """Give the rules of RFC 4287 that a feed breaks, those that this feed could break."""
    top = ET.fromstring(content)  # noqa: S314 - our own output
    entries = top.findall(f"{ATOM}entry")
    broken = [] if top.tag == f"{ATOM}feed" else ["4.1.1: the document element is atom:feed"]
    for one in (top, *entries):
        for name in ("id", "title", "updated"):
            found = one.findall(f"{ATOM}{name}")
            if len(found) != 1 or not (found[0].text or "").strip():
                broken.append(f"4.1: exactly one {name} in {one.tag}")
        broken += [
            f"4.2.15: {date.text}" for date in one.findall(f"{ATOM}updated") if not _is_date((date.text or "").strip())
        ]
        broken += [f"4.2.6: {name.text}" for name in one.findall(f"{ATOM}id") if not urlsplit(name.text or "").scheme]
        broken += [f"4.2.7: {link.attrib}" for link in one.findall(f"{ATOM}link") if not link.get("href", "").strip()]
    ids = [one.findtext(f"{ATOM}id") for one in (top, *entries)]
    if len(set(ids)) != len(ids):
        broken.append("4.2.6: ids are unique")
    for entry in entries:
        if not entry.findtext(f"{ATOM}author/{ATOM}name"):
            broken.append("4.1.2: an entry has an author with a name")
        if len([one for one in entry.findall(f"{ATOM}link") if one.get("rel") == "alternate"]) != 1:
            broken.append("4.1.2: an entry without content has an alternate link, one of a type")
    return broken


def _is_date(text: str) -> bool:
    return bool(RFC_3339.fullmatch(text)) and dt.datetime.fromisoformat(text).tzinfo is not None


def content(site: Site, root: str = "https://example.org/team/log/") -> bytes:
    """Give the bytes of a site's feed."""
    asset = site.feed("Churn decisions", root)
    assert asset is not None
    assert asset.path == "change-log.xml"
    return asset.content


def entries(text: bytes) -> list[ET.Element]:
    """Give the entries of a feed."""
    return ET.fromstring(text).findall(f"{ATOM}entry")  # noqa: S314 - our own output


def ids(text: bytes) -> list[str]:
    """Give the ids of the entries of a feed."""
    return [one.findtext(f"{ATOM}id", "") for one in entries(text)]


def telling(*events: Event) -> Site:
    """Give a site of nothing but some events."""
    site = Site(Report(Book(()), GateSet(()), TODAY, ()))
    site._lookup.__dict__["chronicle"] = Chronicle(events, first="b" * 40)  # noqa: SLF001 - the feed's only input
    return site


def link(entry: ET.Element) -> str:
    """Give where an entry leads."""
    return next(one.get("href", "") for one in entry.findall(f"{ATOM}link") if one.get("rel") == "alternate")


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the root of a log in which something happened."""
    changed = edited(clean_log(), DECISION, "status: accepted", "status: deprecated")
    removed = {"churn/follow-ups/0001-switch-off-service.md": None}
    return commit_files(tmp_path_factory.mktemp("log"), clean_log(), changed, removed)


@pytest.mark.parametrize("root", ["https://example.org/team/log/", "https://example.org/team/log", ""])
def test_the_feed_keeps_the_rules(log: Path, root: str) -> None:
    """A feed of a real history breaks no rule of RFC 4287, with and without the site's address."""
    text = content(Site(check_tree(log)), root)

    assert broken_rules(text) == []
    assert len(entries(text)) > 5


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (b"<id>", b"<x>", "4.1: exactly one id"),
        (b"+00:00</updated>", b"</updated>", "4.2.15"),
        (b"urn:uuid:", b"", "4.2.6"),
        (b"<name>Ana Ruiz</name>", b"<name />", "4.1.2: an entry has an author"),
        (b'rel="alternate"', b'rel="other"', "4.1.2: an entry without content"),
    ],
)
def test_the_rules_are_asked_for(old: bytes, new: bytes, rule: str) -> None:
    """The check that the other tests rely on finds what is missing or malformed."""
    text = content(telling(EVENT._replace(commit=COMMIT._replace(date="2026-11-05T10:00:00+00:00"))))
    spoilt = text.replace(old, new).replace(b"</id>", b"</x>" if new == b"<x>" else b"</id>")

    assert spoilt != text
    assert any(one.startswith(rule) for one in broken_rules(spoilt))


def test_links_are_absolute_where_the_address_is_known(log: Path) -> None:
    """With the site's address each link is whole; without it, each is relative to the feed beside the pages."""
    site = Site(check_tree(log))
    whole, relative = content(site), content(site, "")
    deprecated, removed = entries(whole)[1], entries(whole)[0]

    assert link(deprecated) == f"https://example.org/team/log/{DECISION}"
    assert re.fullmatch(r"https://example\.org/team/log/change-log\.md#\d{4}-\d{2}-\d{2}", link(removed))
    assert link(entries(relative)[1]) == DECISION
    assert b'rel="self" type="application/atom+xml" href="https://example.org/team/log/change-log.xml"' in whole
    assert b'rel="self"' not in relative


def test_the_feed_is_as_new_as_its_newest_entry() -> None:
    """Clocks in different zones are compared as moments, not as text."""
    dates = ("2026-11-05T23:30:00+09:00", "2026-11-05T16:00:00+01:00", "2026-11-05T14:59:00Z")
    events = [EVENT._replace(commit=COMMIT._replace(id=str(n) * 40, date=date)) for n, date in enumerate(dates)]

    top = ET.fromstring(content(telling(*events)))  # noqa: S314 - our own output

    assert top.findtext(f"{ATOM}updated") == "2026-11-05T16:00:00+01:00"


def test_an_entry_keeps_its_id(log: Path, tmp_path: Path) -> None:
    """Renumbering a record, giving it another title, moving the site or its language tell nothing anew."""
    root = tmp_path / "copy"
    git(tmp_path, "clone", "--quiet", str(log), str(root))
    before = ids(content(Site(check_tree(root))))
    new = (root / "docs" / DECISION).read_text(encoding="utf-8").replace("title: Score", "title: Rate")
    new = new.replace("id: ADR-0002", "id: ADR-0012")
    commit_files(root, {DECISION: None, "churn/decisions/0012-batch.md": new})

    after = ids(content(Site(check_tree(root), language="zh"), "https://other.example/"))

    assert after[1:] == before
    assert after[0] not in before


def test_the_newest_fifty_are_in_the_feed() -> None:
    """A long history does not make a long feed."""
    events = [EVENT._replace(path=f"decisions/{number}.md") for number in range(60)]

    assert len(entries(content(telling(*events)))) == 50


@pytest.mark.parametrize("date", ["", "2026-13-05T10:00:00Z", "2026-11-05", "yesterday", "2026-11-05T10:00:00"])
def test_a_commit_without_a_date_is_left_out(date: str) -> None:
    """A date that is none by RFC 3339 would make the feed invalid."""
    odd = EVENT._replace(commit=COMMIT._replace(id="c" * 40, date=date))

    assert len(entries(content(telling(odd, EVENT)))) == 1
    assert telling(odd).feed("Churn", "") is None


def test_the_same_log_gives_the_same_bytes(log: Path) -> None:
    """Two builds of one commit give one feed."""
    assert content(Site(check_tree(log))) == content(Site(check_tree(log)))


@given(title=st.text(), author=st.text(), subject=st.text(), reason=st.text(), path=st.text())
def test_whatever_people_write_the_feed_is_valid(title: str, author: str, subject: str, reason: str, path: str) -> None:
    """Control characters, markup and lone surrogates in titles, names and paths do no harm."""
    event = EVENT._replace(
        record=Named("ADR-0001", title, f"{path}.md", ""),
        commit=COMMIT._replace(subject=subject),
        author=author,
        path=path,
        reason=reason,
    )
    surrogates = event._replace(path=f"{path}\udcff", author=f"{author}\udcff\x00")

    text = content(telling(event, surrogates))

    assert broken_rules(text) == []
