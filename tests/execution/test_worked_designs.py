"""The executed dry run of each worked design passes, and fails where its handler is sabotaged."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from commands import command
from trees import git

DESIGNS = Path(__file__).parents[2] / "designs"
NAMES = sorted(path.parent.name for path in DESIGNS.glob("*/pipeline.md"))

pytestmark = pytest.mark.slow


def repository(name: str, root: Path) -> Path:
    """Commit a copy of one worked design, without its records of dry runs, to a fresh repository."""
    ignored = shutil.ignore_patterns("out", "__pycache__", "dry-runs")
    shutil.copytree(DESIGNS / name, root / "docs" / name, ignore=ignored)
    (root / "mkdocs.yml").write_text("site_name: x\nplugins: [gatepost]\n", encoding="utf-8")
    git(root, "init", "--quiet", "--initial-branch=main")
    return root


def commit(root: Path) -> None:
    """Commit what is there."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "The design")


@pytest.mark.parametrize("name", NAMES)
def test_the_dry_run_of_a_worked_design_passes(name: str, tmp_path: Path) -> None:
    """Every branch that can be provoked ends as promised, every probe agrees, every artifact repeats as claimed."""
    root = repository(name, tmp_path)
    commit(root)
    done = command(root, "dry-run", name, "--execute")
    assert done.code == 0, done.out + done.err
    executed, simulated = map(int, re.search(r"(\d+) of (\d+) simulated", done.out).groups())  # type: ignore[union-attr]
    assert executed > simulated * 3 // 4


@pytest.mark.parametrize("name", NAMES)
def test_a_sabotaged_rollback_is_found_and_named(name: str, tmp_path: Path) -> None:
    """With a rollback command that fails, the run fails and says which branch and which command show it."""
    root = repository(name, tmp_path)
    contract = root / "docs" / name / "pipeline.md"
    text = contract.read_text(encoding="utf-8")
    sabotaged = text.replace("pipeline.py rollback", "pipeline.py no-such-command")
    assert sabotaged != text
    contract.write_text(sabotaged, encoding="utf-8")
    commit(root)
    done = command(root, "dry-run", name, "--execute")
    assert done.code == 1, done.out + done.err
    said = " ".join(done.out.split())
    assert re.search(r"rollback of [\w-]+ exits [1-9]\d*, not 0", said), said
    assert "DIFFERS" in done.out


@pytest.mark.parametrize("name", NAMES)
def test_the_record_in_the_repository_is_of_today_s_contract(name: str) -> None:
    """What is committed as evidence says that it passed; the gate holds it to contract and files."""
    records = sorted((DESIGNS / name / "evidence" / "dry-runs").glob("*.md"))
    assert records, f"run `gatepost dry-run {name} --execute` and commit its record"
    assert "\nresult: passed\n" in records[-1].read_text(encoding="utf-8")
