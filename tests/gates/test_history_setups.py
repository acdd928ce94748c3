"""The gates that ask the history, wherever a log is checked: they answer, or say in one sentence why they cannot."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from trees import check_tree, commit_files, findings, git, outcome

GATES = ("lifecycle-legal", "accepted-immutable", "links-current")
SHALLOW = "shallow clone: fetch the whole history (fetch-depth: 0, or git fetch --unshallow)"
PARTIAL = "partial clone: fetch what was left out (clone without --filter, or git fetch --refetch --no-filter)"
ONE, TWO = "decisions/0001-one.md", "decisions/0002-two.md"
NO_GIT = """
import os, sys
from gatepost.cli import main
os.environ["PATH"] = ""
main(["check", "--directory", sys.argv[1]])
"""


def decision(number: int, status: str, more: str = "", words: str = "Weekly.") -> str:
    """Give a decision."""
    front = (
        f"id: ADR-{number:04d}\nstatus: {status}\ntitle: Number {number}\ndate: 2026-11-05\ndecision-makers: [Ana]\n"
    )
    return f"---\n{front}{more}---\n\n# Number {number}\n\n## Decision Outcome\n\n{words}\n"


def policy(unknown: str) -> str:
    """Give a policy that says what an answer that is not known does."""
    front = f"kind: policy\ntitle: Policy\nunknown: {unknown}\nenforcement: {{links-current: block}}\n"
    return f"---\n{front}---\n\n# Policy\n"


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """Give a log with a past in which each of the gates finds something."""
    root = tmp_path / "origin"
    root.mkdir()
    relates = "relates: [ADR-0001]\n"
    first = {
        ONE: decision(1, "accepted", words="Daily."),
        TWO: decision(2, "rejected", relates),
        "policy.md": policy("advise"),
    }
    second = {TWO: decision(2, "accepted", relates)}
    commit_files(root, first, second, {ONE: decision(1, "accepted", "domain: data\n")})
    git(root, "config", "uploadpack.allowFilter", "true")
    git(root, "config", "uploadpack.allowAnySHA1InWant", "true")
    return root


def states(root: Path) -> dict[str, set[str]]:
    """Give the states in which the gates are on the two decisions, with the reason where there is one."""
    report = check_tree(root)
    found = {gate: [outcome(report, name, gate) for name in ("ADR-1", "ADR-2")] for gate in GATES}
    return {gate: {f"{one.state} {one.reason}".strip() for one in both} for gate, both in found.items()}


def all_answer(root: Path) -> bool:
    """Tell whether each gate finds what is wrong in the past of the log."""
    return [len(findings(check_tree(root), gate)) for gate in GATES] == [1, 2, 1]


def test_a_whole_clone_answers(origin: Path, tmp_path: Path) -> None:
    """So do a detached HEAD, a worktree, and a clone of all branches."""
    assert all_answer(origin), states(origin)
    git(tmp_path, "clone", "--quiet", str(origin), "copy")
    assert all_answer(tmp_path / "copy")
    git(tmp_path / "copy", "checkout", "--quiet", "--detach")
    assert all_answer(tmp_path / "copy")
    git(tmp_path / "copy", "worktree", "add", "--quiet", "--detach", str(tmp_path / "tree"))
    assert all_answer(tmp_path / "tree")


def test_a_submodule_has_its_own_history(origin: Path, tmp_path: Path) -> None:
    """The log is asked about in its own repository, not in the one that holds it."""
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "--quiet")
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(origin), "log")
    git(outer, "commit", "--quiet", "--message", "With the log")
    assert all_answer(outer / "log")


def test_docs_below_the_root(origin: Path, tmp_path: Path) -> None:
    """A log in a folder of a larger repository has the part of the history that is about it."""
    root = tmp_path / "larger"
    root.mkdir()
    git(root, "init", "--quiet", "--initial-branch=main")
    for commit in git(origin, "rev-list", "--reverse", "HEAD").split():
        (root / "team").mkdir(exist_ok=True)
        git(origin, "checkout", "--quiet", "--detach", commit)
        git(origin, "checkout-index", "--all", "--force", f"--prefix={root / 'team'}/")
        git(root, "add", "--all")
        git(root, "commit", "--quiet", "--message", "More")
    assert all_answer(root / "team")


@pytest.mark.parametrize(("how", "reason"), [("--depth=1", SHALLOW), ("--filter=blob:none", PARTIAL)])
def test_a_clone_that_lacks_a_part(how: str, reason: str, origin: Path, tmp_path: Path) -> None:
    """What CI checks out by default: no gate guesses, and each names the remedy."""
    git(tmp_path, "clone", "--quiet", how, origin.as_uri(), "copy")
    copy = tmp_path / "copy"
    assert states(copy)["lifecycle-legal"] == {f"unknown {reason}"}
    assert states(copy)["accepted-immutable"] == {f"unknown {reason}"}
    assert f"unknown {reason}" in states(copy)["links-current"]
    assert not [one for gate in GATES for one in findings(check_tree(copy), gate)]


@pytest.mark.parametrize(("how", "reason"), [("--depth=1", SHALLOW), ("--filter=blob:none", PARTIAL)])
def test_a_policy_may_block_what_is_not_known(how: str, reason: str, origin: Path, tmp_path: Path) -> None:
    """With `unknown: block` a gate without its history fails the check, and says how to mend that."""
    commit_files(origin, {"policy.md": policy("block")})
    git(tmp_path, "clone", "--quiet", how, origin.as_uri(), "copy")
    report = check_tree(tmp_path / "copy")
    assert not report.passed
    for gate in GATES:
        assert {(one.effect, one.message) for one in findings(report, gate)} == {
            ("block", f"could not be decided here: {reason}")
        }


def test_no_repository(origin: Path, tmp_path: Path) -> None:
    """A folder that nobody put into git."""
    plain = tmp_path / "plain"
    plain.mkdir()
    git(origin, "checkout-index", "--all", f"--prefix={plain}/")
    assert states(plain)["lifecycle-legal"] == {"unknown no git repository"}
    assert states(plain)["accepted-immutable"] == {"unknown no git repository"}


def test_no_git(origin: Path) -> None:
    """A machine without the command."""
    done = subprocess.run([sys.executable, "-c", NO_GIT, str(origin)], check=False, capture_output=True, text=True)
    said = " ".join(done.stdout.split())
    for gate in GATES:
        assert f"UNKNOWN {gate}" in said
    assert "no git: the git command was not found" in said
    assert done.stderr == ""


def test_an_empty_repository(origin: Path, tmp_path: Path) -> None:
    """Before the first commit nothing has a past: no gate has anything to say, and none is in the dark."""
    empty = tmp_path / "empty"
    empty.mkdir()
    git(empty, "init", "--quiet")
    git(origin, "checkout-index", "--all", f"--prefix={empty}/")
    report = check_tree(empty)
    assert report.history.problem == ""
    assert {outcome(report, name, gate).state for name in ("ADR-1", "ADR-2") for gate in GATES} <= {
        "pass",
        "not-applicable",
    }
