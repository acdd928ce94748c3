"""The package that the guide shows adds a gate that fails and passes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from guide_pages import GUIDE, blocks, write_files

from gatepost.check import load_gates
from trees import checked, clean_log, edited, findings, outcome

FILES = {block.title: block.text for block in blocks(GUIDE / "own-gate.md") if block.title}
BATCH = "churn/decisions/0002-batch-scoring.md"


@pytest.fixture(autouse=True)
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the module and the entry point where an installation of the package would put them."""
    project = tomllib.loads(FILES["pyproject.toml"])["project"]
    points = project["entry-points"]["gatepost.gates"]
    info = f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    lines = [f"{name} = {value}" for name, value in points.items()]
    site = tmp_path / "site-packages"
    write_files(
        site,
        {
            "acme_gates.py": FILES["acme_gates.py"],
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n",
            f"{info}/entry_points.txt": "\n".join(["[gatepost.gates]", *lines, ""]),
        },
    )
    monkeypatch.syspath_prepend(str(site))


@pytest.fixture(name="root")
def _root(tmp_path: Path) -> Path:
    root = tmp_path / "log"
    root.mkdir()
    return root


def test_the_gate_is_found() -> None:
    """The entry point alone makes the gate one that is asked."""
    assert [(gate.id, gate.code) for gate in load_gates()][-1] == ("two-deciders", "ACME1")


def test_the_gate_fails_on_one_decision_maker(root: Path) -> None:
    """A decision that changes production and names one person fails, at the field, with the number."""
    files = edited(clean_log(), BATCH, "decision-makers: [Ana Ruiz, Tom Berg]", "decision-makers: [Ana Ruiz]")
    report = checked(root, files)
    (found,) = findings(report, "two-deciders")

    assert found.message == "a decision that changes production names 1 decision maker"
    assert (found.path, found.field) == (f"docs/{BATCH}", "decision-makers")
    assert not report.passed


def test_the_gate_passes_on_two_decision_makers(root: Path) -> None:
    """A decision that changes production and names two people passes; one that does not is not asked."""
    report = checked(root, clean_log())

    assert outcome(report, "ADR-2", "two-deciders").state == "pass"
    assert outcome(report, "ADR-3", "two-deciders").state == "not-applicable"
    assert report.passed
