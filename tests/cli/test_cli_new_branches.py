"""`gatepost new` and the numbers that other branches have taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands import command
from trees import clean_log, git, write_tree

DECISION = "---\nid: {id}\ntitle: T\nstatus: proposed\ndate: 2026-01-01\n---\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a clean log, committed; its next decision would be ADR-0005."""
    (tmp_path / "one").mkdir()
    return write_tree(tmp_path / "one", clean_log(), commit=True)


def on_branch(root: Path, branch: str, path: str, text: str) -> None:
    """Commit one file on a branch of its own that starts at main, and come back."""
    git(root, "checkout", "--quiet", "-b", branch, "main")
    place = root / "docs" / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text.encode())
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", branch)
    git(root, "checkout", "--quiet", "main")


def new(root: Path, kind: str = "decision") -> tuple[str, str]:
    """Write a record, and give its id and what was said beside it."""
    run = command(root, "new", kind, "T")
    assert run.code == 0, run.err
    return run.out.splitlines()[0].rpartition("(")[2].rstrip(")."), run.err


def test_a_number_on_another_branch_is_taken(root: Path) -> None:
    """The number after the highest of all branches is given, and the branch that has it is named."""
    on_branch(root, "side", "churn/decisions/0005-other.md", DECISION.format(id="ADR-0005"))
    on_branch(root, "größe/x", "churn/decisions/0007-other.md", DECISION.format(id="ADR-0007"))
    assert new(root) == ("ADR-0008", "ADR-0007 is taken on größe/x.\n")
    assert new(root) == ("ADR-0009", "")


def test_a_branch_that_is_behind_says_nothing(root: Path) -> None:
    """Lower numbers elsewhere, and records that other branches lack or have otherwise, change nothing."""
    on_branch(root, "side", "churn/decisions/0003-logistic-regression.md", DECISION.format(id="ADR-0003"))
    git(root, "branch", "old")
    assert new(root) == ("ADR-0005", "")
    assert new(root, "risk") == ("RISK-0003", "")


def test_a_remote_tracking_branch_counts(root: Path, tmp_path: Path) -> None:
    """What was last fetched of a colleague's branch is looked at, though it was never checked out."""
    on_branch(root, "side", "churn/risks/0041-other.md", "---\ntitle: [\n---\n")
    git(tmp_path, "clone", "--quiet", root.as_uri(), "copy")
    assert new(tmp_path / "copy", "risk") == ("RISK-0042", "RISK-0041 is taken on origin/side.\n")


@pytest.mark.parametrize(
    ("path", "text", "number"),
    [
        ("churn/decisions/new.md", DECISION.format(id="ADR-0009"), "ADR-0010"),
        ("churn/decisions/new.md", DECISION.format(id="9"), "ADR-0010"),
        ("churn/decisions/0009-new.md", "no frontmatter", "ADR-0010"),
        ("churn/decisions/0009-new.md", DECISION.format(id="ADR-0011"), "ADR-0012"),
        ("somewhere.md", DECISION.format(id="ADR-0009\nkind: decision").replace("\n", "\r\n"), "ADR-0010"),
        ("größe/decisions/2026/0009-new.md", "\ufeff---\ntitle: [\n---\n", "ADR-0010"),
        ("churn/decisions/0009-new.md", "\0" * 100_000, "ADR-0010"),
        ("churn/decisions/0009-new.txt", "no Markdown", "ADR-0005"),
        ("churn/notes/0009-new.md", "no record", "ADR-0005"),
    ],
)
def test_what_tells_a_number(root: Path, path: str, text: str, number: str) -> None:
    """The frontmatter counts and the name does, also of files that nobody can read; other files do not."""
    on_branch(root, "side", path, text)
    assert new(root)[0] == number


def test_numbers_outside_the_docs_folder_are_not_records(root: Path) -> None:
    """Only the documentation folder is looked at, here and elsewhere."""
    on_branch(root, "side", "../decisions/0009-new.md", DECISION.format(id="ADR-0009"))
    assert new(root) == ("ADR-0005", "")


def test_items_of_checklists_on_other_branches_are_taken(root: Path) -> None:
    """The items of a new checklist get numbers that no branch has."""
    items = "---\nkind: checklist\ntitle: T\nitems:\n- criterion: x\n  id: CHK-0030\n- id: 'CHK-0031'\n---\n"
    on_branch(root, "side", "other/checklist.md", items)
    (root / "docs/churn/checklist.md").unlink()
    run = command(root, "new", "checklist", "T")
    assert run.err == "CHK-0031 is taken on side.\n"
    assert "id: CHK-0032" in (root / "docs/churn/checklist.md").read_text(encoding="utf-8")


def test_a_record_that_the_working_directory_lost_keeps_its_number(root: Path) -> None:
    """What is deleted or renumbered and not committed is still at the tip of the branch that is checked out."""
    (root / "docs/churn/decisions/0004-retrain-daily.md").unlink()
    assert new(root) == ("ADR-0005", "ADR-0004 is taken on main.\n")


def test_the_first_record_of_a_clone_without_a_commit(root: Path, tmp_path: Path) -> None:
    """A repository that only fetched knows the numbers of what it fetched."""
    there = tmp_path / "two"
    (there / "docs").mkdir(parents=True)
    git(there, "init", "--quiet", "--initial-branch=main")
    git(there, "fetch", "--quiet", str(root), "main:refs/remotes/origin/main")
    assert new(there) == ("ADR-0005", "ADR-0004 is taken on origin/main.\n")


def test_a_detached_head_and_a_worktree(root: Path, tmp_path: Path) -> None:
    """Branches count from wherever HEAD is."""
    on_branch(root, "side", "churn/decisions/0009-new.md", DECISION.format(id="ADR-0009"))
    git(root, "worktree", "add", "--quiet", "--detach", str(tmp_path / "two"))
    assert new(tmp_path / "two") == ("ADR-0010", "ADR-0009 is taken on side.\n")


def test_many_branches(root: Path) -> None:
    """Three hundred branches, each a commit of its own, are looked at in a handful of processes."""
    head = git(root, "rev-parse", "HEAD").strip()
    lines = ["feature done\n"]
    for number in range(300):
        text = DECISION.format(id=f"ADR-{number:04d}")
        lines.append(
            f"commit refs/heads/b{number:03d}\ncommitter A <a@example.org> 1700000000 +0000\ndata 1\nx\nfrom {head}\n"
            f"M 100644 inline docs/churn/decisions/{number:04d}-b.md\ndata {len(text)}\n{text}\n"
        )
    import subprocess  # noqa: PLC0415 - one test's

    subprocess.run(
        ["git", "fast-import", "--quiet", "--done"], cwd=root, input="".join([*lines, "done\n"]), text=True, check=True
    )
    assert new(root) == ("ADR-0300", "ADR-0299 is taken on b299.\n")


def test_branches_of_a_partial_clone(root: Path, tmp_path: Path) -> None:
    """Where the text of a record was left out, its name tells the number; nothing is fetched."""
    on_branch(root, "side", "churn/decisions/0009-new.md", DECISION.format(id="ADR-0011"))
    git(root, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", root.as_uri(), "copy")
    assert new(tmp_path / "copy") == ("ADR-0010", "ADR-0009 is taken on origin/side.\n")


def test_branches_whose_trees_were_left_out(root: Path, tmp_path: Path) -> None:
    """What could not be looked at is said, and the record is written as the working directory has it."""
    on_branch(root, "side", "churn/decisions/0009-new.md", DECISION.format(id="ADR-0011"))
    git(root, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--filter=tree:0", root.as_uri(), "copy")
    name, said = new(tmp_path / "copy")
    assert name == "ADR-0005"
    assert said.startswith("Numbers on other branches are not known: partial clone: fetch what was left out")
