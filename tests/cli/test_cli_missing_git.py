"""Each way in which git or the history can be missing, for real: every command works, or says one clear thing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from commands import command, process
from effort import first
from trees import clean_log, edited, git, write_tree

DAY: Final = ("--as-of", "2026-11-23")
SHALLOW = "shallow clone: fetch the whole history (fetch-depth: 0, or git fetch --unshallow)"
PARTIAL = "partial clone: fetch what was left out (clone without --filter, or git fetch --refetch --no-filter)"
CHOSEN: Final = "churn/decisions/0003-logistic-regression.md"


def log(root: Path) -> Path:
    """Write a clean log of two commits, of which a record cites the first, and give its root."""
    root.mkdir()
    write_tree(root, clean_log(), commit=True)
    (root / "docs/note.md").write_text("# A note\n", encoding="utf-8")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "A note")
    git(root, "config", "uploadpack.allowFilter", "true")
    return root


def whole(folder: Path) -> Path:
    """A repository as it should be."""
    return log(folder / "one")


def worktree(folder: Path) -> Path:
    """A linked worktree, whose `.git` is a file."""
    git(log(folder / "one"), "worktree", "add", "--quiet", str(folder / "two"))
    return folder / "two"


def submodule(folder: Path) -> Path:
    """A submodule, whose `.git` is a file and whose repository lies in that of another."""
    inner, outer = log(folder / "one"), folder / "outer"
    outer.mkdir()
    git(outer, "init", "--quiet")
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.as_uri(), "inner")
    return outer / "inner"


def detached(folder: Path) -> Path:
    """A detached HEAD, as most CI systems check it out."""
    root = log(folder / "one")
    git(root, "checkout", "--quiet", "--detach")
    return root


def below(folder: Path) -> Path:
    """A site in a folder below the root of the repository."""
    inner = folder / "repository/größe/site"
    inner.mkdir(parents=True)
    write_tree(inner, clean_log(), repository=False)
    git(folder / "repository", "init", "--quiet", "--initial-branch=main")
    git(folder / "repository", "add", "--all")
    git(folder / "repository", "commit", "--quiet", "--message", "All")
    return inner


def shallow(folder: Path) -> Path:
    """The newest commit only."""
    git(folder, "clone", "--quiet", "--depth=1", log(folder / "one").as_uri(), "copy")
    return folder / "copy"


def partial(folder: Path) -> Path:
    """A clone that fetches contents when it needs them."""
    git(folder, "clone", "--quiet", "--filter=blob:none", log(folder / "one").as_uri(), "copy")
    return folder / "copy"


@pytest.mark.parametrize("place", first([shallow, worktree, below, whole, submodule, detached, partial], 3))
def test_what_is_here_is_read(tmp_path: Path, place: Callable[[Path], Path]) -> None:
    """Check, list, show, new and `--rev HEAD` all work, with nothing on the error output."""
    root = place(tmp_path)
    for words in (("check",), ("list",), ("show", "ADR-1")):
        here, then = command(root, *words), command(root, *words, "--rev", "HEAD")
        assert (here.code, here.err, then.code, then.err) == (0, "", 0, ""), words
        without = [line for line in then.out.splitlines() if not line.startswith("Read from commit")]
        assert "\n".join(without).rstrip() == here.out.rstrip()
    made = command(root, "new", "decision", "T")
    assert (made.code, made.err) == (0, "")
    assert made.out.splitlines()[0].endswith("(ADR-0005).")


def no_repository(folder: Path) -> tuple[Path, dict[str, str], str]:
    """A log in no repository."""
    root = folder / "one"
    root.mkdir()
    return write_tree(root, clean_log(), repository=False), {}, "no git repository"


def no_git(folder: Path) -> tuple[Path, dict[str, str], str]:
    """A machine without git, as slim images are."""
    (folder / "bin").mkdir()
    return log(folder / "one"), {"PATH": str(folder / "bin")}, "no git: the git command was not found"


def no_trust(folder: Path) -> tuple[Path, dict[str, str], str]:
    """A checkout that belongs to another user, as in many containers."""
    root = log(folder / "one")
    if os.geteuid() == 0:
        for path in (root, root / ".git"):
            os.chown(path, 12345, 12345)
        settings = {}
    else:
        settings = {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
    return root, settings, f"git does not trust this folder: run git config --global --add safe.directory {root}"


def damaged(folder: Path) -> tuple[Path, dict[str, str], str]:
    """A worktree whose repository was moved."""
    root = worktree(folder)
    (folder / "one").rename(folder / "moved")
    return root, {}, "no git repository: .git is damaged or leads nowhere; run git worktree repair, or clone again"


@pytest.mark.parametrize("place", first([no_git, no_repository, no_trust, damaged], quick=0))
def test_git_that_cannot_be_asked(tmp_path: Path, place: Callable[[Path], tuple[Path, dict[str, str], str]]) -> None:
    """The working directory is read all the same; what needs git is unknown, with the reason; `--rev` ends with 3."""
    root, settings, reason = place(tmp_path)
    checked = process(root, "check", *DAY, settings=settings)
    assert checked.returncode == 0
    assert f"not known: {reason}" in " ".join(checked.stdout.decode().split())
    for words in (("list",), ("show", "ADR-1")):
        run = process(root, *words, *DAY, settings=settings)
        assert (run.returncode, run.stderr) == (0, b"")
    for words in (("check",), ("list",), ("show", "ADR-1")):
        run = process(root, *words, "--rev", "HEAD", *DAY, settings=settings)
        assert run.returncode == 3
        assert run.stderr.decode() == f"gatepost: --rev HEAD cannot be read: {reason}\n"
    made = process(root, "new", "risk", "T", *DAY, settings=settings)
    said = "" if place is no_repository else f"Numbers on other branches are not known: {reason}.\n"
    assert (made.returncode, made.stderr.decode()) == (0, said)
    assert b"(RISK-0003)." in made.stdout


def test_an_empty_repository(tmp_path: Path) -> None:
    """Before the first commit there is a log, and no commit to read."""
    root = write_tree(tmp_path, clean_log())
    assert command(root, "check").code == 0
    assert command(root, "new", "risk", "T").err == ""
    run = command(root, "check", "--rev", "HEAD")
    assert (run.code, run.err) == (3, "gatepost: there is no commit 'HEAD': no commits yet\n")


def test_a_commit_that_a_shallow_clone_lacks(tmp_path: Path) -> None:
    """What the clone has is read; what it lacks is said, with the remedy, and the remedy works."""
    root = shallow(tmp_path)
    first = git(tmp_path / "one", "rev-parse", "HEAD~1").strip()
    run = command(root, "check", "--rev", first)
    assert (run.code, run.err) == (3, f"gatepost: there is no commit '{first}' in this {SHALLOW}\n")
    git(root, "fetch", "--quiet", "--unshallow")
    assert command(root, "check", "--rev", first).code == 0


def test_a_gate_that_needs_a_commit_that_is_not_here(tmp_path: Path) -> None:
    """It is unknown, with the reason and the remedy; the policy can make that a failure, and the remedy works."""
    full = log(tmp_path / "one")
    first = git(full, "rev-parse", "HEAD~1").strip()
    cited = edited(clean_log(), CHOSEN, "    path: evidence/metrics.json\n    pointer: /auc\n    value: 0.764\n", "")
    cited = edited(cited, CHOSEN, "  - kind: experiment\n", f"  - kind: commit\n    commit: {first}\n")
    write_tree(full, cited, commit=True)
    git(tmp_path, "clone", "--quiet", "--depth=1", full.as_uri(), "copy")
    root = tmp_path / "copy"
    run = command(root, "check")
    reason = f"UNKNOWN evidence-backed on ADR-0003: commit not looked up: {SHALLOW}"
    assert (run.code, reason in " ".join(run.out.split())) == (0, True)
    policy = root / "docs/policy.md"
    policy.write_text(policy.read_text(encoding="utf-8").replace("roles:", "unknown: block\nroles:"), encoding="utf-8")
    assert command(root, "check").code == 1
    git(root, "fetch", "--quiet", "--unshallow")
    run = command(root, "check")
    assert (run.code, "shallow" in run.out) == (0, False)


def test_a_commit_that_a_partial_clone_lacks(tmp_path: Path) -> None:
    """Contents that were left out end the reading in one line; nothing is fetched on the way."""
    full = log(tmp_path / "one")
    write_tree(full, edited(clean_log(), CHOSEN, "value: 0.764", "value: 0.7640"), commit=True)
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", full.as_uri(), "copy")
    run = command(tmp_path / "copy", "check", "--rev", "HEAD~1")
    assert run.code == 3
    assert run.err.endswith(f" cannot be read, docs/{CHOSEN}: {PARTIAL}\n")
    git(tmp_path / "copy", "fetch", "--quiet", "--refetch", "--no-filter")
    assert command(tmp_path / "copy", "check", "--rev", "HEAD~1").code == 0
