"""The change log page and the latest changes: sentences, links, filters, what is left out, what is missing."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from site_logs import HOSTILE, Parsed, page, parsed

from gatepost.book.history import Commit
from gatepost.check.event import EVENT_KINDS, Event, EventKind, Named
from gatepost.check.events import Chronicle, chronicle
from gatepost.check.gate_moves import GateMove
from gatepost.check.trend import Trend
from gatepost.site import Site
from gatepost.site.told import badge, predicate
from gatepost.site.words import LANGUAGES, words_in
from trees import check_tree, clean_log, commit_files, edited, git, write_tree

DECISION = "churn/decisions/0002-batch-scoring.md"
FOLLOW_UP = "churn/follow-ups/0001-switch-off-service.md"
COMMIT = Commit("abcdef0123456789", "Ana Ruiz", "2026-11-05T10:00:00+01:00", "Decide")
RECORD = Named("ADR-0001", "One", "docs/decisions/0001-one.md", "churn")


def lively(root: Path) -> Path:
    """Commit a log with a hostile record, a decision that is deprecated, and a follow-up that is removed."""
    log = clean_log()
    hostile = f"---\nid: ADR-0009\nstatus: proposed\ndate: 2026-11-20\ntitle: '{HOSTILE}'\n---\n\n# Nine\n"
    changed = edited(log, DECISION, "status: accepted", "status: deprecated")
    more = {"churn/decisions/0009-nine.md": hostile}
    return commit_files(root, log, {**changed, **more}, {FOLLOW_UP: None}, author="Kim & *Lee*")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Give the site of a log in which something happened."""
    return Site(check_tree(lively(tmp_path_factory.mktemp("log"))), commit_url="https://forge.example/c/".__add__)


def _changes(site: Site) -> Parsed:
    return parsed(page(site, "change-log.md").markdown)


def event(kind: EventKind, **said: object) -> Event:
    """Give an event of a kind, with more said about it."""
    return Event(kind, RECORD, COMMIT, "Ana Ruiz", RECORD.path)._replace(**said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (event("proposed"), "was proposed"),
        (event("proposed", before="rejected"), "was proposed again"),
        (event("decided", after="accepted", by=("Ana", "Tom")), "was accepted by Ana, Tom"),
        (event("decided", after="rejected"), "was rejected"),
        (event("superseded", by=("ADR-7",)), "was superseded by ADR-7"),
        (event("amended", by=("Ana",), reason="A typo"), "was amended by Ana: A typo"),
        (event("risk-raised", exposure=12), "was raised, exposure 12"),
        (event("risk-accepted", by=("Kim",), exposure=6), "was accepted by Kim, exposure 6"),
        (event("risk-closed", after="avoided"), "was avoided"),
        (event("follow-up-added", after="2026-11-30"), "was added, due 2026-11-30"),
        (event("follow-up-added"), "was added"),
        (
            event("follow-up-pushed-back", before="2026-11-30", after="2026-12-01"),
            "was put off by 1 day, to 2026-12-01",
        ),
        (event("follow-up-done", reason="All of it"), "is done: All of it"),
        (event("contract-changed", fields=("stages", "owner")), "changed in stages, owner"),
        (event("renumbered", before="ADR-1", after="ADR-2"), "took another number: ADR-1 → ADR-2"),
        (event("gate-failing", gate="in-scope"), "does not meet in-scope any more, seen at the end of the week"),
        (event("gate-met", gate="in-scope"), "meets in-scope now, seen at the end of the week"),
    ],
)
def test_a_sentence_says_what_happened(one: Event, expected: str) -> None:
    """What follows the name of the record says what happened, by whom, and how much of it."""
    assert predicate(words_in("en"), one) == expected


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_every_kind_of_event_has_words(language: str, kind: EventKind) -> None:
    """Each kind has a badge and a sentence in each language."""
    after = {"decided": "accepted", "risk-closed": "closed", "follow-up-pushed-back": "2026-12-01"}.get(kind, "")
    one = event(kind, before="2026-11-30", after=after, gate="in-scope")
    words = words_in(language)

    assert predicate(words, one)
    assert parsed(badge(words, one)).text.strip()


def test_a_very_long_reason_is_cut() -> None:
    """A reason as long as a record does not fill the page; the record has it whole."""
    assert len(predicate(words_in("en"), event("amended", reason="long " * 1000))) < 300


def test_events_stand_under_their_day(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each day is there once, newest first, with an anchor and how much happened."""
    days = ("2026-11-09", "2026-11-09", "2026-11-05")
    events = tuple(event("proposed", commit=COMMIT._replace(date=f"{day}T10:00:00Z")) for day in days)
    other = Site(site.report)
    monkeypatch.setattr(other._lookup, "chronicle", Chronicle(events))  # noqa: SLF001 - the page's only input

    found = _changes(other)

    assert [row[0] for row in found.rows if len(row) == 1] == ["2026-11-09 2 changes", "2026-11-05 1 change"]
    assert [name for name in found.ids if name.startswith("2026")] == ["2026-11-09", "2026-11-05"]


def test_an_event_has_its_record_its_author_and_its_commit(site: Site) -> None:
    """The sentence links the record, the line below it names the author and links the commit."""
    found = _changes(site)
    row = next(row for row in found.rows if "deprecated" in row[0])
    links = {one["href"] for one in found.all("a") if "href" in one}
    commit = site.report.history.of(site.report.book.get("ADR-2")).last.commit  # type: ignore[arg-type, union-attr]

    assert row[0] == "deprecated"
    assert row[1].startswith("ADR-0002 Score customers in a weekly batch was deprecated")
    assert row[1].endswith(f"Kim & *Lee* · {commit.short} · A version")  # type: ignore[union-attr]
    assert {DECISION, f"https://forge.example/c/{commit.id}"} <= links  # type: ignore[union-attr]


def test_a_record_that_is_gone_is_named_without_a_link(site: Site) -> None:
    """What was removed is told, and that there is no page of it any more."""
    found = _changes(site)
    removed = next(row for row in found.rows if row[0] == "removed")

    assert removed[1].startswith("FU-0001 Switch off the online service was removed (no longer in the log)")
    assert not [one for one in found.all("a") if FOLLOW_UP in one.get("href", "")]


def test_markup_in_titles_and_names_stays_text(site: Site) -> None:
    """A title and an author that hold HTML are shown as they were written, and the page is whole."""
    for path in ("change-log.md", "index.md"):
        text = page(site, path).markdown
        assert HOSTILE in parsed(text).text, path
        assert "Kim & *Lee*" in parsed(text).text, path
        assert "<script>" not in text
        assert parsed(text.split("---\n", 2)[2]).unbalanced == []


def test_rows_carry_what_they_are_filtered_by(site: Site) -> None:
    """A row names its kind, its design, and the people; the form offers what there is, in the order of the kinds."""
    found = _changes(site)
    rows = [row for row in found.all("tr") if "data-change" in row]
    accepted = next(row for row in rows if row["data-change"] == "decided")
    offered = [one["value"] for one in found.all("option") if one["value"] in EVENT_KINDS]

    assert (accepted["data-design"], "Ana Ruiz" in accepted["data-owner"].split("|")) == ("churn", True)
    assert offered == [kind for kind in EVENT_KINDS if kind in {row["data-change"] for row in rows}]
    assert [one["name"] for one in found.all("select")] == ["change", "design", "owner"]


def test_gates_are_linked_to_their_pages(site: Site) -> None:
    """The move of a gate leads to the record and to the page of the gate."""
    move = GateMove("2026-11-05", COMMIT, "ADR-2", "evidence-backed", "pass", "fail")

    found = _changes(Site(site.report, trend=Trend((), (move,))))

    row = next(row for row in found.rows if row[0] == "gate not met")
    assert "does not meet evidence-backed any more" in row[1]
    assert "gates/evidence-backed.md" in {one.get("href") for one in found.all("a")}


def test_the_page_is_bounded_and_says_what_is_left_out(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a long history the newest are shown, with how many are not and how to get them."""
    assert "older change" not in _changes(site).text
    monkeypatch.setattr("gatepost.site.lookup.MOST_EVENTS", 3)

    bounded = _changes(Site(site.report))

    older = chronicle(site.report, most=3).older
    assert len([row for row in bounded.rows if len(row) == 2]) - 1 == 3
    assert f"{older} older changes are not on this page: `gatepost history ID`" in bounded.text


def test_the_overview_has_the_five_latest(site: Site) -> None:
    """The overview lists the newest five with their days, and leads to all of them."""
    text = page(site, "index.md").markdown
    part = parsed(text[text.index('<h2 id="latest">') : text.index('<h2 id="designs">')])
    newest = chronicle(site.report).events[0]

    assert len(part.all("li")) == 5
    assert {"change-log.md", f"change-log.md#{newest.day}"} <= {one["href"] for one in part.all("a")}


def shallow(root: Path) -> Path:
    """Give a shallow clone of a log."""
    commit_files(root / "one", clean_log(), {FOLLOW_UP: None})
    return _cloned(root, "--depth=1")


def _cloned(root: Path, *words: str) -> Path:
    subprocess.run(["git", "clone", "--quiet", *words, f"file://{root / 'one'}", str(root / "two")], check=True)
    return root / "two"


def unversioned(root: Path) -> Path:
    """Give a log outside of any repository."""
    return write_tree(root / "one", clean_log(), repository=False)


def empty(root: Path) -> Path:
    """Give a log of which nothing is committed."""
    return write_tree(root / "one", clean_log())


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (shallow, "Reason: shallow clone: fetch the whole history (fetch-depth: 0, or git fetch --unshallow)."),
        (unversioned, "Reason: no git repository. To see them, build the site where git is installed"),
        (empty, "No change of a record has been committed yet."),
    ],
)
def test_where_history_is_missing_the_page_says_why(tmp_path: Path, make: Callable[[Path], Path], words: str) -> None:
    """A page that cannot know what happened says why and how to mend it; nothing seems new that is not."""
    (tmp_path / "one").mkdir()
    site = Site(check_tree(make(tmp_path)))
    found = _changes(site)

    assert words in found.text
    assert [one for one in found.all("a") if "atom" in one.get("type", "")] == []
    assert site.feed("Churn", "https://example.org/") is None
    assert 'id="latest"' not in page(site, "index.md").markdown


def test_a_commit_that_moves_nothing_changes_nothing(tmp_path: Path) -> None:
    """Two builds on the same records give the same page, also when a commit of something else lies between them."""
    root = lively(tmp_path)
    first = page(Site(check_tree(root)), "change-log.md")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "Nothing")

    assert page(Site(check_tree(root)), "change-log.md") == first
