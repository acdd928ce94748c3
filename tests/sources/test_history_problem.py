"""Why the history is not whole: each way to have less of it, for real, and the exact words that are said."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gatepost.sources.repository import Repository
from trees import git

NO_GIT = """
import os, sys
from pathlib import Path
os.environ["PATH"] = ""
from gatepost.sources.repository import Repository
one = Repository(Path(sys.argv[1]))
print(one.head, one.branch, one.common_dir, one.branches(), one.default_branch(), list(one.blobs(["0" * 40])))
print(one.history_problem)
"""
PARTIAL = "partial clone: fetch what was left out (clone without --filter, or git fetch --refetch --no-filter)"
SHALLOW = "shallow clone: fetch the whole history (fetch-depth: 0, or git fetch --unshallow)"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a repository with three versions of one record, which serves partial clones."""
    root = tmp_path / "one"
    (root / "docs").mkdir(parents=True)
    git(root, "init", "--quiet", "--initial-branch=main")
    for version in "abc":
        (root / "docs/größe.md").write_text(version, encoding="utf-8")
        (root / "other.bin").write_text(version, encoding="utf-8")
        git(root, "add", "--all")
        git(root, "commit", "--quiet", "--message", version)
    git(root, "config", "uploadpack.allowFilter", "true")
    git(root, "config", "uploadpack.allowAnySHA1InWant", "true")
    return root


def versions(root: Path) -> list[str]:
    """Give the ids of the record's blobs, newest first."""
    return [git(root, "rev-parse", f"HEAD~{back}:docs/größe.md").strip() for back in range(3)]


def test_a_whole_clone_has_no_problem(root: Path, tmp_path: Path) -> None:
    """Nor has a worktree, a detached HEAD, or a clone that was partial until all was fetched."""
    git(root, "worktree", "add", "--quiet", "--detach", str(tmp_path / "two"))
    assert [Repository(one).history_problem for one in (root, tmp_path / "two")] == ["", ""]


def test_no_git(root: Path) -> None:
    """Without the command every question has an answer that says nothing, and the reason is named."""
    done = subprocess.run([sys.executable, "-c", NO_GIT, str(root)], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines() == [
        f"None None None () None [('{'0' * 40}', None)]",
        "no git: the git command was not found",
    ]


def test_no_repository(tmp_path: Path) -> None:
    """A folder that no repository holds."""
    assert Repository(tmp_path).history_problem == "no git repository"
    assert Repository(tmp_path / "none").history_problem == "no git repository"


def test_no_commits(tmp_path: Path) -> None:
    """A repository that was just made is no problem for a check, but has no history."""
    git(tmp_path, "init", "--quiet")
    empty = Repository(tmp_path)
    assert (empty.history_problem, empty.problem) == ("no commits yet", "")


def test_a_shallow_clone(root: Path, tmp_path: Path) -> None:
    """What CI checks out by default; the remedy that is named mends it."""
    git(tmp_path, "clone", "--quiet", "--depth=1", root.as_uri(), "copy")
    assert Repository(tmp_path / "copy").history_problem == SHALLOW
    git(tmp_path / "copy", "fetch", "--quiet", "--unshallow")
    assert Repository(tmp_path / "copy").history_problem == ""


@pytest.mark.parametrize("left_out", ["blob:none", "tree:0"])
def test_a_partial_clone_that_lacks_versions(root: Path, tmp_path: Path, left_out: str) -> None:
    """Nothing is fetched to answer, what is here is given, and the remedy that is named mends it."""
    git(tmp_path, "clone", "--quiet", f"--filter={left_out}", root.as_uri(), "copy")
    copy = Repository(tmp_path / "copy")
    names = versions(root)
    assert (copy.is_partial, copy.history_problem) == (True, PARTIAL)
    assert list(copy.blobs(names[::-1])) == [(names[2], None), (names[1], None), (names[0], b"c")]
    assert [copy.blob(name) for name in names[::-1]] == [None, None, b"c"]
    assert Repository(tmp_path / "copy").history_problem == PARTIAL
    git(tmp_path / "copy", "fetch", "--quiet", "--refetch", "--no-filter")
    whole = Repository(tmp_path / "copy")
    assert whole.history_problem == ""
    assert [content for _, content in whole.blobs(names)] == [b"c", b"b", b"a"]


def test_a_partial_clone_that_lacks_no_record(root: Path, tmp_path: Path) -> None:
    """A filter that leaves out only large files leaves the history of records whole."""
    (root / "large.bin").write_bytes(b"0" * 100_000)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Large")
    git(root, "rm", "--quiet", "large.bin")
    git(root, "commit", "--quiet", "--message", "Gone")
    git(tmp_path, "clone", "--quiet", "--filter=blob:limit=1k", root.as_uri(), "copy")
    copy = Repository(tmp_path / "copy")
    assert (copy.is_partial, copy.history_problem) == (True, "")


def test_a_folder_that_git_does_not_trust(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command that settles it is named."""
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    problem = f"git does not trust this folder: run git config --global --add safe.directory {root}"
    strange, streamed = Repository(root), Repository(root)
    assert (strange.head, strange.branches(), strange.history_problem) == (None, (), problem)
    assert list(streamed.blobs(["0" * 40])) == [("0" * 40, None)]
    assert streamed.problem == problem
