"""A synthetic extract of customers, with a churn process that a model can partly learn."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["COLUMNS", "CURRENT", "HISTORY", "Shift", "extract"]

COLUMNS: Final = (
    "snapshot",
    "customer_id",
    "email",
    "observed_until",
    "tenure_months",
    "monthly_price",
    "logins_30d",
    "tickets_90d",
    "late_payments_12m",
    "monthly_contract",
    "churned_60d",
)
HISTORY: Final = "2026-09-14"
"""Cut-off of the labelled snapshot: 60 days before its labels were read."""
CURRENT: Final = "2026-11-16"
"""Cut-off of the snapshot that is scored; nobody knows its labels yet."""
_PRICES: Final = (9, 19, 19, 29, 49)


class Shift(NamedTuple):
    """A change of the world between the labelled snapshot and the current one."""

    price_factor: float = 1.0
    fewer_logins: int = 0


def extract(seed: int, *, labelled: int, unlabelled: int, shift: Shift | None = None) -> Iterator[tuple[object, ...]]:
    """Give the rows of an extract: `labelled` rows with their outcome, then `unlabelled` rows without."""
    source = random.Random(seed)  # noqa: S311 - a reproducible sample, not a secret
    for number in range(labelled):
        yield _row(source, HISTORY, number, Shift())
    for number in range(labelled, labelled + unlabelled):
        yield (*_row(source, CURRENT, number, shift or Shift())[:-1], "")


def _row(source: random.Random, snapshot: str, number: int, shift: Shift) -> tuple[object, ...]:
    customer = f"C{100_000 + number}"
    tenure = min(120, int(source.expovariate(1 / 22)))
    price = source.choice(_PRICES)
    engagement = source.gauss(0, 1)
    logins = max(0, round(8 + 4 * engagement) - shift.fewer_logins)
    tickets = _count(source, 0.9 if tenure < 6 else 0.6)  # noqa: PLR2004 - half a year
    late = _count(source, 0.4)
    monthly = int(source.random() < 0.6)  # noqa: PLR2004 - three in five pay by the month
    chance = _chance(tenure, price, logins, tickets, late, monthly)
    churned = int(source.random() < chance)
    values = (tenure, round(price * shift.price_factor), logins, tickets, late, monthly, churned)
    return (snapshot, customer, f"{customer.lower()}@example.invalid", snapshot, *values)


def _count(source: random.Random, mean: float) -> int:
    """Draw from a Poisson distribution by multiplying uniform draws."""
    limit, product, count = math.exp(-mean), source.random(), 0
    while product > limit:
        product *= source.random()
        count += 1
    return count


def _chance(tenure: int, price: int, logins: int, tickets: int, late: int, monthly: int) -> float:  # noqa: PLR0913, PLR0917 - one per column
    """Give the probability of leaving within 60 days; new customers with tickets leave for reasons of their own."""
    new = tenure < 12  # noqa: PLR2004 - a year
    logit = -3.0 - 0.015 * tenure + 1.5 * monthly - 0.2 * (logins - 8) + 0.45 * late + 0.018 * (price - 19)
    logit += (0.9 if new else 0.25) * tickets
    logit += 0.9 if tickets >= 2 and logins < 5 else 0.0  # noqa: PLR2004 - a frustrated customer
    return 1 / (1 + math.exp(-logit))
