# ruff: noqa: INP001 - a folder of scripts, not a package
"""Rehearse the pipeline from outside: `python pipeline/rehearse.py`.

Runs the shipped commands as processes in temporary folders and writes what they did to `evidence/`: a clean run, two
runs compared, each condition at its limit, what must be refused, and rollbacks that really happen. All but the times
comes out the same again.
"""

from __future__ import annotations

import json
import math
import platform
import shutil
import time
from typing import TYPE_CHECKING, Any, Final

from pipeline import STAGES
from refusals import refusals
from routing.files import read_json, sha256, write_json
from routing.gates import GATES, WITHDRAW_WHEN, Condition
from routing.outcome import Outcome
from workspace import EVIDENCE, Workspace, workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["clean_run", "probe_gates", "rehearse_rollback", "two_runs"]

_MACHINE: Final = f"CPython {platform.python_version()} on one 2-core machine"
_EPSILON: Final = 1e-6
_READS: Final = {
    "data-gate": "profile.json",
    "quality-gate": "metrics.json",
    "safety-gate": "safety.json",
    "smoke-gate": "smoke.json",
}


def clean_run() -> None:
    """Run every stage once, and keep what it measured, what it said and how long it took."""
    with workspace() as place:
        began = time.perf_counter()
        place.run(*STAGES)
        seconds = round(time.perf_counter() - began, 1)
        for name in ("profile.json", "metrics.json", "safety.json", "smoke.json", "signals.json"):
            write_json(EVIDENCE / name, read_json(place.out / name))
        (EVIDENCE / "run.log").write_text(place.said, encoding="utf-8")
    write_json(EVIDENCE / "run-time.json", {"measured_with": _MACHINE, "seconds": seconds, "stages": len(STAGES)})


def two_runs() -> dict[str, Any]:
    """Run everything in two folders, with two hash seeds and two time zones, and compare what was written."""
    digests, models = [], []
    for seed, zone in (("1", "UTC"), ("2", "Pacific/Auckland")):
        with workspace(PYTHONHASHSEED=seed, TZ=zone) as place:
            place.run(*STAGES)
            digests.append({path.relative_to(place.out).as_posix(): sha256(path) for path in _files(place)})
            models.append(read_json(place.out / "model.json"))
    first, second = digests
    same = sorted(name for name, digest in first.items() if second.get(name) == digest)
    return {
        "adapters_equal": int(models[0]["adapter"] == models[1]["adapter"]),
        "artifacts": len(first),
        "differ": sorted(set(first) - set(same)),
        "differs_between_the_runs": "folder, PYTHONHASHSEED, TZ",
        "equal": len(same),
        "predictions_equal": int("predictions.json" in same),
    }


def _files(place: Workspace) -> Iterator[Any]:
    yield from (path for path in sorted(place.out.rglob("*")) if path.is_file())


def probe_gates() -> dict[str, Any]:
    """Put each metric at its limit, beyond it, to NaN and away, and run the gate, or the watch."""
    with workspace() as place:
        place.run(*STAGES)
        found = [one for gate, texts in GATES.items() for text in texts for one in _probes(place, gate, text)]
        found += [one for text in WITHDRAW_WHEN for one in _withdrawals(place, text)]
    agree = sum(one["exit"] == one["expected"] for one in found)
    return {"as_documented": agree, "probes": found, "total": len(found)}


def _probes(place: Workspace, gate: str, text: str) -> Iterator[dict[str, Any]]:
    path, condition = place.out / _READS[gate], Condition.of(text)
    sound = read_json(path)
    beside = sound[condition.metric]  # where a reference is put, so that a floor on the same metric does not decide
    edge = beside + condition.number if condition.reference else condition.number
    beyond = edge - _EPSILON if condition.operator == ">=" else edge + _EPSILON
    values = {"at the limit": edge, "beyond the limit": beyond, "NaN": math.nan, "missing": None}
    for case, value in values.items():
        changed: dict[str, Any] = {**sound, condition.metric: value}
        if value is None:
            del changed[condition.metric]
        if condition.reference:
            changed[condition.reference] = beside
        elif f"champion.{condition.metric}" in sound:
            changed[f"champion.{condition.metric}"] = 0.0  # so that the margin does not decide
        path.write_text(json.dumps(changed), encoding="utf-8")
        expected = Outcome.OK if case == "at the limit" else Outcome.REJECT
        yield _probe(gate, text, case, place.run(gate), expected)
    write_json(path, sound)


def _withdrawals(place: Workspace, text: str) -> Iterator[dict[str, Any]]:
    path, condition = place.out / "signals.json", Condition.of(text)
    sound = read_json(path)
    beyond = condition.number + (_EPSILON if condition.operator == ">" else -_EPSILON)
    values = {"at the limit": condition.number, "beyond the limit": beyond, "NaN": math.nan, "missing": None}
    for case, value in values.items():
        changed = {name: one for name, one in sound.items() if name != condition.metric}
        changed |= {} if value is None else {condition.metric: value}
        path.write_text(json.dumps(changed), encoding="utf-8")
        expected = Outcome.OK if case == "at the limit" else Outcome.REJECT
        yield _probe("watch", text, case, place.run("watch"), expected)
    write_json(path, sound)


def _probe(gate: str, text: str, case: str, code: int, expected: int) -> dict[str, Any]:
    return {"gate": gate, "condition": text, "case": case, "exit": int(code), "expected": int(expected)}


def rehearse_rollback() -> dict[str, Any]:
    """Release twice with a bad first day after the second, roll back and compare; then in each awkward situation."""
    return {
        "breach_on_second_release": _breach(releases=2),
        "breach_on_first_release": _breach(releases=1),
        "other_slot_damaged": _damaged(),
        "killed_with_the_lock": _killed(),
        "failed_before_the_switch": _without_effect(),
        "measured_with": _MACHINE,
    }


def _breach(*, releases: int) -> dict[str, Any]:
    """Let the tickets that nobody had thought of arrive on the first day of the last release."""
    with workspace() as place:
        for number in range(1, releases):
            place.run(*STAGES, GATEPOST_RUN=str(number))
        before, run = place.production(), {"GATEPOST_RUN": str(releases)}
        shutil.copyfile(place.data / "blind.csv", place.data / "first-day.csv")
        watched = place.run(*STAGES, **run)
        signals = read_json(place.out / "signals.json")
        began = time.perf_counter()
        code = place.run("rollback", **run)
        seconds = round(time.perf_counter() - began, 2)
        after = json.loads(place.production() or b"{}")
        return {
            **({"bytes_restored": place.production() == before} if before else {}),
            "exit": code,
            "late_escalations": signals["late_escalations"],
            "release": after["release"],
            "route": after["route"],
            "seconds": seconds,
            "watch_exit": watched,
        }


def _damaged() -> dict[str, Any]:
    with workspace() as place:
        place.run(*STAGES, GATEPOST_RUN="1")
        place.run(*STAGES, GATEPOST_RUN="2")
        (place.out / "production" / "blue" / "bundle.json").write_text("damaged\n", encoding="utf-8")
        before = place.production()
        code = place.run("rollback", GATEPOST_RUN="2")
        return {"exit": code, "production_changed": place.production() != before}


def _killed() -> dict[str, Any]:
    with workspace() as place:
        place.run(*STAGES, GATEPOST_RUN="1")
        before = place.production()
        place.run(*STAGES, GATEPOST_RUN="2")
        (place.out / "production" / "promoting.lock").touch()
        code = place.run("rollback", GATEPOST_RUN="2")
        return {"bytes_restored": place.production() == before, "exit": code}


def _without_effect() -> dict[str, Any]:
    """Roll back a run that never got the lock: what the run before it has promoted must stay."""
    with workspace() as place:
        place.run(*STAGES, GATEPOST_RUN="1")
        before = place.production()
        (place.out / "production" / "promoting.lock").touch()
        failed = place.run(*STAGES, GATEPOST_RUN="2")
        code = place.run("rollback", GATEPOST_RUN="2")
        changed = place.production() != before
        return {"exit": code, "exit_of_promotion": failed, "production_changed": changed}


def main() -> None:
    """Write every record of the rehearsal."""
    clean_run()
    write_json(EVIDENCE / "two-runs.json", two_runs())
    write_json(EVIDENCE / "gate-probes.json", probe_gates())
    write_json(EVIDENCE / "refusals.json", refusals())
    write_json(EVIDENCE / "rollback-rehearsal.json", rehearse_rollback())


if __name__ == "__main__":
    main()
