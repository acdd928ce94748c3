"""A contract as the skeleton of a real definition: it reads back as the contract, and drops nothing in silence."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from effort import first
from gatepost.book import read_document
from gatepost.definitions import Conformance, compare, read_definition
from gatepost.definitions.export import EXPORTS
from gatepost.pipeline import Contract
from gatepost.records import Pipeline

DESIGNS = Path(__file__).parents[2] / "designs"
NAMES = sorted(path.parent.name for path in DESIGNS.glob("*/pipeline.md"))
KINDS = sorted(EXPORTS)
BY_PEOPLE = {"gate", "approval", "promote", "monitor"}
PINNED = f"trainer@sha256:{'a' * 64}"


def read_back(data: dict[str, Any], kind: str, folder: str = "d") -> Conformance:
    """Write a contract as a skeleton, read that, and compare."""
    path = f"{folder}/dvc.yaml" if kind == "dvc" else ".github/workflows/release.yml"
    record = Pipeline.model_validate({**data, "source": {"kind": kind, "path": path}})
    text = EXPORTS[kind](Contract(record), folder)
    assert record.source is not None
    return compare(record, read_definition(record.source, path, text.encode(), lambda _: None), folder)


def exported(data: dict[str, Any], kind: str, folder: str = "") -> str:
    """Write a contract as a skeleton."""
    return EXPORTS[kind](Contract(Pipeline.model_validate(data)), folder)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_a_worked_design_reads_back_as_itself(name: str, kind: str) -> None:
    """Contract to skeleton to reader to comparison: no difference and no gap; names of another tool are left out."""
    path = DESIGNS / name / "pipeline.md"
    data: dict[str, Any] = dict(read_document(str(path), path.read_bytes()).data or {})
    stages = {
        key: {field: said for field, said in stage.items() if field not in {"impl", "gate"}}
        for key, stage in data["stages"].items()
    }
    found = read_back({**data, "stages": stages}, kind, f"designs/{name}")
    assert [one.message for one in found.differences] == []
    assert found.definition.gaps == ()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("block", first(range(10)))
def test_random_contracts_read_back_as_themselves(block: int, kind: str) -> None:
    """Gates, promotions, odd names, commands that look like YAML, any order: no difference and no gap.

    Without their commands, gates are the one thing that is missing.
    """
    for seed in range(block * 100, (block + 1) * 100):
        data = contract(random.Random(seed))  # noqa: S311 - a test
        found = read_back(data, kind)
        assert [one.message for one in found.differences] == [], seed
        assert found.definition.gaps == (), seed
        silent = {name for name, one in data["stages"].items() if one["kind"] in BY_PEOPLE and seed % 2}
        for name in silent:
            del data["stages"][name]["run"]
        if len(silent) < len(data["stages"]):
            differing = {one.at[1] for one in read_back(data, kind).of("differs")}
            assert differing == {name for name in silent if data["stages"][name]["kind"] == "gate"}, seed


def contract(chance: random.Random) -> dict[str, Any]:
    """Give a contract whose stages all have commands and files."""
    stages: dict[str, Any] = {}
    artifacts: dict[str, Any] = {}
    names = ["fit", "make-x", "t.1", "Stage", "on", "true", "a_b", "grp.fit", "z9", "No"]
    for number, name in enumerate(chance.sample(names, k=chance.randint(1, 8))):
        before = list(stages)
        reads = chance.sample(before, k=min(len(before), chance.randint(0, 3)))
        after = chance.sample(before, k=min(len(before), chance.randint(0, 2)))
        kind = chance.choice(["data", "train", "validate", "package", "gate", "approval", "promote", "monitor"])
        artifacts[f"a{number}"] = {"type": chance.choice(["dataset", "metrics"]), "path": f"out/{number}.bin"}
        stages[name] = {
            "kind": kind,
            "run": chance.choice(
                ["python a.py", "make 'x y'", 'run --name="q" #1', "a: b", "true", "echo ${HOME}", "é\\n"]
            ),
            "in": [one for other in reads for one in stages[other]["out"]],
            "out": [f"a{number}"],
            "after": [one for one in after if one not in reads],
            **chance.choice([{}, {"timeout": "90s"}, {"timeout": "2h"}, {"retries": 3}, {"environment": PINNED}]),
        }
    return {
        "title": "T: a 'title' #1",
        "owner": "o",
        "artifacts": artifacts,
        "stages": stages,
        "defaults": {"timeout": "5m"},
    }


FULL: dict[str, Any] = {
    "title": "Release",
    "owner": "ml",
    "environments": {"production": {"known-good": "previous"}},
    "handlers": {"page": "python page.py"},
    "defaults": {"retries": 2, "seed": 11, "environment": "requirements.lock", "on-fail": "halt + alert"},
    "artifacts": {
        "raw": {"type": "dataset", "path": "in.csv", "source": "lake.raw@2026-11-01"},
        "model": {"type": "model", "path": "out/model.json", "sign": "cosign"},
        "metrics": {"type": "metrics", "path": "out/metrics.json", "keys": ["auc"]},
        "live": {"type": "report"},
    },
    "stages": {
        "train": {
            "kind": "train",
            "run": "python t.py",
            "in": ["raw"],
            "out": ["model"],
            "timeout": "90s",
            "repeat": "exact",
        },
        "check": {"kind": "validate", "run": "python e.py", "in": ["model"], "out": ["metrics"], "owner": "other"},
        "gate": {"kind": "gate", "in": ["metrics"], "pass": ["auc >= 0.7"], "on-reject": "quarantine"},
        "approve": {"kind": "approval", "by": ["lead"], "after": ["gate"], "expires": "24h"},
        "ship": {
            "kind": "promote",
            "to": "production",
            "run": "python s.py",
            "in": ["model"],
            "out": ["live"],
            "after": ["approve"],
            "rollout": ["1% 30m", "100%"],
            "watch": ["p99_ms"],
            "rollback": {"to": "previous", "run": "python b.py", "within": "5m", "when": ["p99_ms > 50"]},
        },
        "watch": {"kind": "monitor", "after": ["ship"], "signals": ["psi"]},
    },
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "words",
    [
        "retries: 2",
        "seed: 11",
        "on-fail: halt + alert",
        "python page.py",
        "known-good",
        "requirements.lock",
        "lake.raw@2026-11-01",
        "cosign",
        "repeat: ",
        "owner: other",
        "auc >= 0.7",
        "on-reject: quarantine",
        "lead",
        "24h",
        "1% 30m",
        "p99_ms > 50",
        "python b.py",
        "psi",
        "production",
        "90s",
        "live",
    ],
)
def test_what_the_tool_has_no_place_for_is_a_comment(words: str, kind: str) -> None:
    """Whatever the contract says is in the skeleton: as a key of the tool, or in words."""
    assert words in exported(FULL, kind)


def test_nothing_passes_a_gate_that_is_still_to_be_written() -> None:
    """A gate without a command is a stage that fails, and what comes behind it in the contract waits for it there."""
    dvc, workflow = (exported(FULL, kind) for kind in KINDS)
    stages, jobs = yaml.safe_load(dvc)["stages"], yaml.safe_load(workflow)["jobs"]
    assert stages["gate"] == {"cmd": "exit 1", "deps": ["out/metrics.json"], "outs": ["gate.passed"]}
    assert "gate.passed" in stages["ship"]["deps"]
    assert list(jobs) == ["train", "check", "gate", "approve", "ship"]
    assert jobs["gate"]["steps"] == [{"run": "exit 1"}]
    assert jobs["ship"]["needs"] == ["train", "approve"]
    assert jobs["ship"]["environment"] == "production"
    for text in (dvc, workflow):
        assert "# evaluate its conditions here" in text


def test_nothing_passes_an_approval_that_nobody_can_give_yet() -> None:
    """A workflow stops there until somebody is asked; DVC waits for nobody, and the skeleton says so."""
    dvc, workflow = (exported(FULL, kind) for kind in KINDS)
    approve = yaml.safe_load(workflow)["jobs"]["approve"]
    assert (approve["environment"], approve["steps"], approve["needs"]) == ("approve", [{"run": "exit 1"}], ["gate"])
    assert "# in the repository's settings, give approve its reviewers; then let this job end well" in workflow
    assert "# approve has no `run`, so nothing could be run for it; DVC runs what comes after it all the same." in dvc


def test_the_difference_that_a_gate_without_a_command_leaves_is_told() -> None:
    """The skeleton is not conformant until somebody writes the gate; DVC needs a file of it, too."""
    told = {kind: [(one.id, one.at[1]) for one in read_back(FULL, kind).of("differs")] for kind in KINDS}
    missing = ("stage-missing", "gate")
    assert told == {"dvc": [missing, ("output-undocumented", "gate")], "github-actions": [missing]}


def test_a_workflow_counts_whole_minutes() -> None:
    """A time-out is rounded up with a comment; a workflow cannot say it otherwise, so it is no difference."""
    text = exported(FULL, "github-actions")
    assert "    timeout-minutes: 2\n    # the contract says 90s, and GitHub counts whole minutes\n" in text


def test_a_workflow_runs_where_the_stages_do() -> None:
    """Each job checks out, runs in the design's folder, and is told which files to fetch."""
    text = exported(FULL, "github-actions", "designs/x")
    found = yaml.safe_load(text)
    assert found["defaults"]["run"]["working-directory"] == "designs/x"
    assert [list(step) for step in found["jobs"]["ship"]["steps"]] == [["uses"], ["run"]]
    assert "# fetch model (out/model.json), which train writes" in text
    assert "defaults" not in yaml.safe_load(exported(FULL, "github-actions"))


def test_a_stage_that_writes_no_file_is_waited_for_all_the_same() -> None:
    """It leaves a mark when it has ended well, which is no output of the contract; DVC then keeps what comes after."""
    stages = {
        "fit": {"kind": "train", "run": "python fit.py", "out": ["m"]},
        "gate": {"kind": "gate", "run": "python gate.py", "in": ["m"], "pass": ["auc >= 0.7"]},
        "pack": {"kind": "package", "run": "python pack.py", "in": ["m"], "after": ["gate"]},
        "ship": {"kind": "promote", "run": "python ship.py", "after": ["pack"]},
    }
    data = {"title": "T", "owner": "o", "artifacts": {"m": {"type": "model", "path": "m"}}, "stages": stages}
    found = yaml.safe_load(exported(data, "dvc"))["stages"]
    assert found["gate"] == {
        "cmd": ["python gate.py", "echo passed > gate.passed"],
        "deps": ["m"],
        "outs": ["gate.passed"],
    }
    assert found["pack"]["deps"] == ["m", "gate.passed"]
    assert found["ship"] == {"cmd": "python ship.py", "deps": ["pack.passed"]}
    back = read_back(data, "dvc")
    assert ([one.message for one in back.differences], back.definition.gaps) == ([], ())
    text = exported(data, "dvc").replace("echo passed > gate.passed", "python more.py > gate.passed")
    record = Pipeline.model_validate({**data, "source": {"kind": "dvc", "path": "dvc.yaml"}})
    assert record.source is not None
    other = compare(record, read_definition(record.source, "dvc.yaml", text.encode(), lambda _: None), "")
    assert [one.id for one in other.differences] == ["output-undocumented"]


def test_order_that_dvc_cannot_keep_is_told() -> None:
    """Two stages that write the same file are refused by DVC."""
    stages = {
        "a": {"kind": "data", "run": "a"},
        "b": {"kind": "data", "run": "b", "after": ["a"], "out": ["m"]},
        "c": {"kind": "data", "run": "c", "after": ["b"], "out": ["m"]},
    }
    text = exported(
        {"title": "T", "owner": "o", "artifacts": {"m": {"type": "model", "path": "m"}}, "stages": stages}, "dvc"
    )
    assert "# b writes m, too, and DVC lets only one stage write it" in text
    assert yaml.safe_load(text)["stages"]["c"] == {"cmd": "c", "deps": ["m"]}
    assert yaml.safe_load(text)["stages"]["b"]["deps"] == ["a.passed"]


def test_names_are_those_that_the_tool_allows() -> None:
    """A dot or a digit in front is replaced; where the contract then does not find it, the comment says what to add."""
    stages = {"1.a": {"kind": "data", "run": "x"}, "1-a": {"kind": "data", "run": "y"}}
    data = {"title": "T", "owner": "o", "stages": stages}
    assert list(yaml.safe_load(exported(data, "dvc"))["stages"]) == ["1-a", "1-a-2"]
    assert "# 1-a in the contract: say `impl: 1-a-2` there" in exported(data, "dvc")
    assert list(yaml.safe_load(exported(data, "github-actions"))["jobs"]) == ["_1-a", "_1-a-2"]


def test_the_names_of_the_same_tool_are_kept() -> None:
    """`impl` names a stage of the definition that the contract has, and of no other."""
    stage = {"kind": "train", "run": "x", "impl": "dvc:fit"}
    data = {"title": "T", "owner": "o", "source": {"kind": "dvc", "path": "dvc.yaml"}, "stages": {"train": stage}}
    assert list(yaml.safe_load(exported(data, "dvc"))["stages"]) == ["fit"]
    assert list(yaml.safe_load(exported(data, "github-actions"))["jobs"]) == ["train"]


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_text_stays_text(kind: str) -> None:
    """A line break, a control character or a sign of YAML in a field opens no key and no stage."""
    hostile = "x\nstages: {evil: {cmd: rm}}\u2028jobs:\n"
    data = {
        "title": hostile,
        "owner": hostile,
        "defaults": {"environment": hostile, "owner": hostile},
        "artifacts": {"a": {"type": hostile, "path": hostile, "source": hostile}},
        "stages": {"s": {"kind": "data", "run": hostile, "out": ["a"], "description": hostile, "owner": hostile}},
    }
    found = yaml.safe_load(exported(data, kind, hostile))
    assert list(found["stages" if kind == "dvc" else "jobs"]) == ["s"]
