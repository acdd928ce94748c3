"""`--rev` on check, show and list: the book of a commit, with no checkout, and what is said of it."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from commands import command
from trees import clean_log, edited, git, write_tree

RISK = "churn/risks/0001-stale-scores.md"
SCHEMA = json.loads((files("gatepost.report") / "report-1.schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a log that was clean one commit ago, is broken in the last, and gone from the working directory."""
    root = write_tree(tmp_path, clean_log(), commit=True)
    git(root, "tag", "clean")
    write_tree(root, edited(clean_log(), RISK, "owner: Ana Ruiz\n", ""), commit=True)
    git(root, "rm", "--quiet", "-r", "docs/churn")
    return root


def commit(root: Path, revision: str) -> str:
    """Give the full id of a commit."""
    return git(root, "rev-parse", f"{revision}^{{commit}}").strip()


def test_check_judges_the_commit(root: Path) -> None:
    """The exit code and the findings are those of the commit, and its id is in the closing lines."""
    clean, broken = command(root, "check", "--rev", "clean"), command(root, "check", "--rev", "HEAD")
    assert (clean.code, broken.code) == (0, 1)
    assert clean.out.splitlines()[-2:] == [
        f"Read from commit {commit(root, 'clean')[:12]}.",
        "Gates met on 2026-11-23.",
    ]
    assert "risks-owned" in broken.out
    assert "Read from commit" not in command(root, "check").out


def test_nothing_is_checked_out(root: Path) -> None:
    """The working directory, the index and HEAD are as they were."""
    before = git(root, "status", "--porcelain"), commit(root, "HEAD"), (root / ".git/index").read_bytes()
    for words in (("check",), ("list",), ("show", "ADR-1")):
        assert command(root, *words, "--rev", "clean").code == 0
    assert (git(root, "status", "--porcelain"), commit(root, "HEAD"), (root / ".git/index").read_bytes()) == before


def test_list_and_show_read_the_commit(root: Path) -> None:
    """Records that the working directory no longer has are listed and shown, and the commit is named."""
    closing = f"Read from commit {commit(root, 'clean')[:12]}."
    listed, shown = command(root, "list", "--rev", "clean"), command(root, "show", "RISK-1", "--rev", "clean")
    assert listed.out.splitlines()[-1] == shown.out.splitlines()[-1] == closing
    assert "RISK-0001" in listed.out
    assert "owner Ana Ruiz" in shown.out
    assert "owner" not in command(root, "show", "RISK-1", "--rev", "HEAD").out.splitlines()[1]
    assert command(root, "show", "RISK-1").code == 2


@pytest.mark.parametrize("words", [("check",), ("list",), ("show", "RISK-1")])
def test_json_names_the_commit(root: Path, words: tuple[str, ...]) -> None:
    """The field `revision` has the full id of the commit; null stands for the working directory."""
    said = json.loads(command(root, *words, "--format", "json", "--rev", "clean").out)
    assert said["revision"] == commit(root, "clean")
    git(root, "reset", "--quiet", "--hard")
    here = json.loads(command(root, *words, "--format", "json").out)
    assert here["revision"] is None
    if words == ("check",):
        for report in (said, here):
            jsonschema.Draft202012Validator(SCHEMA).validate(report)


def test_annotations_name_the_commit(root: Path) -> None:
    """The last line of the annotations has the commit, too."""
    out = command(root, "check", "--rev", "HEAD", "--format", "github").out
    assert f" Read from commit {commit(root, 'HEAD')[:12]}. " in out.splitlines()[-1]


def test_the_day_is_not_that_of_the_commit(root: Path) -> None:
    """`--rev` says what is read and `--as-of` which day it is: an old log may be overdue today."""
    on_the_day = command(root, "check", "--rev", "clean", day="2026-11-23").out
    later = command(root, "check", "--rev", "clean", day="2030-01-01").out
    assert "nothing-overdue" not in on_the_day
    assert "nothing-overdue" in later


@pytest.mark.parametrize("words", [("check",), ("list",), ("show", "RISK-1")])
def test_a_revision_that_does_not_exist(root: Path, words: tuple[str, ...]) -> None:
    """One line with a hint and exit code 3, for each command."""
    run = command(root, *words, "--rev", "claen")
    assert (run.code, run.out) == (3, "")
    assert run.err == "gatepost: there is no commit 'claen'; did you mean clean?\n"


def test_a_revision_without_records(root: Path) -> None:
    """A commit that has no record is no pass, and says which folder was looked in."""
    git(root, "commit", "--quiet", "--message", "Gone")
    git(root, "rm", "--quiet", "docs/policy.md")
    (root / "docs").mkdir(exist_ok=True)
    (root / "docs/index.md").write_text("# Home\n", encoding="utf-8")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "No records")
    run = command(root, "check", "--rev", "HEAD")
    assert run.code == 3
    assert run.err == f"gatepost: no records in {root / 'docs'} at HEAD: --docs names another folder\n"


def test_a_revision_without_the_folder(root: Path) -> None:
    """A commit from before there was a docs folder says so."""
    git(root, "checkout", "--quiet", "--orphan", "empty", "--force")
    git(root, "rm", "--quiet", "-r", "--cached", ".")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "Nothing")
    git(root, "checkout", "--quiet", "--force", "main")
    run = command(root, "check", "--rev", "empty")
    assert run.code == 3
    assert run.err.startswith(f"gatepost: there is no folder {root / 'docs'} in commit {commit(root, 'empty')[:10]}; ")


def test_other_commands_have_no_such_option(root: Path) -> None:
    """What writes cannot write into a commit."""
    for words in (("new", "risk", "x"), ("explain",), ("init",)):
        assert command(root, *words, "--rev", "HEAD").code == 2


def test_a_broken_page_of_today_is_no_matter(root: Path) -> None:
    """A commit is read though the mkdocs.yml of today is broken or the docs folder of today is gone."""
    (root / "mkdocs.yml").write_text("docs_dir: [\n", encoding="utf-8")
    assert command(root, "check", "--rev", "clean").code == 0
    git(root, "rm", "--quiet", "-r", "--force", "docs")
    assert command(root, "check", "--rev", "clean").code == 0
