"""Payments, what the last hour of a card says about one, and the one function that makes features of both.

Training walks over a table, serving answers one request after the other; both call `features` with a `Memory`
(ADR-0105).
"""

from __future__ import annotations

import json
import math
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Final, NamedTuple

from fraud.files import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["FEATURES", "LARGE", "Memory", "Payment", "features", "in_order", "payment_of", "payments", "request_of"]

FEATURES: Final = ("amount", "night", "abroad", "new_device", "last_hour", "last_hour_amount", "merchant")
LARGE: Final = 40.0
"""A payment above so many euros is in the slice `amount_gt_40`."""
_HOUR: Final = 3600
_DAY: Final = 86400
_MORNING: Final = 6 * _HOUR


class Payment(NamedTuple):
    """One card payment."""

    second: int
    """Seconds since the beginning of the table that it is in."""
    card: str
    """The card's token; its number in the raw table only."""
    amount: float
    """Euros."""
    abroad: int
    new_device: int
    merchant: float
    """How many of the shop's payments were disputed before, from 0 to 1, as its bank reports it."""
    rules_alarm: int = 0
    """Whether the rules engine stops it."""
    fraud: int = 0
    """What a dispute said later; no stage behind evaluation reads it, except the watch."""


_SENT: Final = Payment._fields[:6]
"""What the gateway knows of a payment that waits for its answer."""


class Memory:
    """The payments of each card in the hour before, as the gateway keeps them."""

    def __init__(self) -> None:
        self._cards: defaultdict[str, deque[tuple[int, float]]] = defaultdict(deque)

    def before(self, payment: Payment) -> tuple[int, float]:
        """Give how many payments the card made in the hour before this one, and for how many euros."""
        known = self._cards[payment.card]
        while known and known[0][0] <= payment.second - _HOUR:
            known.popleft()
        return len(known), math.fsum(amount for _, amount in known)

    def add(self, payment: Payment) -> None:
        """Remember a payment."""
        self._cards[payment.card].append((payment.second, payment.amount))


def features(payment: Payment, memory: Memory) -> tuple[float, ...]:
    """Give the features of a payment, each roughly between 0 and 1."""
    count, spent = memory.before(payment)
    return (
        math.log1p(payment.amount) / 7,
        float(payment.second % _DAY < _MORNING),
        float(payment.abroad),
        float(payment.new_device),
        min(count, 6) / 6,
        math.log1p(spent) / 7,
        payment.merchant,
    )


def in_order(table: Iterable[Payment]) -> Iterator[tuple[float, ...]]:
    """Give the features of each payment of a table that is in the order of time, as training sees them."""
    memory = Memory()
    for one in table:
        yield features(one, memory)
        memory.add(one)


def payments(path: Path) -> list[Payment]:
    """Read a table of payments, in the order of time."""
    rows = [
        Payment(
            second=int(row["second"]),
            card=row["card"],
            amount=float(row["amount"]),
            abroad=int(row["abroad"]),
            new_device=int(row["new_device"]),
            merchant=float(row["merchant"]),
            rules_alarm=int(row.get("rules_alarm", "0")),
            fraud=int(row.get("fraud", "0")),
        )
        for row in read_table(path)
    ]
    return sorted(rows, key=lambda one: (one.second, one.card))


def request_of(payment: Payment) -> str:
    """Give what the gateway sends: no label, and not what the rules engine thinks."""
    return json.dumps(dict(zip(_SENT, payment, strict=False)))


def payment_of(request: str) -> Payment:
    """Read what the gateway sends."""
    return Payment(**json.loads(request))
