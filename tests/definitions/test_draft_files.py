"""What a draft says of files: what they hold, which version an input has, and who reads them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pytest
import yaml
from reading import read

from gatepost.definitions import compare
from gatepost.definitions.draft import draft
from gatepost.records import Pipeline
from gatepost.records.versions import names_a_version

FOLDER = "docs/x"
MD5 = "a304afb96060aad90176268345e10355"


def drafted(kind: str, text: str, files: Mapping[str, str] | None = None, path: str = "dvc.yaml") -> Pipeline:
    """Draft a contract that agrees with its definition, with other files of the repository beside it."""
    others = {name: content.encode() for name, content in (files or {}).items()}
    found = read(kind, text, files, path)
    record = Pipeline.model_validate(yaml.safe_load(draft(found, FOLDER, "T", others.get)))
    assert {one for stage in record.stages.values() for one in (*stage.in_, *stage.out)} <= record.artifacts.keys()
    assert [one.message for one in compare(record, found, FOLDER).of("differs")] == []
    return record


def test_what_a_file_holds_is_told_by_the_definition_before_its_name() -> None:
    """A list of metrics or plots, and the type of an artifact, are the definition's own words."""
    text = """\
stages:
  select:
    cmd: python select.py
    outs: [best.bin, metrics_table.csv]
    metrics: [select.json: {cache: false}]
    plots: [loss.csv: {x: step}, model_curve.json]
artifacts:
  best: {path: best.bin, type: model}
"""
    record = drafted("dvc", text)
    assert {name: one.type for name, one in record.artifacts.items()} == {
        "best": "model",
        "metrics_table": "metrics",
        "select": "metrics",
        "loss": "report",
        "model_curve": "report",
    }


TRAIN = "stages: {train: {cmd: python t.py, deps: [data/raw.csv, t.py], outs: [m.pkl]}}\n"
KEPT = f"outs: [{{md5: {MD5}, size: 3, hash: md5, path: raw.csv}}]\n"
LOCK = f"schema: '2.0'\nstages: {{train: {{cmd: x, deps: [{{path: data/raw.csv, md5: {MD5[::-1]}}}]}}}}\n"


@pytest.mark.parametrize(
    ("files", "source"),
    [
        ({"data/raw.csv.dvc": KEPT}, f"data/raw.csv@{MD5}"),
        ({"dvc.lock": LOCK}, f"data/raw.csv@{MD5[::-1]}"),
        ({"data/raw.csv.dvc": KEPT, "dvc.lock": LOCK, "data/raw.csv": "x"}, f"data/raw.csv@{MD5}"),
        ({"data.dvc": f"outs: [{{md5: {MD5}.dir, path: data}}]\n"}, f"data@{MD5}"),
        ({"data/raw.csv": "1,2\n"}, None),
        ({"data/raw.csv.dvc": "outs: [{path: other.csv, md5: 1}]\n"}, "<where it comes from"),
        ({"data/raw.csv.dvc": "{", "dvc.lock": "[]"}, "<where it comes from"),
        ({}, "<where it comes from"),
    ],
)
def test_an_input_is_pinned_by_what_the_repository_has_of_it(files: dict[str, str], source: str | None) -> None:
    """The digest that DVC keeps, else that of the file itself; where there is none, a person is asked."""
    raw = drafted("dvc", TRAIN, files).artifacts["raw"]
    assert (raw.source or "").startswith(source or "")
    assert names_a_version(raw.source or "") is (source is not None and "@" in source)
    content = files.get("data/raw.csv", "").encode()
    assert raw.sha256 == (None if source else hashlib.sha256(content).hexdigest())


def test_a_lock_names_paths_from_the_folder_of_a_stage() -> None:
    """As the definition does; an address elsewhere stays what it is."""
    text = "stages: {t: {wdir: ml, cmd: a, deps: [../raw.csv, 's3://b/k.csv'], outs: [m.pkl]}}\n"
    deps = f"[{{path: ../raw.csv, md5: {MD5}}}, {{path: 's3://b/k.csv', etag: {MD5}}}]"
    record = drafted("dvc", text, {"dvc.lock": f"stages: {{t: {{deps: {deps}}}}}\n"})
    assert record.artifacts["raw"].source == f"raw.csv@{MD5}"
    assert record.artifacts["k"].source == f"s3://b/k.csv@{MD5}"


def flow(record: Pipeline) -> dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]:
    """Give for each stage what it reads, what it writes, and what it waits for beside."""
    return {name: (one.in_, one.out, one.after) for name, one in record.stages.items()}


GITLAB = """\
stages: [data, train, deploy]
prepare: {stage: data, script: [python p.py], artifacts: {paths: [data/rows.csv]}}
train: {stage: train, needs: [prepare], script: [python t.py], artifacts: {paths: [./model/, "out/*.json"]}}
check: {stage: train, needs: [{job: train, artifacts: false}], script: [python c.py]}
ship: {stage: deploy, script: [python s.py]}
tell: {stage: deploy, dependencies: [prepare], script: [python w.py]}
"""


def test_gitlab_hands_the_files_of_a_needed_job_on() -> None:
    """With `needs` those of the jobs that are named, without it those of all jobs of earlier stages."""
    assert flow(drafted("gitlab-ci", GITLAB)) == {
        "prepare": ((), ("rows",), ()),
        "train": (("rows",), ("model", "out"), ()),
        "check": ((), (), ("train",)),
        "ship": (("rows", "model", "out"), (), ("check",)),
        "tell": (("rows",), (), ("check",)),
    }


def test_a_file_that_a_job_hands_on_is_not_final() -> None:
    """What nobody is handed is."""
    pack = "pack: {stage: deploy, script: [x], artifacts: {paths: [a.whl]}}\n"
    record = drafted("gitlab-ci", f"{GITLAB}{pack}")
    assert {name for name, one in record.artifacts.items() if one.final} == {"a"}


WORKFLOW = """\
jobs:
  prepare:
    steps:
      - {run: python p.py}
      - {uses: actions/upload-artifact@v4, with: {name: rows, path: data/rows.csv}}
  train:
    needs: prepare
    steps:
      - {uses: actions/download-artifact@v4, with: {name: rows, path: elsewhere}}
      - {run: python train.py}
      - {run: python tidy.py}
      - uses: actions/upload-artifact@v4
        with:
          name: "model-${{ matrix.region }}"
          path: |
            models/*.pkl
            !models/old.pkl
            ~/cache
            ${{ runner.temp }}/x
  judge:
    needs: train
    steps:
      - {uses: actions/download-artifact@v4, with: {pattern: "model-*"}}
      - {run: python evaluate.py --out metrics.json}
      - {run: python gate.py}
      - {uses: actions/upload-artifact@v4, with: {name: metrics, path: metrics.json}}
  other: {needs: train, steps: [{run: python o.py}, {uses: actions/download-artifact@v4, with: {name: x, run-id: 3}}]}
  ship: {needs: judge, steps: [{uses: actions/download-artifact@v4}, {run: python s.py}]}
"""


def test_a_workflow_hands_on_what_is_stored_and_fetched_by_name() -> None:
    """In a job of several commands the one that names a file writes it, else the one whose work it is."""
    record = drafted("github-actions", WORKFLOW, path="x/w.yml")
    assert flow(record) == {
        "prepare": ((), ("rows",), ()),
        "train": (("rows",), ("models",), ()),
        "tidy": ((), (), ("train",)),
        "evaluate": (("models",), ("metrics",), ("tidy",)),
        "gate": (("metrics",), (), ()),
        "other": ((), (), ("tidy",)),
        "ship": (("rows", "models", "metrics"), (), ("gate",)),
    }
    assert {name: one.path for name, one in record.artifacts.items()} == {
        "rows": "data/rows.csv",
        "models": "models",
        "metrics": "metrics.json",
    }


def test_a_file_that_two_jobs_store_is_that_of_the_first() -> None:
    """A contract has one producer for each."""
    text = WORKFLOW.replace("path: metrics.json", "path: data/rows.csv")
    assert flow(drafted("github-actions", text, path="x/w.yml"))["evaluate"][1] == ()


def test_files_that_commands_of_one_job_name_go_from_one_to_the_next() -> None:
    """What is not in the repository, the first that names it has written; what is there is an input."""
    commands = [
        "pip install -r requirements.txt",
        "python prepare.py --raw data/orders.csv --conf conf.yaml --out out/rows.csv --log out/log.txt",
        "python fit.py --rows=out/rows.csv --model out/model.pkl --log out/log.txt",
        "python evaluate.py out/model.pkl 'out/rows.csv' --out out/metrics.json",
    ]
    text = yaml.safe_dump({"jobs": {"fit": {"steps": [{"run": one} for one in commands]}}})
    files = {"data/orders.csv": "1", "conf.yaml": "", "requirements.txt": "", "out/old.csv": ""}
    record = drafted("github-actions", text, files, "x/w.yml")
    assert flow(record) == {
        "prepare": (("orders",), ("rows",), ()),
        "fit": (("rows",), ("model",), ()),
        "evaluate": (("rows", "model"), (), ()),
    }
    assert record.artifacts["orders"].sha256 == hashlib.sha256(b"1").hexdigest()


@pytest.mark.parametrize(
    ("command", "files", "source"),
    [
        ("python fit.py --input data/rows.csv", {}, "<where it comes from"),
        ("python fit.py --train-data=data/rows.csv", {}, "<where it comes from"),
        (
            "python fit.py data/rows.csv",
            {"data/rows.csv.dvc": KEPT.replace("raw.csv", "rows.csv")},
            "data/rows.csv@a304",
        ),
        ("python fit.py data/rows.csv", {}, None),
        ("python fit.py --out data/rows.csv", {}, None),
    ],
)
def test_data_that_a_command_asks_for_is_an_input(command: str, files: dict[str, str], source: str | None) -> None:
    """That several commands ask for it makes none of them write it; what no word tells is not said."""
    commands = [command, command.replace("fit", "evaluate")] if source else [command]
    text = yaml.safe_dump({"jobs": {"fit": {"steps": [{"run": one} for one in commands]}}})
    record = drafted("github-actions", text, files, "x/w.yml")
    assert [(one.in_, one.out) for one in record.stages.values()] == [(("rows",) if source else (), ())] * len(commands)
    assert all((one.source or "").startswith(source or "?") for one in record.artifacts.values())


KEPT_IN_ONE_FOLDER = """
stages: [train, evaluate, gate, package, deploy]
train: {stage: train, script: [python train.py], artifacts: {paths: [out/]}}
evaluate: {stage: evaluate, needs: [train], script: [python evaluate.py], artifacts: {paths: [out/scores.json]}}
gate: {stage: gate, needs: [evaluate], script: [python gate.py]}
package: {stage: package, needs: [gate, train], script: [python package.py], artifacts: {paths: [out/image.tar]}}
deploy: {stage: deploy, needs: [package], environment: production, script: [python deploy.py]}
"""
LINTED = """
stages: [test, train, gate, deploy]
lint: {stage: test, script: [ruff check .], allow_failure: true}
train: {stage: train, script: [python train.py]}
gate: {stage: gate, script: [python gate.py]}
deploy: {stage: deploy, environment: production, script: [python deploy.py]}
"""


@pytest.mark.parametrize("text", [KEPT_IN_ONE_FOLDER, LINTED])
def test_a_fresh_draft_agrees_with_its_definition(text: str) -> None:
    """What is made behind a stage is no input of it, and what may fail as it likes holds nothing back."""
    record = drafted("gitlab-ci", text, path=".gitlab-ci.yml")
    found = read("gitlab-ci", text, path=".gitlab-ci.yml")
    assert [one.message for one in compare(record, found, "d").differences] == []
    if "lint" in record.stages:
        assert record.stages["train"].after == ()
    else:
        assert record.stages["evaluate"].in_ == ("out",)


def test_a_gate_that_may_fail_is_told_of_its_draft() -> None:
    """A draft keeps its order, so that the comparison says that nothing is held back."""
    text = LINTED.replace("gate: {stage: gate,", "gate: {stage: gate, allow_failure: true,")
    found = read("gitlab-ci", text, path=".gitlab-ci.yml")
    record = Pipeline.model_validate(yaml.safe_load(draft(found, FOLDER, "T")))
    assert record.stages["deploy"].after == ("gate",)
    assert [one.id for one in compare(record, found, "d").differences if one.weight == "differs"] == ["guard-weakened"]
