"""The logs that the benchmark checks: plain MADR records, and full records of designs."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path
from typing import Final

__all__ = ["CORPORA", "write_corpus"]

CORPORA: Final = ("plain", "advised", "full")
"""Plain MADR under the default policy (many findings), the same under a policy that advises, full records (clean)."""

_WORDS: Final = [
    "batch",
    "window",
    "feature",
    "store",
    "snapshot",
    "lockfile",
    "champion",
    "challenger",
    "drift",
    "threshold",
    "rollback",
    "table",
    "release",
    "owner",
    "latency",
    "budget",
    "schema",
    "contract",
    "retraining",
    "backfill",
    "approval",
    "canary",
    "metric",
    "slice",
    "tokenised",
    "ingest",
    "scheduler",
]
_QUALITY: Final = [
    "in-scope",
    "scope-explicit",
    "tradeoffs-evaluated",
    "evidence-backed",
    "rollout-and-rollback",
    "risks-owned",
    "follow-ups-accountable",
    "verification-measurable",
]
_STATUSES: Final = ("accepted", "accepted", "accepted", "proposed", "rejected", "deprecated")
_CONFIG: Final = "site_name: Bench\ntheme: mkdocs\n"


def write_corpus(root: Path, corpus: str, records: int) -> None:
    """Write a log of so many decisions into a new git repository; the same arguments give the same bytes."""
    files = {"mkdocs.yml": _CONFIG}
    write = _full if corpus == "full" else _plain
    files |= write(random.Random(records), records)  # noqa: S311 - reproducible text, no secret
    if corpus == "advised":
        lines = "".join(f"  {gate}: advise\n" for gate in _QUALITY)
        files["docs/policy.md"] = f"---\nkind: policy\ntitle: Policy\nenforcement:\n{lines}---\n"
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    subprocess.run(["git", "init", "-q", "."], cwd=root, check=True)
    subprocess.run(["git", "add", "-A"], cwd=root, check=True)


def _prose(rng: random.Random, words: int) -> str:
    return " ".join(rng.choice(_WORDS) for _ in range(words)).capitalize() + "."


def _body(rng: random.Random, number: int, mention: str) -> str:
    return (
        f"# Decision {number}\n\n## Context and Problem Statement\n\n{_prose(rng, 110)}\n\n{mention}\n\n"
        f'## Considered Options\n\n* Keep it\n* Change it\n\n## Decision Outcome\n\nChosen option: "Keep it", because '
        f"{_prose(rng, 110)}\n\n### Consequences\n\n* Good, because {_prose(rng, 70)}\n"
        f"* Bad, because {_prose(rng, 70)}\n\n"
        f"## More Information\n\n{_prose(rng, 60)} Run `dvc repro` to see it.\n"
    )


def _plain(rng: random.Random, records: int) -> dict[str, str]:
    files = {}
    for number in range(1, records + 1):
        status = _STATUSES[number % len(_STATUSES)]
        link = f"It builds on [ADR-{number - 1:04d}](adr-{number - 1:04d}.md)." if number > 1 else "It is the first."
        front = (
            f"id: ADR-{number:04d}\ntitle: Decision {number}\nstatus: {status}\ndate: 2026-{number % 12 + 1:02d}-15\n"
        )
        front += "decision-makers: [Ana Lee, Bo Chen]\nconsulted: [Sre Team]\n"
        files[f"docs/adr/adr-{number:04d}.md"] = f"---\n{front}---\n\n{_body(rng, number, link)}"
    return files


_PER_DESIGN: Final = 50
_DESIGN: Final = """---
kind: design
title: Design {name}
owners: [ml-platform]
tier: medium
outcomes:
  - {{outcome: Fewer customers leave than today, measure: retained_pct >= 2}}
scope: {{in: [the weekly scoring of customers], out: [the campaign that follows it]}}
assumptions:
  - {{text: The warehouse is complete by Sunday night, check: look at the load log}}
---

# Design {name}
"""
_CONTRACT: Final = """---
kind: pipeline
title: The pipeline of {name}
owner: ml-platform
defaults: {{timeout: 10m, retries: 1, environment: requirements.lock, seed: 7, repeat: exact, on-fail: halt + alert}}
artifacts:
  facts: {{type: dataset, source: warehouse.facts@2026-06-01}}
  model: {{type: model, path: out/model.json}}
  metrics: {{type: metrics, path: out/metrics.json, keys: [auc]}}
stages:
  train: {{kind: train, run: python train.py, in: [facts], out: [model]}}
  evaluate: {{kind: validate, run: python evaluate.py, in: [model], out: [metrics]}}
  gate: {{kind: gate, in: [metrics], pass: [auc >= 0.7], on-reject: quarantine + alert}}
  approve: {{kind: approval, by: [lead], after: [gate], expires: 24h, on-reject: halt + alert}}
  promote: {{kind: promote, to: production, run: python promote.py, in: [model], after: [approve],
    on-fail: rollback + page,
    rollback: {{to: previous, run: python back.py, within: 5m, when: [auc < 0.6]}}}}
---

# The pipeline
"""
_DECISION: Final = """---
id: ADR-{number:04d}
title: Decision {number} about the weekly table
status: accepted
date: 2026-06-15
decision-makers: [Ana Lee, Bo Chen]
consulted: [Data Protection]
domain: evaluation
scope:
  in: [the gate in front of each release, the metrics that the gate reads]
  out: [the way in which customers are contacted]
assumptions:
  - text: The labels of a month are complete after ten days
    check: SELECT count(*) FROM labels WHERE month = :m AND loaded_at > :cutoff
  - text: New customers are at least five percent of the table
    check: evidence/metrics.json
constraints: [the release window ends on Monday at six, no personal data leaves the warehouse]
options:
  - name: Absolute floor
    security: 3
    performance: 4
    operability: 4
    maintainability: 5
    notes: One number, easily explained, but it ages with the data
  - name: Floor and margin
    security: 4
    performance: 4
    operability: 4
    maintainability: 4
    notes: Compares with the champion on the same data, {words}
chosen: Floor and margin
evidence:
  - kind: benchmark
    claim: The margin gate would have stopped both bad releases of the spring
    path: evidence/metrics.json
    pointer: /auc
    value: 0.81
    date: 2026-06-01
    supports: Floor and margin
production-impact: true
rollout:
  - step: shadow for two weeks
    criteria: [gate_agreement >= 0.95]
  - step: all releases
    criteria: [false_stops <= 1]
rollback:
  trigger: [false_stops > 2]
  target: the gate of the release before
  within: 30m
  owner: ml-platform
risks: [RISK-{shared:04d}]
follow-ups: [FU-{shared:04d}]
verification: [read the gate's report of four releases]
---

{body}"""
_RISK: Final = """---
id: RISK-{number:04d}
title: The gate stops a good release
status: mitigated
likelihood: 3
impact: 3
residual-likelihood: 2
residual-impact: 2
treatment: An override that two people sign
owner: ml-platform
due: 2027-06-30
verification: rehearse the override each quarter
decisions: [ADR-{number:04d}]
---

{words}
"""
_FOLLOW_UP: Final = """---
id: FU-{number:04d}
title: Rehearse the override
status: open
owner: Bo Chen
due: 2027-05-31
verification: the minutes of the rehearsal
decisions: [ADR-{number:04d}]
---

{words}
"""


def _full(rng: random.Random, records: int) -> dict[str, str]:
    """Give five decisions, half a risk and half a follow-up of each six records, in designs of fifty decisions.

    The frontmatter of a record has 1.6 kB on average; the designs and their contracts are not counted.
    """
    files = {}
    for number in range(1, records * 5 // 6 + 1):
        design = f"docs/design-{number // _PER_DESIGN}"
        files[f"{design}/index.md"] = _DESIGN.format(name=design.rpartition("/")[2])
        files[f"{design}/pipeline.md"] = _CONTRACT.format(name=design.rpartition("/")[2])
        files[f"{design}/requirements.lock"] = "scikit-learn==1.5.2\n"
        files[f"{design}/evidence/metrics.json"] = '{"auc": 0.8114}\n'
        shared = (number - 1) // 10 * 10 + 1
        body = _body(rng, number, f"It leaves RISK-{shared:04d} and FU-{shared:04d}.")
        files[f"{design}/decisions/{number:04d}-gate.md"] = _DECISION.format(
            number=number, shared=shared, body=body, words=_prose(rng, 42)
        )
        if number == shared:
            files[f"{design}/risks/{number:04d}-stop.md"] = _RISK.format(number=number, words=_prose(rng, 60))
            path = f"{design}/follow-ups/{number:04d}-rehearse.md"
            files[path] = _FOLLOW_UP.format(number=number, words=_prose(rng, 60))
    return files
