"""Seeded defects: the command and the build find each of them, say where, and say it once."""

from __future__ import annotations

from pathlib import Path

import pytest
from runs import run_build, run_check
from seeds import ALL, Defect, together

from gatepost.check import Finding
from trees import check_tree, clean_log, messages, write_tree

each_defect = pytest.mark.parametrize("defect", ALL, ids=lambda defect: defect.name.replace(" ", "-"))


def the_one(root: Path, defect: Defect) -> Finding:
    """Give the one finding of a tree, which must be the defect's."""
    report = check_tree(root)
    assert len(report.findings) == 1, messages(report)
    (finding,) = report.findings
    assert (finding.gate.id, finding.path, finding.effect) == (defect.gate, f"docs/{defect.path}", "block")
    assert defect.says in finding.message
    return finding


@each_defect
def test_the_check_finds_it_once_and_says_where_and_how_to_mend_it(defect: Defect, tmp_path: Path) -> None:
    """One mistake gives one finding, with file, line, message and hint, and exit code 1."""
    root = write_tree(tmp_path, defect.seeded(clean_log()))
    finding = the_one(root, defect)
    code, output = run_check(root)
    assert code == 1
    assert "Traceback" not in output
    assert f"{finding.path}:{finding.line}:{finding.column}" in output
    assert " ".join(finding.message.split()) in output
    assert finding.hint
    assert f"hint: {finding.hint}" in output


@pytest.mark.slow
@each_defect
def test_the_strict_build_fails_with_the_same_message(defect: Defect, tmp_path: Path) -> None:
    """A strict build of the site stops on the same finding, said in the same words, once."""
    root = write_tree(tmp_path, defect.seeded(clean_log()))
    finding = the_one(root, defect)
    code, warnings = run_build(root)
    assert code == 1
    assert len(warnings) == 1
    assert f"{finding.path}:{finding.line}:{finding.column} {finding.gate.id} {finding.message}" in warnings[0]
    assert finding.hint in warnings[0]


def test_a_clean_log_gives_nothing(tmp_path: Path) -> None:
    """A log without a mistake passes both the check and the strict build, without a word of advice."""
    root = write_tree(tmp_path, clean_log())
    assert messages(check_tree(root)) == []
    assert run_check(root)[0] == 0
    assert run_build(root) == (0, [])


def test_all_of_them_are_reported_in_one_run(tmp_path: Path) -> None:
    """A hundred mistakes in one log are found in one run, and nothing else is."""
    log, expected = together(clean_log())
    root = write_tree(tmp_path, log)
    report = check_tree(root)
    found = [(one.gate.id, one.path.removeprefix("docs/"), one.message) for one in report.findings]
    missing = [
        (gate, path, says) for gate, path, says in expected if not any(is_it(gate, path, says, one) for one in found)
    ]
    surplus = [one for one in found if not any(is_it(*wanted, one) for wanted in expected)]
    assert (missing, surplus) == ([], [])
    assert len(found) == len(expected) > 90
    code, output = run_check(root)
    assert code == 1
    assert all(" ".join(message.split()) in output for _, _, message in found)


def test_one_build_reports_all_of_them(tmp_path: Path) -> None:
    """A strict build of that log warns of each mistake before it stops."""
    log, expected = together(clean_log())
    root = write_tree(tmp_path, log)
    code, warnings = run_build(root)
    assert code == 1
    assert len(warnings) == len(expected)
    assert all(any(f"docs/{path}:" in line and says in line for line in warnings) for _, path, says in expected)


def test_each_defect_has_a_name_of_its_own() -> None:
    """No two seeded defects share a name, so that a failing test says which one got through."""
    assert len({defect.name for defect in ALL}) == len(ALL)


def is_it(gate: str, path: str, says: str, found: tuple[str, str, str]) -> bool:
    """Tell whether a finding is the one that a defect must give."""
    return found[:2] == (gate, path) and says in found[2]
