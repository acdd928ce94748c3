"""Surgical edits of a record's frontmatter: what is meant changes, and not one byte besides."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from effort import examples
from gatepost.book import read_document
from gatepost.book.edit import EditError, add_items, key_of, set_key

PATH = "docs/churn/decisions/0003-x.md"
DAY = dt.date(2026, 11, 23)
BODY = "# Title\n\nstatus: proposed\n---\nrisks: [RISK-1]\n"


def file(front: str, body: str = BODY) -> bytes:
    """Give a record as bytes."""
    return f"---\n{front}---\n{body}".encode()


def data(content: bytes) -> dict[str, Any]:
    """Give what the frontmatter holds; fail when it cannot be read."""
    document = read_document(PATH, content)
    assert not document.faults, document.faults
    assert document.data is not None
    return document.data


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("status: proposed\n", "status: accepted\n"),
        ("status:   proposed   # since May\n", "status:   accepted   # since May\n"),
        ('status: "proposed"\n', 'status: "accepted"\n'),
        ("status: 'proposed' # a\n", "status: 'accepted' # a\n"),
        ("status:\n", "status: accepted\n"),
        ("status:   # not yet\n", "status: accepted   # not yet\n"),
        ("status: ~\n", "status: accepted\n"),
        ("status:\n  proposed\ndate: 2026-01-01\n", "status:\n  accepted\ndate: 2026-01-01\n"),
        ("status: pro\n  posed\nx-a: 1\n", "status: accepted\nx-a: 1\n"),
        ("? status\n: proposed\n", "? status\n: accepted\n"),
        (
            "{kind: decision, status: proposed, date: 2026-01-01}\n",
            "{kind: decision, status: accepted, date: 2026-01-01}\n",
        ),
        ("# status: proposed\nstatus: proposed\n", "# status: proposed\nstatus: accepted\n"),
        ("scope: {in: [status]}\nstatus: proposed\n", "scope: {in: [status]}\nstatus: accepted\n"),
        ("x-status: &a proposed\nx-b: *a\nstatus: proposed\n", "x-status: &a proposed\nx-b: *a\nstatus: accepted\n"),
    ],
)
def test_a_value_is_replaced_where_it_stands(before: str, after: str) -> None:
    """Quotes, comments, spaces and everything around the value stay."""
    assert set_key(PATH, file(before), "status", "accepted") == file(after)


@pytest.mark.parametrize(
    ("before", "why"),
    [
        ("status: &s proposed\nx-a: *s\n", "has an anchor or a tag"),
        ("status: !!str proposed\n", "cannot be edited"),
        ("x-a: &s proposed\nstatus: *s\n", "is an alias"),
        ("status: |\n  proposed\n", "several lines"),
        ("status: [proposed]\n", "holds a list"),
        ("status: {a: b}\n", "holds a list or a mapping"),
        ("status: proposed\nstatus: accepted\n", "stands here again"),
        ("{kind: decision}\n", "between braces"),
        ("<<: 1\n", "merge key"),
    ],
)
def test_what_cannot_be_done_safely_is_refused(before: str, why: str) -> None:
    """The message says why in one line and names the file."""
    with pytest.raises(EditError, match=why) as refused:
        set_key(PATH, file(before), "status", "accepted")
    assert str(refused.value).startswith(PATH)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("before", "key", "after"),
    [
        ("status: accepted\nrisks: [RISK-1]\n", "date", "status: accepted\ndate: 2026-11-23\nrisks: [RISK-1]\n"),
        ("title: T\n\n# people\nconsulted: [A]\n", "date", "title: T\ndate: 2026-11-23\n\n# people\nconsulted: [A]\n"),
        ("risks:\n  - RISK-1\n# end\n", "date", "date: 2026-11-23\nrisks:\n  - RISK-1\n# end\n"),
        (
            "title: >\n  long\n  text\n\nrisks: []\n",
            "date",
            "title: >\n  long\n  text\n\ndate: 2026-11-23\nrisks: []\n",
        ),
        ("  title: T\n  risks: []\n", "date", "  title: T\n  date: 2026-11-23\n  risks: []\n"),
        ("title:   T\nstatus:  accepted\n", "date", "title:   T\nstatus:  accepted\ndate:    2026-11-23\n"),
        ("title:\nrisks: []\n", "date", "title:\ndate: 2026-11-23\nrisks: []\n"),
        ("", "date", "date: 2026-11-23\n"),
    ],
)
def test_a_missing_key_goes_to_its_usual_place(before: str, key: str, after: str) -> None:
    """Below the key that usually stands before it, lined up and indented as the others are."""
    assert set_key(PATH, file(before), key, DAY) == file(after)


def test_a_day_stays_in_its_quotes() -> None:
    """A date that the author quotes is quoted afterwards."""
    assert set_key(PATH, file('date: "2026-01-01"\n'), "date", DAY) == file('date: "2026-11-23"\n')
    assert set_key(PATH, file("date: 2026-01-01\n"), "date", DAY) == file("date: 2026-11-23\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("risks: [RISK-1]\n", "risks: [RISK-1, RISK-2]\n"),
        ("risks: [ 'RISK-1' ] # c\n", "risks: [ 'RISK-1', 'RISK-2' ] # c\n"),
        ("risks: [RISK-1,]\n", "risks: [RISK-1, RISK-2,]\n"),
        ("risks: [\n  RISK-1,\n  RISK-3,  # c\n]\n", "risks: [\n  RISK-1,\n  RISK-3, RISK-2,  # c\n]\n"),
        ("risks: []\n", "risks: [RISK-2]\n"),
        ("risks:\n", "risks: [RISK-2]\n"),
        ("risks: null # none\n", "risks: [RISK-2] # none\n"),
        ("risks: RISK-1\n", "risks: [RISK-1, RISK-2]\n"),
        ('risks: "RISK-1"\n', 'risks: ["RISK-1", "RISK-2"]\n'),
        ("risks: a, b\n", 'risks: ["a, b", RISK-2]\n'),
        ("risks:\n  - RISK-1  # c\nx-a: 1\n", "risks:\n  - RISK-1  # c\n  - RISK-2\nx-a: 1\n"),
        ("risks:\n- RISK-1\n\n# next\nx-a: 1\n", "risks:\n- RISK-1\n- RISK-2\n\n# next\nx-a: 1\n"),
        ("risks:\n  -   'RISK-1'\n", "risks:\n  -   'RISK-1'\n  -   'RISK-2'\n"),
        ("title: T\n", "title: T\nrisks: [RISK-2]\n"),
    ],
)
def test_an_item_is_added_to_whatever_is_there(before: str, after: str) -> None:
    """A list between brackets, a list of lines, a single value, nothing, or no key at all."""
    assert add_items(PATH, file(before), "risks", ["RISK-2"]) == file(after)


def test_an_item_that_is_there_in_another_spelling_is_not_added() -> None:
    """`RISK-0002` and `RISK-2` are one."""
    before = file("risks: [RISK-0002]\n")
    assert add_items(PATH, before, "risks", ["RISK-2"]) == before
    assert add_items(PATH, before, "risks", ["RISK-3", "RISK-003"]) == file("risks: [RISK-0002, RISK-3]\n")


@pytest.mark.parametrize("front", ["risks: &r [RISK-1]\nx-a: *r\n", "risks: {a: b}\n", "risks: |\n  RISK-1\n"])
def test_a_list_that_cannot_be_added_to_is_refused(front: str) -> None:
    """An anchor, a mapping, a text of several lines."""
    with pytest.raises(EditError, match=r"risks .*; edit it by hand"):
        add_items(PATH, file(front), "risks", ["RISK-2"])


def test_an_edit_that_would_come_out_wrong_is_refused() -> None:
    """YAML ends a line at a sign that no editor shows; the item would land below another key, and is seen to."""
    front = "risks:\n- RISK-1\x85x-a: 1\n"
    assert data(file(front)) == {"risks": ["RISK-1"]}
    with pytest.raises(EditError, match="risks cannot be changed without touching something else; edit it by hand"):
        add_items(PATH, file(front), "risks", ["RISK-2"])


@pytest.mark.parametrize(
    ("front", "key", "written"),
    [
        ("decision_makers: [A]\n", "decision-makers", "decision_makers"),
        ("deciders: [A]\n", "decision-makers", "deciders"),
        ("decision_makers: [A]\n", "superseded-by", "superseded_by"),
        ("decision_makers: [A]\nfollow-ups: []\n", "superseded-by", "superseded-by"),
        ("x_a: 1\n", "superseded-by", "superseded-by"),
        ("title: T\n", "superseded-by", "superseded-by"),
    ],
)
def test_keys_are_written_as_the_author_writes_them(front: str, key: str, written: str) -> None:
    """Underscores, another convention's name, or MADR's dashes."""
    content = file(front)
    assert key_of(PATH, content, key) == written
    assert data(add_items(PATH, content, key, ["B"]))[written][-1] == "B"


ENDS = st.sampled_from(["\n", "\r\n", "\r"])
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r\0"), min_size=1, max_size=12)
COMMENTS = st.sampled_from(["", " # c", "   # status: x", ' # "'])
VALUES = st.sampled_from(["proposed", "'proposed'", '"proposed"', "", "~", "two words", "é𝄞", '"a\\u0041"'])
OTHERS = st.sampled_from(
    [
        "title: T\n",
        "risks: [RISK-1, 'RISK-2']\n",
        "consulted:\n  - A # c\n  - 'B: c'\n",
        "x-note: |\n  status: a\n\n  risks: b\n\n",
        "x-a: &a {b: [c, d]}\nx-b: *a\n",
        "# status: proposed\n",
        "\n",
        "informed: [\n  A,\n  B]\n",
        "tags: [x]\n",
        "date:  2026-01-01\n",
        "deciders: [A]\n",
    ]
)


@st.composite
def records(draw: st.DrawFn) -> bytes:
    """Give a record with odd lines around its status, any line ends, mixed ones too, and perhaps a byte order mark."""
    lines = draw(st.lists(OTHERS, unique=True, max_size=6))
    status = f"status:{draw(st.sampled_from([' ', '   ']))}{draw(VALUES)}{draw(COMMENTS)}\n"
    lines.insert(draw(st.integers(0, len(lines))), status)
    text = f"---\n{''.join(lines)}---\n{draw(st.sampled_from([BODY, '', 'é' + BODY]))}"
    pieces = text.split("\n")
    same = draw(st.none() | ENDS)
    ended = [piece + (same or draw(ENDS)) for piece in pieces[:-1]]
    return (draw(st.sampled_from(["", "\ufeff"])) + "".join(ended) + pieces[-1]).encode()


LAWS = settings(
    max_examples=examples(300), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def unchanged(before: bytes, after: bytes) -> tuple[bytes, bytes]:
    """Give what two texts share at their beginnings and, of the rest, at their ends."""
    start = next(
        (at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    rest, other = before[start:], after[start:]
    end = next(
        (at for at, (a, b) in enumerate(zip(rest[::-1], other[::-1], strict=False)) if a != b),
        min(len(rest), len(other)),
    )
    return before[:start], rest[len(rest) - end :]


def line_ends(content: bytes) -> Counter[bytes]:
    """Give how often each kind of line end stands in a file."""
    return Counter(re.findall(rb"\r\n|\r|\n", content))


@LAWS
@given(records(), WORDS)
def test_what_was_set_is_read_and_nothing_else_changed(content: bytes, value: str) -> None:
    """The value comes back, every other value is the same, no other line is touched."""
    before = data(content)
    after = set_key(PATH, content, "status", value)
    assert data(after) == {**before, "status": value}
    head, tail = unchanged(content, after)
    middle = content[len(head) : len(content) - len(tail)]
    assert b"\n" not in middle
    assert b"\r" not in middle
    assert after.startswith(b"\xef\xbb\xbf") == content.startswith(b"\xef\xbb\xbf")


@LAWS
@given(records(), WORDS)
def test_setting_the_same_again_changes_nothing(content: bytes, value: str) -> None:
    """An edit that is made already is no edit; neither is an item that is there."""
    once = set_key(PATH, content, "status", value)
    assert set_key(PATH, once, "status", value) == once
    listed = add_items(PATH, once, "relates", [value])
    assert add_items(PATH, listed, "relates", [value]) == listed


@LAWS
@given(
    records(),
    st.lists(WORDS, min_size=1, max_size=3, unique=True),
    st.sampled_from(["risks", "consulted", "informed", "relates"]),
)
def test_what_was_added_is_read_last(content: bytes, items: list[str], key: str) -> None:
    """A list keeps its items and gets the new ones at its end; removing the added bytes gives the file back."""
    before = data(content)
    after = add_items(PATH, content, key, items)
    there = before.get(key) or []
    assert data(after) == {**before, key: [*there, *(one for one in items if one not in there)]}
    head, tail = unchanged(content, after)
    assert head + tail == content


@LAWS
@given(records(), st.dates())
def test_a_line_that_is_added_ends_as_its_neighbours_do(content: bytes, day: dt.date) -> None:
    """A new key's line has a line end that the file has already; a date that is replaced adds none."""
    after = set_key(PATH, content, "date", day)
    assert str(data(after)["date"]) == str(day)
    added = line_ends(after) - line_ends(content)
    assert added.total() == (0 if b"date:" in content else 1)
    assert set(added) <= set(line_ends(content))


@LAWS
@given(st.binary(max_size=80) | st.text(max_size=80).map(str.encode))
def test_any_bytes_are_edited_or_refused(content: bytes) -> None:
    """Whatever the file holds, there is an edit that can be read, or a refusal; never another error."""
    for framed in (content, b"---\n" + content + b"\n---\n"):
        try:
            after = set_key(PATH, framed, "status", "accepted")
        except EditError:
            continue
        assert data(after)["status"] == "accepted"
