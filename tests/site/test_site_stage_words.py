"""Words in the picture of a contract fit into their shapes, and say as much of a long name as there is room for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost.site.stage_words import fitted, name_lines, wide

ROOM, SIZE = 122, 12.5
NAMES = st.text(st.sampled_from("abmW-_.评e"), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("quality-gate", ("quality-gate",)),
        ("promote-production", ("promote-", "production")),
        ("train.deploy_to_europe", ("train.deploy_", "to_europe")),
        ("exit-handler-1.for-loop-2.train", ("exit-handler-1.", "for-loop-2.train")),
    ],
)
def test_a_name_is_broken_at_a_mark_of_its_own(name: str, lines: tuple[str, ...]) -> None:
    """A name of two lines is whole, and is read as it is written."""
    assert name_lines(name, 128, SIZE) == lines


@given(NAMES)
def test_no_line_is_wider_than_its_room(name: str) -> None:
    """However long a name is; one that is not cut loses nothing."""
    lines = name_lines(name, ROOM, SIZE)
    assert 1 <= len(lines) <= 2
    assert all(wide(line, SIZE, bold=True) <= ROOM for line in lines)
    assert "…" in "".join(lines) or "".join(lines) == name


def test_long_text_keeps_both_ends() -> None:
    """Of a place that a promotion goes to, the beginning and the end."""
    short = fitted("promote → production-in-western-europe", ROOM, SIZE)
    assert short.startswith("promote")
    assert short.endswith("europe")
