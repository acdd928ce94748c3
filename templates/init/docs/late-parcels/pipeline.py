"""The example's pipeline: parcels to a bundle in production, with the standard library alone.

Run a stage with `python pipeline.py STAGE`: prepare, train, evaluate, package, promote, rollback. `probe` measures
what the decisions quote and writes it to evidence/metrics.json. The same seed gives the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
import os
import sys
from pathlib import Path

SEED = 7
PARCELS = 2000
FEATURES = ("distance", "weight", "load")
OUT = Path("out")
PRODUCTION = OUT / "production" / "bundle.json"
PREVIOUS = OUT / "production" / "previous.json"

Row = tuple[list[float], int]


def chance(*what: object) -> float:
    """Give a number from 0 to 1 that depends on the seed and on what it is for, and on nothing else."""
    digest = hashlib.sha256(repr((SEED, *what)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def prepare() -> None:
    """Write synthetic parcels: far, heavy ones on busy days are late more often."""
    OUT.mkdir(exist_ok=True)
    with (OUT / "parcels.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*FEATURES, "late"])
        for number in range(PARCELS):
            values = [round(chance(number, name), 4) for name in FEATURES]
            risk = squash(3.0 * values[0] + 1.0 * values[1] + 2.5 * values[2] - 3.6)
            writer.writerow([*values, int(chance(number, "late") < risk)])


def squash(value: float) -> float:
    """Give the logistic function."""
    return 1 / (1 + math.exp(-value))


def rows(*, held_out: bool) -> list[Row]:
    """Read every fourth parcel, which is held out, or the others."""
    with (OUT / "parcels.csv").open(newline="", encoding="utf-8") as file:
        read = [([float(row[name]) for name in FEATURES], int(row["late"])) for row in csv.DictReader(file)]
    return [row for number, row in enumerate(read) if (number % 4 == 0) == held_out]


def fit(data: list[Row], rounds: int = 150) -> list[float]:
    """Fit a logistic regression by gradient descent; the last weight is the intercept."""
    weights = [0.0] * (len(FEATURES) + 1)
    for _ in range(rounds):
        slope = [0.0] * len(weights)
        for values, late in data:
            inputs = [*values, 1.0]
            error = score(weights, values) - late
            slope = [old + error * value for old, value in zip(slope, inputs, strict=True)]
        weights = [weight - 2.0 * change / len(data) for weight, change in zip(weights, slope, strict=True)]
    return [round(weight, 6) for weight in weights]


def score(weights: list[float], values: list[float]) -> float:
    """Give how likely a parcel is late."""
    return squash(sum(weight * value for weight, value in zip(weights, [*values, 1.0], strict=True)))


def auc(weights: list[float], data: list[Row]) -> float:
    """Give how often a late parcel scores above one that is on time."""
    late = [score(weights, values) for values, label in data if label]
    on_time = [score(weights, values) for values, label in data if not label]
    wins = sum((one > other) + (one == other) / 2 for one in late for other in on_time)
    return round(wins / (len(late) * len(on_time)), 4)


def train() -> None:
    """Fit the model to the parcels that are not held out."""
    write(OUT / "model.json", {"features": FEATURES, "weights": fit(rows(held_out=False))})


def evaluate() -> None:
    """Measure the model on the parcels that are held out."""
    model = json.loads((OUT / "model.json").read_text(encoding="utf-8"))
    write(OUT / "metrics.json", {"auc": auc(model["weights"], rows(held_out=True))})


def package() -> None:
    """Put the model and its digest into a bundle."""
    model = (OUT / "model.json").read_text(encoding="utf-8")
    write(OUT / "bundle.json", {"model": model, "sha256": hashlib.sha256(model.encode()).hexdigest()})


def promote() -> None:
    """Check the bundle's digest and put it into production; the release that was there is kept for the rollback.

    A release is known by GATEPOST_RUN, the id of its run, else by its bundle, so a second attempt finds itself there.
    """
    bundle = json.loads((OUT / "bundle.json").read_text(encoding="utf-8"))
    if hashlib.sha256(bundle["model"].encode()).hexdigest() != bundle["sha256"]:
        sys.exit("the bundle was changed after it was packaged")
    release = os.environ.get("GATEPOST_RUN") or bundle["sha256"]
    PRODUCTION.parent.mkdir(exist_ok=True)
    if served() not in {None, release}:
        PREVIOUS.write_bytes(PRODUCTION.read_bytes())
    write(PRODUCTION, {"release": release, **bundle})


def rollback() -> None:
    """Put the previous bundle back; with none, take the route out of service.

    When GATEPOST_RUN names a release that is not in production, there is nothing to undo: it was never promoted, or is
    rolled back already.
    """
    release = os.environ.get("GATEPOST_RUN")
    if release and release != served():
        return
    if PREVIOUS.exists():
        PREVIOUS.replace(PRODUCTION)
    else:
        PRODUCTION.unlink(missing_ok=True)


def served() -> str | None:
    """Give the release that is in production, or None."""
    return json.loads(PRODUCTION.read_text(encoding="utf-8"))["release"] if PRODUCTION.exists() else None


def probe() -> None:
    """Measure what a sound model and one trained on shuffled labels reach on the parcels that are held out."""
    data, held_out = rows(held_out=False), rows(held_out=True)
    order = sorted(range(len(data)), key=lambda number: chance(number, "shuffle"))
    shuffled = [(values, data[other][1]) for (values, _), other in zip(data, order, strict=True)]
    found = {
        "held_out": len(held_out),
        "late_pct": round(100 * sum(late for _, late in held_out) / len(held_out), 1),
        "auc": auc(fit(data), held_out),
        "shuffled_auc": auc(fit(shuffled), held_out),
    }
    write(Path("evidence") / "metrics.json", found)


def write(path: Path, content: object) -> None:
    """Write JSON that is the same for the same content."""
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


STAGES = {stage.__name__: stage for stage in (prepare, train, evaluate, package, promote, rollback, probe)}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in STAGES:  # noqa: PLR2004 - the program and one stage
        sys.exit(f"usage: python pipeline.py {'|'.join(STAGES)}")
    STAGES[sys.argv[1]]()
