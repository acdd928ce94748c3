"""Synthetic card traffic: honest customers, shopping sprees, journeys, and thieves who try a card and then empty it."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fraud.payments import Payment

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Traffic", "made"]

_DAY: Final = 86400
_RULES_AMOUNT: Final = 60.0


@dataclass(frozen=True, slots=True)
class Traffic:
    """What kind of traffic is made."""

    seed: int
    payments: int
    days: int = 1
    cards: int = 1500
    thieves: float = 0.016
    """The chance that a visit of a card to shops is a thief's."""
    quiet_thieves: float = 0.0
    """The share of thieves with a trick that is new: a known device, at home, one payment an hour."""


class _Maker:
    def __init__(self, traffic: Traffic) -> None:
        self.traffic = traffic
        self.draw = random.Random(traffic.seed)  # noqa: S311 - invented payments, no secret
        self.cards = [f"4{self.draw.randrange(10**15):015d}" for _ in range(traffic.cards)]
        self.habits = [self.draw.gauss(3.1, 0.45) for _ in self.cards]

    def visits(self) -> Iterator[Payment]:
        """Give payments without end, visit by visit, in no order."""
        while True:
            number = self.draw.randrange(len(self.cards))
            card, habit = self.cards[number], self.habits[number]
            day = self.draw.randrange(self.traffic.days) * _DAY
            if self.draw.random() >= self.traffic.thieves:
                yield from self._honest(card, habit, day)
            elif self.draw.random() < self.traffic.quiet_thieves:
                yield from self._quiet(card, habit, day)
            else:
                yield from self._thief(card, habit, day)

    def _honest(self, card: str, habit: float, day: int) -> Iterator[Payment]:
        abroad = self._is(0.06)
        count = self.draw.randint(3, 5) if self._is(0.03) else 1
        at = day + self._hour_of_shopping(at_any=0.3)
        for _ in range(count):
            new = self._is(0.06 + 0.1 * abroad)
            yield self._payment(at, card, self.draw.gauss(habit, 0.6), abroad, new, self.draw.betavariate(1.4, 6), 0)
            at += self.draw.randint(120, 900)

    def _thief(self, card: str, habit: float, day: int) -> Iterator[Payment]:
        """Try the card with a few euros, then buy what can be sold again."""
        at = day + self._hour_of_shopping(at_any=0.5)
        abroad, new = self._is(0.45), self._is(0.65)
        for number in range(self.draw.randint(2, 5)):
            level = self.draw.gauss(1.1, 0.5) if number == 0 else self.draw.gauss(habit + 0.9, 0.7)
            yield self._payment(at, card, level, abroad, new, self.draw.betavariate(2.4, 4), 1)
            at += self.draw.randint(60, 600)

    def _quiet(self, card: str, habit: float, day: int) -> Iterator[Payment]:
        """Look like the customer: a stolen telephone, at home, with hours between payments."""
        at = day + self.draw.randrange(6 * 3600, 10 * 3600)
        for _ in range(self.draw.randint(2, 4)):
            yield self._payment(at, card, self.draw.gauss(habit + 0.3, 0.5), 0, 0, self.draw.betavariate(1.6, 6), 1)
            at += self.draw.randint(3700, 9000)

    def _is(self, chance: float) -> int:
        return int(self.draw.random() < chance)

    def _hour_of_shopping(self, at_any: float) -> int:
        """Give a second of the day; `at_any` is the share that is spread evenly over day and night."""
        if self._is(at_any):
            return self.draw.randrange(_DAY - 4500)
        return int(self.draw.triangular(6 * 3600, 22.5 * 3600, 17 * 3600))

    def _payment(self, at: int, card: str, level: float, abroad: int, new: int, merchant: float, fraud: int) -> Payment:  # noqa: PLR0913, PLR0917 - the columns of a payment
        amount = round(min(900.0, max(0.5, math.exp(level))), 2)
        alarm = int(bool(abroad and new) and amount > _RULES_AMOUNT)
        return Payment(at, card, amount, abroad, new, round(merchant, 3), alarm, fraud)


def made(traffic: Traffic) -> list[Payment]:
    """Make payments, in the order of time; cards have numbers still."""
    visits = _Maker(traffic).visits()
    found = [next(visits) for _ in range(traffic.payments)]
    return sorted(found, key=lambda one: (one.second, one.card))
