"""The worked designs really run: cleanly, with a rollback that happens, and with the limits of their contracts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DESIGNS = Path(__file__).parents[2] / "designs"
FRAUD = DESIGNS / "fraud-realtime"


class Copy:
    """A copy of a design's pipeline, run stage by stage as processes of their own."""

    def __init__(self, design: Path, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(design / "pipeline", folder / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))

    def run(self, name: str, run: str = "1") -> subprocess.CompletedProcess[str]:
        """Run one command."""
        return subprocess.run(
            [sys.executable, "-B", "pipeline/pipeline.py", name],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "GATEPOST_RUN": run},
            capture_output=True,
            text=True,
            check=False,
        )

    def text(self, path: str) -> str:
        """Read a file of the copy."""
        return (self.folder / path).read_text(encoding="utf-8")


def test_the_fraud_pipeline_runs_and_takes_a_breached_canary_back(tmp_path: Path) -> None:
    """The second release meets shifted traffic: the canary exits with 10, and the route has its old bytes."""
    copy = Copy(FRAUD, tmp_path)
    assert copy.run("all").returncode == 0
    before = copy.text("out/production/route.json")
    for name in ("package", "latency", "latency-gate", "shadow", "shadow-gate", "approve"):
        assert copy.run(name, "2").returncode == 0
    replay = tmp_path / "pipeline/data/replay.json"
    data = json.loads(replay.read_text(encoding="utf-8"))
    for one in data["payments"]:
        one.update(new_device=1, abroad=1)
    replay.write_text(json.dumps(data), encoding="utf-8")
    done = copy.run("canary", "2")
    assert done.returncode == 10
    assert "at 1 % of the traffic alert_rate <= 0.1: found" in done.stdout
    assert copy.text("out/production/route.json") == before


def test_a_first_fraud_release_that_is_rolled_back_leaves_the_rules_engine(tmp_path: Path) -> None:
    """There is no release before the first one; a rollback of another run's release does nothing."""
    copy = Copy(FRAUD, tmp_path)
    assert copy.run("all").returncode == 0
    served = copy.text("out/production/route.json")
    assert copy.run("rollback", "another").returncode == 0
    assert copy.text("out/production/route.json") == served
    assert copy.run("rollback").returncode == 0
    assert json.loads(copy.text("out/production/route.json"))["answers"] == "rules-engine"


@pytest.mark.parametrize(
    ("path", "stage", "change"),
    [
        ("out/metrics.json", "quality-gate", {"auc": 0.849999}),
        ("out/metrics.json", "quality-gate", {"auc": float("nan")}),
        ("out/metrics.json", "quality-gate", {"recall_at_fpr1": None}),
        ("out/shadow.json", "shadow-gate", {"alert_rate": 0.200001}),
        ("out/latency.json", "latency-gate", {"skew_max": 1e-9}),
    ],
)
def test_a_fraud_gate_rejects_what_its_contract_rejects(
    path: str, stage: str, change: dict[str, object], tmp_path: Path
) -> None:
    """Beside a limit, without a number, or not a number: exit code 10, and the stage behind it does not run."""
    copy = Copy(FRAUD, tmp_path)
    assert copy.run("all").returncode == 0
    data = json.loads(copy.text(path))
    (tmp_path / path).write_text(json.dumps({**data, **change}), encoding="utf-8")
    assert copy.run(stage).returncode == 10
    assert copy.run("package" if stage == "quality-gate" else "canary", "2").returncode == 10
