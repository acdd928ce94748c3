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
    assert shallow.problem == "shallow clone: fetch the whole history (fetch-depth: 0, or git fetch --unshallow)"


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


def test_a_revision_names_a_commit_or_nothing(root: Path) -> None:
    """Branches, tags, digests and git's own notation name a commit; options, trees, ranges and nonsense name none."""
    git(root, "tag", "--annotate", "v1", "--message", "One")
    known = Repository(root)
    assert {known.commit(name) for name in ("main", "v1", "HEAD", head(root)[:8], "main@{0}", ":/One")} == {head(root)}
    for name in (
        "",
        "-",
        "--help",
        "--all",
        "^HEAD",
        "HEAD..HEAD",
        "HEAD:a b.txt",
        "HEAD^{tree}",
        "none",
        "a\0b",
        "\ud800",
    ):
        assert known.commit(name) is None, name
    assert known.problem == ""


def test_where_head_is(root: Path, tmp_path: Path) -> None:
    """A branch has a name with and without a commit; a detached HEAD has a commit and no branch."""
    assert (Repository(root).head, Repository(root).branch) == (head(root), "main")
    git(root, "checkout", "--quiet", "--detach")
    assert (Repository(root).head, Repository(root).branch) == (head(root), None)
    (tmp_path / "empty").mkdir()
    git(tmp_path / "empty", "init", "--quiet", "--initial-branch=trunk")
    empty = Repository(tmp_path / "empty")
    assert (empty.head, empty.branch, empty.problem) == (None, "trunk", "")


def test_where_the_repository_is(root: Path, tmp_path: Path) -> None:
    """Worktrees share one folder; a folder below the top says how far below."""
    (root / "größe").mkdir()
    git(root, "worktree", "add", "--quiet", str(tmp_path / "two"))
    assert Repository(root).common_dir == root / ".git"
    assert Repository(tmp_path / "two").common_dir == root / ".git"
    assert Repository(root / "größe").common_dir == root / ".git"
    assert (Repository(root).prefix, Repository(root / "größe").prefix) == ("", "größe/")


@pytest.mark.parametrize("folder", ["plain", "two\nlines"])
@pytest.mark.parametrize("commits", [0, 1])
def test_what_is_asked_first_is_right_also_where_a_path_has_a_line_break(
    folder: str, commits: int, tmp_path: Path
) -> None:
    """Where the repository is, what is checked out and whether all of it is here do not hang on the folder's name."""
    git(tmp_path, "init", "--quiet", "repo")
    top = tmp_path / "repo"
    (top / folder).mkdir()
    for _ in range(commits):
        git(top, "commit", "--quiet", "--allow-empty", "--message", "one")
    one = Repository(top / folder)
    assert (one.common_dir, one.prefix, one.is_shallow) == (top / ".git", f"{folder}/", False)
    assert one.head == (head(top) if commits else None)


def test_what_is_asked_first_is_asked_in_one_go(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each question starts a process, which costs as much as the check of twenty records."""
    asked: list[tuple[str, ...]] = []
    ask = Repository.ask

    def noted(self: Repository, *words: str, given: bytes | None = None) -> bytes | None:
        asked.append(words)
        return ask(self, *words, given=given)

    monkeypatch.setattr(Repository, "ask", noted)
    one = Repository(root)
    assert (one.head, one.common_dir, one.prefix, one.is_shallow) == (head(root), root / ".git", "", False)
    assert len(asked) == 1


def test_branches(root: Path, tmp_path: Path) -> None:
    """Local and remote-tracking ones with their commits; `origin/HEAD` is none but says which is the default."""
    git(root, "branch", "größe/x")
    git(tmp_path, "clone", "--quiet", root.as_uri(), "copy")
    copy = tmp_path / "copy"
    assert [(one.name, one.remote) for one in Repository(copy).branches()] == [
        ("main", False),
        ("origin/größe/x", True),
        ("origin/main", True),
    ]
    assert {one.commit for one in Repository(copy).branches()} == {head(root)}
    assert Repository(copy).default_branch() == "origin/main"
    git(copy, "remote", "set-head", "origin", "größe/x")
    assert Repository(copy).default_branch() == "origin/größe/x"
    git(copy, "remote", "set-head", "origin", "--delete")
    git(copy, "update-ref", "-d", "refs/remotes/origin/main")
    assert Repository(copy).default_branch() == "main"
    git(copy, "branch", "--move", "main", "ours")
    assert Repository(copy).default_branch() is None


def test_the_newest_shared_commit(root: Path) -> None:
    """The merge base of two branches is where they parted; unrelated ones have none."""
    parted = head(root)
    git(root, "checkout", "--quiet", "-b", "side")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "Side")
    git(root, "checkout", "--quiet", "main")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "Main")
    git(root, "checkout", "--quiet", "--orphan", "other")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "Other")
    known = Repository(root)
    assert known.merge_base("main", "side") == parted
    assert known.merge_base("main", "other") is None
    assert known.merge_base("--all", "main") is None
    assert known.problem == ""


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/a/b.git", "https://example.org/a/b.git"),
        ("https://ana:s3cret@example.org/a/b.git", "https://example.org/a/b.git"),
        ("https://x-access-token:s3@cret@example.org/a@b.git", "https://example.org/a@b.git"),
        ("https://example.org/a/b.git?private_token=s3cret#x", "https://example.org/a/b.git"),
        ("ssh://git@example.org:22/a/b.git", "ssh://example.org:22/a/b.git"),
        ("git@example.org:a/b.git", "git@example.org:a/b.git"),
        ("../b.git", "../b.git"),
    ],
)
def test_the_address_of_origin_has_no_secret(root: Path, url: str, shown: str) -> None:
    """User, password, token and query are taken out of the address before anybody sees it."""
    git(root, "remote", "add", "origin", url)
    assert Repository(root).remote_url() == shown


def test_no_origin_has_no_address(root: Path) -> None:
    """Without a remote of that name there is none to link to."""
    assert Repository(root).remote_url() is None


def test_blobs_come_in_order(root: Path) -> None:
    """Contents byte for byte, also twice; no blob, no full id and no object give nothing, and shift nothing."""
    (root / "raw").write_bytes(b"\0\xff\r\n" * 70_000)
    (root / "void").write_bytes(b"")
    git(root, "add", "--all")
    names = [git(root, "rev-parse", f":{path}").strip() for path in ("a b.txt", "raw", "void")]
    asked = [names[0], "0" * 40, names[1], head(root), "HEAD", f"{names[0]}\n{names[1]}", names[2], names[0]]
    contents = [b"a", None, b"\0\xff\r\n" * 70_000, None, None, None, b"", b"a"]
    assert list(Repository(root).blobs(asked)) == list(zip(asked, contents, strict=True))
    many = [names[index % 3] for index in range(1000)]
    assert [name for name, content in Repository(root).blobs(iter(many)) if content is not None] == many


def test_a_stream_of_blobs_may_be_left(root: Path) -> None:
    """Who reads only the first of many blobs leaves nothing behind that the next reading meets."""
    first, second = (git(root, "rev-parse", f"HEAD:{path}").strip() for path in ("a b.txt", "größe.txt"))
    known = Repository(root)
    assert next(known.blobs([first] * 300)) == (first, b"a")
    assert list(known.blobs([second])) == [(second, b"b")]


def test_the_settings_of_a_person_change_nothing(root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Colours, programs for differences, pagers and monitors of the person's configuration are not used."""
    trap = tmp_path / "trap"
    trap.write_text("#!/bin/sh\ntouch sprung\n", encoding="utf-8")
    trap.chmod(0o755)
    (root / ".gitattributes").write_text("*.txt diff=trap\n", encoding="utf-8")
    plain = Repository(root).ask("log", "-p", "--format=%H")
    for setting in ("core.fsmonitor", "diff.external", "diff.trap.textconv", "core.pager", "pager.log", "core.editor"):
        git(root, "config", setting, str(trap))
    for setting in (
        "color.ui=always",
        "log.showSignature=true",
        "log.follow=true",
        "log.showRoot=false",
        "log.decorate=full",
    ):
        git(root, "config", *setting.split("="))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(trap))
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    known = Repository(root)
    assert known.ask("log", "-p", "--format=%H") == plain
    assert known.tracked == {"a b.txt", "größe.txt"}
    assert not (root / "sprung").exists()


def test_a_replaced_commit_is_the_one_that_was_made(root: Path) -> None:
    """`git replace` rewrites what is shown, not what happened."""
    old = head(root)
    git(root, "commit", "--quiet", "--amend", "--message", "Another")
    git(root, "replace", old, head(root))
    assert b"One" in (Repository(root).ask("cat-file", "-p", old) or b"")


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        ("[bad\n\n", "git cannot read the repository: bad config line 1 in file .git/config"),
        (
            "[core]\nrepositoryformatversion = 99\n",
            "git cannot read the repository: Expected git repo version <= 1, found 99",
        ),
        (
            "[core]\nrepositoryformatversion = 1\n[extensions]\nnone = 1\n",
            "git cannot read the repository: unknown repository extension found: none",
        ),
    ],
)
def test_a_repository_that_git_cannot_read(root: Path, damage: str, problem: str) -> None:
    """Git's own reason is given in one line."""
    (root / ".git/config").write_text(damage, encoding="utf-8")
    broken = Repository(root)
    assert (broken.tracked, broken.problem) == (None, problem)


def test_a_worktree_whose_repository_is_gone(root: Path, tmp_path: Path) -> None:
    """A `.git` file that leads nowhere is told apart from no repository at all."""
    git(root, "worktree", "add", "--quiet", str(tmp_path / "two"))
    root.rename(tmp_path / "moved")
    lost = Repository(tmp_path / "two")
    assert lost.tracked is None
    assert lost.problem == (
        "no git repository: .git is damaged or leads nowhere; run git worktree repair, or clone again"
    )


def test_a_repository_with_longer_digests(tmp_path: Path) -> None:
    """SHA-256 repositories answer as others do."""
    git(tmp_path, "init", "--quiet", "--object-format=sha256")
    (tmp_path / "a").write_text("a", encoding="utf-8")
    git(tmp_path, "add", "a")
    git(tmp_path, "commit", "--quiet", "--message", "One")
    known = Repository(tmp_path)
    name = git(tmp_path, "rev-parse", "HEAD:a").strip()
    assert (len(known.head or ""), list(known.blobs([name]))) == (64, [(name, b"a")])
    assert known.has_commit(known.head or "") is True
