"""`gatepost history`: a record by any name that it has or had, and what is said when git cannot tell."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from commands import Run, command
from trees import clean_log, commit_files, edited, git, write_tree

BATCH = "churn/decisions/0002-batch-scoring.md"
MOVED = "churn/decisions/0002-weekly.md"
FIRST = "churn/decisions/0001-online-scoring.md"
LOG = clean_log()


def log(root: Path) -> Path:
    """Commit the clean log with ADR-2 proposed, then accept it."""
    return commit_files(root, edited(LOG, BATCH, "status: accepted", "status: proposed"), LOG)


def steps(run: Run) -> list[dict[str, Any]]:
    """Give the steps that JSON lists, the newest first."""
    found: list[dict[str, Any]] = json.loads(run.out)["steps"]
    return found


def test_a_record_shows_who_moved_it(tmp_path: Path) -> None:
    """Each commit stands with its author, the newest first, and the move of the status below it."""
    run = command(log(tmp_path), "history", "ADR-2")
    assert run.code == 0, run.err
    assert run.out.startswith(
        f"ADR-0002  Score customers in a weekly batch\ndecision, accepted, design churn\ndocs/{BATCH}\n"
    )
    assert "  Ana Ruiz: A version\n    status: proposed → accepted\n\n" in run.out
    assert run.out.endswith("  Ana Ruiz: A version\n    added (proposed)\n\n2 steps, the newest first.\n")


@pytest.mark.parametrize("name", ["adr-0002", f"docs/{BATCH}", f"./docs/{BATCH}"])
def test_a_record_is_found_as_show_finds_it(tmp_path: Path, name: str) -> None:
    """By id in any spelling, and by path."""
    assert command(log(tmp_path), "history", name).out.startswith("ADR-0002  ")


def test_what_is_not_committed_is_the_last_step(tmp_path: Path) -> None:
    """An edit on disk comes first, without author or commit; with --rev it does not exist."""
    root = log(tmp_path)
    (root / "docs" / BATCH).write_text(LOG[BATCH].replace("in October", "in May"), encoding="utf-8")
    assert (
        "\nnot committed yet\n    text “Context and Problem Statement”: edited, "
        in command(root, "history", "ADR-2").out
    )
    run = command(root, "history", "ADR-2", "--rev", "HEAD~1", "--format", "json")
    assert [one["event"] for one in steps(run)] == ["added"]


def test_a_new_record_says_that_it_is_not_committed(tmp_path: Path) -> None:
    """It has one step, without a commit."""
    root = log(tmp_path)
    (root / "docs/churn/decisions/0005-new.md").write_text(LOG[BATCH].replace("ADR-0002", "ADR-0005"), encoding="utf-8")
    assert "\nnot committed yet\n    added (accepted)\n" in command(root, "history", "ADR-5").out


def test_a_log_without_a_commit_has_a_history_too(tmp_path: Path) -> None:
    """Before the first commit each record is new, which is no trouble."""
    run = command(write_tree(tmp_path, LOG), "history", "ADR-2")
    assert (run.code, "not committed yet" in run.out) == (0, True)


@pytest.mark.parametrize("name", ["ADR-4", "adr-0004", "docs/churn/decisions/0004-retrain-daily.md"])
def test_a_record_that_is_no_more_is_found(tmp_path: Path, name: str) -> None:
    """By its id and by its last path, with the commit that took it out as the newest step."""
    root = commit_files(log(tmp_path), {"churn/decisions/0004-retrain-daily.md": None})
    run = command(root, "history", name)
    assert run.code == 0, run.err
    assert run.out.startswith("ADR-0004  ")
    assert "\ndecision, is no more\n" in run.out
    assert "  Ana Ruiz: A version\n    removed\n" in run.out


def test_a_removal_that_is_not_committed_is_told(tmp_path: Path) -> None:
    """A file that only the disk lacks is gone, by nobody yet."""
    root = log(tmp_path)
    (root / "docs/churn/decisions/0004-retrain-daily.md").unlink()
    assert "\nnot committed yet\n    removed\n" in command(root, "history", "ADR-4").out


def test_an_earlier_id_and_an_earlier_path_are_found(tmp_path: Path) -> None:
    """Whoever has an old link finds the record under its name of today."""
    root = commit_files(log(tmp_path), {BATCH: None, MOVED: LOG[BATCH].replace("ADR-0002", "ADR-0012")})
    for name in ("ADR-2", f"docs/{BATCH}"):
        run = command(root, "history", name)
        assert run.out.startswith("ADR-0012  "), run.err
        assert "    renumbered: ADR-0002 → ADR-0012\n" in run.out


def test_a_merge_names_the_commits_that_it_brought(tmp_path: Path) -> None:
    """Who wrote the change on the branch is told, not only who merged."""
    root = commit_files(tmp_path, edited(LOG, BATCH, "status: accepted", "status: proposed"))
    git(root, "checkout", "--quiet", "-b", "accept")
    commit_files(root, LOG, author="Tom Bauer")
    git(root, "checkout", "--quiet", "main")
    commit_files(root, {"churn/notes.md": "# Notes\n"})
    git(root, "merge", "--quiet", "--no-ff", "--message", "Merge it", "accept")
    merge = steps(command(root, "history", "ADR-2", "--format", "json"))[0]
    assert (merge["commit"]["subject"], merge["moved"]["after"]) == ("Merge it", "accepted")
    assert [one["author"] for one in merge["brought"]] == ["Tom Bauer"]


def test_the_json_links_to_the_forge(tmp_path: Path) -> None:
    """What mkdocs.yml says of the repository, else the remote, whose password is not repeated."""
    root = log(tmp_path)
    git(root, "remote", "add", "origin", "https://ana:secret@github.com/acme/churn.git")
    run = command(root, "history", "ADR-2", "--format", "json")
    newest = steps(run)[0]["commit"]
    assert newest["url"] == f"https://github.com/acme/churn/commit/{newest['id']}"
    assert "secret" not in run.out
    with (root / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write("repo_url: https://code.acme.example/ml/churn\n")
    newest = steps(command(root, "history", "ADR-2", "--format", "json"))[0]["commit"]
    assert newest["url"] == f"https://code.acme.example/ml/churn/commit/{newest['id']}"


def test_an_unknown_id_is_wrong_usage(tmp_path: Path) -> None:
    """What never was is said with the nearest id, as `show` says it."""
    run = command(log(tmp_path), "history", "ADR-0009")
    assert (run.code, run.out) == (2, "")
    assert "there is no record 'ADR-0009'; did you mean" in run.err


def test_a_shallow_clone_shows_what_it_has_and_says_what_is_missing(tmp_path: Path) -> None:
    """The known steps are printed, the oldest is no addition, and one line on stderr says how to mend it; exit 3."""
    (tmp_path / "whole").mkdir()
    root = log(tmp_path / "whole")
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{root}", "shallow")
    run = command(tmp_path / "shallow", "history", "ADR-2")
    assert run.code == 3
    assert "    the oldest version that is known here (accepted)\n" in run.out
    assert run.err.startswith("gatepost: the history of ADR-0002 is not whole: shallow clone: fetch the whole history")
    assert run.err.count("\n") == 1


def test_without_a_repository_nothing_is_shown(tmp_path: Path) -> None:
    """One line says why, and the exit code is 3."""
    run = command(write_tree(tmp_path, LOG, repository=False), "history", "ADR-2")
    assert (run.code, run.out) == (3, "")
    assert run.err == (
        "gatepost: the history of ADR-0002 is not known: no git repository; "
        "check out the repository instead of copying its files\n"
    )


def test_output_goes_to_a_file(tmp_path: Path) -> None:
    """The file holds what would be printed, and a folder that is not there is wrong usage."""
    root = log(tmp_path)
    assert command(root, "history", "ADR-2", "--output", "life.txt").out == ""
    assert (root / "life.txt").read_text(encoding="utf-8") == command(root, "history", "ADR-2").out
    assert command(root, "history", "ADR-2", "--output", "no/life.txt").code == 2


def test_a_record_that_cannot_be_read_has_a_history(tmp_path: Path) -> None:
    """It is told from when on, and why."""
    root = commit_files(log(tmp_path), edited(LOG, BATCH, "status: accepted", "status: [accepted"))
    run = command(root, "history", "ADR-2")
    assert run.code == 0, run.err
    assert "decision, cannot be read, design churn\n" in run.out
    assert "    cannot be read: " in run.out


def test_the_schema_is_printed(tmp_path: Path) -> None:
    """`gatepost schema history` gives the schema that the JSON keeps to."""
    assert json.loads(command(tmp_path, "schema", "history").out)["$id"] == "urn:gatepost:history:1"


def test_the_name_of_a_file_that_is_no_text_does_no_harm(tmp_path: Path) -> None:
    """A record below a folder whose name is not UTF-8 is shown, escaped."""
    root = log(tmp_path)
    folder = root / "docs" / "churn" / "decisions" / b"a\xff".decode(errors="surrogateescape")
    folder.mkdir()
    shutil.copy(root / "docs" / FIRST, folder / "0007-copy.md")
    text = (folder / "0007-copy.md").read_text(encoding="utf-8").replace("ADR-0001", "ADR-0007")
    (folder / "0007-copy.md").write_text(text, encoding="utf-8")
    commit_files(root, {})
    run = command(root, "history", "ADR-7")
    assert run.code == 0, run.err
    assert "a\\udcff/0007-copy.md" in run.out
    assert command(root, "history", "ADR-7", "--format", "json").code == 0
