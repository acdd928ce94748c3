"""Text in columns: width, what a terminal must not get, line breaks."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost.report import render_text
from gatepost.report.lines import columns, pad, plain, shortened, wrap
from trees import checked


@pytest.mark.parametrize(
    ("text", "wide"),
    [("abc", 3), ("é", 1), ("e\u0301", 1), ("评分", 4), ("\uff46\uff55", 4), ("", 0)],
)
def test_width_is_counted_in_columns(text: str, wide: int) -> None:
    """Wide characters take two columns, combining ones none."""
    assert columns(text) == wide


@pytest.mark.parametrize("text", ["\x1b[31mred", "a\x07b", "\u202eback", "a\x9bb", "a\u2028b", "\udcff"])
def test_nothing_that_steers_a_terminal_gets_through(text: str) -> None:
    """Escape codes, bells and marks of direction are shown, not obeyed."""
    shown = plain(text)
    assert shown.isprintable()
    assert "\\" in shown


def test_line_breaks_become_spaces() -> None:
    """A message of several lines stays in its place."""
    assert plain("one\ntwo\tthree") == "one two three"


def test_text_is_broken_at_spaces() -> None:
    """Words stay whole; the first line may have less room."""
    assert wrap("one two three", 7) == ["one two", "three"]
    assert wrap("one two three", 9, 3) == ["one", "two three"]
    assert wrap("one two", 9, 2) == ["", "one two"]


def test_a_word_that_is_too_long_is_never_broken() -> None:
    """A path can be copied from the terminal."""
    assert wrap("see docs/a/very/long/path.md:12:3 there", 10) == ["see", "docs/a/very/long/path.md:12:3", "there"]


def test_wide_text_is_broken_without_spaces() -> None:
    """Chinese has no spaces to break at, and needs none."""
    assert wrap("每周评分上线", 8) == ["每周评分", "上线"]


@pytest.mark.parametrize("start", ["::error::x", "##[error]x"])
def test_no_line_begins_with_what_a_ci_runner_obeys(start: str) -> None:
    """A message cannot be broken so that a piece of it becomes a workflow command."""
    lines = wrap(f"the title says {start}", 12)
    assert not any(line.lstrip().startswith(("::", "##[")) for line in lines)


@given(st.text(), st.integers(2, 60))
def test_wrapping_loses_no_word(text: str, room: int) -> None:
    """All that is printed is what was given, but for spaces."""
    assert "".join("".join(wrap(text, room)).split()) == "".join(plain(text).split())


@given(st.text(alphabet="ab 评分é", max_size=60), st.integers(4, 30))
def test_lines_keep_to_their_room(text: str, room: int) -> None:
    """Only a word that is too long by itself is wider than asked for."""
    for line in wrap(text, room):
        assert columns(line) <= room or " " not in line.strip()


@given(st.text(alphabet="ab评分", max_size=30), st.integers(2, 20))
def test_padding_gives_exactly_the_width(text: str, room: int) -> None:
    """A cell of a table is as wide as its column, whatever is in it."""
    assert columns(pad(text, room)) == room


def test_many_findings_alike_are_told_by_their_places(tmp_path: Path) -> None:
    """Of what a template left, three findings are told in full; the rest by line and column, none left out."""
    body = "\n".join(f"TODO number {number}" for number in range(1, 9))
    text = f"---\ntitle: One\nstatus: proposed\ndate: 2026-11-05\n---\n\n# One\n\n{body}\n"
    report = checked(tmp_path, {"decisions/0001-one.md": text})
    shown = render_text(report)
    assert shown.count("the placeholder TODO is left") == 3
    places = ", ".join(f"{line}:1" for line in range(12, 17))
    assert f"and 5 more of record-complete in docs/decisions/0001-one.md, at {places}" in " ".join(shown.split())


def test_each_error_of_a_form_is_told(tmp_path: Path) -> None:
    """Whoever mends a record sees all that is wrong with it, though the hint is the same each time."""
    keys = "".join(f"unknown-{letter}: {letter}\n" for letter in "abcdefgh")
    text = f"---\ntitle: One\nstatus: proposed\ndate: 2026-11-05\n{keys}---\n\n# One\n"
    shown = render_text(checked(tmp_path, {"decisions/0001-one.md": text}))
    assert all(f"unknown-{letter}" in shown for letter in "abcdefgh")
    assert "more of schema-valid" not in shown


def test_a_name_that_is_too_long_keeps_both_of_its_ends() -> None:
    """What tells stages apart is as often at the end as at the beginning."""
    names = ["exit-handler-1.loop-body-2.train", "exit-handler-1.loop-body-2.evaluate", "prepare"]
    assert list(shortened(names, 18).values()) == ["exit-han…y-2.train", "exit-han….evaluate", "prepare"]


@given(st.lists(st.text(st.sampled_from("ab评"), min_size=1), unique=True, max_size=40), st.integers(8, 12))
def test_no_two_shortened_names_are_the_same(names: list[str], room: int) -> None:
    """However alike names are, each row of a table says which stage it is of, and fits."""
    found = shortened(names, room)
    assert len(set(found.values())) == len(names)
    assert all(columns(one) <= room for one in found.values())
    assert all(found[name] == name for name in names if columns(name) <= room)
