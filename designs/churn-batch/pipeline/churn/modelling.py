"""The stages that learn, evaluate and score."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from churn import metrics
from churn.bundle import verified_content
from churn.features import FEATURES, Example, load, split
from churn.files import is_synthetic, read_json, write_json, write_table
from churn.models import Logistic, Model

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["SEED", "evaluate", "measure", "score", "train"]

SEED: Final = 17
"""Seed of the only randomness there is: the bootstrap samples of the AUC's interval."""
_FIRST_WAVE: Final = 0.1


def train(features: Path, model: Path) -> None:
    """Learn from the labelled customers, and keep the score deciles that drift is measured against."""
    rows, outcomes = split(load(features), "learn")
    fitted = Logistic.fit(rows, outcomes)
    content = {
        **fitted.to_json(),
        "features": FEATURES,
        "score_deciles": metrics.decile_edges(fitted.scores(rows)),
        "synthetic": is_synthetic(features),
        "trained_on": len(rows),
    }
    write_json(model, content)


def evaluate(model: Path, champion: Path, features: Path, report: Path) -> None:
    """Measure the candidate, and the champion beside it, on customers that neither has learned from."""
    examples = load(features)
    found = measure(Logistic.from_json(read_json(model)), examples)
    against = measure(Logistic.from_json(read_json(champion)), examples)
    found |= {f"champion.{name}": against[name] for name in ("auc", "brier", "auc@tenure_lt_12m")}
    write_json(report, found)


def measure(model: Model, examples: list[Example]) -> dict[str, float | None]:
    """Give the metrics of a model on the evaluation part; None where one is not defined."""
    rows, outcomes = split(examples, "evaluate")
    new_rows, new_outcomes = split([example for example in examples if example.new_customer], "evaluate")
    scores = model.scores(rows)
    low, high = metrics.auc_interval(scores, outcomes, SEED)
    found = {
        "auc": metrics.auc(scores, outcomes),
        "auc_low": low,
        "auc_high": high,
        "auc@tenure_lt_12m": metrics.auc(model.scores(new_rows), new_outcomes),
        "brier": metrics.brier(scores, outcomes),
        "calibration_error": metrics.calibration_error(scores, outcomes),
        "rows_evaluated": len(rows),
        "rows_evaluated@tenure_lt_12m": len(new_rows),
        "churn_rate": sum(outcomes) / len(outcomes) if outcomes else math.nan,
    }
    return _rounded(found)


def score(bundle: Path, features: Path, table: Path, drift: Path) -> None:
    """Score this week's customers and spread them over two days of contact."""
    content = verified_content(bundle)
    customers = [example for example in load(features) if example.part == "score"]
    scores = Logistic.from_json(content["model"]).scores([customer.values for customer in customers])
    rows = [
        (customer.token, f"{value:.6f}", _contact_day(customer.token))
        for customer, value in zip(customers, scores, strict=True)
    ]
    write_table(table, ("token", "score", "contact_day"), rows, synthetic=is_synthetic(features))
    write_json(drift, _drift(content["model"], scores, rows))


def _drift(model: Mapping[str, Any], scores: list[float], rows: list[tuple[str, str, int]]) -> dict[str, float | None]:
    found = {
        "psi_score": metrics.psi(model["score_deciles"], scores),
        "rows_scored": len(rows),
        "first_wave_share": sum(day == 0 for _, _, day in rows) / len(rows) if rows else math.nan,
    }
    return _rounded(found)


def _contact_day(token: str) -> int:
    """Give 0 to the tenth of customers who are contacted first, and 1 to the rest, a day later."""
    return 0 if int(token[8:16], 16) / 0x1_0000_0000 < _FIRST_WAVE else 1


def _rounded(found: Mapping[str, float]) -> dict[str, float | None]:
    return {name: round(value, 6) if math.isfinite(value) else None for name, value in found.items()}
