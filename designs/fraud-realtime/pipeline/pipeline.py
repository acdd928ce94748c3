# ruff: noqa: INP001 - a folder of scripts, not a package
"""The stages of the fraud-realtime pipeline: `python pipeline/pipeline.py STAGE`, from the design's folder.

Exit codes: 0 ok, 10 reject or breach, 11 inconclusive, 75 infrastructure; anything else is a crash.
"""

from __future__ import annotations

import json
import math
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fraud import gates
from fraud.bundle import package, verified
from fraud.files import digest, read, write
from fraud.model import auc, fit, recall_at, score, split, threshold_at
from fraud.outcome import Ended, Inconclusive, Rejected
from fraud.payments import ingest
from fraud.route import Route

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["COMMANDS", "STAGES", "main"]

DATA: Final = Path(__file__).resolve().parent / "data"
OUT: Final = Path("out")
_LOCKFILE: Final = DATA.parent / "requirements.lock"
_SHARES: Final = (1, 10, 100)
_LARGE: Final = 40
"""Payments above so many euros are the slice that fraud costs most in."""


def route() -> Route:
    """Give the route that production is served by."""
    return Route(OUT / "production" / "route.json", os.environ.get("GATEPOST_RUN", "by-hand"))


def _ingest() -> None:
    ingest(DATA / "payments.json", OUT / "payments.json", OUT / "profile.json")


def _data_gate() -> None:
    gates.enforce(gates.DATA, OUT / "profile.json", OUT / "data-gate.json")


def _train() -> None:
    gates.require(OUT / "data-gate.json", OUT / "profile.json")
    learn, _ = split(read(OUT / "payments.json")["payments"])
    write(OUT / "model.json", fit(learn))


def _evaluate() -> None:
    _, later = split(read(OUT / "payments.json")["payments"])
    target = [one["fraud"] for one in later]
    measured: dict[str, Any] = {}
    for prefix, model in (("", read(OUT / "model.json")), ("champion.", read(DATA / "champion.json"))):
        scores = [score(model, one) for one in later]
        large = [(s, t) for s, t, one in zip(scores, target, later, strict=True) if one["amount"] > _LARGE]
        threshold = threshold_at(scores, target, 0.01)
        measured[f"{prefix}auc"] = auc(scores, target)
        measured[f"{prefix}auc@amount_gt_40"] = auc(*map(list, zip(*large, strict=True)))
        measured[f"{prefix}recall_at_fpr1"] = recall_at(scores, target, threshold)
        measured[f"{prefix}threshold"] = threshold
    rounded = {name: round(value, 6) if math.isfinite(value) else None for name, value in measured.items()}
    write(OUT / "metrics.json", rounded)


def _quality_gate() -> None:
    gates.enforce(gates.QUALITY, OUT / "metrics.json", OUT / "quality-gate.json")


def _package() -> None:
    gates.require(OUT / "quality-gate.json", OUT / "metrics.json")
    package(OUT / "model.json", OUT / "metrics.json", _LOCKFILE, OUT / "bundle.json")


def _p99(seconds: list[float]) -> float:
    return sorted(seconds)[int(0.99 * len(seconds))] * 1000


def _latency() -> None:
    """Time the serving path, and compare its scores with those of payments as training reads them."""
    content = verified(OUT / "bundle.json")
    events = read(DATA / "replay.json")["payments"]
    seconds, skew = [], 0.0
    for one in events:
        began = time.perf_counter()
        served = score(content["model"], one)
        seconds.append(time.perf_counter() - began)
        skew = max(skew, abs(served - score(content["model"], _as_trained(one))))
    write(OUT / "latency.json", {"p99_ms": round(_p99(seconds), 4), "skew_max": skew, "events": len(events)})


def _as_trained(payment: dict[str, Any]) -> dict[str, Any]:
    """Give a payment as it lies in the training data: written and read as JSON."""
    again: dict[str, Any] = json.loads(json.dumps(payment))
    return again


def _latency_gate() -> None:
    gates.enforce(gates.LATENCY, OUT / "latency.json", OUT / "latency-gate.json")


def _alert_rate(content: dict[str, Any], events: list[dict[str, Any]]) -> float:
    alarms = sum(1 for one in events if score(content["model"], one) > content["threshold"])
    return alarms / len(events)


def _shadow() -> None:
    """Score replayed traffic beside the rules engine; nobody is answered."""
    content, events = verified(OUT / "bundle.json"), read(DATA / "replay.json")["payments"]
    both = sum(1 for one in events if one["rules_alarm"] and score(content["model"], one) > content["threshold"])
    rules = sum(one["rules_alarm"] for one in events)
    shared = round(both / rules, 6) if rules else None
    write(OUT / "shadow.json", {"alert_rate": round(_alert_rate(content, events), 6), "rules_alarms_shared": shared})


def _shadow_gate() -> None:
    gates.enforce(gates.SHADOW, OUT / "shadow.json", OUT / "shadow-gate.json")


def _approve() -> None:
    """Look for the answers of both roles about this very bundle; the rehearsal's answers hold for synthetic data."""
    real = OUT / "answers.json"
    answers = read(real if real.exists() else DATA / "rehearsal-answers.json")["answers"]
    bundle = digest(OUT / "bundle.json")
    for role in ("fraud-risk", "sre-oncall"):
        given = next((one for one in answers if one["role"] == role), None)
        if given is None:
            message = f"{role} has not answered"
            raise Inconclusive(message)
        if given["answer"] != "yes" or given.get("bundle_sha256", bundle) != bundle:
            message = f"{given['by']} ({role}) did not approve this bundle"
            raise Rejected(message)
    write(OUT / "approval.json", {"bundle_sha256": bundle, "by": [one["by"] for one in answers]})


def _canary() -> None:
    """Give the new bundle more and more traffic; a limit that is broken takes all of it away again."""
    gates.require(OUT / "latency-gate.json", OUT / "latency.json")
    gates.require(OUT / "shadow-gate.json", OUT / "shadow.json")
    content, bundle = verified(OUT / "bundle.json"), digest(OUT / "bundle.json")
    if read(OUT / "approval.json")["bundle_sha256"] != bundle:
        message = "the approval is about another bundle"
        raise Rejected(message)
    events, place = read(DATA / "replay.json")["payments"], route()
    place.begin(bundle)
    for share in _SHARES:
        place.give(share)
        part = events[: max(200, len(events) * share // 100)]
        signals = {"p99_ms": read(OUT / "latency.json")["p99_ms"], "alert_rate": _alert_rate(content, part)}
        write(OUT / "canary.json", {**signals, "share": share})
        found = gates.broken(gates.CANARY, signals)
        if found:
            message = f"at {share} % of the traffic {'; '.join(found)}; {place.back()}"
            raise Rejected(message)


def _watch() -> None:
    week, served = read(DATA / "week.json"), route().now()
    signals = {
        "chargeback_rate": week["charged_back"] / week["answered"] if week["answered"] else None,
        "alert_rate": week["alarms"] / week["answered"] if week["answered"] else None,
        "release": served["release"],
    }
    write(OUT / "signals.json", signals)
    gates.enforce(gates.WATCH, OUT / "signals.json", OUT / "watch.json")


def _rollback() -> None:
    _say(route().back())


def _notice(kind: str) -> Callable[[], None]:
    def write_down() -> None:
        OUT.mkdir(exist_ok=True)
        stage, outcome = (os.environ.get(name, "by hand") for name in ("GATEPOST_STAGE", "GATEPOST_OUTCOME"))
        with (OUT / "notices.jsonl").open("a", encoding="utf-8") as file:
            file.write(f'{{"kind": "{kind}", "stage": "{stage}", "outcome": "{outcome}"}}\n')

    return write_down


def _quarantine() -> None:
    """Move what was built out of the way of later stages."""
    for name in ("model.json", "bundle.json"):
        if (OUT / name).exists():
            (OUT / "quarantine").mkdir(parents=True, exist_ok=True)
            os.replace(OUT / name, OUT / "quarantine" / name)  # noqa: PTH105 - as in files.py


STAGES: Final[dict[str, Callable[[], None]]] = {
    "ingest": _ingest,
    "data-gate": _data_gate,
    "train": _train,
    "evaluate": _evaluate,
    "quality-gate": _quality_gate,
    "package": _package,
    "latency": _latency,
    "latency-gate": _latency_gate,
    "shadow": _shadow,
    "shadow-gate": _shadow_gate,
    "approve": _approve,
    "canary": _canary,
    "watch": _watch,
}
"""The stages, in the order in which they run."""
COMMANDS: Final[dict[str, Callable[[], None]]] = {
    **STAGES,
    "rollback": _rollback,
    "alert": _notice("alert"),
    "page": _notice("page"),
    "quarantine": _quarantine,
}


def _run(name: str) -> Ended:
    try:
        COMMANDS[name]()
    except Rejected as reason:
        return _ended(name, Ended.REJECT, reason)
    except Inconclusive as reason:
        return _ended(name, Ended.INCONCLUSIVE, reason)
    except OSError as reason:
        return _ended(name, Ended.INFRASTRUCTURE, reason)
    return _ended(name, Ended.OK)


def _ended(name: str, ended: Ended, reason: Exception | None = None) -> Ended:
    _say(f"{name}: {ended.name.lower()}{f': {reason}' if reason else ''}")
    return ended


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def main(name: str) -> Ended:
    """Run one command, or all stages in order until one does not succeed."""
    for one in STAGES if name == "all" else (name,):
        ended = _run(one)
        if ended is not Ended.OK:
            return ended
    return Ended.OK


if __name__ == "__main__":
    wanted = sys.argv[1] if len(sys.argv) == 2 else ""  # noqa: PLR2004 - the script and one word
    if wanted not in {*COMMANDS, "all"}:
        sys.exit(f"usage: python pipeline/pipeline.py {'|'.join((*COMMANDS, 'all'))}")
    sys.exit(main(wanted))
