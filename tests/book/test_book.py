"""The book: records linked both ways, and the designs that they belong to."""

from __future__ import annotations

import pytest

from gatepost.book import Book, read_book, read_text
from gatepost.book.succession import circles_in
from gatepost.book.targets import link_target

DESIGN = "---\nkind: design\ntitle: D\nowners: [a]\ntier: {tier}\n---\n"
DECISION = "---\ntitle: T\nstatus: {status}\ndate: 2026-01-01\ndecision-makers: [a]\n{more}---\n{body}"


def decision(status: str = "accepted", more: str = "", body: str = "") -> str:
    """Write a decision."""
    return DECISION.format(status=status, more=more, body=body)


def book(files: dict[str, str]) -> Book:
    """Read some files."""
    return read_book((read_text(path, text) for path, text in files.items()), docs="docs")


def test_a_record_belongs_to_the_nearest_design_above_it() -> None:
    """Designs may nest; what lies below no design belongs to none, and a design to itself."""
    read = book(
        {
            "docs/a/index.md": DESIGN.format(tier="low"),
            "docs/a/decisions/1.md": decision(),
            "docs/a/b/index.md": DESIGN.format(tier="high"),
            "docs/a/b/decisions/2.md": decision(),
            "docs/a/b/c/d/decisions/3.md": decision(),
            "docs/ab/decisions/4.md": decision(),
            "docs/a/b/decisions/5.md": "---\nbroken: [\n---\n",
        }
    )
    assert {one.id: one.design for one in read.entries} == {
        "a": "a",
        "ADR-1": "a",
        "b": "b",
        "ADR-2": "b",
        "ADR-3": "b",
        "ADR-4": "",
    }
    assert [one.design for one in read.unread] == ["b"]
    assert [design.id for design in read.designs] == ["b", "a"]
    five = read.get("ADR-2")
    assert five is not None
    assert read.folder(five) == "docs/a/b"


def test_a_design_that_cannot_be_read_still_holds_its_records() -> None:
    """One broken design does not hand its records to the design around it, or to none."""
    read = book({"docs/a/index.md": "---\nkind: design\ntitle: [\n---\n", "docs/a/decisions/1.md": decision()})
    assert [one.design for one in (*read.entries, *read.unread)] == ["a", "a"]
    assert read.design("a") is None


def test_links_lead_both_ways() -> None:
    """Fields first, then prose; an id is one target however it is written, and no record mentions itself."""
    read = book(
        {
            "docs/decisions/0001.md": decision(
                "superseded by ADR-0002", "risks: [RISK-1]\nrelates: [ADR-3]\n", "See ADR-1, ADR-3, ADR-003 and `FU-1`."
            ),
            "docs/decisions/0002.md": decision(more="supersedes: [ADR-1]\nfollow-ups: [FU-01]\n"),
        }
    )
    first = read.get("ADR-001")
    assert first is not None
    assert [(link.relation, link.target, link.written) for link in read.links(first)] == [
        ("risks", "RISK-1", "RISK-1"),
        ("superseded-by", "ADR-2", "ADR-0002"),
        ("relates", "ADR-3", "ADR-3"),
        ("mentions", "ADR-3", "ADR-3"),
    ]
    assert [(entry.id, link.relation) for entry, link in read.backlinks("ADR-0001")] == [("ADR-0002", "supersedes")]
    assert [entry.id for entry, _ in read.backlinks("FU-1")] == ["ADR-0002"]
    assert read.backlinks("ADR-9") == ()


def test_stages_and_files_are_linked_too() -> None:
    """A stage is named within the design's contract, a file as two records of one design spell it alike."""
    evidence = "evidence: [{kind: benchmark, claim: c, path: ./evidence//m.json}]\nstages: [train]\n"
    read = book({"docs/a/index.md": DESIGN.format(tier="low"), "docs/a/decisions/1.md": decision(more=evidence)})
    one = read.get("ADR-1")
    assert one is not None
    assert {link.target for link in read.links(one)} == {"a/pipeline#train", "file:a:evidence/m.json"}


def test_what_the_book_knows() -> None:
    """A record, one that cannot be read, and an item of a checklist all have ids that others may name."""
    read = book(
        {
            "docs/decisions/1.md": decision(),
            "docs/decisions/2.md": "broken",
            "docs/checklist.md": "---\nitems: [{id: CHK-7, criterion: c}]\ntitle: T\n---\n",
        }
    )
    assert [name for name in ("ADR-1", "ADR-0002", "CHK-07", "ADR-3", "policy") if read.knows(name)] == [
        "ADR-1",
        "ADR-0002",
        "CHK-07",
    ]
    assert len(read.named("ADR-0001")) == 1
    assert read.get("ADR-2") is None


def test_names_of_records_without_a_number() -> None:
    """A policy, a contract and a checklist are named for their design, or for their file."""
    contract = "---\ntitle: T\nowner: o\nstages: {a: {kind: data}}\n---\n"
    read = book(
        {
            "docs/a/index.md": DESIGN.format(tier="low"),
            "docs/a/pipeline.md": contract,
            "docs/pipeline.md": contract,
            "docs/policy.md": "---\nkind: policy\ntitle: T\n---\n",
        }
    )
    assert [entry.id for entry in read.entries] == ["a", "a/pipeline", "docs/pipeline", "policy"]
    assert read.pipeline("a") is not None
    assert read.pipeline("b") is None


def test_pages_are_the_author_s_and_the_build_s() -> None:
    """A link may lead to any Markdown file that is published, and to a page that the build adds."""
    read = book({"docs/guide.md": "text", "docs/decisions/1.md": decision()})
    assert [
        path
        for path in ("docs/guide.md", "docs/decisions/1.md", "docs/risk-register.md", "docs/gates/in-scope.md")
        if not read.has_page(path)
    ] == []
    assert not read.has_page("docs/other.md")
    assert not read.has_page("risk-register.md")


@pytest.mark.parametrize(
    ("target", "folder", "path"),
    [
        ("b.md", "docs/a", "docs/a/b.md"),
        ("../b.md#c", "docs/a", "docs/b.md"),
        ("b.md?c#d", "docs", "docs/b.md"),
        ("a%20b.md", "docs", "docs/a b.md"),
        ("../../b.md", "docs/a", "b.md"),
        ("../../../b.md", "docs/a", None),
        ("..", "docs", "."),
        ("..%2f..%2fb.md", "docs", None),
        ("b/", "docs", "docs/b"),
    ],
)
def test_where_a_link_leads(target: str, folder: str, path: str | None) -> None:
    """A link is relative to its file; one that leaves the repository leads nowhere."""
    assert link_target(target, folder) == path


def test_supersessions_are_followed_once() -> None:
    """A chain is no circle, however long; each decision on a circle knows one through itself, the others none."""
    chain = {str(number): (str(number + 1),) for number in range(100_000)}
    assert circles_in(chain) == {}
    ring = {str(number): (str((number + 1) % 10_000),) for number in range(10_000)}
    assert len(set(circles_in(ring | {"in": ("0",), "9999": ("0", "out"), "out": ()}).values())) == 1
    eight = {"a": ("b", "c"), "b": ("a",), "c": ("d",), "d": ("a",), "e": ("a",), "f": ("f",)}
    assert circles_in(eight) == {
        "a": ("a", "c", "d"),
        "b": ("a", "b"),
        "c": ("a", "c", "d"),
        "d": ("a", "c", "d"),
        "f": ("f",),
    }
