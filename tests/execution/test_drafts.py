"""A draft finds what it runs: `gatepost dry-run --execute` of one that nobody has touched runs its commands."""

from __future__ import annotations

from pathlib import Path

import pytest
from pipelines import design, record, repository

from commands import command
from trees import git, write_tree

ROOT = """\
on: push
jobs:
  make:
    steps:
      - run: pip install -r requirements.lock
      - run: python docs/nightly/pipeline.py
"""
CODE = "from pathlib import Path\nassert Path('rows.json').exists() or Path('docs/nightly/rows.json').exists()\n"


def drafted(root: Path, definition: str, text: str, pipeline: str | None = None) -> Path:
    """Commit a design without a contract and a definition, and draft its contract."""
    root.mkdir()
    files = {name: one for name, one in design().items() if name != "nightly/pipeline.md"}
    write_tree(root, {**files, **({"nightly/pipeline.py": pipeline} if pipeline else {})})
    (root / definition).parent.mkdir(parents=True, exist_ok=True)
    (root / definition).write_text(text, encoding="utf-8")
    (root / ".gitignore").write_text("out/\n", encoding="utf-8")
    done = command(root, "new", "pipeline", "--from", definition, "--design", "nightly")
    assert done.code == 0, done.err
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "A draft")
    return root


@pytest.mark.slow
def test_an_exported_workflow_drafts_back_to_what_can_be_run(tmp_path: Path) -> None:
    """Every stage, handler and rollback runs, in the folder that the workflow names."""
    (tmp_path / "a").mkdir()
    text = command(repository(tmp_path / "a"), "export", "nightly", "--to", "github-actions").out
    root = drafted(tmp_path / "b", ".github/workflows/release.yml", text)
    done = command(root, "dry-run", "nightly", "--execute")
    found = record(root)
    assert found.result == "passed", done.out + done.err
    assert [one.outcome for one in found.clean_runs] == ["completed", "completed"]
    assert {"halted", "quarantined", "rolled-back"} <= {one.outcome for one in found.branches}


@pytest.mark.parametrize(
    ("definition", "text"),
    [
        (".github/workflows/make.yml", ROOT),
        (".gitlab-ci.yml", "make: {script: [cd docs/nightly, python pipeline.py]}\n"),
        ("dvc.yaml", "stages: {make: {cmd: python docs/nightly/pipeline.py}}\n"),
        ("docs/nightly/dvc.yaml", "stages: {make: {cmd: python pipeline.py, deps: [rows.json]}}\n"),
    ],
)
def test_a_draft_runs_where_its_definition_does(definition: str, text: str, tmp_path: Path) -> None:
    """At the root of the repository, or in the folder that the definition names."""
    root = drafted(tmp_path / "a", definition, text, CODE)
    done = command(root, "dry-run", "nightly", "--execute")
    assert [one.outcome for one in record(root).clean_runs] == ["completed", "completed"], done.out + done.err


def test_the_check_asks_for_the_script_that_several_commands_want(tmp_path: Path) -> None:
    """The mark is a finding with its place, and what it stands for is not run by halves."""
    text = "on: push\njobs: {make: {steps: [{run: python docs/nightly/pipeline.py}, {run: mkdir -p out}]}}\n"
    root = drafted(tmp_path / "a", ".github/workflows/make.yml", text, CODE)
    said = " ".join(command(root, "check").out.split())
    assert "the placeholder <one script for these commands> is left" in said
    assert "the stage make has no command" in said
    done = command(root, "dry-run", "nightly", "--execute")
    assert "stages.make has no `run`, so it cannot be run" in " ".join(done.err.split())
