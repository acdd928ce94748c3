"""What a contract breaks by itself is told by an executed dry run as well, however well its commands behave."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pipelines import CONTRACT, design, executed, record

from commands import command

WITHOUT_ROLLBACK = re.sub(r" +rollback: .*\n", "", CONTRACT)


def test_a_run_of_a_contract_that_cannot_be_undone_does_not_end_well(tmp_path: Path) -> None:
    """Whoever runs `--execute` alone sees what the simulation sees, by exit code, in words and in the record."""
    done = executed(tmp_path, design(WITHOUT_ROLLBACK), "--in-toto", "run.json")
    said = " ".join(done.out.split())
    assert done.code == 1
    assert "BROKEN rollback-complete stages.promote promote reaches production and cannot be undone" in said
    assert "Dry run passed, on a contract that is broken." in said
    assert "The contract itself breaks rollback-complete" in said
    found = record(tmp_path)
    assert (found.result, found.broken) == ("passed", ("rollback-complete",))
    (page,) = (tmp_path / "docs/nightly/evidence/dry-runs").glob("*.md")
    assert "**Passed, on a contract that is broken.**" in page.read_text(encoding="utf-8")
    assert "The contract itself breaks rollback-complete" in page.read_text(encoding="utf-8")
    stated = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["predicate"]
    assert (stated["result"], stated["failedTests"]) == ("FAILED", ["the contract keeps rollback-complete"])
    plain = command(tmp_path, "dry-run", "nightly", "--quiet")
    assert plain.code == done.code
    assert plain.out.partition("BROKEN")[2].splitlines()[:4] == done.out.partition("BROKEN")[2].splitlines()[:4]


@pytest.mark.slow
def test_a_run_of_a_sound_contract_breaks_nothing(tmp_path: Path) -> None:
    """Nothing is told and nothing is written down where every invariant holds."""
    done = executed(tmp_path, design())
    assert (done.code, record(tmp_path).broken) == (0, ())
    assert "BROKEN" not in done.out
    assert "breaks" not in done.out
