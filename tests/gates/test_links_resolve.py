"""`links-resolve`: what a record names is there, and what it does not name is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from trees import check_tree, checked, clean_log, edited, findings, messages, outcome, said, with_key, write_tree

GATE = "links-resolve"
ADR1 = "churn/decisions/0001-online-scoring.md"
ADR2 = "churn/decisions/0002-batch-scoring.md"
ADR3 = "churn/decisions/0003-logistic-regression.md"
CHECKLIST = "churn/checklist.md"
CONTRACT = "churn/pipeline.md"


def with_prose(text: str) -> dict[str, str]:
    """Give the clean log with some text at the end of ADR-0003."""
    files = clean_log()
    return {**files, ADR3: f"{files[ADR3]}\n{text}\n"}


@pytest.mark.parametrize(
    "text",
    [
        "`ADR-0099` in a code span",
        "``a `tick` and ADR-0099``",
        "```text\nADR-0099 in a fence, [x](nowhere.md)\n```",
        "~~~\nADR-0099\n~~~",
        "<!-- ADR-0099 in a comment, [x](nowhere.md) -->",
        "see https://tracker.example.org/browse/ADR-0099",
        "see <https://tracker.example.org/?issue=ADR-0099>",
        "[ADR-0099](https://tracker.example.org/ADR-0099) of another team",
        "[page](https://example.org/nowhere.md), [mail](mailto:a@example.org), [top](#top), [root](/nowhere.md)",
        "XADR-0099, ADR-0099-b, pre-ADR-0099",
        "ADR-2, ADR-02 and ADR-0002 are one; CHK-1 is an item",
        "[the contract](../pipeline.md#stages), [lock](../requirements.lock), [overview](../../index.md)",
        "[with a title](../pipeline.md 'The pipeline')",
        "![chart](../evidence/load-test.csv)",
        "[the gate's page](../../gates/links-resolve.md)",
    ],
)
def test_what_is_no_reference_is_left_alone(text: str, tmp_path: Path) -> None:
    """Code, comments, links with a scheme and words that only contain an id are nobody's broken link."""
    assert messages(checked(tmp_path, with_prose(text))) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("As ADR-0099 says.", "ADR-0099 does not exist"),
        ("(RISK-77)", "RISK-77 does not exist"),
        ("FU-9, and FU-9 again", "FU-9 does not exist"),
        ("CHK-9.", "CHK-9 does not exist"),
        ("[gone](0009-gone.md)", "the link to 0009-gone.md leads nowhere"),
        ("![gone](../img/x.png)", "the link to ../img/x.png leads nowhere"),
        ("[out](../../../../etc/passwd)", "the link to ../../../../etc/passwd leads nowhere"),
        ("[ref]\n\n[ref]: gone.md", "the link to gone.md leads nowhere"),
        ("{{ metric('evidence/none.json#/auc') }}", "the number evidence/none.json#/auc cannot be quoted"),
        ("{{ metric('evidence/metrics.json') }}", "cannot be quoted: expected path#/pointer"),
        ("{{ metric('evidence/load-test.csv#/a') }}", "cannot be quoted: it is not JSON"),
        ("{{ metric('evidence/metrics.json#/minutes') }}", "what it has at /minutes is not a number"),
    ],
)
def test_what_the_prose_names_must_be_there(text: str, message: str, tmp_path: Path) -> None:
    """A dead reference in the body is one finding, at the place where it stands."""
    files = with_prose(text)
    report = checked(tmp_path, files)
    (finding,) = report.findings
    assert finding.gate.id == GATE
    assert message in finding.message
    line = files[ADR3].splitlines()[finding.line - 1]
    assert any(word in line[finding.column - 1 :] for word in finding.message.split())


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("risks: [RISK-0009]", "RISK-0009 does not exist"),
        ("follow-ups: [FU-9]", "FU-9 does not exist"),
        ("relates: [ADR-9]", "ADR-9 does not exist"),
        ("risks: [ADR-0002]", "risks names ADR-0002, which is a decision"),
        ("follow-ups: [RISK-0001]", "follow-ups names RISK-0001, which is a risk"),
        ("supersedes: [FU-0001]", "supersedes names FU-0001, which is a follow-up"),
        ("relates: [CHK-1, RISK-1, FU-1]", None),
    ],
)
def test_each_field_names_records_of_its_kind(lines: str, message: str | None, tmp_path: Path) -> None:
    """A field for risks names risks; `relates` may name anything."""
    assert said(checked(tmp_path, with_key(clean_log(), ADR3, lines)), GATE) == ([message] if message else [])


def test_one_missing_record_is_told_once_in_each_file_that_names_it(tmp_path: Path) -> None:
    """A field and the prose that name the same missing record are one finding."""
    files = edited(
        with_key(clean_log(), ADR3, "risks: [RISK-0009]"), ADR3, "ADR-0002 needs a model", "RISK-0009 needs a model"
    )
    assert said(checked(tmp_path, files), GATE) == ["RISK-0009 does not exist"]


def test_history_is_held_to_it(tmp_path: Path) -> None:
    """A superseded decision must not lead readers nowhere either."""
    files = clean_log()
    report = checked(tmp_path, {**files, ADR1: files[ADR1] + "\nSee RISK-0099.\n"})
    assert [one.effect for one in findings(report, GATE)] == ["block"]


@pytest.mark.parametrize(
    ("path", "lines", "message"),
    [
        (CONTRACT, "source: {kind: dvc, path: dvc.yaml}", "the file dvc.yaml does not exist"),
        (CONTRACT, "source: {kind: dvc, path: ../dvc.yaml}", "the file ../dvc.yaml is refused: it holds `..`"),
        (CONTRACT, "source: {kind: dvc, path: evidence}", "the file evidence is a folder"),
    ],
)
def test_files_that_a_contract_names_are_there(path: str, lines: str, message: str, tmp_path: Path) -> None:
    """The real definition that a contract stands for is a file of the repository."""
    assert messages(checked(tmp_path, with_key(clean_log(), path, lines))) == [
        message_with_place(GATE, path, message, with_key(clean_log(), path, lines)),
    ]


def message_with_place(gate: str, path: str, message: str, files: dict[str, str]) -> str:
    """Give a finding's line, given that it stands where `source` is written."""
    number = next(n for n, line in enumerate(files[path].splitlines(), start=1) if line.startswith("source:"))
    return f"{gate} docs/{path}:{number}: {message}"


def test_a_file_that_git_does_not_have_is_not_there_for_others(tmp_path: Path) -> None:
    """What a checklist cites must be tracked: a fresh clone would not have it."""
    root = write_tree(tmp_path, edited(clean_log(), CHECKLIST, "evidence/metrics.json#/auc", "evidence/new.json#/auc"))
    (root / "docs/churn/evidence/new.json").write_text('{"auc": 0.7641}')
    assert messages(check_tree(root)) == [
        f"{GATE} docs/{CHECKLIST}:12: the file evidence/new.json is not tracked by git",
    ]


@pytest.mark.parametrize("target", ["/etc/hostname", "../../outside.json", "evidence/link.json"])
def test_a_checklist_cites_no_file_outside_the_repository(target: str, tmp_path: Path) -> None:
    """Absolute paths, `..` and links that leave the repository are refused, in one finding."""
    (tmp_path / "outside.json").write_text('{"auc": 0.7641}')
    inside = tmp_path / "project"
    inside.mkdir()
    root = write_tree(inside, edited(clean_log(), CHECKLIST, "evidence/metrics.json#/auc", f"{target}#/auc"))
    (root / "docs/churn/evidence/link.json").symlink_to(tmp_path / "outside.json")
    (finding,) = check_tree(root).findings
    assert f"the file {target} is refused: it " in finding.message


def test_a_stage_is_looked_up_in_the_contract_of_the_same_design(tmp_path: Path) -> None:
    """A decision outside any design names no stage."""
    files = clean_log()
    files["decisions/0009-loose.md"] = (
        "---\ntitle: Loose\nstatus: proposed\ndate: 2026-11-01\ndecision-makers: [Ana]\nstages: [train]\n---\n"
    )
    assert said(checked(tmp_path, files), GATE) == ["the stage train cannot be found: the design has no stage contract"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("residual-risk: None beyond what RISK-0077 covers", ["RISK-0077 does not exist"]),
        ("residual-risk: None beyond RISK-0077, see RISK-77", ["RISK-0077 does not exist"]),
        ("residual-risk: None beyond RISK-0001 and CHK-1", []),
        ("residual-risk: None beyond `RISK-0077` of another team", []),
        ("relates: [ADR-0077]\noverride: As ADR-0077 says", ["ADR-0077 does not exist"]),
        ("x-ticket: https://tracker.example.org/ADR-0077", []),
    ],
)
def test_the_text_of_a_field_names_records_that_exist(lines: str, expected: list[str], tmp_path: Path) -> None:
    """An id in a scope or a note is a reference too, told once; code spans and addresses are none."""
    files = clean_log()
    for line in lines.split("\n"):
        files = with_key(files, ADR3, line)
    assert said(checked(tmp_path, files), GATE) == expected


def test_a_stage_that_has_gone_is_not_held_against_history(tmp_path: Path) -> None:
    """A superseded decision may name a stage that the contract no longer has; an accepted one may not."""
    files = with_key(clean_log(), ADR1, "stages: [scorer]")
    assert messages(checked(tmp_path, files)) == []
    assert said(check_tree(write_tree(tmp_path, with_key(files, ADR3, "stages: [scorer]"))), GATE) == [
        "the contract has no stage scorer",
    ]


def test_without_git_a_cited_file_is_neither_blamed_nor_believed(tmp_path: Path) -> None:
    """Whether a fresh clone has what a checklist cites cannot be known without git; a dead link is still told."""
    root = write_tree(tmp_path, clean_log(), repository=False)
    report = check_tree(root)
    stands = outcome(report, "churn/checklist", GATE)
    assert stands.state == "unknown"
    assert stands.reason.endswith("is not known: no git repository")
    assert outcome(report, "ADR-3", GATE).state == "pass"
    (root / "docs" / CHECKLIST).write_text(clean_log()[CHECKLIST] + "\nSee FU-99.\n")
    assert said(check_tree(root), GATE) == ["FU-99 does not exist"]
