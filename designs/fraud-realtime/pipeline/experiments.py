# ruff: noqa: INP001 - a folder of scripts, not a package
"""Measure what the decisions rest on: `python pipeline/experiments.py`.

Each experiment runs the shipped code on synthetic payments and writes one file to `evidence/`; run again, it writes the
same bytes.
"""

from __future__ import annotations

import math
import statistics
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fraud import canary, gates, metrics
from fraud.bundle import verified
from fraud.files import read_json, write_json
from fraud.learning import FALSE_ALARMS, Parts, measured
from fraud.payments import in_order, payments, request_of
from fraud.serving import Scorer
from make_data import KNOWN, write_raw
from scenarios import new_devices, quiet_thieves, set_replay
from workspace import BEFORE_CANARY, EVIDENCE, PIPELINE, Workspace, workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fraud.model import Model
    from fraud.payments import Payment

__all__ = ["fallback", "nightly", "shares", "skew", "switching", "thresholds", "tricks", "weights"]

_SEEDS: Final = (41, 51, 61, 71, 81)
_COUNTS: Final = (1, 3, 6, 12)
_RELEASES: Final = 400
_NIGHTS: Final = 5
_REJECT: Final = 10
_FALSE_ALARM_EUROS: Final = 4
"""What a false alarm is guessed to cost."""


def weights() -> dict[str, Any]:
    """Count frauds once, 3, 6 and 12 times in training, on five sets of payments."""
    runs: dict[int, list[dict[str, float]]] = {count: [] for count in _COUNTS}
    for seed in _SEEDS:
        parts = _parts(seed)
        for count in _COUNTS:
            model = parts.fit(counts=float(count))
            late = [model.score(row) for row in parts.rows[parts.late]]
            found = measured(model, parts)
            found["times_too_high"] = statistics.fmean(late) / statistics.fmean(parts.frauds[parts.late])
            runs[count].append(found)
    gain = [six["recall_at_fpr1"] - once["recall_at_fpr1"] for six, once in zip(runs[6], runs[1], strict=True)]
    return {
        "sets_of_payments": len(_SEEDS),
        "sets_where_six_finds_more": sum(one > 0 for one in gain),
        **{
            f"times_{count}": {
                name: round(statistics.fmean(one[name] for one in found), 4)
                for name in ("auc", "recall_at_fpr1", "times_too_high")
            }
            for count, found in runs.items()
        },
    }


def _parts(seed: int) -> Parts:
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "payments.csv"
        write_raw(raw, replace(KNOWN, seed=seed))
        return Parts(payments(raw))


def thresholds() -> dict[str, Any]:
    """Set the threshold at a fixed share of false alarms, and at least cost, on five sets, and see both later."""
    rows = []
    for seed in _SEEDS:
        parts = _parts(seed)
        model = parts.fit()
        scores = [model.score(row) for row in parts.rows]
        early, late = parts.early, parts.late
        honest = [score for score, fraud in zip(scores[early], parts.frauds[early], strict=True) if not fraud]
        fixed = metrics.threshold_at(honest, FALSE_ALARMS)
        cheapest = _cheapest(parts.table[early], scores[early])
        rows.append([metrics.share_above(scores[late], one) or 0.0 for one in (fixed, cheapest)] + [fixed, cheapest])
    columns = list(zip(*rows, strict=True))
    names = ("alarms_fixed", "alarms_cheapest", "threshold_fixed", "threshold_cheapest")
    return {
        "euros_for_a_false_alarm": _FALSE_ALARM_EUROS,
        "sets_of_payments": len(_SEEDS),
        **{
            name: {"highest": round(max(one), 4), "lowest": round(min(one), 4), "mean": round(statistics.fmean(one), 4)}
            for name, one in zip(names, columns, strict=True)
        },
    }


def _cheapest(table: Sequence[Payment], scores: Sequence[float]) -> float:
    """Give the threshold of least cost: the amount of each missed fraud, and a guess for each false alarm."""
    ordered = sorted(zip(scores, table, strict=True), key=lambda one: one[0])
    cost, best, at = sum(0.0 if one.fraud else _FALSE_ALARM_EUROS for one in table), math.inf, 0.0
    for score, one in ordered:  # a threshold at this score lets the payment through
        cost += one.amount if one.fraud else -_FALSE_ALARM_EUROS
        if cost < best:
            best, at = cost, score
    return at


def skew() -> dict[str, Any]:
    """Serve with features of its own, as the old service did: whole euros, and hours two zones away."""
    with workspace() as place:
        place.run(*BEFORE_CANARY)
        sound = read_json(place.out / "latency.json")
        scores, frauds = _replayed(place)
        place.edit(
            "fraud/serving.py",
            "        payment = payment_of(request)\n",
            "        payment = payment_of(request)\n"
            "        payment = payment._replace(amount=float(int(payment.amount)), second=payment.second + 7200)\n",
        )
        place.run("latency")
        second = read_json(place.out / "latency.json")
        code = place.run("latency-gate")
        own = [one._replace(amount=float(int(one.amount)), second=one.second + 7200) for one in payments(_REPLAY)]
        others = _scores(place, own)
    return {
        "auc_one_function": round(metrics.auc(scores, frauds) or math.nan, 4),
        "auc_two_functions": round(metrics.auc(others, frauds) or math.nan, 4),
        "exit_of_latency_gate": code,
        "largest_difference_one_function": sound["skew_max"],
        "largest_difference": round(second["skew_max"], 4),
    }


_REPLAY: Final = PIPELINE / "data" / "replay.csv"


def _replayed(place: Workspace) -> tuple[list[float], list[int]]:
    table = payments(_REPLAY)
    return _scores(place, table), [one.fraud for one in table]


def _scores(place: Workspace, table: Sequence[Payment]) -> list[float]:
    scorer = Scorer(verified(place.out / "bundle.json"))
    return [scorer.answer(request_of(one)).score for one in table]


def switching() -> dict[str, Any]:
    """Let an app report all devices as new on the day of a release; count whom it stops with a canary and at once."""
    with workspace() as place:
        place.run(*BEFORE_CANARY)
        table = set_replay(place)
        code = place.run("canary")
        seen = read_json(place.out / "canary.json")
        alarms = _alarms(place, table)
    stopped = [alarm and not one.fraud for alarm, one in zip(alarms, table, strict=True)]
    mine = [n for share in canary.SHARES for n in _chosen(1, share, len(table)) if share <= seen["share"]]
    return {
        "alert_rate": round(statistics.fmean(alarms), 4),
        "at_once": {"honest_stopped": sum(stopped), "payments_met": len(table)},
        "canary": {
            "exit": code,
            "honest_stopped": sum(stopped[number] for number in mine[: seen["payments_met"]]),
            "payments_met": seen["payments_met"],
            "share_reached": seen["share"],
        },
        "honest": sum(not one.fraud for one in table),
    }


def _alarms(place: Workspace, table: Sequence[Payment]) -> list[bool]:
    scorer = Scorer(verified(place.out / "bundle.json"))
    return [scorer.answer(request_of(one)).alarm for one in table]


def shares() -> dict[str, Any]:
    """Draw the payments of 400 releases on three days, and see at which share each release is stopped.

    The bundle and the days are the same; only which payments a release answers differs.
    """
    with workspace() as place:
        place.run(*BEFORE_CANARY)
        sound = payments(_REPLAY)
        days = {"sound": sound, "a_third_new": new_devices(sound, every=3), "all_new": new_devices(sound)}
        alarms = {name: _alarms(place, table) for name, table in days.items()}
    drawn = [[_chosen(number, share, len(sound)) for share in canary.SHARES] for number in range(1, _RELEASES + 1)]
    found: dict[str, Any] = {"answers_at_one_percent": len(sound) // 100, "releases": _RELEASES}
    for name, given in alarms.items():
        ends = [_end([[given[number] for number in own] for own in release]) for release in drawn]
        found[name] = {
            "alert_rate": round(statistics.fmean(given), 4),
            "never_stopped": round(sum(share == 0 for share, _ in ends) / len(ends), 4),
            "payments_met_on_average": round(statistics.fmean(met for _, met in ends)),
            **{
                f"stopped_at_{share}": round(sum(end == share for end, _ in ends) / len(ends), 4)
                for share in canary.SHARES
            },
        }
    return found


def _chosen(release: int, share: int, of_day: int) -> list[int]:
    return [number for number in range(of_day) if canary.lot(release, number) < share]


def _end(answers: Sequence[Sequence[bool]]) -> tuple[int, int]:
    """Look as the canary looks, and give the share at which it stops, or 0, and how many payments were met."""
    met = 0
    for share, own in zip(canary.SHARES, answers, strict=True):
        for seen in (*range(canary.LOOK_EVERY, len(own), canary.LOOK_EVERY), len(own)):
            if gates.met({"alert_rate": sum(own[:seen]) / seen}, ("alert_rate",)):
                return share, met + seen
        met += len(own)
    return 0, met


def fallback() -> dict[str, Any]:
    """Measure what the rules engine stops by itself, and what the scorer stops, on the replayed day."""
    with workspace() as place:
        place.run(*BEFORE_CANARY)
        table = payments(_REPLAY)
        alarms = _alarms(place, table)
    frauds = sum(one.fraud for one in table)
    by_rules = [bool(one.rules_alarm) for one in table]
    caught, found = _stopped(by_rules, table), _stopped(alarms, table)
    return {
        "caught_by_rules": caught[0],
        "caught_by_scorer": found[0],
        "frauds": frauds,
        "honest": len(table) - frauds,
        "honest_stopped": caught[1],
        "honest_stopped_by_scorer": found[1],
        "honest_stopped_share": round(caught[1] / (len(table) - frauds), 6),
        "share_caught": round(caught[0] / frauds, 4),
        "share_caught_by_scorer": round(found[0] / frauds, 4),
    }


def _stopped(stops: Sequence[bool], table: Sequence[Payment]) -> tuple[int, int]:
    """Give how many frauds and how many honest payments are stopped."""
    frauds = [one.fraud for stop, one in zip(stops, table, strict=True) if stop]
    return sum(frauds), len(frauds) - sum(frauds)


def tricks() -> dict[str, Any]:
    """Let more and more thieves behave like customers, train and release on those days, and see who notices."""
    found = {}
    for share in (0.0, 0.4, 0.8):
        with workspace() as place:
            quiet_thieves(place, share)
            codes = [place.run(name) for name in (*BEFORE_CANARY, "canary", "observe", "watch")]
            signals = read_json(place.out / "signals.json")
            table = payments(place.data / "replay.csv")
            alarms = _alarms(place, table)
        caught = sum(a and one.fraud for a, one in zip(alarms, table, strict=True)) / sum(one.fraud for one in table)
        found[f"{round(100 * share)}_percent"] = {
            "alert_rate": round(statistics.fmean(alarms), 4),
            "chargeback_rate": signals["chargeback_rate"],
            "noticed_before_the_watch": sum(code != 0 for code in codes[:-1]),
            "noticed_by_the_watch": int(codes[-1] == _REJECT),
            "share_caught": round(caught, 4),
        }
    return found


def nightly() -> dict[str, Any]:
    """Train on the payments without one of their days, as a night changes them, and let the wrong day come.

    How near are nightly models to each other, and would the gates without the canary have stopped any of them?
    """
    table, replay = payments(PIPELINE / "data" / "payments.csv"), payments(_REPLAY)
    rows, whole = list(in_order(replay)), Parts(table)
    first, differ = _answers_of(whole, rows), []
    gates_passed = stopped = 0
    for day in range(_NIGHTS):
        parts = Parts([one for one in table if one.second // 86400 != day])
        differ.append(statistics.fmean(a != b for a, b in zip(_answers_of(parts, rows), first, strict=True)))
        with workspace() as place:
            code, end = _released_with(place, parts.fit())
        gates_passed += code == 0
        stopped += end == _REJECT
    return {
        "answered_differently_at_most": round(max(differ), 5),
        "models": len(differ),
        "passed_every_gate": gates_passed,
        "replayed_payments": len(replay),
        "stopped_by_the_canary": stopped,
    }


def _answers_of(parts: Parts, rows: Sequence[Sequence[float]]) -> list[bool]:
    """Give whom a model stops at the threshold of its own payments."""
    model = parts.fit()
    threshold = measured(model, parts)["threshold"]
    return [model.score(row) > threshold for row in rows]


def _released_with(place: Workspace, model: Model) -> tuple[int, int]:
    """Bring a model up to its canary, then let the wrong day come; give both exit codes."""
    place.run("ingest", "data-gate", "train")
    write_json(place.out / "model.json", {**read_json(place.out / "model.json"), **model.to_json()})
    code = place.run(*BEFORE_CANARY[3:])
    set_replay(place)
    return code, place.run("canary")


EXPERIMENTS: Final[dict[str, Callable[[], dict[str, Any]]]] = {
    "weights": weights,
    "thresholds": thresholds,
    "skew": skew,
    "switching": switching,
    "shares": shares,
    "fallback": fallback,
    "tricks": tricks,
    "nightly": nightly,
}
"""What is measured, and under which name it is kept."""


def main() -> None:
    """Measure everything."""
    for name, measure in EXPERIMENTS.items():
        write_json(EVIDENCE / f"{name}.json", measure())


if __name__ == "__main__":
    main()
