"""The serving path: a request of the gateway in, an answer out; and what is measured of it before a release."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

from fraud import metrics
from fraud.bundle import verified
from fraud.files import sha256, write_json
from fraud.model import Model
from fraud.outcome import Rejected
from fraud.payments import Memory, features, in_order, payment_of, payments, request_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fraud.payments import Payment

__all__ = ["Answer", "Scorer", "latency", "shadow"]


class Answer(NamedTuple):
    """What the gateway gets; only `alarm` leaves it (RISK-0103)."""

    score: float
    alarm: bool
    seconds: float
    """How long it took, on the clock."""


class Scorer:
    """A bundle that answers requests, with the memory of the last hour."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        try:
            self.model = Model.from_json(content["model"])
        except ValueError as error:
            raise Rejected(str(error)) from None
        self.threshold: float = content["threshold"]
        self.memory = Memory()

    def answer(self, request: str) -> Answer:
        """Answer one request, and remember its payment."""
        began = time.perf_counter()
        payment = payment_of(request)
        score = self.model.score(features(payment, self.memory))
        self.memory.add(payment)
        return Answer(score, score > self.threshold, time.perf_counter() - began)

    def remember(self, payment: Payment) -> None:
        """Remember a payment that something else has answered."""
        self.memory.add(payment)


def latency(bundle: Path, replay: Path, report: Path) -> None:
    """Time the serving path on replayed requests, and compare its scores with those that training would give.

    `skew_max` is the largest difference between the score of a request, answered one after the other, and the score of
    the same payment as a row of a table.
    """
    table = payments(replay)
    scorer = Scorer(verified(bundle))
    answers = [scorer.answer(request_of(one)) for one in table]
    as_trained = [scorer.model.score(row) for row in in_order(table)]
    skew = max((abs(a.score - b) for a, b in zip(answers, as_trained, strict=True)), default=None)
    p99 = metrics.p99([one.seconds for one in answers])
    found = {"p99_ms": None if p99 is None else round(p99, 4), "requests": len(answers), "skew_max": skew}
    write_json(report, {**found, "bundle_sha256": sha256(bundle)})


def shadow(bundle: Path, replay: Path, report: Path) -> None:
    """Let the bundle score a replayed day beside the rules engine; nobody is answered."""
    table = payments(replay)
    scorer = Scorer(verified(bundle))
    alarms = [scorer.answer(request_of(one)).alarm for one in table]
    by_rules = [alarm for alarm, one in zip(alarms, table, strict=True) if one.rules_alarm]
    found = {
        "alert_rate": round(sum(alarms) / len(alarms), 6) if alarms else None,
        "requests": len(alarms),
        "rules_alarms": len(by_rules),
        "rules_alarms_shared": round(sum(by_rules) / len(by_rules), 6) if by_rules else None,
    }
    write_json(report, {**found, "bundle_sha256": sha256(bundle)})
