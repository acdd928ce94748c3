"""The trend in real builds: drawn from git, switched off by an option, not worked out twice while serving."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
from typing import TYPE_CHECKING

from builds import build, project

from trees import TODAY, clean_log, edited, git

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

RISK = "churn/risks/0001-stale-scores.md"


def _log(root: Path, options: str = "") -> Path:
    """Write a log with three weeks behind it."""
    project(root, options=options)
    late = edited(clean_log(), RISK, "due: 2027-03-01", "due: 2026-11-10")[RISK]
    for weeks, text in ((3, clean_log()[RISK]), (2, late), (1, f"{late}\nMore.\n")):
        (root / "docs" / RISK).write_text(text, encoding="utf-8")
        when = f"{TODAY - dt.timedelta(weeks=weeks)}T12:00:00+00:00"
        git(root, "add", "--all")
        environment = {**os.environ, "GIT_COMMITTER_DATE": when, "GIT_AUTHOR_DATE": when}
        subprocess.run(["git", "commit", "--quiet", "--message", "A week"], cwd=root, check=True, env=environment)
    return root


def test_a_build_draws_the_trend_of_the_repository(tmp_path: Path) -> None:
    """The overview has a point for each week, and the one of the report."""
    html = build(_log(tmp_path / "log")).html("index.html")

    assert html.count('<time datetime="2026-11-') >= 4
    assert 'id="gp-trend-overdue"' in html
    assert "0 on 2026-11-02, 1 on 2026-11-23; never below 0, never above 1." in html


def test_the_option_switches_it_off(tmp_path: Path) -> None:
    """`trend: false` leaves it out."""
    assert 'id="trend"' not in build(_log(tmp_path / "log", "{trend: false}")).html("index.html")


def test_a_shallow_clone_says_how_to_mend_it_and_builds(tmp_path: Path) -> None:
    """The default of many CI systems costs the trend, not the build."""
    root = _log(tmp_path / "log")
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{root}", "clone")

    built = build(tmp_path / "clone")

    assert built.code == 0
    assert "The trend is not known: shallow clone" in built.html("index.html")
    assert "fetch-depth: 0" in built.html("index.html")


def test_the_index_leaves_the_page_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what was kept and without it a build gives the same bytes."""
    root = _log(tmp_path / "log")
    build(root)
    warm = build(root).html("index.html")
    monkeypatch.setenv("GATEPOST_CACHE_DIR", "")

    assert build(root).html("index.html") == warm
