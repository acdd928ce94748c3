# ruff: noqa: INP001 - a folder of scripts, not a package
"""Rehearse the pipeline from outside: `python pipeline/rehearse.py`.

Runs the shipped stages as separate processes in temporary folders and writes what they did to `evidence/`:
a clean run, the same run twice, every gate at its limit, every refusal, and rollbacks that are really
carried out. Everything but the times comes out the same again.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import platform
import time
from typing import TYPE_CHECKING, Any, Final

from churn import gates
from churn.files import SYNTHETIC, read_json, sha256, write_atomically, write_json
from churn.outcome import Outcome
from pipeline import STAGES
from workspace import EVIDENCE, STAGES_TO_SCORES, Workspace, workspace

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["clean_run", "probe_gates", "refusals", "rehearse_rollback", "two_runs"]

_MACHINE: Final = f"CPython {platform.python_version()} on one 2-core machine"
_EPSILON: Final = 1e-6
_PUBLISH: Final = ("publish-gate", "approve", "publish")
_GATES: Final = {
    "data-gate": ("profile.json", gates.DATA_GATE),
    "quality-gate": ("metrics.json", gates.QUALITY_GATE),
    "publish-gate": ("drift.json", gates.PUBLISH_GATE),
    "watch": ("signals.json", gates.CAMPAIGN_LIMITS),
}


def clean_run() -> None:
    """Run every stage once and keep the metrics, the log and the time that it took."""
    with workspace() as place:
        start = time.perf_counter()
        place.run(*STAGES)
        seconds = round(time.perf_counter() - start, 1)
        for name in ("profile.json", "metrics.json", "drift.json", "signals.json"):
            write_json(EVIDENCE / name, read_json(place.out / name))
        write_atomically(EVIDENCE / "run.log", place.said)
        times = {"measured_with": _MACHINE, "rows_scored": 600, "seconds": seconds, "stages": len(STAGES)}
        write_json(EVIDENCE / "run-time.json", times)


def two_runs() -> dict[str, Any]:
    """Run everything twice, in two folders, with two hash seeds and two time zones; compare every byte."""
    digests = []
    for seed, zone in (("1", "UTC"), ("2", "Pacific/Auckland")):
        with workspace(PYTHONHASHSEED=seed, TZ=zone) as place:
            place.run(*STAGES)
            digests.append({path.name: sha256(path) for path in sorted(place.out.glob("*.*"))})
    first, second = digests
    return {
        "artifacts": len(first),
        "equal": sum(second.get(name) == digest for name, digest in first.items()),
        "digests": first,
        "differs_between_the_runs": "folder, PYTHONHASHSEED, TZ",
    }


def probe_gates() -> dict[str, Any]:
    """Put each metric of each gate and of the watch at its limit, beside it, to NaN and away, and run the stage."""
    with workspace() as place:
        place.run(*STAGES)
        probes = [
            probe
            for stage, (name, limits) in _GATES.items()
            for limit in limits
            for probe in _probes(place, stage, name, limit)
        ]
    return {"as_documented": sum(p["exit"] == p["expected"] for p in probes), "probes": probes, "total": len(probes)}


def _probes(place: Workspace, stage: str, name: str, limit: gates.Limit) -> list[dict[str, Any]]:
    sound = read_json(place.out / name)
    edge = limit.number + (sound[limit.reference] if limit.reference else 0.0)
    wrong = edge - _EPSILON if limit.operator == ">=" else edge + _EPSILON
    cases: dict[str, tuple[float | None, Outcome]] = {
        "at the limit": (edge, Outcome.OK),
        "beyond the limit": (wrong, Outcome.REJECT),
        "NaN": (math.nan, Outcome.REJECT),
        "missing": (None, Outcome.REJECT),
    }
    found = []
    for case, (value, expected) in cases.items():
        changed = {key: number for key, number in sound.items() if key != limit.metric}
        if value is not None:
            changed[limit.metric] = value
        _satisfy_others(stage, changed, limit)
        code = _verdict(place, stage, name, changed)
        found.append({"case": case, "condition": str(limit), "exit": code, "expected": int(expected), "stage": stage})
    write_json(place.out / name, sound)
    return found


def _satisfy_others(stage: str, metrics: dict[str, Any], limit: gates.Limit) -> None:
    """Keep a second condition on the same metric from deciding: lower its reference out of the way."""
    others = [other for other in _GATES[stage][1] if other.metric == limit.metric and other is not limit]
    for other in others:
        if other.reference:
            metrics[other.reference] = 0.0


def _verdict(place: Workspace, stage: str, name: str, metrics: dict[str, Any]) -> int:
    write_atomically(place.out / name, json.dumps(metrics))
    return place.run(stage)


def refusals() -> dict[str, Any]:
    """Ask for what must not happen, and note the exit code and whether production changed."""
    cases: dict[str, tuple[Callable[[Workspace], int], Outcome]] = {
        "package without a verdict of the quality gate": (_no_verdict, Outcome.REJECT),
        "publish without an approval on file": (_no_approval, Outcome.REJECT),
        "publish with an approval of another table": (_other_table, Outcome.REJECT),
        "publish with an approval older than 72 hours": (_old_approval, Outcome.REJECT),
        "publish with an approval by another role": (_other_role, Outcome.REJECT),
        "publish real data with the rehearsal approval": (_rehearsal_on_real, Outcome.REJECT),
        "approve while nobody has answered": (_no_answer, Outcome.INCONCLUSIVE),
        "publish a bundle with one weight changed": (_changed_weight, Outcome.REJECT),
        "ingest real data without a token key": (_real_without_key, Outcome.REJECT),
        "ingest without an extract": (_no_extract, Outcome.INFRASTRUCTURE),
        "publish while another publication holds the lock": (_locked, Outcome.TIMEOUT),
    }
    found = []
    for case, (ask, expected) in cases.items():
        with workspace() as place:
            place.run(*STAGES_TO_SCORES, "publish-gate")
            code = ask(place)
            touched = (place.out / "production" / "current.json").exists()
        found.append({"case": case, "exit": code, "expected": int(expected), "production_changed": touched})
    as_expected = sum(f["exit"] == f["expected"] and not f["production_changed"] for f in found)
    return {"as_expected": as_expected, "cases": found, "total": len(found)}


def _no_verdict(place: Workspace) -> int:
    (place.out / "quality-gate.json").unlink()
    return place.run("package")


def _no_approval(place: Workspace) -> int:
    return place.run("publish")


def _other_table(place: Workspace) -> int:
    return _with_approval(place, scores_sha256="0" * 64)


def _old_approval(place: Workspace) -> int:
    given = dt.datetime.now(dt.UTC) - dt.timedelta(hours=73)
    return _with_approval(place, rehearsal=False, given_at=given.isoformat(timespec="seconds"))


def _other_role(place: Workspace) -> int:
    return _with_approval(place, role="growth-ml")


def _rehearsal_on_real(place: Workspace) -> int:
    """Take the line away that says that the scores are synthetic; the approval then is about real data."""
    place.run("approve")
    _claim_real(place, "out/scores.csv")
    return _publish_with(place, scores_sha256=sha256(place.out / "scores.csv"))


def _no_answer(place: Workspace) -> int:
    (place.data / "rehearsal-answer.json").unlink()
    return place.run("approve")


def _changed_weight(place: Workspace) -> int:
    bundle = read_json(place.out / "bundle.json")
    bundle["content"]["model"]["weights"][1] += 0.5
    write_json(place.out / "bundle.json", bundle)
    return place.run("approve", "publish")


def _real_without_key(place: Workspace) -> int:
    _claim_real(place, "pipeline/data/extract.csv")
    return place.run("ingest")


def _no_extract(place: Workspace) -> int:
    (place.data / "extract.csv").unlink()
    return place.run("ingest")


def _locked(place: Workspace) -> int:
    (place.out / "production").mkdir()
    (place.out / "production" / "publishing.lock").touch()
    return place.run("approve", "publish")


def _with_approval(place: Workspace, **changes: object) -> int:
    place.run("approve")
    return _publish_with(place, **changes)


def _publish_with(place: Workspace, **changes: object) -> int:
    write_json(place.out / "approval.json", read_json(place.out / "approval.json") | changes)
    return place.run("publish")


def _claim_real(place: Workspace, name: str) -> None:
    path = place.folder / name
    path.write_text(path.read_text(encoding="utf-8").removeprefix(SYNTHETIC + "\n"), encoding="utf-8")


def rehearse_rollback() -> dict[str, Any]:
    """Publish twice, roll back, and compare bytes; then roll back in each of the awkward situations."""
    with workspace() as place:
        before = _publish_champion(place)
        place.run(*STAGES_TO_SCORES, *_PUBLISH)
        after = _production(place)
        start = time.perf_counter()
        code = place.run("rollback")
        seconds = round(time.perf_counter() - start, 2)
        restored = _production(place) == before
    return {
        "bytes_restored": restored and before != after,
        "damaged_target": _roll_back_to_damaged(),
        "exit": code,
        "failed_before_publishing": _roll_back_without_effect(),
        "first_release": _roll_back_first(),
        "killed_after_publishing": _roll_back_after_crash(),
        "measured_with": _MACHINE,
        "seconds": seconds,
    }


def _publish_champion(place: Workspace) -> dict[str, str]:
    """Release the table of the model that was in production before, and give the state of production."""
    place.run("ingest", "data-gate", "features", "train")
    write_json(place.out / "model.json", read_json(place.data / "champion.json"))
    place.run("evaluate", "quality-gate", "package", "score", *_PUBLISH)
    return _production(place)


def _production(place: Workspace) -> dict[str, str]:
    root = place.out / "production"
    return {str(path.relative_to(root)): sha256(path) for path in sorted(root.rglob("*.*")) if path.is_file()}


def _roll_back_first() -> dict[str, Any]:
    with workspace() as place:
        place.run(*STAGES_TO_SCORES, *_PUBLISH)
        code = place.run("rollback")
        return {"exit": code, "route": read_json(place.out / "production" / "current.json")["route"]}


def _roll_back_after_crash() -> dict[str, Any]:
    """Leave the lock behind, as a publication that is killed after its effect does."""
    with workspace() as place:
        before = _publish_champion(place)
        place.run(*STAGES_TO_SCORES, *_PUBLISH)
        (place.out / "production" / "publishing.lock").touch()
        code = place.run("rollback")
        return {"bytes_restored": _production(place) == before, "exit": code}


def _roll_back_without_effect() -> dict[str, Any]:
    """Roll back a publication that never got the lock: the previous table must stay."""
    with workspace() as place:
        before = _publish_champion(place)
        (place.out / "production" / "publishing.lock").touch()
        failed = place.run(*STAGES_TO_SCORES, *_PUBLISH)
        code = place.run("rollback")
        return {"exit": code, "exit_of_publication": failed, "production_changed": _production(place) != before}


def _roll_back_to_damaged() -> dict[str, Any]:
    with workspace() as place:
        _publish_champion(place)
        (target,) = (place.out / "production" / "tables").glob("*.csv")
        place.run(*STAGES_TO_SCORES, *_PUBLISH)
        target.write_text("damaged\n", encoding="utf-8")
        before = _production(place)
        code = place.run("rollback")
        return {"exit": code, "production_changed": _production(place) != before}


def main() -> None:
    """Write every record of the rehearsal."""
    clean_run()
    write_json(EVIDENCE / "two-runs.json", two_runs())
    write_json(EVIDENCE / "gate-probes.json", probe_gates())
    write_json(EVIDENCE / "refusals.json", refusals())
    write_json(EVIDENCE / "rollback-rehearsal.json", rehearse_rollback())


if __name__ == "__main__":
    main()
