"""Seeded defects of a history: the command and the build find each of them, say where, and say it once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from runs import run_build, run_check
from seeds_history import LAPSES

from gatepost.check import Finding
from trees import check_tree, clean_log, messages

if TYPE_CHECKING:
    from lives import Lapse

each_lapse = pytest.mark.parametrize("lapse", LAPSES, ids=lambda lapse: lapse.name.replace(" ", "-"))


def the_one(root: Path, lapse: Lapse) -> Finding:
    """Give the one finding of a log, which must be the lapse's."""
    report = check_tree(root)
    assert len(report.findings) == 1, messages(report)
    (finding,) = report.findings
    assert (finding.gate.id, finding.path, finding.effect) == (lapse.gate, f"docs/{lapse.path}", "block")
    assert lapse.says in finding.message
    return finding


@each_lapse
def test_the_check_finds_it_once_and_says_where_and_how_to_mend_it(lapse: Lapse, tmp_path: Path) -> None:
    """One mistake gives one finding, with file, line, message and hint, and exit code 1."""
    root = lapse.lived(tmp_path, clean_log())
    finding = the_one(root, lapse)
    code, output = run_check(root)
    assert code == 1
    assert "Traceback" not in output
    assert f"{finding.path}:{finding.line}:{finding.column}" in output
    assert " ".join(finding.message.split()) in output
    assert finding.hint
    assert f"hint: {finding.hint}" in output


@pytest.mark.slow
@each_lapse
def test_the_strict_build_fails_with_the_same_message(lapse: Lapse, tmp_path: Path) -> None:
    """A strict build of the site stops on the same finding, said in the same words, once."""
    root = lapse.lived(tmp_path, clean_log())
    finding = the_one(root, lapse)
    code, warnings = run_build(root)
    assert code == 1
    assert len(warnings) == 1
    assert f"{finding.path}:{finding.line}:{finding.column} {finding.gate.id} {finding.message}" in warnings[0]
    assert finding.hint in warnings[0]


def test_each_lapse_has_a_name_of_its_own() -> None:
    """No two of them share a name, so that a failing test says which one got through."""
    assert len({lapse.name for lapse in LAPSES}) == len(LAPSES) > 20
