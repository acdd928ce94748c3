"""The watch: what a week of payments and their disputes say about the release that answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fraud import gates
from fraud.bundle import verified
from fraud.files import write_json
from fraud.outcome import Rejected
from fraud.payments import payments, request_of
from fraud.serving import Scorer

if TYPE_CHECKING:
    from pathlib import Path

    from fraud.payments import Payment
    from fraud.route import Production

__all__ = ["WATCHED", "watch"]

WATCHED: Final = ("alert_rate", "chargeback_rate", "bundle_intact")


def watch(place: Production, week: Path, report: Path) -> None:
    """Replay the week through what answers, and hold the signals to the limits of the release.

    `chargeback_rate` is the share of the payments which were let through and disputed later.

    Raises:
        Rejected: a limit is broken, or no release answers.
    """
    now = place.now()
    signals = _signals(place, payments(week))
    write_json(report, {**signals, "release": now and now["release"]})
    found = gates.met(signals, WATCHED)
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
