"""`gatepost init`: a log that works as it stands, and nothing overwritten."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from commands import command
from gatepost.cli.templates import template_root
from trees import check_tree, clean_log, git, messages, write_tree


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """Give an empty folder in which `init` was run and everything committed."""
    git(tmp_path, "init", "--quiet")
    run = command(tmp_path, "init")
    assert run.code == 0, run.err
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "Start")
    return tmp_path


def test_what_init_lays_down_meets_every_gate(fresh: Path) -> None:
    """The starter has no finding but what to do next, nothing unknown, and each kind of record."""
    report = check_tree(fresh)
    (told,) = messages(report)
    assert told.endswith("no dry run of this contract was executed")
    assert [one.effect for one in report.findings] == ["advise"]
    assert report.states["unknown"] == 0
    assert report.passed
    assert {record.entry.kind for record in report.records} == {
        "decision",
        "risk",
        "follow-up",
        "design",
        "pipeline",
        "checklist",
        "policy",
    }


def test_what_init_lays_down_builds_strictly(fresh: Path) -> None:
    """`mkdocs build --strict` passes on the starter as it stands."""
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=fresh,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (fresh / "site" / "index.html").is_file()


def test_the_starter_says_the_numbers_that_its_pipeline_gives(fresh: Path) -> None:
    """The evidence is what `probe` measures, the gate's metric is what `evaluate` measures, and a rollback works."""
    design = fresh / "designs" / "late-parcels"
    written = json.loads((design / "evidence" / "metrics.json").read_text(encoding="utf-8"))
    for stage in ("prepare", "train", "evaluate", "package", "promote", "rollback", "probe"):
        subprocess.run([sys.executable, "pipeline.py", stage], cwd=design, check=True)
    assert json.loads((design / "evidence" / "metrics.json").read_text(encoding="utf-8")) == written
    assert json.loads((design / "out" / "metrics.json").read_text(encoding="utf-8"))["auc"] == written["auc"]
    assert not (design / "out" / "production" / "bundle.json").exists()
    assert git(fresh, "status", "--porcelain") == ""


def release(fresh: Path, stage: str, run: str) -> str:
    """Run a stage of the example as a release, and give what it leaves in production."""
    design = fresh / "designs" / "late-parcels"
    env = {**os.environ, "GATEPOST_RUN": run}
    subprocess.run([sys.executable, "pipeline.py", stage], cwd=design, env=env, check=True)
    live = design / "out" / "production" / "bundle.json"
    return json.loads(live.read_text(encoding="utf-8"))["release"] if live.exists() else "none"


def test_a_rollback_of_the_starter_undoes_its_own_release_and_no_other(fresh: Path) -> None:
    """Whether the release was promoted twice or not at all, what was there before is there again."""
    for stage in ("prepare", "train", "evaluate", "package"):
        release(fresh, stage, "1")
    served = [release(fresh, stage, run) for stage, run in [("promote", "1"), ("promote", "2"), ("promote", "2")]]
    assert served == ["1", "2", "2"]
    assert release(fresh, "rollback", "3") == "2"
    assert [release(fresh, "rollback", "2"), release(fresh, "rollback", "2")] == ["1", "1"]
    assert [release(fresh, "rollback", "1"), release(fresh, "rollback", "1")] == ["none", "none"]


@pytest.mark.slow
def test_the_executed_dry_run_of_the_starter_passes_and_sees_production(fresh: Path) -> None:
    """What `init` lays down keeps its contract under injected faults, and its record is a page without a finding."""
    done = command(fresh, "dry-run", "late-parcels", "--execute")
    assert done.code == 0, done.out + done.err
    assert "Production was not observed" not in done.out
    assert messages(check_tree(fresh)) == []
    built = subprocess.run([sys.executable, "-m", "mkdocs", "build", "--strict"], cwd=fresh, check=False)
    assert built.returncode == 0


def test_a_second_init_changes_nothing(fresh: Path) -> None:
    """What is there is kept, and said to be kept."""
    run = command(fresh, "init")
    assert run.code == 0
    assert "created" not in run.out
    assert "kept     mkdocs.yml" in run.out
    assert git(fresh, "status", "--porcelain") == ""


def test_a_site_that_is_there_keeps_its_files_and_is_told_what_to_add(tmp_path: Path) -> None:
    """In an MkDocs repository the records go to its docs folder; mkdocs.yml is left alone, and the plugin is named."""
    (tmp_path / "handbook").mkdir()
    (tmp_path / "handbook" / "index.md").write_text("# Hi\n", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text("site_name: x\ndocs_dir: handbook\n", encoding="utf-8")
    run = command(tmp_path, "init")
    assert run.code == 0
    assert "created  handbook/policy.md" in run.out
    assert "    plugins:\n      - search\n      - gatepost\n" in run.out
    assert (tmp_path / "mkdocs.yml").read_text(encoding="utf-8") == "site_name: x\ndocs_dir: handbook\n"
    assert (tmp_path / "handbook" / "index.md").read_text(encoding="utf-8") == "# Hi\n"
    assert not (tmp_path / ".gitignore").exists()


def test_a_site_that_names_the_plugin_is_told_nothing(tmp_path: Path) -> None:
    """Whoever has the plugin already is not told to add it."""
    root = write_tree(tmp_path, {"index.md": "# Hi\n"})
    assert "Add the plugin" not in command(root, "init").out


def test_a_log_that_has_records_gets_no_example(tmp_path: Path) -> None:
    """An example beside real records would take their ids; it is left out, and said so."""
    root = write_tree(tmp_path, clean_log(), commit=True)
    run = command(root, "init")
    assert "has 11 records already, so the example was left out" in run.out
    assert git(root, "status", "--porcelain") == ""
    assert check_tree(root).passed


def test_the_example_can_be_left_out(tmp_path: Path) -> None:
    """`--no-example` lays down the configuration and the policy only."""
    run = command(tmp_path, "init", "--no-example")
    assert [line.split()[1] for line in run.out.splitlines() if line.startswith("created")] == [
        "mkdocs.yml",
        ".gitignore",
        "designs/policy.md",
    ]


@pytest.mark.parametrize(
    ("forge", "path"), [("github", ".github/workflows/gatepost.yml"), ("gitlab", ".gitlab-ci.yml")]
)
def test_a_workflow_is_added_only_where_it_is_asked_for(tmp_path: Path, forge: str, path: str) -> None:
    """`--ci` adds one file, which is YAML, fetches the whole history, checks and builds."""
    command(tmp_path, "init")
    assert not (tmp_path / path).exists()
    command(tmp_path, "init", "--ci", forge)
    text = (tmp_path / path).read_text(encoding="utf-8")
    job = yaml.safe_load(text)
    if forge == "github":
        assert job["jobs"]["gates"]["steps"][0]["with"]["fetch-depth"] == 0
    else:
        assert job["gatepost"]["variables"]["GIT_DEPTH"] == "0"
    assert "gatepost check" in text
    assert "mkdocs build --strict" in text


def test_the_docs_folder_can_be_chosen(tmp_path: Path) -> None:
    """`--docs` names the folder in mkdocs.yml, and the log works there."""
    command(tmp_path, "init", "--docs", "handbook/log")
    assert "docs_dir: handbook/log" in (tmp_path / "mkdocs.yml").read_text(encoding="utf-8")
    assert command(tmp_path, "check").code == 0


def test_a_docs_folder_outside_is_refused(tmp_path: Path) -> None:
    """Nothing is laid down outside the folder that the command was run in."""
    here = tmp_path / "here"
    here.mkdir()
    run = command(here, "init", "--docs", "../elsewhere")
    assert run.code == 3
    assert list(tmp_path.iterdir()) == [here]


def test_the_templates_hold_nothing_but_what_is_shipped() -> None:
    """The templates have one for each kind of record, and no leftovers of a run; bytecode is the installer's."""
    root = template_root()
    files = (path for path in root.rglob("*") if path.is_file() and path.suffix != ".pyc")
    names = {path.relative_to(root).as_posix() for path in files}
    assert {
        f"{kind}.md" for kind in ("decision", "risk", "follow-up", "design", "pipeline", "checklist", "policy")
    } <= names
    assert not [name for name in names if "/out/" in name]
