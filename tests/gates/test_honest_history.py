"""Two hundred honest commits: no gate that asks the history blames one of them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from honest import honest_log
from trees import check_tree, commit_files, git, said

GATES = ("lifecycle-legal", "accepted-immutable")


@settings(max_examples=8, deadline=None)
@given(st.integers(min_value=0, max_value=2**32))
def test_an_honest_log_gives_no_alarm(seed: int) -> None:
    """Acceptances, supersessions, amendments, what grows, renames, moves, new numbers, merges, other line ends."""
    with tempfile.TemporaryDirectory() as folder:
        root = honest_log(Path(folder) / "log", seed)
        assert int(git(root, "rev-list", "--count", "HEAD")) >= 200
        report = check_tree(root)
        assert report.history.problem == ""
        assert [one for gate in GATES for one in said(report, gate)] == []
        assert not [one for one in report.findings if one.gate.id == "schema-valid"]
        assert len(report.records) > 5


def test_a_branch_may_renumber_and_then_amend(tmp_path: Path) -> None:
    """What the merge takes differs too much for git to see a rename; on the branch each step was one."""
    front = "status: accepted\ntitle: One\ndate: 2026-11-05\ndecision-makers: [Ana]\n"
    words = "\n".join(f"Line {number} of what was decided." for number in range(20))
    text = f"---\nid: ADR-0001\n{front}---\n\n# One\n\n{words}\n"
    again = text.replace("ADR-0001", "ADR-0007")
    amendment = "amendments: [{date: 2026-11-12, by: Ana, reason: Other words}]\n---\n\n# One"
    other = again.replace("---\n\n# One", amendment).replace("decided", "meant")
    commit_files(tmp_path, {"decisions/0001-one.md": text})
    git(tmp_path, "checkout", "--quiet", "-b", "topic")
    commit_files(
        tmp_path, {"decisions/0001-one.md": None, "decisions/0007-one.md": again}, {"decisions/0007-one.md": other}
    )
    git(tmp_path, "checkout", "--quiet", "main")
    git(tmp_path, "merge", "--quiet", "--no-ff", "topic")
    report = check_tree(tmp_path)
    assert [one for gate in GATES for one in said(report, gate)] == []
