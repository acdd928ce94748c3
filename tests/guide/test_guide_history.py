"""What the guide says about a history that is not whole is what the program says."""

from __future__ import annotations

from guide_pages import GUIDE

from gatepost.book.missing import NO_GIT, NO_REPOSITORY
from gatepost.sources.repository import NO_COMMITS, PARTIAL, SHALLOW


def test_the_reasons_in_the_guide_are_the_real_ones() -> None:
    """The table names each reason by the words that it begins with."""
    text = (GUIDE / "ci.md").read_text(encoding="utf-8").split("## The whole history", 1)[1].split("\n## ", 1)[0]
    shown = [line.split("`")[1] for line in text.splitlines() if line.startswith("| `")]
    trust = "git does not trust this folder: run git config --global --add safe.directory /x"
    real = [NO_GIT, NO_REPOSITORY, NO_COMMITS, SHALLOW, PARTIAL, trust]
    assert len(shown) == len(real)
    assert all(said.startswith(words) for said, words in zip(real, shown, strict=True))
