"""A small pipeline that really runs, in a real repository: what it promises, and where defects can be planted."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import frontmatter

from commands import Run, command
from gatepost.records import DryRun
from trees import git, write_tree

__all__ = ["CONTRACT", "MAKE", "PIPELINE", "TINY", "design", "executed", "record", "repository", "tiny"]

CONTRACT: Final = """\
---
kind: pipeline
title: From rows to a served model
owner: growth-ml
environments:
  production: {known-good: previous, state: out/live.json}
defaults: {timeout: 20s, retries: 1, environment: requirements.lock, seed: 3, repeat: exact, on-fail: halt + alert}
handlers:
  alert: python pipeline.py alert
  page: python pipeline.py page
  quarantine: python pipeline.py quarantine
artifacts:
  rows: {type: dataset, path: rows.json, source: warehouse.rows@2026-11-01}
  features: {type: dataset, path: out/features.json}
  model: {type: model, path: out/model.json}
  metrics: {type: metrics, path: out/metrics.json, keys: [auc, auc@new, champion.auc]}
  bundle: {type: package, path: out/bundle.json, sign: hmac}
  smoke: {type: report, path: out/smoke.json}
stages:
  prepare: {kind: data, run: python pipeline.py prepare, in: [rows], out: [features]}
  train: {kind: train, run: python pipeline.py train, in: [features], out: [model]}
  evaluate: {kind: validate, run: python pipeline.py evaluate, in: [model, features], out: [metrics]}
  gate:
    kind: gate
    run: python pipeline.py gate
    in: [metrics]
    pass: [auc >= 0.7, auc >= champion.auc - 0.01, auc@new >= 0.6]
    on-reject: quarantine + alert
  package: {kind: package, run: python pipeline.py package, in: [model], out: [bundle], after: [gate]}
  smoke: {kind: validate, run: python pipeline.py smoke, in: [bundle], out: [smoke]}
  approve: {kind: approval, by: [lead], in: [smoke], expires: 24h, on-reject: halt + alert}
  promote:
    kind: promote
    to: production
    run: python pipeline.py promote
    in: [bundle]
    after: [approve]
    idempotent: true
    watch: [errors]
    rollback: {to: previous, first: disable-route, run: python pipeline.py rollback, within: 5s, when: [errors > 1]}
    on-fail: rollback + page
  watch: {kind: monitor, run: python pipeline.py watch, after: [promote], signals: [errors], on-fail: rollback + page}
---

# From rows to a served model

It runs at night.
"""

PIPELINE: Final = '''\
"""Stages: prepare, train, evaluate, gate, package, smoke, promote, watch; answers: rollback, alert, page."""
import json
import math
import os
import random
import sys
from pathlib import Path

OUT = Path("out")
LIVE = OUT / "live.json"


def read(path):
    return json.loads(Path(path).read_text())


def write(path, value):
    OUT.mkdir(exist_ok=True)
    Path(path).write_text(json.dumps(value, indent=1))


def prepare():
    write(OUT / "features.json", sorted(set(read("rows.json"))))


def train():
    draw = random.Random(3)
    write(OUT / "model.json", {"weights": [draw.random() for _ in read(OUT / "features.json")]})


def evaluate():
    write(OUT / "metrics.json", {"auc": 0.8, "auc@new": 0.7, "champion.auc": 0.79})


def number(metrics, key):
    value = metrics.get(key)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else math.nan


def gate():
    found = read(OUT / "metrics.json")
    auc, new, champion = (number(found, key) for key in ("auc", "auc@new", "champion.auc"))
    if not (auc >= 0.7 and auc >= champion - 0.01 and new >= 0.6):
        sys.exit(10)


def package():
    write(OUT / "bundle.json", {"model": read(OUT / "model.json"), "signature": "s"})


def smoke():
    write(OUT / "smoke.json", {"loads": "model" in read(OUT / "bundle.json")})


def promote():
    live = read(LIVE) if LIVE.exists() else {"release": 0}
    if live.get("run") != os.environ["GATEPOST_RUN"]:
        previous = live if live["release"] else None
        live = {"release": live["release"] + 1, "previous": previous, "run": os.environ["GATEPOST_RUN"]}
    write(LIVE, live)


def rollback():
    if not LIVE.exists():
        return
    live = read(LIVE)
    if live.get("run") != os.environ["GATEPOST_RUN"]:
        return
    if live.get("previous"):
        write(LIVE, live["previous"])
    else:
        write(LIVE, {"release": live["release"], "route": "off"})


def watch():
    read(LIVE)


def note(kind):
    with (OUT / "notices.txt").open("a") as file:
        file.write(f"{kind} {os.environ['GATEPOST_STAGE']} {os.environ['GATEPOST_OUTCOME']}\\\\n")


def alert():
    OUT.mkdir(exist_ok=True)
    note("alert")


def page():
    OUT.mkdir(exist_ok=True)
    note("page")


def quarantine():
    (OUT / "quarantine").mkdir(exist_ok=True)
    (OUT / "model.json").replace(OUT / "quarantine" / "model.json")


globals()[sys.argv[1]]()
'''.replace("\\\\n", "\\n")


TINY: Final = """\
---
kind: pipeline
title: One stage
owner: ml
defaults: {timeout: 5s, retries: 0, environment: requirements.lock, seed: 1, repeat: exact, on-fail: halt + alert}
artifacts:
  made: {type: dataset, path: out/made.json, final: true}
stages:
  make: {kind: data, run: python pipeline.py, seed: 1, out: [made]}
---

# One stage
"""
MAKE: Final = "import json, pathlib\npathlib.Path('out').mkdir()\npathlib.Path('out/made.json').write_text('1')\n"
"""One stage that writes a file, and its code."""


DESIGN: Final = """\
---
kind: design
title: Nightly
owners: [ml]
tier: low
scope: {in: [What the nightly run makes], out: [Who serves what it makes]}
assumptions: [{text: The rows fit in memory, check: The run ends in its time-out}]
---

# Nightly
"""


def design(contract: str = CONTRACT, pipeline: str = PIPELINE) -> dict[str, str]:
    """Give a design with a contract, its pipeline and its data."""
    return {
        "nightly/index.md": DESIGN,
        "nightly/pipeline.md": contract,
        "nightly/pipeline.py": pipeline,
        "nightly/rows.json": "[3, 1, 2, 2]",
        "nightly/requirements.lock": "# the standard library\n--require-hashes\n",
    }


def repository(root: Path, files: dict[str, str] | None = None) -> Path:
    """Commit a design to a fresh repository."""
    write_tree(root, design() if files is None else files)
    (root / ".gitignore").write_text("out/\n", encoding="utf-8")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "The design")
    return root


def tiny(contract: str = TINY, code: str = MAKE) -> dict[str, str]:
    """Give a design whose pipeline has one stage."""
    return design(contract, code)


def executed(root: Path, files: dict[str, str], *words: str) -> Run:
    """Run the executed dry run of a design."""
    return command(repository(root, files), "dry-run", "nightly", "--execute", *words)


def record(root: Path) -> DryRun:
    """Read the record that a run has left."""
    (path,) = (root / "docs/nightly/evidence/dry-runs").glob("*.md")
    return DryRun.model_validate(frontmatter.load(str(path)).metadata)
