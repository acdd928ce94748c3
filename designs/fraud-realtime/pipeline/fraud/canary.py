"""The canary: a release gets 1, 10, then all of the payments, and loses them by itself when a limit is broken."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from fraud import gates, metrics
from fraud.bundle import verified
from fraud.files import sha256, write_json
from fraud.outcome import Inconclusive, Rejected
from fraud.payments import payments, request_of
from fraud.serving import Scorer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fraud.payments import Payment
    from fraud.route import Production
    from fraud.serving import Answer

__all__ = ["FEWEST", "LOOK_EVERY", "SHARES", "WATCHED", "lot", "roll_out", "signals_of"]

SHARES: Final = (1, 10, 100)
"""Of the payments, in percent. Replayed traffic holds none of them; live traffic would, for the contract's time."""
WATCHED: Final = ("p99_ms", "alert_rate")
FEWEST: Final = 50
"""With fewer answers at a share nothing is known about the release, and it goes no further."""
LOOK_EVERY: Final = 200
"""So many answers lie between two looks at the signals."""


def roll_out(place: Production, number: int, bundle: Path, replay: Path, report: Path) -> None:
    """Give a release its shares, one after the other, and look at what it answers meanwhile.

    Raises:
        Inconclusive: a share had too few payments to tell. All of them are taken back.
        Rejected: a limit is broken. All of them are taken back.
    """
    table, content, met_by = payments(replay), verified(bundle), 0
    drawn = [(lot(number, at), payment) for at, payment in enumerate(table)]
    for share in SHARES:
        place.give(number, share)
        answers: list[Answer] = []
        for answer in _answered(Scorer(content), drawn, share):
            answers.append(answer)
            if len(answers) % LOOK_EVERY == 0:
                _look(place, answers, _facts(bundle, share, met_by + len(answers)), report)
        met_by += len(answers)
        _look(place, answers, _facts(bundle, share, met_by), report)
        if len(answers) < FEWEST:
            seen = f"at {share} % only {len(answers)} payments were answered, and {FEWEST} tell something"
            message = f"{seen}; {place.back()}"
            raise Inconclusive(message)


def _answered(scorer: Scorer, drawn: list[tuple[float, Payment]], share: int) -> Iterator[Answer]:
    """Give the answers of a release to its share; it remembers the payments that others answer."""
    for own, payment in drawn:
        if own < share:
            yield scorer.answer(request_of(payment))
        else:
            scorer.remember(payment)


def lot(release: int, payment: int) -> float:
    """Give which share a release must exceed to answer a payment, given the payment's number; it is below 100.

    So a larger share has all payments of a smaller one.
    """
    digest = hashlib.sha256(f"{release}/{payment}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % 10_000 / 100


def signals_of(answers: list[Answer]) -> dict[str, Any]:
    """Give what is watched of some answers."""
    p99 = metrics.p99([one.seconds for one in answers])
    rate = sum(one.alarm for one in answers) / len(answers) if answers else None
    return {"alert_rate": None if rate is None else round(rate, 6), "p99_ms": None if p99 is None else round(p99, 4)}


def _facts(bundle: Path, share: int, met_by: int) -> dict[str, Any]:
    return {"bundle_sha256": sha256(bundle), "payments_met": met_by, "share": share}


def _look(place: Production, answers: list[Answer], facts: dict[str, Any], report: Path) -> None:
    """Write down what is seen; take everything back when it is too much."""
    signals = signals_of(answers) if answers else {}
    write_json(report, {**signals, **facts, "answers": len(answers)})
    found = gates.broken(report, WATCHED) if answers else []
    if found:
        message = f"at {facts['share']} % {'; '.join(found)}; {place.back()}"
        raise Rejected(message)
