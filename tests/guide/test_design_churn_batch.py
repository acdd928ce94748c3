"""The worked design of churn scoring answers a rejection as its contract says: told, and kept from being released."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from design_runs import DESIGNS, contract_of, copy_of, run

from gatepost.pipeline import Contract

DESIGN = DESIGNS / "churn-batch"
CURRENT = "out/production/current.json"
COMMAND = "python pipeline/pipeline.py"


def contract() -> Contract:
    """Read the contract."""
    return contract_of("churn-batch")


def notices(folder: Path) -> list[dict[str, str]]:
    """Give what people were told."""
    return [json.loads(line) for line in (folder / "out/notices.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder in which one release was made."""
    folder = copy_of("churn-batch", tmp_path_factory.mktemp("once") / "design")
    assert run(folder, f"{COMMAND} all", GATEPOST_RUN="1")[0] == 0
    return folder


def test_what_a_gate_rejected_cannot_be_released_any_more(released: Path, tmp_path: Path) -> None:
    """Quarantine takes it away: with metrics mended by hand the gate passes, and there is nothing to release."""
    folder = Path(shutil.copytree(released, tmp_path / "design"))
    before, sound = (folder / CURRENT).read_bytes(), (folder / "out/drift.json").read_text(encoding="utf-8")
    (folder / "out/drift.json").write_text(json.dumps({**json.loads(sound), "psi_score": 0.3}), encoding="utf-8")
    assert run(folder, f"{COMMAND} publish-gate", GATEPOST_RUN="2")[0] == 10
    assert run(folder, str(contract().record.handlers["quarantine"]), GATEPOST_RUN="2")[0] == 0
    (folder / "out/drift.json").write_text(sound, encoding="utf-8")
    assert run(folder, f"{COMMAND} publish-gate", GATEPOST_RUN="2")[0] == 0
    for stage in ("package", "approve", "publish"):
        assert run(folder, f"{COMMAND} {stage}", GATEPOST_RUN="2")[0] == 75
    (place,) = (folder / "out/quarantine").iterdir()
    assert sorted(one.name for one in place.iterdir()) == ["bundle.json", "model.json", "scores.csv"]
    assert (folder / CURRENT).read_bytes() == before


def test_the_watch_refuses_signals_of_another_release(released: Path, tmp_path: Path) -> None:
    """What a release before it has measured says nothing about the one that is read."""
    folder = Path(shutil.copytree(released, tmp_path / "design"))
    assert run(folder, f"{COMMAND} watch", GATEPOST_RUN="1")[0] == 0
    signals = json.loads((folder / "out/signals.json").read_bytes())
    (folder / "out/signals.json").write_text(json.dumps({**signals, "release": 7}), encoding="utf-8")
    said = "watch: reject: the signals are about release 7, and release 1 is read\n"
    assert run(folder, f"{COMMAND} watch", GATEPOST_RUN="1") == (10, said)


@pytest.mark.slow
def test_a_quarantined_run_withdraws_nobody_else_s_release(released: Path, tmp_path: Path) -> None:
    """Its table is gone, and the release that is read is another run's; by hand, what is read is withdrawn."""
    folder = Path(shutil.copytree(released, tmp_path / "design"))
    before = (folder / CURRENT).read_bytes()
    quarantine, rollback = (f"{COMMAND} {name}" for name in ("quarantine", "rollback"))
    assert run(folder, quarantine, GATEPOST_RUN="2")[0] == 0
    assert run(folder, quarantine, GATEPOST_RUN="2")[0] == 0, "a second time there is nothing to move"
    assert run(folder, rollback, GATEPOST_RUN="2")[0] == 0
    assert (folder / CURRENT).read_bytes() == before
    assert run(folder, rollback)[0] == 0
    assert json.loads((folder / CURRENT).read_bytes()) == {"release": None, "route": "disabled"}


@pytest.mark.slow
def test_a_rejected_run_changes_neither_numbers_nor_earlier_rejections(released: Path, tmp_path: Path) -> None:
    """The next release is number 2, and a second rejected candidate lies beside the first."""
    folder = Path(shutil.copytree(released, tmp_path / "design"))
    assert run(folder, f"{COMMAND} quarantine")[0] == 0
    assert run(folder, f"{COMMAND} all", GATEPOST_RUN="3")[0] == 0
    assert json.loads((folder / CURRENT).read_bytes())["release"] == 2
    with (folder / "out/scores.csv").open("a", encoding="utf-8") as file:
        file.write("another,0.5,1\n")
    assert run(folder, f"{COMMAND} quarantine")[0] == 0
    assert len(list((folder / "out/quarantine").glob("rejected-*/scores.csv"))) == 2


def test_each_notice_reaches_the_owner_that_the_contract_names(tmp_path: Path) -> None:
    """`alert` and `page` say which stage, how it ended, in which run, and who is to read it."""
    folder = Path(shutil.copytree(DESIGN / "pipeline", tmp_path / "pipeline")).parent
    told = {"GATEPOST_OUTCOME": "fail", "GATEPOST_RUN": "7"}
    expected = []
    for action, stage in (
        *(("alert", "ingest"), ("alert", "approve")),
        *(("page", "publish"), ("page", "observe"), ("page", "watch")),
    ):
        assert run(folder, str(contract().record.handlers[action]), GATEPOST_STAGE=stage, **told)[0] == 0
        owner = contract().record.stages[stage].owner or contract().record.defaults.owner
        expected.append({"action": action, "outcome": "fail", "run": "7", "stage": stage, "to": owner})
    assert notices(folder) == expected
