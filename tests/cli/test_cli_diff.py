"""`gatepost diff` and `gatepost check --base`, on real repositories: what is compared with what, and how it ends."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import jsonschema
import pytest

from commands import command, process
from trees import clean_log, edited, git, with_key, write_tree

LOG = clean_log()
BATCH = "churn/decisions/0002-batch-scoring.md"
MODEL = "churn/decisions/0003-logistic-regression.md"
DAILY = "churn/decisions/0004-retrain-daily.md"
STALE = "churn/risks/0001-stale-scores.md"
SWITCH = "churn/follow-ups/0001-switch-off-service.md"
NO_OWNER = edited(LOG, SWITCH, "owner: sre-oncall\n", "")
WHOLE = "fetch the whole history (fetch-depth: 0, or git fetch --unshallow)"


def commit(root: Path, files: Mapping[str, str], message: str = "More") -> None:
    """Make the docs folder hold some files, and commit that."""
    shutil.rmtree(root / "docs", ignore_errors=True)
    write_tree(root, files)
    git(root, "commit", "--quiet", "--allow-empty", "--message", message)


def branched(root: Path, before: Mapping[str, str], after: Mapping[str, str]) -> Path:
    """Make a repository with one log on `main` and another on the branch `topic`, which is checked out."""
    write_tree(root, before, commit=True)
    git(root, "checkout", "--quiet", "-b", "topic")
    commit(root, after)
    return root


def clone(root: Path, place: Path, *options: str) -> Path:
    """Clone a repository as a CI runner does."""
    git(root, "clone", "--quiet", *options, f"file://{root}", str(place))
    return place


def test_a_branch_is_compared_with_where_it_left_the_default_branch(tmp_path: Path) -> None:
    """What the default branch did since is no change of this branch."""
    root = branched(tmp_path, LOG, NO_OWNER)
    git(root, "checkout", "--quiet", "main")
    commit(root, {path: text for path, text in LOG.items() if path != DAILY}, "Elsewhere")
    git(root, "checkout", "--quiet", "topic")
    run = command(root, "diff")
    assert (run.code, run.err) == (0, "")
    assert "NEW" not in run.out
    assert "owner: sre-oncall → (nothing)" in run.out
    assert "ADR-0004" not in run.out
    assert "The working tree compared with where it left main (" in run.out
    assert run.out.endswith("2 gates newly failing; 1 record changed.\n")
    exact = command(root, "diff", "--exact", "main")
    assert "ADR-0004  Retrain every day\n    added (rejected)" in exact.out


def test_what_is_not_committed_yet_is_shown_on_the_default_branch(tmp_path: Path) -> None:
    """On the default branch itself, without an upstream, the last commit is the base."""
    root = write_tree(tmp_path, LOG, commit=True)
    assert "Nothing changed" in command(root, "diff").out
    (root / "docs" / STALE).unlink()
    run = command(root, "diff")
    assert "compared with HEAD (" in run.out
    assert "RISK-0001  Scores are a week old when they are used\n    removed (was mitigated)" in run.out
    assert "links-resolve RISK-0001 does not exist" in " ".join(run.out.split())


def test_on_the_default_branch_its_upstream_counts(tmp_path: Path) -> None:
    """What was committed but not pushed is the change; a branch known only from origin needs no prefix."""
    (tmp_path / "upstream").mkdir()
    root = clone(write_tree(tmp_path / "upstream", LOG, commit=True), tmp_path / "clone")
    commit(root, NO_OWNER)
    assert "compared with origin/main (" in command(root, "diff").out
    git(root, "checkout", "--quiet", "--detach")
    git(root, "branch", "--quiet", "-D", "main")
    assert "compared with origin/main (" in command(root, "diff", "main").out


def test_another_revision_can_be_the_later_side(tmp_path: Path) -> None:
    """`--rev` compares a commit, whatever is in the working tree."""
    root = branched(tmp_path, LOG, NO_OWNER)
    git(root, "checkout", "--quiet", "main")
    run = command(root, "diff", "main", "--rev", "topic")
    assert "Topic compared with main (" in run.out
    assert run.out.endswith("2 gates newly failing; 1 record changed.\n")


def test_a_log_that_begins_on_the_branch_is_all_new(tmp_path: Path) -> None:
    """A base without a documentation folder is a base without records."""
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "Nothing yet")
    git(tmp_path, "checkout", "--quiet", "-b", "topic")
    write_tree(tmp_path, LOG, commit=True)
    run = command(tmp_path, "diff")
    assert (run.code, run.err) == (0, "")
    assert "Records: 11 added, 0 removed" in run.out
    assert command(tmp_path, "check", "--base", "main", "--new-only").code == 0


def test_formats_files_and_parts(tmp_path: Path) -> None:
    """JSON and Markdown go to a file; a design that only the base has can be asked for; an unknown one is refused."""
    root = branched(tmp_path, LOG, NO_OWNER)
    read = json.loads(command(root, "diff", "--format", "json").out)
    jsonschema.validate(read, json.loads(command(root, "schema", "diff").out))
    assert read["newly_blocking"]
    assert command(root, "diff", "--format", "markdown", "--output", "note.md").out == ""
    assert (root / "note.md").read_text(encoding="utf-8").startswith("<!-- gatepost-diff -->\n**2 gates newly failing")
    assert "FU-0001" in command(root, "diff", "--design", "churn").out
    assert "there is no design 'chrun'; did you mean churn?" in command(root, "diff", "--design", "chrun").err
    assert command(root, "diff", "--output", "no/note.md").code == 2
    assert command(root, "diff", "--fail-on-new").code == 1
    assert command(root, "diff", "--exact", "HEAD", "--fail-on-new").code == 0


def trouble(root: Path, *words: str) -> str:
    """Run a command that cannot compare and give the one line that it says."""
    run = command(root, *words)
    assert (run.code, run.out) == (3, "")
    assert run.err.count("\n") == 1
    return run.err.removeprefix("gatepost: cannot compare: ").rstrip("\n")


def test_without_a_repository_or_a_commit_nothing_is_compared(tmp_path: Path) -> None:
    """No repository, no commit, no git: each has one line that says so."""
    for name in ("plain", "empty"):
        (tmp_path / name).mkdir()
    plain = write_tree(tmp_path / "plain", LOG, repository=False)
    assert "no git repository" in trouble(plain, "diff")
    assert "no git repository" in trouble(plain, "check", "--base", "main")
    assert trouble(write_tree(tmp_path / "empty", LOG), "diff").endswith("no commits yet; commit once, then compare")


def test_without_git_the_message_names_it(tmp_path: Path) -> None:
    """Where the git command is missing, that is what is said."""
    root = write_tree(tmp_path, LOG, commit=True)
    done = process(root, "diff", settings={"PATH": str(tmp_path / "nowhere"), "GIT_PYTHON_REFRESH": ""})
    assert done.returncode == 3
    assert done.stderr.decode().startswith("gatepost: cannot compare: no git")


def test_a_revision_that_does_not_exist_is_named(tmp_path: Path) -> None:
    """A slip of the keyboard gets the nearest branch; options in disguise are no revisions."""
    root = branched(tmp_path, LOG, LOG)
    assert trouble(root, "diff", "mian") == "there is no commit 'mian'; did you mean main?"
    assert trouble(root, "diff", "v9").startswith("there is no commit 'v9'; `git fetch` may bring it")
    assert trouble(root, "diff", "--", "--output=x").startswith("there is no commit '--output=x'")
    assert not (root / "x").exists()


def test_branches_without_a_common_commit_say_how_to_compare_them(tmp_path: Path) -> None:
    """Unrelated histories have no merge base; `--exact` needs none."""
    root = write_tree(tmp_path, LOG, commit=True)
    git(root, "checkout", "--quiet", "--orphan", "other")
    commit(root, NO_OWNER)
    assert trouble(root, "diff", "main") == (
        "HEAD and main share no commit; `gatepost diff --exact main` compares with main itself"
    )
    assert command(root, "diff", "--exact", "main").out.endswith("2 gates newly failing; 1 record changed.\n")


def test_a_shallow_clone_says_what_to_fetch(tmp_path: Path) -> None:
    """Where CI fetched one commit of each branch, the message names the setting, and the whole history mends it."""
    (tmp_path / "origin").mkdir()
    origin = branched(tmp_path / "origin", LOG, NO_OWNER)
    git(origin, "checkout", "--quiet", "main")
    one = clone(origin, tmp_path / "one", "--depth", "1", "--branch", "topic")
    assert trouble(one, "diff", "main") == f"there is no commit 'main' in this shallow clone; {WHOLE}"
    both = clone(origin, tmp_path / "both", "--depth", "1", "--branch", "topic", "--no-single-branch")
    commit(origin, LOG, "Moved on")
    git(both, "fetch", "--quiet", "--depth", "1", "origin", "+main:refs/remotes/origin/main")
    assert trouble(both, "diff") == (f"this is a shallow clone without the commit where HEAD left origin/main; {WHOLE}")
    git(both, "fetch", "--quiet", "--unshallow")
    assert command(both, "diff").out.endswith("2 gates newly failing; 1 record changed.\n")


def test_a_base_is_never_guessed(tmp_path: Path) -> None:
    """Where nothing tells what a branch is meant for, it has to be said: no change would be no answer."""
    root = write_tree(tmp_path, LOG, commit=True)
    git(root, "branch", "--quiet", "--move", "trunk")
    assert "compared with HEAD (" in command(root, "diff").out
    git(root, "checkout", "--quiet", "--detach")
    assert trouble(root, "diff") == "which branch this one is meant for is not known here; name it: gatepost diff BASE"
    git(root, "checkout", "--quiet", "-b", "topic")
    assert "name it: gatepost diff BASE" in trouble(root, "diff")
    assert "compared with trunk (" in command(root, "diff", "trunk").out


def test_old_failures_do_not_fail_a_check_of_what_is_new(tmp_path: Path) -> None:
    """A log with old failures can begin today: what they are is counted, and left aside."""
    root = branched(tmp_path, NO_OWNER, edited(NO_OWNER, BATCH, "after the first run", "after each run"))
    assert command(root, "check").code == 1
    assert command(root, "check", "--base", "main").code == 1
    run = command(root, "check", "--base", "main", "--new-only")
    assert run.code == 0
    text = " ".join(run.out.split())
    assert "owner is missing" not in text
    assert "Compared with main: 0 new; left aside: 2 findings that main has too, 2 blocking." in text
    assert run.out.endswith("Nothing new fails on 2026-11-23.\n")


def test_a_deletion_that_breaks_a_link_elsewhere_is_new(tmp_path: Path) -> None:
    """The whole of both books is judged, so a file that nobody touched can have a new finding; a rename has none."""
    renamed = {("churn/risks/0001-old.md" if path == STALE else path): text for path, text in NO_OWNER.items()}
    root = branched(tmp_path, NO_OWNER, renamed)
    assert command(root, "check", "--base", "main", "--new-only").code == 0
    commit(root, {path: text for path, text in NO_OWNER.items() if path != STALE})
    run = command(root, "check", "--base", "main", "--new-only")
    assert run.code == 1
    assert "NEW BLOCK links-resolve RISK-0001 does not exist" in " ".join(run.out.split())
    assert run.out.endswith("2 new findings fail on 2026-11-23.\n")


def test_new_findings_are_marked_in_each_format(tmp_path: Path) -> None:
    """Text and annotations say NEW, JSON has a flag; without a base the flag is null."""
    before = edited(LOG, STALE, "owner: Ana Ruiz\n", "")
    root = branched(tmp_path, before, edited(before, SWITCH, "owner: sre-oncall\n", ""))
    text = " ".join(command(root, "check", "--base", "main").out.split())
    assert "BLOCK risks-owned owner is missing" in text
    assert "NEW BLOCK risks-owned" not in text
    assert "NEW BLOCK follow-ups-accountable owner is missing" in text
    assert "ADR-0002 NEW BLOCK follow-ups-accountable not met because" in text
    assert "ADR-0002 BLOCK risks-owned not met because" in text
    read = json.loads(command(root, "check", "--base", "main", "--format", "json").out)
    assert {one["record"]: one["new"] for one in read["findings"]} == {"RISK-0001": False, "FU-0001": True}
    assert (read["base"]["new"], read["base"]["newly_blocking"], read["base"]["left_aside"]) == (2, 2, 0)
    schema = json.loads(command(root, "schema", "report").out)
    jsonschema.validate(read, schema)
    read = json.loads(command(root, "check", "--base", "main", "--new-only", "--format", "json").out)
    jsonschema.validate(read, schema)
    assert [one["record"] for one in read["findings"]] == ["FU-0001"]
    assert read["base"]["left_aside"] == 2
    read = json.loads(command(root, "check", "--format", "json").out)
    assert {one["new"] for one in read["findings"]} == {None}
    assert read["base"] is None
    annotated = command(root, "check", "--base", "main", "--new-only", "--format", "github").out
    assert annotated.count("::error ") == 2
    assert "title=NEW follow-ups-accountable GP107%3A FU-0001::owner is missing" in annotated
    assert "::not met because it is not met on FU-0001\n" in annotated


def test_a_part_of_the_check_has_its_part_of_what_is_new(tmp_path: Path) -> None:
    """`--gate` and `--fail-on` count among what is new, too."""
    root = branched(tmp_path, LOG, NO_OWNER)
    new = ("check", "--base", "main", "--new-only")
    assert command(root, *new, "--gate", "links-resolve").code == 0
    assert command(root, *new, "--gate", "GP107").code == 1
    proposal = "---\ntitle: Score twice a week\nstatus: proposed\ndate: 2026-11-20\n---\n\n# Score twice a week\n"
    commit(root, {**LOG, "churn/decisions/0009-twice.md": proposal})
    assert command(root, *new).code == 0
    assert command(root, *new, "--fail-on", "open").code == 1


def test_new_only_needs_a_base(tmp_path: Path) -> None:
    """What new means is said by the one who asks."""
    run = command(write_tree(tmp_path, LOG), "check", "--new-only")
    assert run.code == 2
    assert "--new-only needs --base BASE" in run.err


def test_an_id_that_the_base_took_meanwhile_fails_before_the_merge(tmp_path: Path) -> None:
    """Git would merge two files with one number silently; the tip of the base tells, with the next free number."""
    mine = LOG[DAILY].replace("ADR-0004", "ADR-0005").replace("Retrain every day", "Retrain on drift")
    theirs = LOG[DAILY].replace("ADR-0004", "ADR-0005").replace("Retrain every day", "Retrain monthly")
    root = branched(tmp_path, LOG, {**LOG, "churn/decisions/0005-drift.md": mine})
    assert command(root, "check", "--base", "main").code == 0
    git(root, "checkout", "--quiet", "main")
    commit(root, {**LOG, "churn/decisions/0005-monthly.md": theirs})
    git(root, "checkout", "--quiet", "topic")
    assert command(root, "check").code == 0
    run = command(root, "check", "--base", "main", "--new-only")
    text = " ".join(run.out.split())
    assert run.code == 1
    assert (
        "docs/churn/decisions/0005-drift.md:2:5 NEW BLOCK id-unique main took the id ADR-0005 in the meantime:" in text
    )
    assert "hint: gatepost renumber ADR-0005 ADR-0006" in text
    assert "1 gate newly failing" in command(root, "diff").out
    assert "NEW" not in command(root, "check", "--base", "HEAD").out


def test_both_sides_have_the_policy_of_their_own(tmp_path: Path) -> None:
    """A gate that the change turns off goes, and that it was turned off is said."""
    root = branched(tmp_path, NO_OWNER, with_key(NO_OWNER, "policy.md", "enforcement: {GP107: 'off'}"))
    run = command(root, "diff")
    assert "NOT ASKED  follow-ups-accountable  on FU-0001: the policy turned it off" in run.out
    assert "follow-ups-accountable: block → off (weaker)" in run.out


def test_names_that_are_no_ascii_and_a_folder_below_the_root_are_fine(tmp_path: Path) -> None:
    """The docs folder may lie deeper, be asked for from inside, and hold names of any alphabet."""
    inside = tmp_path / "übung ä"
    inside.mkdir()
    write_tree(
        inside, {**LOG, "churn/decisions/0009-größe.md": LOG[DAILY].replace("ADR-0004", "ADR-0009")}, repository=False
    )
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "The log")
    (inside / "docs/churn/decisions/0009-größe.md").rename(inside / "docs/churn/decisions/0009-maß.md")
    run = command(inside / "docs", "diff")
    assert "    moved from übung ä/docs/churn/decisions/0009-größe.md\n" in run.out
    assert "No gate newly failing" in run.out


@pytest.mark.skipif(os.name == "nt", reason="a symbolic link")
def test_a_worktree_is_compared_like_its_repository(tmp_path: Path) -> None:
    """A linked worktree has a file `.git`; its branch and the default branch are found."""
    (tmp_path / "main").mkdir()
    root = write_tree(tmp_path / "main", LOG, commit=True)
    git(root, "worktree", "add", "--quiet", "-b", "topic", str(tmp_path / "linked"))
    commit(tmp_path / "linked", NO_OWNER)
    assert command(tmp_path / "linked", "diff").out.endswith("2 gates newly failing; 1 record changed.\n")
