"""A build whose index of the history is warm equals a clean one, byte for byte, whatever happened before."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from builds import Built, build, digest_of, project, run

from trees import clean_log, git

CLOCKS = ("sitemap.xml.gz",)
"""What holds the time of its writing."""


def site(root: Path, how: Callable[[Path], Built]) -> dict[str, str]:
    """Build, and give the digest of each file of the site."""
    shutil.rmtree(root / "site", ignore_errors=True)
    built = how(root)
    assert built.code == 0, built.log
    files = (path for path in sorted(built.site.rglob("*")) if path.is_file() and path.name not in CLOCKS)
    return {path.relative_to(built.site).as_posix(): digest_of(path) for path in files}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_after_random_edits_a_warm_build_equals_a_clean_one(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Edits, renames, removals, commits, and a past that was rewritten: only what is there now shows.

    One build of each turn is the next one in a process that has built before, as in a server.
    """
    rng = random.Random(seed)  # noqa: S311 - the same edits each time
    root = project(tmp_path / "log", clean_log())
    (root / ".gitignore").write_text("site/\n")
    warm, cold = str(tmp_path / "warm"), ""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "The log")
    for turn in range(6):
        for _ in range(9):
            _edit(root, rng)
        if turn == 4:
            git(root, "commit", "--quiet", "--amend", "--allow-empty", "--message", "Other words")
        monkeypatch.setenv("GATEPOST_CACHE_DIR", warm)
        with_index, once_more = site(root, run), site(root, build)
        monkeypatch.setenv("GATEPOST_CACHE_DIR", cold)
        clean = site(root, run)
        assert with_index == clean, turn
        assert once_more == clean, turn


def _edit(root: Path, rng: random.Random) -> None:
    """Do one thing to the log."""
    records = sorted((root / "docs/churn/decisions").glob("*.md"))
    what = rng.choice(["words", "words", "status", "rename", "remove", "commit", "commit", "restore"])
    if what == "commit":
        git(root, "add", "--all")
        git(root, "commit", "--quiet", "--allow-empty", "--message", "More")
    elif what == "restore":
        git(root, "checkout", "--quiet", "HEAD", "--", "docs")
    elif records:
        one = rng.choice(records)
        if what == "rename":
            one.rename(one.with_name(f"{one.name[:4]}-{rng.randrange(999)}.md"))
        elif what == "remove":
            one.unlink()
        elif what == "status":
            status = f"status: {rng.choice(['proposed', 'accepted'])}"
            one.write_text(re.sub("^status: .*", status, one.read_text(), flags=re.MULTILINE))
        else:
            one.write_text(f"{one.read_text()}\nNumber {rng.randrange(999)} was looked at again.\n")
