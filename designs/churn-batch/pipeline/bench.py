# ruff: noqa: INP001 - a folder of scripts, not a package
"""Compare the model options on five synthetic extracts: `python pipeline/bench.py`.

Writes `evidence/bench.json`. Scores come from the same code that the pipeline runs; each extract has its
own seed. Times are of one machine and are for comparison only.
"""

from __future__ import annotations

import hashlib
import json
import platform
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from churn import features, intake, metrics
from churn.files import write_json
from churn.models import BoostedStumps, Logistic, Model, TenureRule
from make_data import EXTRACT_SEED, make_extract

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["OPTIONS", "compare"]

_EVIDENCE: Final = Path(__file__).resolve().parent.parent / "evidence"
_SEEDS: Final = tuple(EXTRACT_SEED + offset for offset in range(5))

OPTIONS: Final[dict[str, Callable[[Sequence[tuple[float, ...]], Sequence[int]], Model]]] = {
    "tenure-rule": lambda _rows, _outcomes: TenureRule(),
    "logistic": Logistic.fit,
    "boosted-stumps": BoostedStumps.fit,
}
"""What can be served, and how each is learned."""


def compare() -> dict[str, Any]:
    """Give, for each option, its metrics over the extracts and what it takes to run."""
    runs = [_runs(seed) for seed in _SEEDS]
    report: dict[str, Any] = {name: _summary([run[name] for run in runs]) for name in OPTIONS}
    report["extracts"] = len(_SEEDS)
    gain = [run["boosted-stumps"]["auc"] - run["logistic"]["auc"] for run in runs]
    report["auc_gain_of_stumps"] = {"mean": _short(statistics.mean(gain)), "stdev": _short(statistics.stdev(gain))}
    report["measured_with"] = f"CPython {platform.python_version()} on one 2-core machine"
    return report


def _runs(seed: int) -> dict[str, dict[str, Any]]:
    examples = _examples(seed)
    return {name: _run(fit, examples) for name, fit in OPTIONS.items()}


def _examples(seed: int) -> list[features.Example]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        make_extract(place / "extract.csv", seed, 2000, 600)
        intake.ingest(place / "extract.csv", place / "customers.csv", place / "profile.json")
        features.build(place / "customers.csv", place / "features.csv")
        return features.load(place / "features.csv")


def _run(
    fit: Callable[[Sequence[tuple[float, ...]], Sequence[int]], Model],
    examples: list[features.Example],
) -> dict[str, Any]:
    learn = features.split(examples, "learn")
    rows, outcomes = features.split(examples, "evaluate")
    new_rows, new_outcomes = features.split([example for example in examples if example.new_customer], "evaluate")
    start = time.process_time()
    model = fit(*learn)
    seconds = time.process_time() - start
    scores, saved = model.scores(rows), json.dumps(model.to_json())
    return {
        "auc": metrics.auc(scores, outcomes),
        "auc@tenure_lt_12m": metrics.auc(model.scores(new_rows), new_outcomes),
        "brier": metrics.brier(scores, outcomes),
        "calibration_error": metrics.calibration_error(scores, outcomes),
        "artifact_bytes": len(saved),
        "train_seconds": seconds,
        "same_again": _digest(saved) == _digest(json.dumps(fit(*learn).to_json())),
    }


def _summary(runs: list[dict[str, Any]]) -> dict[str, Any]:
    means = {name: _short(statistics.mean(run[name] for run in runs)) for name in runs[0] if name != "same_again"}
    return {
        **means,
        "auc_stdev": _short(statistics.stdev(run["auc"] for run in runs)),
        "equal_when_trained_twice": sum(run["same_again"] for run in runs),
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _short(value: float) -> float:
    return round(value, 4)


if __name__ == "__main__":
    write_json(_EVIDENCE / "bench.json", compare())
