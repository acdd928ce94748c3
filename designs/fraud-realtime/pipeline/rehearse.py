# ruff: noqa: INP001 - a folder of scripts, not a package
"""Rehearse the pipeline from outside: `python pipeline/rehearse.py`.

Runs the shipped stages as processes in temporary folders and writes what they did to `evidence/`: a clean run, two runs
that are compared, every condition at its limit, and releases that are really taken back. All but times repeat.
"""

from __future__ import annotations

import json
import math
import platform
import shutil
import signal
import subprocess
import time
from typing import Any, Final

from fraud import gates
from fraud.files import read_json, replace, sha256, write_json
from fraud.outcome import Outcome
from fraud.watching import WATCHED
from pipeline import STAGES
from scenarios import quiet_thieves, set_replay, slow_scorer
from workspace import BEFORE_CANARY, EVIDENCE, Workspace, workspace

__all__ = ["clean_run", "probe_gates", "take_backs", "two_runs"]

_MACHINE: Final = f"CPython {platform.python_version()} on one 2-core machine"
_METRICS: Final = {
    "data-gate": "profile",
    "quality-gate": "metrics",
    "latency-gate": "latency",
    "shadow-gate": "shadow",
}
_EPSILON: Final = 1e-6


def clean_run() -> None:
    """Run every stage once, and keep the metrics, the log and the time that it took."""
    with workspace() as place:
        began = time.perf_counter()
        place.run(*STAGES)
        seconds = round(time.perf_counter() - began, 1)
        for name in ("profile", "metrics", "latency", "shadow", "canary", "signals"):
            write_json(EVIDENCE / f"{name}.json", read_json(place.out / f"{name}.json"))
        replace(EVIDENCE / "run.log", place.said.encode())
        facts = {"measured_with": _MACHINE, "processes": len(STAGES), "seconds": seconds, "stages": len(STAGES)}
        write_json(EVIDENCE / "run-time.json", facts)


def two_runs() -> dict[str, Any]:
    """Run everything in two folders, with two hash seeds and two time zones, and compare every file."""
    digests = []
    for seed, zone in (("1", "UTC"), ("2", "Pacific/Auckland")):
        with workspace(PYTHONHASHSEED=seed, TZ=zone) as place:
            place.run(*STAGES)
            files = (path for path in sorted(place.out.rglob("*.*")) if path.is_file())
            digests.append({path.relative_to(place.out).as_posix(): sha256(path) for path in files})
    first, second = digests
    return {
        "artifacts": len(first),
        "differ": sorted(name for name in first if second.get(name) != first[name]),
        "differs_between_the_runs": "folder, PYTHONHASHSEED, TZ",
        "digests": first,
        "equal": sum(second.get(name) == digest for name, digest in first.items()),
    }


def probe_gates() -> dict[str, Any]:
    """Put each metric at its limit, beyond it, to NaN and away, and run the gate, or the watch.

    The canary looks at its own figures in the middle of its work; the watch looks at them again, by the same function.
    """
    with workspace() as place:
        place.run(*STAGES)
        probes = [
            probe
            for gate, name in _METRICS.items()
            for text in gates.GATES[gate]
            for probe in _probes(place, gate, name, text)
        ]
        probes += [probe for text in gates.TAKE_BACK_WHEN for probe in _probes_of_watch(place, text)]
    return {"as_documented": sum(p["exit"] == p["expected"] for p in probes), "probes": probes, "total": len(probes)}


def _probes(place: Workspace, gate: str, name: str, text: str) -> list[dict[str, Any]]:
    path, asked = place.out / f"{name}.json", gates.Condition.of(text)
    sound = read_json(path)
    edge = asked.number + (sound[asked.other] if asked.other else 0.0)
    found = []
    for case, value, expected in _cases(edge, asked.sign, holds=True):
        changed = {key: one for key, one in sound.items() if key != asked.metric}
        changed |= {} if value is None else {asked.metric: value}
        _satisfy_others(gate, text, changed)
        replace(path, json.dumps(changed).encode())
        code = place.run(gate)
        found.append({"case": case, "condition": text, "exit": code, "expected": int(expected), "stage": gate})
    write_json(path, sound)
    return found


def _satisfy_others(gate: str, text: str, metrics: dict[str, Any]) -> None:
    """Keep another condition on the same metric from deciding: put its reference out of the way."""
    others = [gates.Condition.of(one) for one in gates.GATES[gate] if one != text]
    metrics |= {one.other: 0.0 for one in others if one.other and one.metric == gates.Condition.of(text).metric}


def _cases(edge: float, sign: str, *, holds: bool) -> list[tuple[str, float | None, Outcome]]:
    """Give the values to try; `holds` is whether the run goes on while the condition holds."""
    up = sign in {">=", ">"}
    beyond = edge - _EPSILON if up == holds else edge + _EPSILON
    return [
        ("at the limit", edge, Outcome.OK),
        ("beyond the limit", beyond, Outcome.REJECT),
        ("NaN", math.nan, Outcome.REJECT),
        ("missing", None, Outcome.REJECT),
    ]


def _probes_of_watch(place: Workspace, text: str) -> list[dict[str, Any]]:
    asked, found = gates.Condition.of(text), []
    path = place.out / ("signals.json" if asked.metric in WATCHED else "canary.json")
    sound = read_json(path)
    for case, value, expected in _cases(asked.number, asked.sign, holds=False):
        changed = {key: one for key, one in sound.items() if key != asked.metric}
        changed |= {} if value is None else {asked.metric: value}
        replace(path, json.dumps(changed).encode())
        code = place.run("watch")
        found.append({"case": case, "condition": text, "exit": code, "expected": int(expected), "stage": "watch"})
    write_json(path, sound)
    return found


def take_backs() -> dict[str, Any]:
    """Take releases back in every situation that we could think of, and look who answers then."""
    return {
        "breach_in_the_canary": _breach(),
        "breach_in_the_canary_of_the_first_release": _breach_of_first(),
        "breach_by_slow_answers": _slow(),
        "breach_in_the_week_after": _breach_in_week(),
        "killed_half_way": _killed(),
        "killed_half_way_and_tried_again": _tried_again(),
        "measured_with": _MACHINE,
        "rollback_of_a_run_without_a_release": _of_another_run(),
        "rollback_towards_a_damaged_release": _damaged(),
    }


def _second(place: Workspace) -> str | None:
    """Make release 1, prepare release 2 up to its canary, and give the state of production."""
    place.run(*STAGES)
    place.run(*BEFORE_CANARY, run="2")
    return place.state()


def _breach() -> dict[str, Any]:
    with workspace() as place:
        before = _second(place)
        set_replay(place)
        began = time.perf_counter()
        code = place.run("canary", run="2")
        seconds = round(time.perf_counter() - began, 2)
        seen = read_json(place.out / "canary.json")
        restored = place.state() == before
        again = place.run("rollback", run="2")
        return {
            "alert_rate": seen["alert_rate"],
            "bytes_restored": restored,
            "exit": code,
            "payments_met": seen["payments_met"],
            "rollback_afterwards": {"changes_nothing": place.state() == before, "exit": again},
            "seconds": seconds,
            "share_reached": seen["share"],
        }


def _breach_of_first() -> dict[str, Any]:
    with workspace() as place:
        place.run(*BEFORE_CANARY)
        set_replay(place)
        code = place.run("canary")
        return {"exit": code, "shares": place.released()["shares"]}


def _slow() -> dict[str, Any]:
    """Let an answer take 60 ms where the latency stage has seen none of it: a neighbour on the machine, say."""
    with workspace() as place:
        before = _second(place)
        slow_scorer(place, 0.06)
        code = place.run("canary", run="2")
        seen = read_json(place.out / "canary.json")
        return {
            "bytes_restored": place.state() == before,
            "exit": code,
            "p99_ms": round(seen["p99_ms"]),
            "share_reached": seen["share"],
        }


def _breach_in_week() -> dict[str, Any]:
    """Meet thieves who behave like customers: every gate and the canary pass, the disputes of the week do not."""
    with workspace() as place:
        place.run(*STAGES)
        before = place.state()
        quiet_thieves(place)
        codes = {name: place.run(name, run="2") for name in (*BEFORE_CANARY, "canary", "observe", "watch")}
        answered = place.released()["release"]
        code = place.run("rollback", run="2")
        return {
            "bytes_restored": place.state() == before,
            "chargeback_rate": read_json(place.out / "signals.json")["chargeback_rate"],
            "exit_of_canary": codes["canary"],
            "exit_of_rollback": code,
            "exit_of_watch": codes["watch"],
            "release_that_answered": answered,
            "stages_before_the_watch_that_noticed": sum(one != 0 for one in codes.values()) - (codes["watch"] != 0),
        }


def _kill_at(place: Workspace, percent: int) -> None:
    """Kill the canary of run 2 as soon as its release has a share."""
    command, env = place.command("canary"), place.environment("2")
    running = subprocess.Popen(command, cwd=place.folder, env=env, stdout=subprocess.DEVNULL)  # noqa: S603 - our own script
    while running.poll() is None and place.released()["shares"].get("release-2") != percent:
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.wait()


def _killed() -> dict[str, Any]:
    with workspace() as place:
        before = _second(place)
        slow_scorer(place, 0.003)
        _kill_at(place, 10)
        left = place.released()["shares"]
        code = place.run("rollback", run="2")
        locked = (place.out / "production" / "canary.lock").exists()
        return {"bytes_restored": place.state() == before, "exit": code, "left_behind": left, "still_locked": locked}


def _tried_again() -> dict[str, Any]:
    with workspace() as place:
        _second(place)
        slow_scorer(place, 0.003)
        _kill_at(place, 10)
        slow_scorer_off(place)
        code = place.run("canary", run="2")
        return {"exit": code, "shares": place.released()["shares"]}


def slow_scorer_off(place: Workspace) -> None:
    """Let answers be as fast again as they are."""
    place.edit("fraud/serving.py", "        time.sleep(0.003)\n", "")


def _of_another_run() -> dict[str, Any]:
    with workspace() as place:
        before = _second(place)
        code = place.run("rollback", run="2")
        return {"changes_nothing": place.state() == before, "exit": code}


def _damaged() -> dict[str, Any]:
    with workspace() as place:
        _second(place)
        place.run("canary", run="2")
        shutil.copyfile(place.data / "champion.json", place.out / "production/releases/0001/bundle.json")
        code = place.run("rollback", run="2")
        return {"exit": code, "shares": place.released()["shares"]}


def main() -> None:
    """Write every record of the rehearsal."""
    clean_run()
    write_json(EVIDENCE / "two-runs.json", two_runs())
    write_json(EVIDENCE / "gate-probes.json", probe_gates())
    write_json(EVIDENCE / "take-backs.json", take_backs())


if __name__ == "__main__":
    main()
