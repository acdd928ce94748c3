"""What the engine makes of a gate's answer, whatever the gate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gatepost.book import Fault
from gatepost.check import Report, check_book, read_project
from gatepost.gates import GATES, Because, Gate, GateKind, NotApplicable, Passed, Unknown
from gatepost.sources import find_project
from trees import TODAY, check_tree, checked, clean_log, edited, outcome, with_key, write_tree

ADR3 = "churn/decisions/0003-logistic-regression.md"


def own_gate(check: Callable[..., Any], kind: GateKind = "quality") -> Gate:
    """Give a gate of another package."""
    return Gate("own-gate", "OWN1", kind, frozenset({"decision"}), "It is as we like it.", check)


def asked(tmp_path: Path, check: Callable[..., Any], kind: GateKind = "quality", **files: str) -> Report:
    """Check the clean log with a gate of another package beside Gatepost's own."""
    root = write_tree(tmp_path, files or clean_log())
    return check_book(read_project(find_project(root)), TODAY, [*GATES, own_gate(check, kind)])


def _raise(*_: object) -> None:
    message = "division by zero, probably"
    raise ArithmeticError(message)


def _raise_late(*_: object) -> Any:
    yield Fault("one", "mend it")
    _raise()


@pytest.mark.parametrize(
    "check",
    [_raise, _raise_late, lambda *_: None, lambda *_: 7, lambda *_: ["text"], lambda *_: [Fault("m", "h", object())]],
    ids=["raises", "raises late", "gives nothing", "gives a number", "gives text", "a place that is none"],
)
def test_a_gate_that_breaks_is_not_met_and_stops_nothing(check: Callable[..., Any], tmp_path: Path) -> None:
    """Gates fail closed: a broken one counts as a failure, is named, and all the others are still asked."""
    report = asked(tmp_path, check)
    stands = outcome(report, "ADR-3", "own-gate")
    assert (stands.state, stands.effect, stands.is_failure) == ("error", "block", True)
    (finding,) = stands.findings
    assert finding.message.startswith("the gate itself broke: ")
    assert finding.hint
    assert not report.passed
    assert outcome(report, "ADR-3", "risks-owned").state == "pass"


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        ((), "pass"),
        ([], "pass"),
        (iter(()), "pass"),
        (NotApplicable("why"), "not-applicable"),
        (Unknown("no network"), "unknown"),
        (Because(("RISK-0001",)), "fail"),
        (Passed((Fault("soon", "plan it"),)), "pass"),
        ([Fault("bad", "mend it")], "fail"),
    ],
)
def test_each_answer_has_its_state(verdict: Any, state: str, tmp_path: Path) -> None:
    """What a gate answers is one of five states; a sixth, waived, is the policy's."""
    assert outcome(asked(tmp_path, lambda *_: verdict), "ADR-3", "own-gate").state == state


@pytest.mark.parametrize(
    ("status", "kind", "effect"),
    [
        ("accepted", "quality", "block"),
        ("proposed", "quality", "open"),
        ("proposed", "integrity", "block"),
        ("proposed", "stop", "block"),
        ("proposed", "escalation", "block"),
        ("rejected", "integrity", "block"),
        ("rejected", "stop", "block"),
        ("rejected", "quality", "none"),
        ("deprecated", "quality", "none"),
    ],
)
def test_what_a_failure_does(status: str, kind: GateKind, effect: str, tmp_path: Path) -> None:
    """Quality is open on a proposal and leaves history alone; the other kinds block in every status."""
    files = with_key(clean_log(), ADR3, f"status: {status}")
    report = asked(tmp_path, lambda *_: [Fault("bad", "mend it")], kind, **files)
    assert outcome(report, "ADR-3", "own-gate").effect == effect


def test_two_gates_of_one_name_are_refused(tmp_path: Path) -> None:
    """A gate cannot take the place of another one."""
    book = read_project(find_project(write_tree(tmp_path, clean_log())))
    twin = Gate("in-scope", "OWN1", "quality", frozenset({"decision"}), "It is as we like it.", lambda *_: ())
    with pytest.raises(ValueError, match="two gates are called in-scope"):
        check_book(book, TODAY, [*GATES, twin])


def test_the_order_of_files_does_not_matter(tmp_path: Path) -> None:
    """The same files written in another order give the same findings in the same order."""
    files = with_key(edited(clean_log(), ADR3, "security: 4, ", ""), ADR3, "relates: [ADR-9]")
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    backwards = dict(reversed(list(files.items())))
    first, second = checked(one, files), checked(other, backwards)
    assert [(x.path, x.line, x.message, x.fingerprint) for x in first.findings] == [
        (x.path, x.line, x.message, x.fingerprint) for x in second.findings
    ]


def test_a_finding_keeps_its_fingerprint_when_it_moves(tmp_path: Path) -> None:
    """Neither the line nor the path makes a finding another one; the value does."""
    files = with_key(clean_log(), ADR3, "relates: [ADR-9]")
    moved = {
        path.replace("0003-logistic", "0003-simple"): text.replace("id: ADR-0003", "x-n: 1\nid: ADR-0003")
        for path, text in files.items()
    }
    changed = with_key(clean_log(), ADR3, "relates: [ADR-8]")
    prints = []
    for number, tree in enumerate((files, moved, changed)):
        folder = tmp_path / str(number)
        folder.mkdir()
        (finding,) = check_tree(write_tree(folder, tree)).findings
        prints.append((finding.fingerprint, finding.line))
    assert prints[0][0] == prints[1][0] != prints[2][0]
    assert prints[0][1] != prints[1][1]


def test_the_same_tree_and_day_give_the_same_report(tmp_path: Path) -> None:
    """Nothing but the files and the day goes into a report."""
    root = write_tree(tmp_path, with_key(clean_log(), ADR3, "relates: [ADR-9]"))
    assert check_tree(root).findings == check_tree(root).findings
