"""The record that an executed dry run of a contract would leave when everything went well, without running anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import frontmatter
import yaml

from gatepost.pipeline import Contract, Simulation, key_of
from gatepost.records import Pipeline

__all__ = ["METRICS", "whole_record"]

METRICS: Final = "metrics: {auc: 0.8, champion.auc: 0.79, auc@new: 0.7}"
"""The line about what was measured."""


def whole_record(contract: str, head: str) -> str:
    """Give a record, one part a line.

    Args:
        contract: the text of the contract's page.
        head: the lines that stand before the branches: design, digest, date, result, files.
    """
    known = Contract(Pipeline.model_validate(frontmatter.loads(contract).metadata))
    lines = [head.strip(), METRICS, "clean-runs:"]
    lines += ["- {hash-seed: '0', time-zone: UTC, outcome: completed, seconds: 0.1}"] * 2
    for key, parts in _parts(known).items():
        lines += [f"{key}:", *(f"- {_line(one)}" for one in parts)]
    return "---\n" + "\n".join(lines) + "\n---\n\n# Dry run\n\nEach branch was run on the small data set.\n"


def _line(part: dict[str, Any]) -> str:
    return str(yaml.safe_dump(part, default_flow_style=True, sort_keys=False, width=10**6)).strip()


def _parts(contract: Contract) -> dict[str, list[dict[str, Any]]]:
    listed = Simulation(contract).listed
    skipped = [one for one in listed if one.events[0].fault == "not-reproducible"]
    ended = [("success", "completed"), *((key_of(one), one.end) for one in listed if one not in skipped)]
    stages = contract.promises.values()
    return {
        "branches": [{"branch": name, "outcome": end, "passed": True, "expected": end} for name, end in ended],
        "not-executed": [{"branch": key_of(one), "reason": "it cannot be provoked"} for one in skipped],
        "repeated": [
            {"artifact": name, "stage": one.name, "claim": "exact", "passed": True, "found": "the same bytes"}
            for one in stages
            for name in one.stage.out
            if one.repeat is not None
        ],
        "probes": [probe for one in stages if one.kind == "gate" for probe in _probes(one.name, one.stage.pass_)],
        "not-probed": [
            {"gate": one.name, "condition": str(condition), "reason": "no stage reads it from a file"}
            for one in stages
            if one.stage.rollback
            for condition in one.stage.rollback.when
        ],
    }


def _probes(gate: str, conditions: tuple[Any, ...]) -> Iterator[dict[str, Any]]:
    for one in conditions:
        limit = one.number + (0.79 if one.reference else 0.0)
        values = [(f"{limit + beside:.12g}", "reject" if beside < 0 else "pass") for beside in (0.0, -1e-6, 1e-6)]
        values += [("NaN", "reject"), ("absent", "reject")]
        values += [(f"{one.reference} {what}", "reject") for what in ("NaN", "absent") if one.reference]
        for value, expected in values:
            answer = {"value": value, "expected": expected, "outcome": expected, "passed": True}
            yield {"gate": gate, "condition": str(one), **answer}
