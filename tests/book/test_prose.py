"""The body of a record: what is prose, what is code, and what the prose names."""

from __future__ import annotations

import pytest

from gatepost.book.prose import Prose, without_code


def prose(body: str, start: int = 0) -> Prose:
    """Read a body that starts somewhere in a file."""
    return Prose(body, start)


@pytest.mark.parametrize(
    "body",
    [
        "See ADR-1.",
        "(ADR-1)",
        "ADR-1, and more",
        "**ADR-1**",
        "[ADR-1](0001-title.md)",
        "| ADR-1 |",
        "ADR-1: why",
        "`` ` `` ADR-1",
        "\\`ADR-1\\`",
        "a ` ADR-1\n\nb ` c",
        "```` a ```` ADR-1 ````",
        "<!-- ADR-2 --> ADR-1",
        "```x``` ADR-1",
        "```\nADR-2\n```\nADR-1",
        "~~~ python `x`\nADR-2\n~~~\nADR-1",
        "````md\n```\nADR-2\n```\n````\nADR-1",
        "```\nADR-2\n~~~\nADR-3\n```\nADR-1",
        "- item\n\n    ```python\n    ADR-2\n    ```\n\n    ADR-1",
        "- ```\n  ADR-2\n  ```\n- ADR-1",
        "1. ```\n   ADR-2\n   ```\n\nADR-1",
        "> ```\n> ADR-2\n> ```\n\nADR-1",
        "!!! note\n\n    ~~~\n    ADR-2\n    ~~~\n\nADR-1",
        "foo ` bar\n```\n`ADR-2`\n```\nADR-1",
        "text ```` not a fence\n\nADR-1",
    ],
)
def test_ids_are_words_of_the_prose(body: str) -> None:
    """An id counts where a reader of the page sees it as text; fences, spans and comments are left alone."""
    assert [found.text for found in prose(body).ids] == ["ADR-1"]


@pytest.mark.parametrize(
    "body",
    [
        "`ADR-1`",
        "``a ` ADR-1``",
        "```\nADR-1",
        "~~~\nADR-1\n```\n",
        "```\nADR-1\n``\n",
        "<!-- ADR-1",
        "<!-- a\n\nADR-1 -->",
        "decisions/ADR-1",
        "[x](ADR-1.md)",
        "ADR-1.md",
        "ADR-1-batch",
        "MADR-1",
        "x.ADR-1",
        "page#ADR-1",
        "https://tracker.example/browse/ADR-1",
        "https://tracker.example/?issue=ADR-1&x",
        "ADR-12345678901",
        "ADR-٣",
        "adr-1",
    ],
)
def test_what_is_no_word_is_no_id(body: str) -> None:
    """Code, comments, paths, addresses, anchors and parts of longer names are no ids."""
    assert prose(body).ids == ()


def test_ids_have_their_place_in_the_file() -> None:
    """Offsets count from the start of the file; ids of several prefixes come in the order of the text."""
    found = prose("`x` FU-2, ADR-1 and RISK-3", 100).ids
    assert [(one.text, one.offset) for one in found] == [("FU-2", 104), ("ADR-1", 110), ("RISK-3", 120)]


@pytest.mark.parametrize(
    "text",
    ["a `b` c", "```\ncode\n\nmore\n```\nx", "<!--\n\n-->", "~~~\n", "``", "a <!-- b `c` --> d `e\n\nf`", "\\`a\\`"],
)
def test_blanking_code_moves_nothing(text: str) -> None:
    """Code becomes spaces; length and line ends stay, so that every offset stays."""
    blank = without_code(text)
    assert len(blank) == len(text)
    assert [i for i, c in enumerate(blank) if c == "\n"] == [i for i, c in enumerate(text) if c == "\n"]
    assert all(after in {before, " "} for before, after in zip(text, blank, strict=True))


@pytest.mark.parametrize(
    ("body", "targets"),
    [
        ("[a](b.md)", ["b.md"]),
        ("![a](img/b.png 'Title')", ["img/b.png"]),
        ('[a](b.md "A (real) title")', ["b.md"]),
        ("[a](b_(c).md)", ["b_(c).md"]),
        ("[a](<b c.md>)", ["b c.md"]),
        ("[a](b.md#c) [d](../e.md?f)", ["b.md#c", "../e.md?f"]),
        ("[a][b]\n\n[b]: c.md\n[d]: <e f.md> 'Title'\n", ["c.md", "e f.md"]),
        ("[^1]: Footnote\n[^2]: note.md", []),
        ("[Note]: this is a sentence", []),
        ("[a](https://b) [c](mailto:d@e) [f](#g) [h](/i) [j]({{ k }}) [l](?m) [n](//o)", []),
        ("`[a](b.md)` <!-- [c](d.md) -->\n```\n[e](f.md)\n```", []),
        ("[a]()", []),
        ("[a] (b.md)", []),
    ],
)
def test_links_are_those_that_could_be_files(body: str, targets: list[str]) -> None:
    """Inline and reference links to files, as they are written; addresses, anchors and code are left alone."""
    assert [found.text for found in prose(body).links] == targets


def test_a_link_has_its_place() -> None:
    """The offset of a link is that of its target."""
    body = "text [a](b.md)\n\n[c]: d.md"
    assert [body[found.offset :].split(")", maxsplit=1)[0].strip() for found in prose(body).links] == [
        ["b.md", "\n\n[c]: d.md"][0],
        "d.md",
    ]


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("# Title", "Title"),
        ("## Title ##", "Title"),
        ("# C#", "C#"),
        ("#\tTitle  ", "Title"),
        ("### Title {#anchor}", "Title"),
        ("### Title {.class #anchor}", "Title"),
        ("# {what it is}", "{what it is}"),
        ("# a `b`", "a"),
    ],
)
def test_a_heading_is_read_as_it_is_shown(heading: str, title: str) -> None:
    """Closing hashes and attributes in braces belong to no title; what is code in one is not read."""
    (section,) = prose(f"text\n{heading}\n", 10).sections
    assert (section.title, section.offset) == (title, 15)


@pytest.mark.parametrize("text", ["#Title", "####### Title", "#", "`# Title`", "```\n# Title\n```", "    text # Title"])
def test_what_is_no_heading(text: str) -> None:
    """A heading has one to six hashes, a space, and stands outside code."""
    assert prose(text).sections == ()


@pytest.mark.parametrize(
    ("below", "is_empty"),
    [
        ("text", False),
        ("```\ncode\n```", False),
        ("", True),
        ("\n \n", True),
        ("<!-- say why -->", True),
        ("<!-- say why", True),
        ("```\n<!-- shown -->\n```", False),
        ("## Below\n\ntext", False),
        ("## Below\n\n<!-- nothing -->\n### Further", True),
        ("# Beside\n\ntext", True),
        ("# Beside\n\n## Below that\n\ntext", True),
    ],
)
def test_a_section_is_empty_without_words(below: str, is_empty: bool) -> None:  # noqa: FBT001 - a column of the table
    """Headings, comments and blank lines are no words; code is, and so is what a section below it says."""
    assert prose(f"# Title\n{below}").sections[0].is_empty is is_empty


def test_a_section_ends_at_the_next_of_its_rank() -> None:
    """A section takes in those below it, and nothing of the next one of its rank or above."""
    sections = prose("# A\n## B\n### C\nwords\n## D\n# E\n## F\nwords\n").sections
    assert {section.title: section.is_empty for section in sections} == {
        "A": False,
        "B": False,
        "C": False,
        "D": True,
        "E": False,
        "F": False,
    }


def test_numbers_quoted_by_reference() -> None:
    """A metric is quoted by path and pointer, in either kind of quotes; in code it is an example."""
    body = "{{ metric('a.json#/b') }} {{metric( \"c.json#/d\" )}} `{{ metric('e#/f') }}` {{ metric('x\") }}"
    assert [(found.text, found.offset) for found in prose(body, 5).metrics] == [("a.json#/b", 5), ("c.json#/d", 31)]
