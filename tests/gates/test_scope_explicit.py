"""`scope-explicit`: scope and assumptions, written so that a reviewer can use them."""

from __future__ import annotations

from pathlib import Path

import pytest

from trees import checked, clean_log, edited, findings, messages, said, with_key

GATE = "scope-explicit"
ADR3 = "churn/decisions/0003-logistic-regression.md"
DESIGN = "churn/index.md"
CLEAR = "in: [Which model is fitted], out: [How often it runs]"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (f"scope: {{{CLEAR}}}", []),
        ("scope: {}", ["scope.in is missing", "scope.out is missing"]),
        ("scope: {in: [Which model is fitted]}", ["scope.out is missing"]),
        ("scope: {out: [Which model is fitted]}", ["scope.in is missing"]),
        ("scope: {in: [two words], out: [three words here]}", ["'two words' is not specific"]),
        ("scope: {in: [n/a], out: [three words here]}", ["'n/a' is not specific"]),
        ("scope: {in: [模型如何训练], out: [多久训练一次]}", []),
        ("scope: {in: [TBD], out: [three words here]}", []),
        ("assumptions: []", ["assumptions are missing"]),
        ("assumptions: [{text: It stays so}]", ["the assumption says no way to check it"]),
        ("assumptions: [{text: Stays, check: look}]", ["'Stays' is not specific"]),
        ("assumptions: [{text: It stays so, check: ask Tom}]", []),
    ],
)
@pytest.mark.parametrize("path", [ADR3, DESIGN])
def test_scope_and_assumptions(path: str, lines: str, expected: list[str], tmp_path: Path) -> None:
    """Decisions and designs alike: what is in, what is out, what is assumed and how to check it, all specific."""
    assert said(checked(tmp_path, with_key(clean_log(), path, lines)), GATE) == expected


def test_a_comma_that_split_an_entry_is_what_the_hint_speaks_of(tmp_path: Path) -> None:
    """`[a long text, and more]` is two entries in YAML; the hint says how to keep it one."""
    files = edited(
        clean_log(), ADR3, "[Which model the train stage fits]", "[Which model the train stage fits, weekly]"
    )
    (finding,) = findings(checked(tmp_path, files), GATE)
    assert finding.message == "'weekly' is not specific"
    assert finding.hint == "say it in 3 words or more; quote it when it holds a comma"


def test_a_placeholder_is_one_finding_of_one_gate(tmp_path: Path) -> None:
    """A scope that is still to be written is a placeholder that is left, and not vague on top of it."""
    report = checked(tmp_path, edited(clean_log(), ADR3, "[Which model the train stage fits]", "[TODO]"))
    assert [one.gate.id for one in report.findings] == ["record-complete"]


def test_a_proposal_is_open(tmp_path: Path) -> None:
    """A proposed decision may still have its scope to write."""
    files = with_key(with_key(clean_log(), ADR3, "scope: {}"), ADR3, "status: proposed")
    report = checked(tmp_path, files)
    assert {one.effect for one in findings(report, GATE)} == {"open"}
    assert report.passed


def test_the_clean_log_is_specific(tmp_path: Path) -> None:
    """What the other tests change is sound to begin with."""
    assert messages(checked(tmp_path, clean_log())) == []
