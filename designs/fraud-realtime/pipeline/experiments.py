# ruff: noqa: INP001 - a folder of scripts, not a package
"""Measure what the decisions rest on, and write it to `evidence/`. Everything runs on copies in temporary folders."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from fraud.files import digest, read, write
from fraud.model import auc, fit, recall_at, score, split, threshold_at
from fraud.payments import features

_PIPELINE: Final = Path(__file__).resolve().parent
_EVIDENCE: Final = _PIPELINE.parent / "evidence"
_REJECT: Final = 10
_NOTE: Final = "measured on synthetic payments by pipeline/experiments.py"


class Copy:
    """A copy of the pipeline whose stages run as processes of their own."""

    def __init__(self, folder: Path) -> None:
        """Copy it."""
        self.folder = folder
        self.out = folder / "out"
        shutil.copytree(_PIPELINE, folder / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))

    def run(self, name: str, run: str = "1") -> int:
        """Run one command, as part of a run of the orchestrator."""
        done = subprocess.run(  # noqa: S603 - our own script
            [sys.executable, "-B", "pipeline/pipeline.py", name],
            cwd=self.folder,
            env={"GATEPOST_RUN": run},
            capture_output=True,
            check=False,
        )
        return done.returncode


def clean() -> None:
    """Keep what a clean run measures."""
    with tempfile.TemporaryDirectory() as home:
        copy = Copy(Path(home))
        code = copy.run("all")
        for name in ("profile", "metrics", "latency", "shadow", "canary", "signals"):
            write(_EVIDENCE / f"{name}.json", {"note": _NOTE, "exit": code, **read(copy.out / f"{name}.json")})


def weighting() -> None:
    """Try how often a fraud should count in training."""
    learn, later = split(read(_PIPELINE / "data" / "payments.json")["payments"])
    target = [one["fraud"] for one in later]
    found: dict[str, Any] = {"note": _NOTE}
    for times in (1, 3, 6, 12):
        model = fit(learn, float(times))
        scores = [score(model, one) for one in later]
        found[f"times_{times}"] = {
            "auc": round(auc(scores, target), 4),
            "recall_at_fpr1": round(recall_at(scores, target, threshold_at(scores, target, 0.01)), 4),
            "mean_score": round(math.fsum(scores) / len(scores), 4),
        }
    write(_EVIDENCE / "weighting.json", found)


def thresholds() -> None:
    """Compare a threshold at a fixed share of false alarms with the one of least cost, on two halves of the data."""
    learn, later = split(read(_PIPELINE / "data" / "payments.json")["payments"])
    model = fit(learn)
    half = len(later) // 2
    found: dict[str, Any] = {"note": _NOTE}
    for name, part in (("first_half", later[:half]), ("second_half", later[half:])):
        scores, target = [score(model, one) for one in part], [one["fraud"] for one in part]
        fixed = threshold_at(scores, target, 0.01)
        cheapest = min(scores, key=lambda at: _cost(part, scores, at))
        found[name] = {
            "fixed": round(fixed, 4),
            "cheapest": round(cheapest, 4),
            "alarms_fixed": sum(one > fixed for one in scores),
            "alarms_cheapest": sum(one > cheapest for one in scores),
        }
    write(_EVIDENCE / "thresholds.json", found)


def _cost(part: list[dict[str, Any]], scores: list[float], at: float) -> float:
    """Give the cost of a threshold: the amount of each missed fraud, and four euros for each false alarm."""
    missed = math.fsum(one["amount"] for one, s in zip(part, scores, strict=True) if one["fraud"] and s <= at)
    return missed + 4 * sum(1 for one, s in zip(part, scores, strict=True) if not one["fraud"] and s > at)


def skew() -> None:
    """Score with a second implementation of the features, as the old serving path had one."""
    learn, later = split(read(_PIPELINE / "data" / "payments.json")["payments"])
    model, target = fit(learn), [one["fraud"] for one in later]
    one_function = [score(model, one) for one in later]
    two_functions = [_score_second(model, one) for one in later]
    found = {
        "note": _NOTE,
        "largest_difference": round(max(abs(a - b) for a, b in zip(one_function, two_functions, strict=True)), 4),
        "auc_one_function": round(auc(one_function, target), 4),
        "auc_two_functions": round(auc(two_functions, target), 4),
    }
    write(_EVIDENCE / "skew.json", found)


def _score_second(model: dict[str, Any], payment: dict[str, Any]) -> float:
    """Score as the old service did: whole euros, and an hour in another time zone."""
    other = {**payment, "amount": int(payment["amount"]), "hour": (payment["hour"] + 2) % 24}
    assert len(features(other)) == len(model["weights"])  # noqa: S101 - the same features in the same order
    return score(model, other)


def breach() -> None:
    """Release twice; then let the traffic shift, and see what the canary leaves in production."""
    with tempfile.TemporaryDirectory() as home:
        copy = Copy(Path(home))
        copy.run("all", "1")
        before = digest(copy.out / "production" / "route.json")
        replay = copy.folder / "pipeline" / "data" / "replay.json"
        shifted = read(replay)
        for one in shifted["payments"]:
            if one["id"] % 3 == 0:  # a new version of the phone app reports every device as new
                one.update(new_device=1, last_hour=one["last_hour"] + 2)
        for name in (
            "train",
            "evaluate",
            "quality-gate",
            "package",
            "latency",
            "latency-gate",
            "shadow",
            "shadow-gate",
        ):
            copy.run(name, "2")
        copy.run("approve", "2")
        replay.write_text(json.dumps(shifted), encoding="utf-8")
        began = time.perf_counter()
        code = copy.run("canary", "2")
        seconds = time.perf_counter() - began
        seen = read(copy.out / "canary.json")
        found = {
            "note": _NOTE,
            "exit": code,
            "alert_rate": seen["alert_rate"],
            "share_reached": seen["share"],
            "bytes_restored": digest(copy.out / "production" / "route.json") == before,
            "seconds": round(seconds, 2),
            "first_release": _first_release(),
        }
        write(_EVIDENCE / "canary-breach.json", found)


def _first_release() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as home:
        copy = Copy(Path(home))
        copy.run("all", "1")
        code = copy.run("rollback", "1")
        return {"exit": code, "answers": read(copy.out / "production" / "route.json")["answers"]}


def fallback() -> None:
    """Measure what the rules engine alone would catch while the scorer is down."""
    events = read(_PIPELINE / "data" / "replay.json")["payments"]
    frauds = [one for one in events if one["fraud"]]
    found = {
        "note": _NOTE,
        "frauds": len(frauds),
        "caught_by_rules": sum(one["rules_alarm"] for one in frauds),
        "share_caught": round(sum(one["rules_alarm"] for one in frauds) / len(frauds), 4),
        "honest_stopped": sum(one["rules_alarm"] for one in events if not one["fraud"]),
    }
    write(_EVIDENCE / "fallback.json", found)


def tampering() -> None:
    """Change one weight of a signed bundle, and see whether the canary takes it."""
    with tempfile.TemporaryDirectory() as home:
        copy = Copy(Path(home))
        copy.run("all", "1")
        bundle = read(copy.out / "bundle.json")
        bundle["content"]["model"]["weights"][0] += 0.5
        write(copy.out / "bundle.json", bundle)
        codes = {name: copy.run(name, "2") for name in ("latency", "canary")}
        write(
            _EVIDENCE / "tampering.json",
            {"note": _NOTE, **codes, "refused": sum(one == _REJECT for one in codes.values())},
        )


def main() -> None:
    """Measure everything."""
    for measure in (clean, weighting, thresholds, skew, breach, fallback, tampering):
        measure()


if __name__ == "__main__":
    main()
