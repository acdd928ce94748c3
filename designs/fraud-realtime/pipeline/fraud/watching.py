"""The watch: what a week of payments and their disputes say about the release that answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fraud import gates
from fraud.bundle import verified
from fraud.canary import WATCHED as OF_CANARY
from fraud.files import read_json, write_json
from fraud.outcome import Rejected
from fraud.payments import payments, request_of
from fraud.serving import Scorer

if TYPE_CHECKING:
    from pathlib import Path

    from fraud.payments import Payment
    from fraud.route import Production

__all__ = ["WATCHED", "observe", "watch"]

WATCHED: Final = ("alert_rate", "chargeback_rate", "bundle_intact")
"""Of the week; of the canary's last figures what the canary watched."""


def observe(place: Production, week: Path, report: Path) -> None:
    """Replay the week through what answers, and write down what it says about the release.

    `chargeback_rate` is the share of the payments which were let through and disputed later.
    """
    now = place.now()
    write_json(report, {**_signals(place, payments(week)), "release": now and now["release"]})


def watch(place: Production, signals: Path, canary: Path) -> None:
    """Hold the signals of the week, and the last figures of the canary, to the limits of the release.

    Raises:
        Rejected: a limit is broken, no release answers, or a file is about another one.
    """
    now = place.now() or {"bundle_sha256": None, "release": None}
    for path, key in ((signals, "release"), (canary, "bundle_sha256")):
        if now[key] is None or read_json(path).get(key) != now[key]:
            message = f"{path.name} is not about the release that answers, {now['release']}"
            raise Rejected(message)
    found = [*gates.broken(signals, WATCHED), *gates.broken(canary, OF_CANARY)]
    if found:
        raise Rejected("; ".join(found))


def _signals(place: Production, table: list[Payment]) -> dict[str, Any]:
    bundle = place.bundle()
    if bundle is None or not place.is_intact() or not place.is_settled():
        return {"bundle_intact": 0}
    scorer = Scorer(verified(bundle))
    alarms = [scorer.answer(request_of(one)).alarm for one in table]
    passed = [one for alarm, one in zip(alarms, table, strict=True) if not alarm]
    return {
        "alert_rate": round(sum(alarms) / len(alarms), 6) if alarms else None,
        "bundle_intact": 1,
        "chargeback_rate": round(sum(one.fraud for one in passed) / len(passed), 6) if passed else None,
    }
