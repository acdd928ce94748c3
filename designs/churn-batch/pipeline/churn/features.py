"""From customers to numbers that a model can read, with the split into learning and evaluation."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from churn.files import Row, is_synthetic, read_table, write_table

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FEATURES", "NEW_CUSTOMER_MONTHS", "Example", "build", "load", "split"]

FEATURES: Final = ("log_tenure", "price", "logins", "tickets", "late_payments", "monthly")
NEW_CUSTOMER_MONTHS: Final = 12
"""A customer is new, and in the slice `tenure_lt_12m`, for this many months."""
_COLUMNS: Final = ("token", "part", "new_customer", "churned", *FEATURES)
_EVALUATION_SHARE: Final = 0.3


class Example(NamedTuple):
    """One customer as a model sees one."""

    token: str
    part: str
    """learn, evaluate or score."""
    new_customer: bool
    churned: int | None
    """The outcome; None where nobody knows it yet."""
    values: tuple[float, ...]


def build(customers: Path, features: Path) -> None:
    """Write the features of every customer of the table `customers`."""
    rows = [_features(row) for row in read_table(customers)]
    write_table(features, _COLUMNS, rows, synthetic=is_synthetic(customers))


def load(features: Path) -> list[Example]:
    """Read the features that `build` wrote."""
    return [
        Example(
            token=row["token"],
            part=row["part"],
            new_customer=row["new_customer"] == "1",
            churned=int(row["churned"]) if row["churned"] else None,
            values=tuple(float(row[name]) for name in FEATURES),
        )
        for row in read_table(features)
    ]


def split(examples: list[Example], part: str) -> tuple[list[tuple[float, ...]], list[int]]:
    """Give the values and the outcomes of one part."""
    chosen = [example for example in examples if example.part == part]
    return [example.values for example in chosen], [example.churned or 0 for example in chosen]


def _features(row: Row) -> tuple[object, ...]:
    tenure = int(row["tenure_months"])
    values = (
        round(math.log1p(tenure), 6),
        row["monthly_price"],
        row["logins_30d"],
        row["tickets_90d"],
        row["late_payments_12m"],
        row["monthly_contract"],
    )
    return (row["token"], _part(row), int(tenure < NEW_CUSTOMER_MONTHS), row["churned_60d"], *values)


def _part(row: Row) -> str:
    """Split by token, so that a customer stays on the same side in every run and in every language."""
    if row["churned_60d"] == "":
        return "score"
    share = int(row["token"][:8], 16) / 0x1_0000_0000
    return "evaluate" if share < _EVALUATION_SHARE else "learn"
