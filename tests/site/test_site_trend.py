"""The trend on the overview: charts and a table that say the same, and words where there is nothing to draw."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from site_logs import Parsed, page, parsed

from gatepost.check import check_project
from gatepost.check.trend import Trend, TrendPoint
from gatepost.site import Site
from gatepost.sources import find_project
from trees import TODAY, clean_log, write_tree

WEEKS = (
    TrendPoint("2026-11-01", "a" * 40, 10, 20, 3, 40, 0, 5),
    TrendPoint("2026-11-08", "b" * 40, 19, 20, 1, 12, 7, 5),
    TrendPoint("2026-11-23", "c" * 40, 20, 20, 0, 0, 2, 6),
)


def _overview(root: Path, trend: Trend | None, language: str = "en") -> Parsed:
    report = check_project(find_project(write_tree(root, clean_log())), TODAY)
    return parsed(page(Site(report, trend=trend, language=language), "index.md").markdown)


def test_the_table_has_the_numbers_of_each_point_the_newest_first(tmp_path: Path) -> None:
    """Without sight and without JavaScript the facts are the same."""
    found = _overview(tmp_path, Trend(WEEKS))

    assert [row for row in found.rows if row and row[0].startswith("2026-11")] == [
        ["2026-11-23", "this report", "100% (20 of 20)", "0", "0", "2", "6"],
        ["2026-11-08", "bbbbbbbbbb", "95.0% (19 of 20)", "1", "12", "7", "5"],
        ["2026-11-01", "aaaaaaaaaa", "50.0% (10 of 20)", "3", "40", "0", "5"],
    ]


def test_each_chart_has_a_title_and_says_in_words_what_it_shows(tmp_path: Path) -> None:
    """A screen reader is told the first, the last, the least and the most."""
    found = _overview(tmp_path, Trend(WEEKS))

    charts = found.all("svg", "gp-line")
    assert [one["aria-labelledby"].split() for one in charts] == [
        [f"gp-trend-{name}", f"gp-trend-{name}-words"] for name in ("met", "exposure", "overdue")
    ]
    assert {name for one in charts for name in one["aria-labelledby"].split()} <= set(found.ids)
    assert "50% on 2026-11-01, 100% on 2026-11-23; never below 50%, never above 100%." in found.text
    assert "40 on 2026-11-01, 0 on 2026-11-23; never below 0, never above 40." in found.text


def test_a_line_runs_over_the_days_and_not_over_the_points(tmp_path: Path) -> None:
    """A gap of two weeks is twice as wide as one of a week; the highest value is below the highest label."""
    found = _overview(tmp_path, Trend(WEEKS))

    line = next(one["d"] for one in found.all("path", "gp-line-line"))
    across = [float(x) for x in re.findall(r"[ML]([\d.]+)", line)]
    assert (across[1] - across[0]) * 15 / 7 == pytest.approx(across[2] - across[1], abs=0.2)
    heights = [[float(y) for y in re.findall(r" ([\d.]+)", one["d"])] for one in found.all("path", "gp-line-line")]
    assert all(10 <= height <= 126 for chart in heights for height in chart)


@pytest.mark.parametrize(
    ("trend", "words"),
    [
        (Trend(WEEKS[-1:]), "There is no trend yet"),
        (
            Trend(WEEKS[-1:], problem="shallow clone: fetch the rest"),
            "The trend is not known: shallow clone: fetch the rest.",
        ),
        (Trend(WEEKS[-1:], problem="<script>"), "<script>"),
    ],
)
def test_what_cannot_be_drawn_is_said(trend: Trend, words: str, tmp_path: Path) -> None:
    """One point makes no line; a history that is not there is named, with how to mend it."""
    found = _overview(tmp_path, trend)

    assert words in found.text
    assert not found.all("svg", "gp-line")


def test_how_the_points_were_chosen_is_said(tmp_path: Path) -> None:
    """Weeks that are not shown, and gates that do not count, are no secret."""
    found = _overview(tmp_path, Trend(WEEKS, every=3, left_out=("lifecycle-legal", "links-current")))

    assert "one in 3 is shown" in found.text
    assert "lifecycle-legal, links-current" in found.text


def test_without_a_trend_nothing_is_shown(tmp_path: Path) -> None:
    """Who switches it off has a page without it."""
    assert "trend" not in _overview(tmp_path, None).ids


def test_the_trend_is_in_the_readers_language(tmp_path: Path) -> None:
    """Chinese, too."""
    found = _overview(tmp_path, Trend(WEEKS, every=2, left_out=("links-current",)), "zh")

    assert "同样的数字" in found.text
    assert not found.unbalanced


def test_values_that_are_all_the_same_are_drawn(tmp_path: Path) -> None:
    """No risk, nothing overdue, no gate asked: a line along the bottom, or along the top."""
    days = ("2026-11-01", "2026-11-23")
    found = _overview(tmp_path, Trend(tuple(TrendPoint(day, "a" * 40, 0, 0, 0, 0, 0, 1) for day in days)))

    lines = [one["d"] for one in found.all("path", "gp-line-line")]
    assert [re.findall(r" ([\d.]+)", line) for line in lines] == [["10.0"] * 2, ["126.0"] * 2, ["126.0"] * 2]
