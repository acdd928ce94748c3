"""The model: a logistic regression, fitted by Newton's method, so that equal payments give equal bytes."""

from __future__ import annotations

import math
from operator import mul
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from fraud.payments import FEATURES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["FRAUD_COUNTS", "Model"]

FRAUD_COUNTS: Final = 1.0
"""A fraud counts as often as so many other payments; it was 6 before ADR-0110."""
_RIDGE: Final = 0.5
_STEPS: Final = 8


class Model(NamedTuple):
    """Weights for the features, and what is added to their sum."""

    weights: tuple[float, ...]
    bias: float

    def score(self, row: Sequence[float]) -> float:
        """Give a number between 0 and 1; a larger one means that a fraud is likelier."""
        return _sigmoid(math.fsum(w * x for w, x in zip(self.weights, row, strict=True)) + self.bias)

    @classmethod
    def fit(cls, rows: Sequence[Sequence[float]], frauds: Sequence[int], counts: float = FRAUD_COUNTS) -> Self:
        """Learn from features and outcomes; `counts` is the weight of a fraud."""
        table = [(*row, 1.0) for row in rows]
        mass = [counts if fraud else 1.0 for fraud in frauds]
        found = [0.0] * len(table[0])
        for _ in range(_STEPS):
            chances = [_sigmoid(math.fsum(w * x for w, x in zip(found, row, strict=True))) for row in table]
            pull = [m * (fraud - p) for m, fraud, p in zip(mass, frauds, chances, strict=True)]
            stiff = [m * p * (1 - p) for m, p in zip(mass, chances, strict=True)]
            step = _solved(*_equations(table, pull, stiff, found))
            found = [w + s for w, s in zip(found, step, strict=True)]
        return cls(tuple(round(one, 9) for one in found[:-1]), round(found[-1], 9))

    def to_json(self) -> dict[str, Any]:
        """Give it as JSON holds it, with the names of its features."""
        return {"bias": self.bias, "features": list(FEATURES), "weights": list(self.weights)}

    @classmethod
    def from_json(cls, held: Mapping[str, Any]) -> Self:
        """Read it.

        Raises:
            ValueError: it was trained on other features than this code makes.
        """
        if tuple(held["features"]) != FEATURES:
            message = f"the model knows {held['features']}, and the code makes {list(FEATURES)}"
            raise ValueError(message)
        return cls(tuple(held["weights"]), held["bias"])


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))


def _equations(
    table: Sequence[Sequence[float]], pull: Sequence[float], stiff: Sequence[float], now: Sequence[float]
) -> tuple[list[list[float]], list[float]]:
    """Give the normal equations of a step of Newton's method; the bias, which is last, is not held back."""
    columns = list(zip(*table, strict=True))
    last = len(columns) - 1
    scaled = [[x * s for x, s in zip(column, stiff, strict=True)] for column in columns]
    matrix = [[0.0] * len(columns) for _ in columns]
    for i, one in enumerate(scaled):
        for j, other in enumerate(columns[: i + 1]):
            matrix[i][j] = matrix[j][i] = math.fsum(map(mul, one, other)) + (_RIDGE if i == j < last else 0.0)
    right = [
        math.fsum(map(mul, column, pull)) - (_RIDGE * now[i] if i < last else 0.0) for i, column in enumerate(columns)
    ]
    return matrix, right


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Solve linear equations by elimination; the matrix is positive definite, so no rows are exchanged."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for i, row in enumerate(rows):
        for lower in rows[i + 1 :]:
            factor = lower[i] / row[i]
            lower[i:] = [a - factor * b for a, b in zip(lower[i:], row[i:], strict=True)]
    found: list[float] = []
    for i in reversed(range(len(rows))):
        known = math.fsum(a * b for a, b in zip(rows[i][i + 1 : -1], reversed(found), strict=True))
        found.append((rows[i][-1] - known) / rows[i][i])
    return found[::-1]
