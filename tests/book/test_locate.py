"""A key path to a line and a column."""

from __future__ import annotations

import pytest

from gatepost.book import Entry, Position, Unread, locate, read_text
from gatepost.book.entry import read_entry

TEXT = """---
id: ADR-1
title: "Quoted: title"
deciders: [Ana, Bo]
status: superseded by ADR-2
consulted:
- Cy
- Di
scope:
  in: [one, two]
  out:
    - three
options:
- name: A
  security: 3
- {name: B, security: 4}
chosen: >-
  A
override:
x-note: [a, b]
---

Body
"""


@pytest.mark.parametrize(
    ("place", "line", "column"),
    [
        (("id",), 2, 5),
        (("title",), 3, 8),
        (("decision-makers",), 4, 11),
        (("decision-makers", 1), 4, 17),
        (("status",), 5, 9),
        (("superseded-by", 0), 5, 9),
        (("consulted",), 7, 1),
        (("consulted", 1), 8, 3),
        (("consulted", 7), 7, 1),
        (("scope",), 10, 3),
        (("scope", "in", 1), 10, 13),
        (("scope", "out", 0), 12, 7),
        (("options", 0, "security"), 15, 13),
        (("options", 0, "performance"), 14, 3),
        (("options", 1, "name"), 16, 10),
        (("options", 1, "security"), 16, 23),
        (("chosen",), 17, 9),
        (("override",), 19, 1),
        (("rollout",), 1, 1),
        ((), 1, 1),
        ((3,), 1, 1),
        (("id", "further"), 2, 5),
    ],
)
def test_a_key_path_has_a_place(place: tuple[str | int, ...], line: int, column: int) -> None:
    """A value is where it starts, a missing key where its parent is, an empty value at its key."""
    document = read_text("decisions/0001.md", TEXT)
    read_entry(document)
    assert locate(document, place) == Position(line, column)


@pytest.mark.parametrize(
    ("offset", "line", "column"),
    [(0, 1, 1), (3, 1, 4), (4, 2, 1), (len(TEXT) - 1, 23, 5), (len(TEXT), 24, 1), (10**9, 24, 1), (-5, 1, 1)],
)
def test_an_offset_has_a_place(offset: int, line: int, column: int) -> None:
    """Lines and columns count from 1; what is outside the text is at its nearest end."""
    assert locate(read_text("x.md", TEXT), offset) == Position(line, column)


def test_snake_case_is_found_under_its_kebab_name() -> None:
    """A path in the canonical spelling finds the key that the author spelt otherwise."""
    assert locate(read_text("x.md", "---\nfollow_ups: [FU-1]\n---\n"), ("follow-ups", 0)) == Position(2, 14)


def test_a_frontmatter_that_cannot_be_read_is_line_one() -> None:
    """Without a tree there is no place but the first."""
    assert locate(read_text("x.md", "---\na: [\n---\n"), ("a",)) == Position(1, 1)


@pytest.mark.parametrize(
    ("written", "column"),
    [
        ("auc is high", 25),
        ("'auc is high'", 26),
        ('"auc is high"', 26),
        ('"auc\\u0020is high"', 21),
        (">-\n    auc is high", 21),
    ],
)
def test_a_place_inside_an_expression(written: str, column: int) -> None:
    """An expression is faulted where it stops being one; with escapes or more lines, where it starts."""
    text = "---\nkind: design\nowners: [a]\ntier: low\ntitle: t\noutcomes:\n"
    text += f"- outcome: b\n  measure:         {written}\n---\n"
    read = read_entry(read_text("d/index.md", text))
    assert isinstance(read, Unread)
    (fault,) = read.faults
    assert fault.message.startswith("outcomes[1].measure: 'auc is high': expected an operator")
    assert locate(read.document, fault.at, offset=fault.offset) == Position(8, column - 1)


def test_an_entry_of_a_record_can_be_located() -> None:
    """Reading the record does not move what its document says."""
    read = read_entry(
        read_text(
            "decisions/0001.md",
            f"{TEXT[:4]}date: 2026-01-01\n{TEXT[4:]}".replace("deciders", "decision_makers").replace("override:\n", ""),
        )
    )
    assert isinstance(read, Entry)
    assert locate(read.document, ("decision-makers", 0)) == Position(5, 19)
