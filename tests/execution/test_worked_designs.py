"""The executed dry run of each worked design passes, and fails where one of its answers to a fault is sabotaged."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import frontmatter
import pytest
import yaml

from commands import command
from gatepost.records import DryRun
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
    """Every branch that can be provoked ends as promised, every probe agrees, every artifact repeats as claimed.

    Each answer that a branch calls for has a command; without one it would be sabotaged in vain.
    """
    root = repository(name, tmp_path)
    commit(root)
    done = command(root, "dry-run", name, "--execute")
    assert done.code == 0, done.out + done.err
    executed, simulated = map(int, re.search(r"(\d+) of (\d+) simulated", done.out).groups())  # type: ignore[union-attr]
    assert executed > simulated * 3 // 4
    assert "Nothing was run for" not in done.out
    assert "Not probed:" not in done.out


def lines_of(name: str) -> dict[str, list[str]]:
    """Give the commands that answer to a fault, as a contract names them: each handler's, and each rollback's."""
    text = (DESIGNS / name / "pipeline.md").read_text(encoding="utf-8")
    data = yaml.safe_load(text.split("---\n")[1])
    backs = [back["run"] for one in data["stages"].values() if (back := one.get("rollback"))]
    return {"rollback": backs, **{action: [run] for action, run in data.get("handlers", {}).items()}}


DRIFTED = {
    "churn-batch": ("churn", 'Limit("opt_out_rate", "<=", 0.02)', 'Limit("opt_out_rate", "<=", 0.03)'),
    "fraud-realtime": ("fraud", '"p99_ms > 50"', '"p99_ms > 60"'),
    "ticket-routing": ("routing", '"late_escalations > 2"', '"late_escalations > 3"'),
}
"""For each design its package, a limit of a rollback in the code, and a laxer one."""
LIMIT_FOUND = {
    "churn-batch": ("publish", "opt_out_rate > 0.02", "0.020001", "pass"),
    "fraud-realtime": ("canary", "p99_ms > 50", "50.00005", "pass"),
    "ticket-routing": ("promote-production", "late_escalations > 2", "2.000002", "pass"),
}
IDLE = "python -c pass"
"""A command that says that all is well and does nothing."""


def exits(code: int) -> str:
    """Give a command that fails."""
    return f"python -c raise\\ SystemExit({code})"


def sabotaged(
    name: str, instead: dict[str, str], root: Path, *, is_laxer: bool = False
) -> tuple[list[tuple[str, str, str, str]], list[tuple[str, str]]]:
    """Run a design with some of its answers replaced; give each probe that disagrees, and each branch, with how.

    What is broken at once has to show in different branches, since each tells the first thing that differs.

    Args:
        name: the design.
        instead: for some actions the command that is run in their place.
        root: where.
        is_laxer: whether a limit of a rollback is laxer in the code, too, which probes show and no branch.
    """
    contract = repository(name, root) / "docs" / name / "pipeline.md"
    if is_laxer:
        package, documented, laxer = DRIFTED[name]
        code = contract.parent / "pipeline" / package / "gates.py"
        written = code.read_text(encoding="utf-8")
        assert written.count(documented) == 1
        code.write_text(written.replace(documented, laxer), encoding="utf-8")
    text = contract.read_text(encoding="utf-8")
    for action, command_line in instead.items():
        for run in dict.fromkeys(lines_of(name)[action]):
            assert f": {run}\n" in text
            text = text.replace(f": {run}\n", f": {command_line}\n")
    contract.write_text(text, encoding="utf-8")
    commit(root)
    done = command(root, "dry-run", name, "--execute")
    assert done.code == 1, done.out + done.err
    (path,) = (root / "docs" / name / "evidence" / "dry-runs").glob("*.md")
    record = DryRun.model_validate(frontmatter.load(str(path)).metadata)
    assert record.result == "failed"
    differing = [(one.branch, one.outcome) for one in record.branches if not one.passed]
    said = " ".join(done.out.split())
    assert "DIFFERS {} {};".format(*differing[0]) in said
    wrong = [(one.gate, one.condition, one.value, one.outcome) for one in record.probes if not one.passed]
    return wrong, differing


@pytest.mark.parametrize("name", NAMES)
def test_sabotaged_handlers_and_a_laxer_limit_are_found_and_named(name: str, tmp_path: Path) -> None:
    """With handlers that fail, the run fails and says which branches show which of them; nothing else differs.

    Beside them the watch in the code goes on beyond the limit that the contract documents: named, with the value.
    """
    codes = {action: code for code, action in enumerate(lines_of(name), 40) if action != "rollback"}
    assert set(codes) == {"alert", "page", "quarantine"}
    wrong, differing = sabotaged(name, {one: exits(code) for one, code in codes.items()}, tmp_path, is_laxer=True)
    outcomes = {outcome for _, outcome in differing}
    assert outcomes == {f"{action} exits {code}, not 0" for action, code in codes.items()}
    assert LIMIT_FOUND[name] in wrong


@pytest.mark.parametrize("name", NAMES[:1])
def test_a_sabotaged_rollback_and_an_idle_quarantine_are_found_and_named(name: str, tmp_path: Path) -> None:
    """With a rollback that fails, the run fails and says which branches show it; nothing else differs.

    But for where a candidate is rejected: the quarantine says that all is well, and the candidate is where it was.
    """
    _, differing = sabotaged(name, {"rollback": exits(9), "quarantine": IDLE}, tmp_path)
    idle = [(branch, outcome) for branch, outcome in differing if outcome.startswith("quarantine ")]
    assert idle
    for branch, outcome in idle:
        assert branch.endswith(" reject")
        assert re.match(r"quarantine exits 0 and leaves out/\S+ as it was: let it move or mark", outcome), outcome
    back = [one for one in differing if one not in idle]
    assert back
    for branch, outcome in back:
        assert re.fullmatch(r"rollback of [\w-]+ exits 9, not 0", outcome), (branch, outcome)


def test_a_rollback_that_does_nothing_is_found_by_what_is_served(tmp_path: Path) -> None:
    """Its exit code says that all is well; what users get does not."""
    _, differing = sabotaged("fraud-realtime", {"rollback": IDLE}, tmp_path)
    assert any("first release" in branch for branch, _ in differing)
    for branch, outcome in differing:
        assert re.search(r"not what it was before the release|still serves the release", outcome), (branch, outcome)


@pytest.mark.parametrize("name", NAMES)
def test_the_record_in_the_repository_is_of_today_s_contract(name: str) -> None:
    """What is committed as evidence passed, and tried every limit; the gate holds it to contract and files."""
    records = sorted((DESIGNS / name / "evidence" / "dry-runs").glob("*.md"))
    assert records, f"run `gatepost dry-run {name} --execute` and commit its record"
    record = DryRun.model_validate(frontmatter.load(str(records[-1])).metadata)
    assert (record.result, record.not_probed) == ("passed", ())
