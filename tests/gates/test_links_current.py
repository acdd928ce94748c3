"""`links-current`: nothing that a record rests on changed in substance after the record was last touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from trees import check_tree, clean_log, commit_files, edited, findings, outcome, said

GATE = "links-current"
DECISION, RISK = "decisions/0001-one.md", "risks/0001-late.md"


def log(impact: int = 2, status: str = "open", words: str = "Late.", **decision: str) -> dict[str, str]:
    """Give a decision that rests on a risk."""
    more = "".join(f"{key}: {value}\n" for key, value in decision.items())
    return {
        DECISION: f"---\ntitle: One\nstatus: proposed\ndate: 2026-10-01\nrisks: [RISK-0001]\n{more}---\n\n# One\n",
        RISK: f"---\ntitle: Late\nstatus: {status}\nlikelihood: 2\nimpact: {impact}\n---\n\n# Late\n\n{words}\n",
    }


def only(files: dict[str, str], path: str) -> dict[str, str]:
    """Give one file of several."""
    return {path: files[path]}


def test_a_risk_that_was_raised_later_is_advice(tmp_path: Path) -> None:
    """The finding says which risk changed, when, and stands where the decision names it; it fails nothing."""
    report = check_tree(commit_files(tmp_path, log(), only(log(impact=5), RISK)))
    [finding] = findings(report, GATE)
    assert finding.message.startswith("RISK-0001 changed in commit ")
    assert (finding.record, finding.field, finding.effect) == ("ADR-0001", "risks.0", "advise")


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (log(status="mitigated"), 1),
        (log(impact=3), 1),
        (log(words="Later than ever."), 0),
    ],
)
def test_only_substance_counts(later: dict[str, str], expected: int, tmp_path: Path) -> None:
    """A status or an assessment is substance; a word in the prose is none."""
    assert len(said(check_tree(commit_files(tmp_path, log(), only(later, RISK))), GATE)) == expected


def test_one_commit_for_both_is_no_finding(tmp_path: Path) -> None:
    """Who changes the risk and the decision together knows of both."""
    assert said(check_tree(commit_files(tmp_path, log(), log(impact=5, tags="[a]"))), GATE) == []


def test_touching_the_record_clears_it(tmp_path: Path) -> None:
    """Any later change of the record says that somebody read it."""
    steps = (log(), only(log(impact=5), RISK), log(impact=5, tags="[read]"))
    assert said(check_tree(commit_files(tmp_path, *steps)), GATE) == []


def test_a_review_clears_it_without_a_change_of_words(tmp_path: Path) -> None:
    """`reviewed` covers what changed up to that day, and nothing later."""
    commit_files(tmp_path, log(reviewed="2090-01-01"), only(log(impact=5), RISK))
    assert said(check_tree(tmp_path), GATE) == []
    commit_files(tmp_path, log(impact=5, reviewed="2020-01-01"), only(log(impact=4), RISK))
    assert len(said(check_tree(tmp_path), GATE)) == 1


def test_what_is_not_committed_yet_counts(tmp_path: Path) -> None:
    """A pull request that raises a risk sees at once which decisions rest on it."""
    commit_files(tmp_path, log())
    (tmp_path / "docs" / RISK).write_text(log(impact=5)[RISK])
    [message] = said(check_tree(tmp_path), GATE)
    assert message.startswith("RISK-0001 changed in changes that are not committed yet")


def test_a_stage_is_looked_at_by_itself(tmp_path: Path) -> None:
    """A decision that shapes one stage does not care for another."""
    files, path = clean_log(), "churn/pipeline.md"
    commit_files(tmp_path, files, {path: edited(files, path, "run: python train.py", "run: python -B train.py")[path]})
    assert [one.record for one in findings(check_tree(tmp_path), GATE)] == ["ADR-0003"]
    commit_files(tmp_path, {path: edited(files, path, "timeout: 10m", "timeout: 20m")[path]})
    assert [one.record for one in findings(check_tree(tmp_path), GATE)] == ["ADR-0002", "ADR-0002", "ADR-0003"]


def test_what_rests_on_nothing_is_not_asked(tmp_path: Path) -> None:
    """A record without such links is left alone."""
    alone = {DECISION: log()[DECISION].replace("risks: [RISK-0001]\n", "")}
    assert outcome(check_tree(commit_files(tmp_path, alone)), "ADR-1", GATE).state == "not-applicable"
