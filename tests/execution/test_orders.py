"""Stages that do not wait for a promotion fail before it and after it: both are run, each with what it needs."""

from __future__ import annotations

from pathlib import Path

import pytest
from pipelines import design, executed, record

from commands import command
from trees import git

CONTRACT = """\
---
kind: pipeline
title: A model, a release and what runs beside it
owner: ml
environments: {production: {known-good: previous, state: out/live.txt}}
defaults: {timeout: 5s, retries: 0, environment: requirements.lock, seed: 1, repeat: exact, on-fail: halt + alert}
handlers: {alert: python pipeline.py alert, page: python pipeline.py page}
artifacts:
  model: {type: model, path: out/model.json, sign: cosign}
  metrics: {type: metrics, path: out/metrics.json, keys: [auc]}
  report: {type: report, path: out/report.json, final: true}
stages:
  train: {kind: train, run: python pipeline.py train, out: [model]}
  measure: {kind: validate, run: python pipeline.py measure, in: [model], out: [metrics]}
  report: {kind: validate, run: python pipeline.py report, in: [metrics], out: [report]}
  gate: {kind: gate, in: [metrics], pass: [auc >= 0.7]}
  approve: {kind: approval, by: [lead], after: [gate], expires: 24h}
  promote:
    kind: promote
    to: production
    run: python pipeline.py promote
    in: [model]
    after: [approve]
    watch: [errors]
    rollback: {to: previous, first: route-off, run: python pipeline.py rollback, within: 5s, when: [errors > 1]}
    on-fail: rollback + page
  copy: {kind: data, run: python pipeline.py train, after: [report]}
  second: {kind: data, run: python pipeline.py train, after: [copy]}
  third: {kind: data, run: python pipeline.py train, after: [second]}
  archive: {kind: data, run: python pipeline.py archive, in: [report], after: [third]}
---

# A model, a release and what runs beside it
"""
CODE = """\
import os, pathlib, sys, time
out = pathlib.Path("out")
out.mkdir(exist_ok=True)
live = out / "live.txt"
def train(): (out / "model.json").write_text("1")
def measure(): (out / "metrics.json").write_text('{"auc": 0.8}')
def report(): (out / "report.json").write_text("{}")
def archive(): (out / "report.json").read_text()
def promote():
    if live.exists(): live.replace(out / "previous.txt")
    live.write_text(f"{os.environ['GATEPOST_RUN']}WHEN")
def rollback():
    if not live.exists() or not live.read_text().startswith(os.environ["GATEPOST_RUN"]): return
    (out / "previous.txt").replace(live) if (out / "previous.txt").exists() else live.write_text("off")
def alert(): print("told")
page = alert
globals()[sys.argv[1]]()
"""
BEFORE_AND_AFTER = {"fail", "timeout", "infrastructure"}


def pairs(stage: str) -> dict[str, str]:
    """Give the names of the branches of a stage beside the promotion, each with what users get."""
    before = {f"{stage} {fault}": "untouched" for fault in BEFORE_AND_AFTER}
    return before | {f"{name}, after promote": "new" for name in before}


@pytest.mark.slow
def test_a_stage_beside_a_promotion_is_run_to_both_of_its_ends(tmp_path: Path) -> None:
    """One stage comes before the promotion in a release and one after it; each fails on both sides of it.

    What was written and said to have passed, `check` accepts when it is committed.
    """
    done = executed(tmp_path, design(CONTRACT, CODE))
    assert done.code == 0, done.out
    found = {one.branch: one.production for one in record(tmp_path).branches}
    wanted = pairs("report") | pairs("archive")
    assert {name: found.get(name) for name in wanted} == wanted
    assert not [one for one in record(tmp_path).not_executed if "not-reproducible" not in one.branch]
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "The record")
    said = command(tmp_path, "check").out
    assert "BLOCK  dry-run-passed" not in said, said


@pytest.mark.slow
def test_a_release_that_writes_the_time_is_not_blamed(tmp_path: Path) -> None:
    """Where the promotion is run again before the fault, what it serves need not have the same bytes."""
    done = executed(tmp_path, design(CONTRACT, CODE.replace("WHEN", " {time.time()}")))
    assert done.code == 0, done.out


@pytest.mark.slow
def test_a_handler_that_takes_a_good_release_away_is_found_after_the_promotion(tmp_path: Path) -> None:
    """Before the promotion it does nothing wrong; the branch after it says what it did."""
    code = CODE.replace('def alert(): print("told")', 'def alert(): live.write_text("0") if live.exists() else None')
    done = executed(tmp_path, design(CONTRACT.replace("page: python pipeline.py page", "page: engine"), code))
    assert done.code == 1
    wrong = {one.branch: one.outcome for one in record(tmp_path).branches if not one.passed}
    assert wrong["archive fail, after promote"] == "out/live.txt does not serve the new release"
