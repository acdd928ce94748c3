"""The log as it would be: files that are changed or moved, and nothing else."""

from __future__ import annotations

import hashlib
from pathlib import Path

from commands import command
from gatepost.cli.overlay import Change, report_after
from trees import check_tree, clean_log, edited, git, messages, write_tree

BATCH = "churn/decisions/0002-batch-scoring.md"
REGRESSION = "churn/decisions/0003-logistic-regression.md"
CITED = "  - kind: paper\n    claim: What was decided before\n    path: decisions/0002-batch-scoring.md\n"


def citing(more: str = "") -> dict[str, str]:
    """Give the clean log with ADR-0003 citing the file of ADR-0002 as evidence."""
    return edited(clean_log(), REGRESSION, "evidence:\n", f"evidence:\n{CITED}{more}")


def test_a_file_that_moves_is_found_where_it_will_lie(tmp_path: Path) -> None:
    """There only, with what git knows of it, and with its new contents; all other answers are the tree's."""
    report = check_tree(write_tree(tmp_path, clean_log(), commit=True))
    old, new = f"docs/{BATCH}", "docs/churn/decisions/0012-batch-scoring.md"
    before = (tmp_path / old).read_bytes()
    after = before.replace(b"ADR-0002", b"ADR-0012")
    files = report_after(report, [Change(new, before, after, "moved", moved_from=old)]).book.files
    assert (files.exists(old), files.exists(new), files.exists("docs/policy.md")) == (False, True, True)
    assert files.look("decisions/0002-batch-scoring.md", "docs/churn").state == "missing"
    fact = files.look("decisions/0012-batch-scoring.md", "docs/churn")
    assert (fact.state, fact.path, fact.tracked) == ("found", new, True)
    assert files.read(new) == after
    assert files.sha256(new) == hashlib.sha256(after).hexdigest()
    policy = (tmp_path / "docs/policy.md").read_bytes()
    assert files.read("docs/policy.md") == policy
    assert files.sha256("docs/policy.md") == hashlib.sha256(policy).hexdigest()
    assert files.has_commit(git(tmp_path, "rev-parse", "HEAD").strip())
    assert not files.has_commit("0" * 40)
    assert files.why_unknown() == report.book.files.why_unknown()
    head = git(tmp_path, "rev-parse", "HEAD").strip()
    assert (files.at_commit(head, "docs/policy.md"), files.at_commit(head, new)) == ("same", None)
    below = files.tracked_below("docs/churn/decisions") or ()
    assert (old in below, new in below, "docs/churn/decisions/0003-logistic-regression.md" in below) == (
        False,
        True,
        True,
    )
    assert files.tracked_below("docs/churn/risks") == report.book.files.tracked_below("docs/churn/risks")


def test_a_log_that_nobody_changes_is_the_log(tmp_path: Path) -> None:
    """The same records, pages and findings."""
    root = write_tree(tmp_path, edited(clean_log(), BATCH, "owner: sre-oncall\n", "") | {"guide.md": "# Guide\n"})
    report = check_tree(root)
    after = report_after(report, [])
    assert messages(after) == messages(report) != []
    assert after.book.pages == report.book.pages
    assert [one.id for one in after.records] == [one.id for one in report.records]


def test_a_record_that_is_cited_as_evidence_can_be_renumbered(tmp_path: Path) -> None:
    """The path in the other record follows the file, and the evidence still counts."""
    root = write_tree(tmp_path, citing())
    run = command(root, "renumber", "ADR-2", "12")
    assert run.code == 0, run.out + run.err
    git(root, "add", "--all")
    assert messages(check_tree(root)) == []


def test_a_digest_that_would_no_longer_fit_is_a_reason_to_refuse(tmp_path: Path) -> None:
    """Evidence that is bound to the bytes of a record: moving that record would break another one."""
    digest = hashlib.sha256(clean_log()[BATCH].encode()).hexdigest()
    root = write_tree(tmp_path, citing(f"    sha256: {digest}\n"))
    assert check_tree(root).passed
    for words in (("renumber", "ADR-2", "12"), ("deprecate", "ADR-2")):
        run = command(root, *words)
        assert run.code == 1
        assert f"docs/{REGRESSION}:" in run.out
        assert run.out.endswith("Nothing was written: 1 finding blocks this.\n")
    assert (root / "docs" / BATCH).read_text(encoding="utf-8") == clean_log()[BATCH]
