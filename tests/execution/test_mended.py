"""What is served after another attempt is what a release without a fault leaves, whatever varies from run to run."""

from __future__ import annotations

from pathlib import Path

import pytest
from pipelines import design, executed, record

from gatepost.execution.facts import facts_of, unlike

CONTRACT = """\
---
kind: pipeline
title: A model and its place
owner: ml
environments: {production: {known-good: previous, state: STATE}}
defaults: {timeout: 5s, retries: 1, environment: requirements.lock, seed: 1, repeat: exact, on-fail: halt + alert}
artifacts:
  metrics: {type: metrics, path: out/metrics.json, keys: [auc]}
stages:
  measure: {kind: validate, run: python pipeline.py measure, out: [metrics]}
  gate: {kind: gate, in: [metrics], pass: [auc >= 0.7]}
  approve: {kind: approval, by: [lead], after: [gate], expires: 24h}
  promote:
    kind: promote
    to: production
    run: python pipeline.py promote
    after: [approve]
    idempotent: true
    rollback: {to: previous, first: route-off, run: python pipeline.py rollback, within: 5s, when: [errors > 1]}
    on-fail: rollback + page
---

# A model and its place
"""
CODE = """\
import json, os, pathlib, shutil, sys, time, uuid
out, now, kept = pathlib.Path("out"), pathlib.Path("out/now"), pathlib.Path("out/kept")
out.mkdir(exist_ok=True)
live, run = now / "live.json", os.environ["GATEPOST_RUN"]
def measure(): (out / "metrics.json").write_text('{"auc": 0.8}')
def serving(): return json.loads(live.read_text())["run"] if live.exists() else None
def promote():
    again = serving() == run
    if now.exists() and not again:
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(now, kept)
    now.mkdir(exist_ok=True)
    content = {"run": run, "model": {"weights": [1, 2]}}
    PLANTED
    live.write_text(json.dumps(content))
def rollback():
    if serving() == run:
        shutil.rmtree(now)
        if kept.exists(): kept.rename(now)
globals()[sys.argv[1]]()
"""
HONEST = {
    "the run's id alone": "",
    "a time to the nanosecond": 'content["at"] = time.time_ns()',
    "a time in a tenth of a second": 'content["at"] = int(time.time() * 10)',
    "a number drawn anew, as a key": 'content[uuid.uuid4().hex] = "drawn"',
    "a file with a name drawn anew": """
    for old in now.glob("*.log"): old.unlink()
    (now / f"{uuid.uuid4().hex}.log").write_text(run)""",
    "the folder that it runs in": 'content["from"] = os.getcwd()',
    "a text with a time": '(now / "read.me").write_text(f"release {run}\\nat {time.time_ns()}\\n")',
}
DEFECTS = {
    "the second attempt empties the model": (
        'content["model"] = None if again else content["model"]',
        "model.weights[0] in live.json is absent, not 1, and `idempotent` promises two attempts that leave",
    ),
    "the same, beside a time": (
        'content |= {"at": time.time_ns(), "model": "old" if again else "new"}',
        'model in live.json is "old", not "new"',
    ),
    "the second attempt adds an entry": (
        'content["log"] = [run] * (1 + again)',
        'log[1] in live.json is "2", not absent',
    ),
    "the second attempt leaves a file": (
        'if again: (now / f"{uuid.uuid4().hex}.log").write_text("again")',
        "is not what a release without a fault leaves",
    ),
    "the second attempt forgets a line": (
        '(now / "read.me").write_text(f"at {time.time_ns()}\\n" + "" if again else f"at {time.time_ns()}\\nby ml\\n")',
        "line 2 in read.me is absent, not by ml",
    ),
}


def planted(line: str, state: str = "out/now") -> dict[str, str]:
    """Give the design with one more line in its promotion."""
    return design(CONTRACT.replace("STATE", state), CODE.replace("PLANTED", line))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(HONEST))
def test_what_varies_without_a_fault_too_is_not_blamed(name: str, tmp_path: Path) -> None:
    """Times, names and paths that differ in each run say nothing about the second attempt."""
    done = executed(tmp_path, planted(HONEST[name]))
    assert "Dry run passed" in done.out, done.out


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_a_second_attempt_that_leaves_something_else_is_found(name: str, tmp_path: Path) -> None:
    """The branches on which the first attempt had its effect differ, and no others; the piece is named."""
    line, said = DEFECTS[name]
    done = executed(tmp_path, planted(line))
    assert done.code == 1, done.out
    assert said in " ".join(done.out.split())
    differing = {one.branch for one in record(tmp_path).branches if not one.passed}
    assert differing
    assert all("-after-effect, recovered" in one for one in differing), differing


@pytest.mark.parametrize(
    ("clean", "control", "found", "piece"),
    [
        ({"a": "1"}, {"a": "1"}, {"a": "1"}, ""),
        ({"a": "1"}, {"a": "1"}, {"a": "2"}, "a"),
        ({"a": "1"}, {"a": "1"}, {}, "a"),
        ({"a": "1"}, {"a": "2"}, {"a": "3"}, ""),
        ({"a": "1", "x": "1"}, {"a": "1", "y": "1"}, {"a": "1", "z": "1"}, ""),
        ({"a": "1", "x": "1"}, {"a": "1", "y": "1"}, {"a": "1", "z": "1", "z2": "1"}, "z"),
        ({"its bytes": "1", "a": "1"}, {"its bytes": "1", "a": "1"}, {"its bytes": "2", "a": "2"}, "a"),
        ({"its bytes": "1"}, {"its bytes": "1"}, {"its bytes": "2"}, "its bytes"),
    ],
)
def test_what_two_runs_agree_on_is_asked_of_a_third(
    clean: dict[str, str], control: dict[str, str], found: dict[str, str], piece: str
) -> None:
    """The piece that says most is named."""
    assert unlike(clean, [control], found) == piece


def test_what_varies_in_one_of_many_runs_may_vary() -> None:
    """A figure that is rounded is often the same in two runs, and seldom in all of them."""
    assert unlike({"ms": "3"}, [{"ms": "3"}, {"ms": "4"}], {"ms": "5"}) == ""
    assert unlike({"ms": "3"}, [{"ms": "3"}, {"ms": "3"}], {"ms": "5"}) == "ms"


def test_a_state_is_taken_apart_as_far_as_it_can_be_read(tmp_path: Path) -> None:
    """Values of JSON, lines of a text, bytes of anything else; what Python compiled is left out."""
    (tmp_path / "a.json").write_text('{"b": {"c": [1, {}]}}', encoding="utf-8")
    (tmp_path / "t.txt").write_text("x\ny\n", encoding="utf-8")
    (tmp_path / "z.bin").write_bytes(b"\xff\x00")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "m.pyc").write_bytes(b"1")
    found = facts_of(tmp_path)
    assert {key: value for key, value in found.items() if "bytes" not in key} == {
        "b.c[0] in a.json": "1",
        "b.c[1] in a.json": "{}",
        "line 1 in t.txt": "x",
        "line 2 in t.txt": "y",
    }
    assert [key for key in found if "bytes" in key] == [f"its bytes in {name}" for name in ("a.json", "t.txt", "z.bin")]
    assert facts_of(tmp_path / "none") == {}
