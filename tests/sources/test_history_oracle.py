"""The commits of a record against `git log --follow`, and each way in which the two differ."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from gatepost.book.history import RecordHistory
from gatepost.check import history_of, read_project
from gatepost.sources import WorkingTree, find_project
from stories import Story, Told, body, record
from trees import commit_files, git

FIRST, SECOND = "decisions/0001-one.md", "decisions/0001-two.md"


def history(root: Path, path: str) -> RecordHistory:
    """Give the history of a record by its path below the docs folder."""
    tree = WorkingTree(find_project(root))
    known = history_of(tree)
    assert known.problem == ""
    found = known.of(next(one for one in read_project(tree).entries if one.path == f"docs/{path}"))
    assert found is not None
    return found


def ours(root: Path, path: str) -> set[str]:
    """Give the commits of a record, those that a merge brought among them; the merges themselves aside."""
    told = {one.id for step in history(root, path).steps for one in (step.commit, *step.brought) if one}
    return told - merges(root)


def follow(root: Path, path: str) -> set[str]:
    """Give what git says of a file."""
    return set(git(root, "log", "--follow", "--format=%H", "--", f"docs/{path}").split()) - merges(root)


def merges(root: Path) -> set[str]:
    """Give the merge commits."""
    return set(git(root, "log", "--merges", "--format=%H").split())


def head(root: Path) -> str:
    """Give the id of the last commit."""
    return git(root, "rev-parse", "HEAD").strip()


def told(tmp_path: Path, seed: int) -> Told:
    """Give a random history."""
    return Story(random.Random(seed)).tell(tmp_path / "log", 36)  # noqa: S311 - the same story each time


@pytest.mark.parametrize("seed", range(12))
def test_the_commits_of_a_record_are_those_that_made_it(seed: int, tmp_path: Path) -> None:
    """Through renames, merges, conflicts, reverts, deletions and returns: what the story wrote is what is found."""
    story = told(tmp_path, seed)
    assert story.files
    assert {number: ours(story.root, path) for number, (path, _) in story.files.items()} == {
        number: story.commits[number] for number in story.files
    }


@pytest.mark.parametrize("seed", range(12))
def test_git_follows_the_same_commits_save_for_named_reasons(seed: int, tmp_path: Path) -> None:
    """Git tells more only where a merge dropped a branch, and less only where a record had to be known by its id."""
    story = told(tmp_path, seed)
    for number, (path, _) in story.files.items():
        mine, theirs, reasons = ours(story.root, path), follow(story.root, path), story.reasons.get(number, set())
        assert mine >= theirs or "dropped" in reasons
        assert mine <= theirs or reasons & {"two names", "rewritten", "returned elsewhere"}


def two_versions() -> tuple[str, str]:
    """Give a record, and the same one written anew."""
    rng = random.Random(1)  # noqa: S311 - text
    return record("0001", body(rng)), record("0001", body(rng))


def on_a_branch(root: Path, *versions: dict[str, str | None]) -> None:
    """Commit versions on a new branch, and go back to the main line."""
    git(root, "checkout", "--quiet", "-b", "topic")
    commit_files(root, *versions)
    git(root, "checkout", "--quiet", "main")


def test_a_merge_is_no_commit_of_its_own_and_names_what_it_brought(tmp_path: Path) -> None:
    """Git leaves merges out; here the merge is the step, and the branch's commits are what it brought."""
    one, two = two_versions()
    commit_files(tmp_path, {FIRST: one})
    on_a_branch(tmp_path, {FIRST: one + "\nMore.\n"}, {FIRST: two})
    branch = git(tmp_path, "log", "--format=%H", "main..topic").split()
    git(tmp_path, "merge", "--quiet", "--no-ff", "topic")
    last = history(tmp_path, FIRST).last
    assert last.commit is not None
    assert last.commit.id == head(tmp_path)
    assert [one.id for one in last.brought] == branch[::-1]
    assert ours(tmp_path, FIRST) == follow(tmp_path, FIRST)


def test_what_a_merge_dropped_is_no_change(tmp_path: Path) -> None:
    """Git lists the commits of a branch of which nothing was taken; they never reached the record."""
    one, two = two_versions()
    commit_files(tmp_path, {FIRST: one})
    on_a_branch(tmp_path, {FIRST: two})
    git(tmp_path, "merge", "--quiet", "--no-ff", "-s", "ours", "topic")
    assert follow(tmp_path, FIRST) - ours(tmp_path, FIRST) == {git(tmp_path, "rev-parse", "topic").strip()}
    assert len(history(tmp_path, FIRST).steps) == 1


def test_a_record_that_was_moved_and_rewritten_is_known_by_its_id(tmp_path: Path) -> None:
    """Git loses a file of which little is left in one commit; the id says that it is the same record."""
    one, two = two_versions()
    commit_files(tmp_path, {FIRST: one})
    first = head(tmp_path)
    commit_files(tmp_path, {FIRST: None, SECOND: two})
    assert ours(tmp_path, SECOND) - follow(tmp_path, SECOND) == {first}


def test_a_record_that_came_back_elsewhere_is_known_by_its_id(tmp_path: Path) -> None:
    """Git begins anew where a file is added; the record was there before, and its removal is one of its steps."""
    one, _ = two_versions()
    commit_files(tmp_path, {FIRST: one}, {FIRST: None}, {SECOND: one})
    assert [step.path for step in history(tmp_path, SECOND).steps] == [f"docs/{FIRST}", "", f"docs/{SECOND}"]
    assert len(ours(tmp_path, SECOND) - follow(tmp_path, SECOND)) == 2


def test_a_record_that_came_back_where_it_was_is_the_same_for_both(tmp_path: Path) -> None:
    """The commits before the removal, the removal and the return."""
    one, two = two_versions()
    commit_files(tmp_path, {FIRST: one}, {FIRST: None}, {FIRST: two})
    assert ours(tmp_path, FIRST) == follow(tmp_path, FIRST)
    assert len(ours(tmp_path, FIRST)) == 3


def test_names_that_a_record_had_on_a_branch_only_are_followed(tmp_path: Path) -> None:
    """A record that a branch moved twice and edited between: the commit under the name between is one of it."""
    one, _ = two_versions()
    commit_files(tmp_path, {FIRST: one})
    between = "decisions/0001-between.md"
    on_a_branch(
        tmp_path,
        {FIRST: None, between: one},
        {between: one + "\nBetween.\n"},
        {between: None, SECOND: one + "\nBetween.\n"},
    )
    git(tmp_path, "merge", "--quiet", "--no-ff", "topic")
    assert len(history(tmp_path, SECOND).last.brought) == 3
    assert follow(tmp_path, SECOND) <= ours(tmp_path, SECOND)


def test_a_record_that_the_main_line_moved_while_a_branch_edited_it(tmp_path: Path) -> None:
    """The branch knew it under its old name; git, which looks for one name at a time, loses the commit."""
    one, _ = two_versions()
    commit_files(tmp_path, {FIRST: one})
    on_a_branch(tmp_path, {FIRST: one + "\nOn the branch.\n"})
    commit_files(tmp_path, {FIRST: None, SECOND: one})
    git(tmp_path, "merge", "--quiet", "--no-ff", "topic")
    assert {step.id for step in history(tmp_path, SECOND).last.brought} == {git(tmp_path, "rev-parse", "topic").strip()}
    assert follow(tmp_path, SECOND) <= ours(tmp_path, SECOND)
    assert len(ours(tmp_path, SECOND)) == 3


def test_a_new_record_that_looks_like_another_has_a_history_of_its_own(tmp_path: Path) -> None:
    """Git takes a record that was written after another for its copy, and tells the other's commits as well."""
    one, _ = two_versions()
    other = "decisions/0002-like.md"
    commit_files(tmp_path, {FIRST: one}, {other: one.replace("ADR-0001", "ADR-0002")})
    assert ours(tmp_path, other) == {head(tmp_path)}
    assert follow(tmp_path, other) > ours(tmp_path, other)
