"""What git knows, and what is said where it cannot be asked."""

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
print(one.tracked, one.tracks("a"), one.is_shallow, one.has_commit("abcdef1"), one.problem)
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a repository with one commit."""
    root = tmp_path / "one"
    root.mkdir()
    git(root, "init", "--quiet", "--initial-branch=main")
    (root / "a b.txt").write_text("a", encoding="utf-8")
    (root / "größe.txt").write_text("b", encoding="utf-8")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "One")
    return root


def head(root: Path) -> str:
    """Give the newest commit."""
    return git(root, "rev-parse", "HEAD").strip()


def test_tracked_files(root: Path) -> None:
    """Names with spaces and of any script; a file that was added counts before it is committed."""
    (root / "new.txt").write_text("c", encoding="utf-8")
    assert Repository(root).tracked == {"a b.txt", "größe.txt"}
    git(root, "add", "new.txt")
    assert Repository(root).tracks("new.txt") is True
    assert Repository(root).tracks("other.txt") is False


def test_commits(root: Path) -> None:
    """A commit is known by its digest or the beginning of it; a branch, an option or a tree is no commit."""
    known = Repository(root)
    assert [known.has_commit(name) for name in (head(root), head(root)[:7], "0" * 40)] == [True, True, False]
    tree = git(root, "rev-parse", "HEAD^{tree}").strip()
    assert [known.has_commit(name) for name in ("main", "--help", "HEAD", tree, "abc")] == [False] * 5
    assert known.problem == ""


def test_an_empty_repository_tracks_nothing(tmp_path: Path) -> None:
    """Without a commit there are no files and no commits, and that is no problem."""
    git(tmp_path, "init", "--quiet")
    empty = Repository(tmp_path)
    assert (empty.tracked, empty.has_commit("abcdef1"), empty.is_shallow, empty.problem) == (
        frozenset(),
        False,
        False,
        "",
    )


def test_no_repository(tmp_path: Path) -> None:
    """Outside a repository nothing is known, and the reason says so."""
    none = Repository(tmp_path)
    assert (none.tracked, none.has_commit("abcdef1"), none.problem) == (None, None, "no git repository")


def test_no_git_command(root: Path) -> None:
    """Without the git command nothing is known, and nothing breaks."""
    done = subprocess.run([sys.executable, "-c", NO_GIT, str(root)], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "None None False None no git: the git command was not found"


def test_a_shallow_clone_does_not_know_old_commits(root: Path, tmp_path: Path) -> None:
    """A commit that a shallow clone lacks is unknown, not missing; the hint says what to fetch."""
    old = head(root)
    git(root, "commit", "--quiet", "--allow-empty", "--message", "Two")
    git(tmp_path, "clone", "--quiet", "--depth=1", root.as_uri(), "shallow")
    shallow = Repository(tmp_path / "shallow")
    assert (shallow.is_shallow, shallow.has_commit(head(root))) == (True, True)
    assert shallow.has_commit(old) is None
    assert shallow.problem == "shallow clone: fetch the whole history (fetch-depth: 0)"


def test_a_worktree_and_a_submodule_are_repositories(root: Path, tmp_path: Path) -> None:
    """A linked worktree and a submodule answer for themselves; the outer one tracks a submodule's files through it."""
    git(root, "worktree", "add", "--quiet", str(tmp_path / "two"))
    assert Repository(tmp_path / "two").tracks("größe.txt") is True
    (tmp_path / "outer").mkdir()
    git(tmp_path / "outer", "init", "--quiet")
    git(tmp_path / "outer", "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", root.as_uri(), "inner")
    assert Repository(tmp_path / "outer/inner").tracks("größe.txt") is True
    assert Repository(tmp_path / "outer").tracks("inner/größe.txt") is True
    assert Repository(tmp_path / "outer").tracks("other/größe.txt") is False


def test_a_folder_that_git_does_not_trust(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dubious ownership is named with the command that settles it."""
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    strange = Repository(root)
    assert strange.tracked is None
    assert strange.problem == f"git does not trust this folder: run git config --global --add safe.directory {root}"


def test_the_environment_of_a_hook_does_not_lead_astray(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`GIT_DIR` of another repository, as a hook sets it, changes nothing."""
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    assert Repository(root).tracks("größe.txt") is True
