"""`schema-valid`: what cannot be read is said once, and nothing that follows from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from trees import checked, clean_log, edited, findings, messages, with_key

ADR3 = "churn/decisions/0003-logistic-regression.md"
DESIGN = "churn/index.md"
POLICY = "policy.md"


def cites(place: str) -> str:
    """Give the lines of one piece of evidence."""
    return f"evidence: [{{kind: benchmark, claim: c, {place}}}]"


@pytest.mark.parametrize(
    ("path", "lines", "message", "hint"),
    [
        (ADR3, "status: aproved", "status is 'aproved'", "did you mean proposed? Allowed are proposed, accepted"),
        (ADR3, "status: approved", "status is 'approved'", "did you mean accepted? Allowed are"),
        (ADR3, "title: ''", "title is empty", "write a value, or remove the key"),
        (ADR3, "title: 12", "title is the number 12", "expected text; put it in quotes"),
        (ADR3, "title: [a, b]", "title is a list", "expected text; put it in quotes"),
        (ADR3, "risks: RISK-0001", "risks is 'RISK-0001'", "expected a list: [one, two]"),
        (ADR3, "risks: [RISK1]", "'RISK1' is not a record id", "write the prefix of its kind"),
        (
            ADR3,
            "decison-makers: [Ana]",
            "the key decison-makers is unknown in a decision",
            "did you mean decision-makers?",
        ),
        (ADR3, "scope: {inn: [a]}", "the key inn is unknown in scope", "did you mean in?"),
        (ADR3, "date: 2026-13-01", "2026-13-01 is not a day of the calendar", "correct the date"),
        (ADR3, "date: 06.11.2026", "found '06.11.2026'", "year-month-day"),
        (ADR3, "production-impact: maybe", "production-impact is 'maybe'", "expected true or false"),
        (ADR3, "id: 3", "id is the number 3, not an id", "write `id: ADR-0003`"),
        (ADR3, "kind: decisions", "kind is 'decisions'", "did you mean decision?"),
        (DESIGN, "tier: huge", "tier is 'huge'", "allowed are low, medium, high"),
        (DESIGN, "owners: []", "owners is empty", "write a value"),
        (DESIGN, "id: Churn Scores", "id is 'Churn Scores'", "write lower-case letters"),
        (ADR3, "risks: [RISK-1\u00a0]", "risks[1] holds a no-break space (U+00A0)", "replace it by a plain space"),
        (ADR3, "relates: [ADR\u2060-2]", "relates[1] holds a word joiner (U+2060)", "remove it"),
        (ADR3, "scope: {in:a}", "the key in:a is unknown in scope", "put a space after the colon"),
        (
            ADR3,
            "rollback: {trigger: [rate > 0,3]}",
            "rollback.trigger[2] is the number 3",
            "write a decimal point: 0.3",
        ),
        (ADR3, "rollback: {trigger: [rate, 3]}", "rollback.trigger[2] is the number 3", "expected text; put it in"),
        (ADR3, "rollback: {trigger: [3]}", "rollback.trigger[1] is the number 3", "expected text; put it in"),
        (ADR3, cites("path: a.json, pointer: auc, value: 1"), "pointer is 'auc'", "a JSON Pointer starts with /: /auc"),
        (ADR3, cites("url: example.org"), "url is 'example.org'", "starts with http:// or https://"),
        (ADR3, cites("path: a.json, sha256: ABC"), "sha256 is 'ABC'", "64 lower-case hexadecimal digits"),
        (ADR3, cites("commit: main"), "commit is 'main'", "7 to 64 lower-case hexadecimal digits"),
        (POLICY, "warn-days: 0", "warn-days is 0", "a number of at least 1"),
        (POLICY, "enforcement: {in-scope: warn}", "enforcement.in-scope is 'warn'", "allowed are block, advise, off"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_a_hint(
    path: str, lines: str, message: str, hint: str, tmp_path: Path
) -> None:
    """A value of the wrong form is named as it stands, at its line, with what may stand there instead."""
    files = with_key(clean_log(), path, lines)
    report = checked(tmp_path, files)
    (finding,) = findings(report, "schema-valid")
    assert message in finding.message
    assert hint in finding.hint
    assert lines.partition(":")[0] in files[path].splitlines()[finding.line - 1]


def test_each_mistake_in_a_record_is_told_at_once(tmp_path: Path) -> None:
    """A record with three mistakes is mended in one go, not in three runs."""
    files = with_key(clean_log(), ADR3, "status: approved\nowner: Ana\nrisks: none")
    report = checked(tmp_path, files)
    assert [one.field for one in report.findings] == ["status", "owner", "risks"]


@pytest.mark.parametrize("number", ["id: 3", "id: 007", ""])
def test_a_record_without_an_id_is_told_what_else_is_wrong_with_it(number: str, tmp_path: Path) -> None:
    """An id that is none, or that is missing, hides no other mistake."""
    files = clean_log()
    text = with_key({**files, "a.md": files.pop(ADR3)}, "a.md", "status: acepted\nowner: Ana")["a.md"]
    files["churn/decisions/linear.md"] = text.replace("id: ADR-0003", number)
    said = [one.message for one in findings(checked(tmp_path, files), "schema-valid")]
    assert len(said) == 3
    assert {"status is 'acepted'", "the key owner is unknown in a decision"} < set(said)


@pytest.mark.parametrize("path", [path for path in clean_log() if path.endswith(".md") and "dry-runs" not in path])
def test_a_record_that_cannot_be_read_gives_one_finding_and_hides_no_other_record(path: str, tmp_path: Path) -> None:
    """Whichever record is broken, one finding says so; what names it, lies beside it or is held to it stays quiet."""
    files = edited(clean_log(), path, "\ntitle: ", "\ntitle: a: b")
    report = checked(tmp_path, files)
    said_of_it = "the frontmatter is not YAML: mapping values are not allowed in this context"
    assert messages(report) == [f"schema-valid docs/{path}:{report.findings[0].line}: {said_of_it}"]
    assert report.unread == 1
    assert report.muted > 0


def test_an_id_that_can_still_be_seen_keeps_links_to_a_broken_record_alive(tmp_path: Path) -> None:
    """A record whose file name has no number is known by the id in its broken frontmatter."""
    files = clean_log()
    text = files.pop("churn/risks/0001-stale-scores.md").replace("title: Scores", "title: Scores: s")
    report = checked(tmp_path, {**files, "churn/risks/stale.md": text})
    assert [one.path for one in report.findings] == ["docs/churn/risks/stale.md"]


def test_the_keys_of_mkdocs_and_ones_own_pass_through(tmp_path: Path) -> None:
    """Keys of MkDocs, of Material and with the prefix x- are nobody's mistake."""
    files = with_key(clean_log(), ADR3, "tags: [a]\nhide: [toc]\nx-ticket: 9\ntemplate: x.html")
    assert messages(checked(tmp_path, files)) == []


def test_snake_case_is_accepted(tmp_path: Path) -> None:
    """Keys may be written with underscores."""
    files = edited(clean_log(), ADR3, "decision-makers:", "decision_makers:")
    assert messages(checked(tmp_path, edited(files, ADR3, "residual-risk:", "residual_risk:"))) == []


def test_no_policy_turns_it_off(tmp_path: Path) -> None:
    """A record that cannot be read blocks, whatever the policy says, and the policy's line is a finding."""
    files = with_key(clean_log(), POLICY, 'enforcement: {GP001: "off"}')
    report = checked(tmp_path, with_key(files, ADR3, "status: approved"))
    assert [one.effect for one in findings(report, "schema-valid")] == ["block"]
    assert [one.message for one in findings(report, "policy-sound")] == ["schema-valid always blocks"]
