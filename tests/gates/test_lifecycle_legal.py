"""`lifecycle-legal`: the status moves only as its kind of record allows."""

from __future__ import annotations

from itertools import pairwise, product
from pathlib import Path

import pytest

from gatepost.records import may_move
from trees import check_tree, commit_files, git, outcome, said

GATE = "lifecycle-legal"
DECISIONS = ("proposed", "accepted", "rejected", "deprecated", "superseded")


def decision(status: str, **more: str) -> dict[str, str]:
    """Give a decision of which only the status matters."""
    extra = "".join(f"{key}: {value}\n" for key, value in more.items())
    front = f"id: ADR-0001\ntitle: One\nstatus: {status}\ndate: 2026-11-05\ndecision-makers: [Ana]\n{extra}"
    return {"decisions/0001-one.md": f"---\n{front}---\n\n# One\n"}


@pytest.mark.parametrize(("before", "after"), list(product(DECISIONS, DECISIONS)))
def test_a_move_is_met_exactly_when_the_table_allows_it(before: str, after: str, tmp_path: Path) -> None:
    """What the gate says of one move is what the table of legal moves says."""
    report = check_tree(commit_files(tmp_path, decision(before), decision(after)))
    assert (outcome(report, "ADR-1", GATE).state == "pass") == may_move("decision", before, after)


@pytest.mark.parametrize("path", [("proposed", "accepted", "superseded"), ("proposed", "accepted", "deprecated")])
def test_a_whole_life_is_legal(path: tuple[str, ...], tmp_path: Path) -> None:
    """A decision that moves step by step meets the gate."""
    assert all(may_move("decision", before, after) for before, after in pairwise(path))
    report = check_tree(commit_files(tmp_path, *(decision(status) for status in path)))
    assert outcome(report, "ADR-1", GATE).state == "pass"


def test_a_skipped_status_is_said_with_its_commit_and_author(tmp_path: Path) -> None:
    """A decision that was never accepted and turns superseded is found, with who did it and when."""
    commit_files(tmp_path, decision("proposed"))
    commit_files(tmp_path, decision("superseded"), author="Bo Chen")
    [message] = said(check_tree(tmp_path), GATE)
    assert message.startswith("the status moved from proposed to superseded in commit ")
    assert message.endswith(", Bo Chen)")
    assert git(tmp_path, "rev-parse", "HEAD")[:10] in message


def test_a_superseded_decision_does_not_come_back(tmp_path: Path) -> None:
    """Superseded is final, also when other commits come between."""
    steps = (decision("accepted"), decision("superseded"), decision("superseded", domain="data"), decision("accepted"))
    [message] = said(check_tree(commit_files(tmp_path, *steps)), GATE)
    assert message.startswith("the status moved from superseded to accepted")


def test_a_move_that_was_taken_back_is_forgiven(tmp_path: Path) -> None:
    """What counts is whether the status that stands now was reached legally."""
    steps = (decision("rejected"), decision("accepted"), decision("rejected"))
    assert said(check_tree(commit_files(tmp_path, *steps)), GATE) == []


def test_an_illegal_move_stays_one_whatever_follows(tmp_path: Path) -> None:
    """A legal move behind an illegal one does not wash it."""
    steps = (decision("rejected"), decision("accepted"), decision("deprecated"))
    [message] = said(check_tree(commit_files(tmp_path, *steps)), GATE)
    assert message.startswith("the status moved from rejected to deprecated")


def test_what_is_not_committed_yet_counts(tmp_path: Path) -> None:
    """The files on disk are the last version: an author sees the finding before the commit."""
    commit_files(tmp_path, decision("rejected"))
    (tmp_path / "docs/decisions/0001-one.md").write_text(decision("accepted")["decisions/0001-one.md"])
    report = check_tree(tmp_path)
    assert said(report, GATE) == ["the status moved from rejected to accepted in changes that are not committed yet"]


@pytest.mark.parametrize("born", DECISIONS)
def test_a_record_may_be_born_in_any_status(born: str, tmp_path: Path) -> None:
    """An old log can be brought in as it is."""
    assert outcome(check_tree(commit_files(tmp_path, decision(born))), "ADR-1", GATE).state == "pass"


def test_a_rename_does_not_end_the_history(tmp_path: Path) -> None:
    """A rejected decision that is renamed, moved to another folder and set accepted is still the same decision."""
    text = decision("accepted")["decisions/0001-one.md"]
    moved = {"decisions/0001-one.md": None, "churn/decisions/0001-other.md": text}
    [message] = said(check_tree(commit_files(tmp_path, decision("rejected"), moved)), GATE)
    assert message.startswith("the status moved from rejected to accepted")


def test_a_record_that_went_and_came_back_is_the_same_record(tmp_path: Path) -> None:
    """Deleting a rejected decision and adding it again as accepted is found."""
    steps = (decision("rejected"), {"decisions/0001-one.md": None}, decision("accepted"))
    assert len(said(check_tree(commit_files(tmp_path, *steps)), GATE)) == 1


def test_the_policy_says_from_when_on(tmp_path: Path) -> None:
    """What happened before `since`, or up to the baseline commit, is taken as it stood."""
    commit_files(tmp_path, decision("rejected"), decision("accepted"))
    assert len(said(check_tree(tmp_path), GATE)) == 1
    commit = git(tmp_path, "rev-parse", "HEAD").strip()
    policy = "---\nkind: policy\ntitle: Policy\nhistory: {baseline: '" + commit + "'}\n---\n"
    commit_files(tmp_path, {"policy.md": policy})
    assert said(check_tree(tmp_path), GATE) == []
    commit_files(tmp_path, decision("proposed"))
    assert len(said(check_tree(tmp_path), GATE)) == 1


def test_a_history_that_a_merge_rewrote_is_found(tmp_path: Path) -> None:
    """A merge that takes an older version of a record over a newer one moves the status back, illegally."""
    commit_files(tmp_path, decision("proposed"))
    git(tmp_path, "branch", "old")
    commit_files(tmp_path, decision("accepted"))
    git(tmp_path, "checkout", "--quiet", "old")
    commit_files(tmp_path, {"index.md": "# Log\n"})
    git(tmp_path, "checkout", "--quiet", "main")
    git(tmp_path, "merge", "--quiet", "--no-ff", "--no-commit", "old")
    git(tmp_path, "checkout", "old", "--", "docs/decisions")
    git(tmp_path, "commit", "--quiet", "--message", "Merge")
    [message] = said(check_tree(tmp_path), GATE)
    assert message.startswith("the status moved from accepted to proposed in commit ")


def test_an_honest_merge_is_no_move(tmp_path: Path) -> None:
    """What a branch decided step by step is legal when it is merged, whatever happened meanwhile."""
    commit_files(tmp_path, decision("proposed"))
    git(tmp_path, "checkout", "--quiet", "-b", "topic")
    commit_files(tmp_path, decision("accepted"))
    git(tmp_path, "checkout", "--quiet", "main")
    commit_files(tmp_path, {"index.md": "# Log\n"})
    git(tmp_path, "merge", "--quiet", "--no-ff", "--message", "Merge", "topic")
    assert outcome(check_tree(tmp_path), "ADR-1", GATE).state == "pass"


def test_a_merge_may_bring_several_moves(tmp_path: Path) -> None:
    """What was accepted and deprecated on a branch moved twice, though the merge shows one move."""
    merged(tmp_path, decision("accepted"), decision("deprecated"))
    assert said(check_tree(tmp_path), GATE) == []


def test_a_skipped_status_is_found_on_a_branch_too(tmp_path: Path) -> None:
    """A branch with two commits does not hide a move that is not legal; the merge is named."""
    merged(tmp_path, decision("deprecated"), decision("deprecated", domain="data"))
    [message] = said(check_tree(tmp_path), GATE)
    assert message.startswith(
        f"the status moved from proposed to deprecated in commit {git(tmp_path, 'rev-parse', 'HEAD')[:10]}"
    )


def merged(root: Path, *versions: dict[str, str]) -> None:
    """Commit a proposed decision, other versions of it on a branch, and merge that."""
    commit_files(root, decision("proposed"))
    git(root, "checkout", "--quiet", "-b", "topic")
    commit_files(root, *versions)
    git(root, "checkout", "--quiet", "main")
    git(root, "merge", "--quiet", "--no-ff", "topic")
