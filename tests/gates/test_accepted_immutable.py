"""`accepted-immutable`: what was decided is as it was accepted, or as an amendment records it."""

from __future__ import annotations

from pathlib import Path

import pytest

from trees import check_tree, commit_files, findings, git, outcome, said

GATE = "accepted-immutable"
FILE = "decisions/0001-one.md"
BODY = (
    "# One\n\n## Decision Outcome\n\nA weekly table.\n\n### Consequences\n\nIt is late.\n\n"
    "## More Information\n\nNone.\n"
)
DESIGN = (
    "---\nkind: design\ntitle: Churn\nowners: [Ana]\ntier: low\n"
    "outcomes: [{outcome: Fewer leave, measure: left_pct <= 2}]\n---\n\n# Churn\n"
)
AMENDMENT = "amendments:\n  - {date: 2026-11-12, by: Ana, reason: A typing error}\n"


def decision(status: str = "accepted", body: str = BODY, **fields: str) -> dict[str, str]:
    """Give a decision with some fields of its frontmatter."""
    given = {"title": "One", "date": "2026-11-05", "decision-makers": "[Ana]", "domain": "data", **fields}
    more = given.pop("more", "")
    front = "".join(f"{key}: {value}\n" for key, value in given.items())
    return {FILE: f"---\nid: ADR-0001\nstatus: {status}\n{front}{more}---\n\n{body}"}


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        (decision(title="Another"), "title changed from «One» to «Another»"),
        (decision(domain="model"), "domain changed from «data» to «model»"),
        (decision(**{"decision-makers": "[Bo]"}), "decision-makers changed: Ana was removed, Bo was added"),
        (decision(more="chosen: batch\n"), "chosen changed from nothing to «batch»"),
        (decision(more="scope: {in: [tables]}\n"), "scope"),
        (decision(date="2026-10-01"), "date changed from «2026-11-05» to «2026-10-01»"),
        (decision(body=BODY.replace("weekly", "daily")), "the section «Decision Outcome» changed"),
        (decision(body=BODY.replace("late", "early")), "the section «Decision Outcome > Consequences» changed"),
        (decision(body=BODY.replace("## Decision Outcome", "## Notes")), "a heading changed from «Decision Outcome»"),
        (decision(body=BODY + "\n## Second thoughts\n\nNo.\n"), "the section «Second thoughts» changed"),
        (
            decision(body=BODY.replace("# One\n", "# One\n\nIn short: no.\n")),
            "the text before the first heading changed",
        ),
        (decision(body=BODY.replace("# One", "# Another")), "the title above the text changed"),
    ],
)
def test_what_was_decided_does_not_change(changed: dict[str, str], what: str, tmp_path: Path) -> None:
    """Each thing that is frozen is found when it changes after acceptance, in one finding with the commit."""
    commit_files(tmp_path, decision())
    commit_files(tmp_path, changed, author="Bo Chen")
    [message] = said(check_tree(tmp_path), GATE)
    assert message.startswith(what)
    assert git(tmp_path, "rev-parse", "HEAD")[:10] in message
    assert "Bo Chen" in message


@pytest.mark.parametrize(
    "changed",
    [
        decision(more="follow-ups: []\nresidual-risk: none\n"),
        decision(more="evidence: [{kind: url, claim: c, url: 'https://example.org'}]\n"),
        decision(more="tags: [a]\nreviewed: 2026-11-10\n"),
        decision(body=BODY.replace("None.", "More was learnt.")),
        decision(body=BODY.replace("## More Information", "## Notes")),
        decision(body=BODY.replace("A weekly table.", "A   weekly\ntable. <!-- checked -->")),
        decision("deprecated", date="2026-11-20"),
    ],
)
def test_what_grows_after_a_decision_may_change(changed: dict[str, str], tmp_path: Path) -> None:
    """Links, evidence, living sections, white space, and the status with its date are free."""
    assert said(check_tree(commit_files(tmp_path, decision(), changed)), GATE) == []


def test_a_proposed_decision_is_free(tmp_path: Path) -> None:
    """Before acceptance everything may change; the version that is accepted is the measure."""
    steps = (decision("proposed"), decision("proposed", title="Two"), decision(title="Two"))
    assert said(check_tree(commit_files(tmp_path, *steps)), GATE) == []


def test_what_is_put_back_is_no_difference(tmp_path: Path) -> None:
    """Only what stands now counts."""
    assert said(check_tree(commit_files(tmp_path, decision(), decision(title="Two"), decision())), GATE) == []


def test_an_amendment_makes_what_stands_the_measure(tmp_path: Path) -> None:
    """A correction that is recorded with it is met; the next one needs its own."""
    amended = decision(title="Two", more=AMENDMENT)
    assert said(check_tree(commit_files(tmp_path, decision(), amended)), GATE) == []
    [message] = said(check_tree(commit_files(tmp_path, decision(title="Three", more=AMENDMENT))), GATE)
    assert message.startswith("title changed from «Two» to «Three»")
    assert "it was amended in" in message


def test_an_amendment_may_be_recorded_later(tmp_path: Path) -> None:
    """A correction that was forgotten is recorded by a later commit."""
    steps = (decision(), decision(title="Two"), decision(title="Two", more=AMENDMENT))
    assert said(check_tree(commit_files(tmp_path, *steps)), GATE) == []


def test_an_amendment_without_author_is_not_one(tmp_path: Path) -> None:
    """An amendment names who answers for it."""
    nameless = decision(title="Two", more="amendments: [{date: 2026-11-12, reason: A typing error}]\n")
    report = check_tree(commit_files(tmp_path, decision(), nameless))
    assert any("by is missing" in one.message for one in findings(report, "schema-valid"))


def test_a_recorded_amendment_stays(tmp_path: Path) -> None:
    """Whoever takes an amendment out is found."""
    steps = (decision(), decision(title="Two", more=AMENDMENT), decision(title="Two"))
    [message] = said(check_tree(commit_files(tmp_path, *steps)), GATE)
    assert message.startswith("amendments")


def test_a_way_through_proposed_does_not_thaw(tmp_path: Path) -> None:
    """Setting a decision back to proposed, rewriting it and accepting it again is found."""
    steps = (decision(), decision("proposed"), decision("proposed", title="Two"), decision(title="Two"))
    assert [one.split()[0] for one in said(check_tree(commit_files(tmp_path, *steps)), GATE)] == ["title"]


def test_a_rename_with_a_rewrite_is_found(tmp_path: Path) -> None:
    """Neither a new name nor a new folder nor a new number makes a decision another one."""
    text = decision(title="Two")[FILE]
    moved = {FILE: None, "churn/decisions/0007-two.md": text.replace("ADR-0001", "ADR-0007")}
    [message] = said(check_tree(commit_files(tmp_path, decision(), moved)), GATE)
    assert message.startswith("title changed")


def test_a_renumbered_decision_is_as_it_was(tmp_path: Path) -> None:
    """A new number alone changes nothing that was decided, committed or not."""
    text = decision()[FILE].replace("ADR-0001", "ADR-0007")
    commit_files(tmp_path, decision())
    (tmp_path / "docs" / FILE).unlink()
    (tmp_path / "docs/decisions/0007-one.md").write_text(text)
    assert said(check_tree(tmp_path), GATE) == []
    assert said(check_tree(commit_files(tmp_path, {})), GATE) == []


@pytest.mark.parametrize("committed", [True, False])
def test_an_accepted_decision_is_not_removed(committed: bool, tmp_path: Path) -> None:  # noqa: FBT001 - two cases
    """A decision that was accepted and is gone is found on the design, before and after the commit."""
    design = {"churn/index.md": DESIGN}
    there = {f"churn/{FILE}": decision()[FILE]}
    commit_files(tmp_path, design | there)
    (tmp_path / "docs/churn" / FILE).unlink()
    if committed:
        commit_files(tmp_path, {})
    report = check_tree(tmp_path)
    [finding] = findings(report, GATE)
    assert finding.record == "churn"
    assert finding.message.startswith("ADR-0001 (docs/churn/decisions/0001-one.md), accepted, was removed in c")


def test_a_proposal_may_be_removed(tmp_path: Path) -> None:
    """What was never accepted binds nobody."""
    other = {"decisions/0002-two.md": decision()[FILE].replace("ADR-0001", "ADR-0002").replace("One", "Two")}
    steps = (decision("proposed") | other, {FILE: None})
    assert said(check_tree(commit_files(tmp_path, *steps)), GATE) == []


def test_a_move_out_of_the_log_is_a_removal(tmp_path: Path) -> None:
    """Renaming an accepted decision to where no build publishes it is a deletion under another name."""
    other = {"decisions/0002-two.md": decision("proposed")[FILE].replace("ADR-0001", "ADR-0002").replace("One", "Two")}
    commit_files(tmp_path, decision() | other)
    (tmp_path / "attic").mkdir()
    git(tmp_path, "mv", f"docs/{FILE}", "attic/0001-one.md")
    git(tmp_path, "commit", "--quiet", "--message", "Tidy")
    [message] = said(check_tree(tmp_path), GATE)
    assert "was removed in commit" in message


def test_the_policy_says_what_freezes(tmp_path: Path) -> None:
    """Fields and sections that the policy leaves free may change."""
    policy = {
        "policy.md": (
            "---\nkind: policy\ntitle: Policy\n"
            "history: {freeze-fields: [chosen], freeze-sections: [Decision Outcome]}\n---\n"
        )
    }
    free = decision(title="Two", body=BODY + "\n## Second thoughts\n\nNo.\n")
    commit_files(tmp_path, policy | decision(), free)
    assert said(check_tree(tmp_path), GATE) == []
    commit_files(tmp_path, decision(title="Two", body=BODY.replace("late", "early")))
    assert len(said(check_tree(tmp_path), GATE)) == 1


def test_the_finding_stands_where_the_change_is(tmp_path: Path) -> None:
    """A field's finding is on its line, a section's on its heading."""
    changed = decision(title="Two", body=BODY.replace("late", "early"))
    found = findings(check_tree(commit_files(tmp_path, decision(), changed)), GATE)
    lines = changed[FILE].splitlines()
    assert [lines[one.line - 1] for one in found] == ["title: Two", "### Consequences"]


@pytest.mark.parametrize(("setting", "expected"), [("2026-11-01", 0), ("2020-01-01", 1)])
def test_changes_before_the_rule_are_taken_as_they_stand(
    setting: str, expected: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `since`, what was committed before that day is the measure."""
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-03-01T12:00:00+00:00")
    policy = {"policy.md": f"---\nkind: policy\ntitle: Policy\nhistory: {{since: {setting}}}\n---\n"}
    commit_files(tmp_path, policy | decision(), decision(title="Two"))
    assert len(said(check_tree(tmp_path), GATE)) == expected


def test_without_the_whole_history_it_is_unknown(tmp_path: Path) -> None:
    """In a shallow clone nothing is claimed; the reason says how to mend it."""
    (tmp_path / "full").mkdir()
    commit_files(tmp_path / "full", decision(), decision(title="Two"))
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{tmp_path}/full", "shallow")
    found = outcome(check_tree(tmp_path / "shallow"), "ADR-1", GATE)
    assert found.state == "unknown"
    assert found.reason.startswith("shallow clone")
