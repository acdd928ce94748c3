"""What checking gives: findings that stay the same findings, and an answer that fails closed."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from gatepost.book import read_book, read_text
from gatepost.check import GateLoadError, Report, check_project
from gatepost.check.engine import check_book
from gatepost.gates import GATES, Context, Gate, Verdict
from gatepost.sources import find_project
from trees import TODAY, clean_log, findings, outcome, write_tree

POOR = "---\nid: ADR-1\ntitle: T\nstatus: {status}\ndate: 2026-01-01\ndecision-makers: [a]\nchosen: {chosen}\n---\n"


def report(status: str = "accepted", chosen: str = "A", path: str = "decisions/1.md", above: str = "") -> Report:
    """Check one poor decision."""
    text = POOR.format(status=status, chosen=chosen).replace("---\n", f"---\n{above}", 1)
    return check_book(read_book([read_text(path, text)]), TODAY)


def test_a_clean_log_has_no_findings(tmp_path: Path) -> None:
    """The tests' complete log passes, and the collector of garbage is on again afterwards."""
    found = check_project(find_project(write_tree(tmp_path, clean_log())), TODAY)
    assert (found.findings, found.passed) == ((), True)
    assert gc.isenabled()


def test_a_finding_stays_the_same_wherever_it_moves() -> None:
    """A fingerprint knows gate, record, field and value; a new line above and a new path change none of it."""
    before = {one.fingerprint for one in report().findings}
    assert {one.fingerprint for one in report(path="other/decisions/9.md", above="# a comment\n").findings} == before
    assert {one.fingerprint for one in report(above="x-note: a\n").findings} == before


def test_findings_come_by_path_line_and_column() -> None:
    """A reader goes through a file from top to bottom."""
    places = [(one.path, one.position, one.gate.code) for one in report().findings]
    assert places == sorted(places)


@pytest.mark.parametrize(("status", "effect"), [("proposed", "open"), ("accepted", "block")])
def test_quality_is_open_until_the_decision_is_taken(status: str, effect: str) -> None:
    """The same failure does not block a proposal, and blocks what was accepted."""
    found = outcome(report(status), "ADR-1", "scope-explicit")
    assert (found.state, found.effect) == ("fail", effect)


def test_a_message_is_one_line_that_a_terminal_can_show() -> None:
    """Escapes, line ends and a value as long as a book never reach the reader."""
    options = 'options: [{name: "A"}, {name: "\\e[31m\\n\\u202e' + "x" * 5000 + '"}]\n'
    long = max((one.message for one in report(above=options).findings), key=len)
    assert len(long) == 1000
    assert long.isprintable()


def test_a_gate_that_breaks_is_not_met(tmp_path: Path) -> None:
    """An exception in one gate is a failure of that gate on that record, named, and the others are asked."""

    def breaks(_entry: object, _context: Context) -> Verdict:
        message = "the gate's own fault"
        raise RuntimeError(message)

    gate = Gate("broken-gate", "XX001", "integrity", frozenset({"decision"}), "Never.", breaks)
    root = write_tree(tmp_path, clean_log())
    book = check_project(find_project(root), TODAY).book
    found = check_book(book, TODAY, (*GATES, gate))
    assert not found.passed
    assert found.states["error"] == len(book.of_kind("decision"))
    assert findings(found, "broken-gate")[0].message == "the gate itself broke: RuntimeError: the gate's own fault"


def test_two_gates_of_one_name_are_refused() -> None:
    """A name leads to one gate."""
    with pytest.raises(ValueError, match="two gates are called in-scope"):
        check_book(read_book([]), TODAY, (*GATES, next(gate for gate in GATES if gate.id == "in-scope")))
    assert issubclass(GateLoadError, Exception)
