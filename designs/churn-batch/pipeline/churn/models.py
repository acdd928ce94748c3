"""The three kinds of model that were compared. Each learns without randomness and is saved as JSON."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["BoostedStumps", "Logistic", "Model", "TenureRule"]

Values = tuple[float, ...]
_DIGITS: Final = 9


class Model(Protocol):
    """Whatever gives each customer a score between 0 and 1."""

    def scores(self, rows: Sequence[Values]) -> list[float]:
        """Give one score for each row."""

    def to_json(self) -> dict[str, Any]:
        """Give all that is needed to score elsewhere."""


class Logistic(NamedTuple):
    """Logistic regression on standardised features."""

    means: Values
    scales: Values
    weights: Values
    """The intercept, then one weight for each feature."""

    @classmethod
    def fit(cls, rows: Sequence[Values], outcomes: Sequence[int], *, ridge: float = 1.0, steps: int = 8) -> Logistic:
        """Learn by Newton's method with a ridge penalty on all weights but the intercept."""
        means, scales = _standard(rows)
        design = [_design(row, means, scales) for row in rows]
        weights = [0.0] * len(design[0])
        for _ in range(steps):
            move = _solve(*_newton(design, outcomes, weights, ridge))
            weights = [weight + change for weight, change in zip(weights, move, strict=True)]
        return cls(means, scales, tuple(round(weight, _DIGITS) for weight in weights))

    def scores(self, rows: Sequence[Values]) -> list[float]:
        """Give the probability of leaving."""
        return [_sigmoid(_dot(self.weights, _design(row, self.means, self.scales))) for row in rows]

    def to_json(self) -> dict[str, Any]:
        """Give the coefficients."""
        return {"kind": "logistic", "means": self.means, "scales": self.scales, "weights": self.weights}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Logistic:
        """Read the coefficients back."""
        return cls(tuple(content["means"]), tuple(content["scales"]), tuple(content["weights"]))


class BoostedStumps(NamedTuple):
    """Gradient boosting of one-split trees on the logistic loss."""

    start: float
    stumps: tuple[tuple[int, float, float, float], ...]
    """Feature, threshold, step below it, step above it."""

    @classmethod
    def fit(
        cls, rows: Sequence[Values], outcomes: Sequence[int], *, rounds: int = 80, rate: float = 0.2
    ) -> BoostedStumps:
        """Learn `rounds` stumps, each on what the ones before left unexplained."""
        share = sum(outcomes) / len(outcomes)
        margin = [math.log(share / (1 - share))] * len(rows)
        start, stumps = round(margin[0], _DIGITS), []
        candidates = _candidates(rows)
        for _ in range(rounds):
            chances = [_sigmoid(value) for value in margin]
            stump = _best_stump(rows, candidates, outcomes, chances, rate)
            stumps.append(stump)
            margin = [value + _step(stump, row) for value, row in zip(margin, rows, strict=True)]
        return cls(start, tuple(stumps))

    def scores(self, rows: Sequence[Values]) -> list[float]:
        """Give the probability of leaving."""
        return [_sigmoid(self.start + math.fsum(_step(stump, row) for stump in self.stumps)) for row in rows]

    def to_json(self) -> dict[str, Any]:
        """Give every stump."""
        return {"kind": "boosted-stumps", "start": self.start, "stumps": self.stumps}


class TenureRule:
    """What the CRM team did before: the shorter the tenure, the higher the score."""

    @staticmethod
    def scores(rows: Sequence[Values]) -> list[float]:
        """Give a score that falls with tenure; it is a rank, not a probability."""
        return [1 / (1 + row[0]) for row in rows]

    @staticmethod
    def to_json() -> dict[str, Any]:
        """Give the rule's name."""
        return {"kind": "tenure-rule"}


def _standard(rows: Sequence[Values]) -> tuple[Values, Values]:
    columns = list(zip(*rows, strict=True))
    means = tuple(round(math.fsum(column) / len(column), _DIGITS) for column in columns)
    spreads = (
        math.sqrt(math.fsum((value - mean) ** 2 for value in column) / len(column)) or 1.0
        for column, mean in zip(columns, means, strict=True)
    )
    return means, tuple(round(spread, _DIGITS) for spread in spreads)


def _design(row: Values, means: Values, scales: Values) -> Values:
    return (1.0, *((value - mean) / scale for value, mean, scale in zip(row, means, scales, strict=True)))


def _dot(left: Sequence[float], right: Sequence[float]) -> float:
    return math.fsum(a * b for a, b in zip(left, right, strict=True))


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))


def _newton(
    design: Sequence[Values],
    outcomes: Sequence[int],
    weights: Sequence[float],
    ridge: float,
) -> tuple[list[list[float]], list[float]]:
    """Give the curvature and the gradient of the penalised log-likelihood at `weights`."""
    size = len(weights)
    penalty = [0.0] + [ridge] * (size - 1)
    curve = [[penalty[i] if i == j else 0.0 for j in range(size)] for i in range(size)]
    gradient = [-penalty[i] * weights[i] for i in range(size)]
    for row, outcome in zip(design, outcomes, strict=True):
        chance = _sigmoid(_dot(weights, row))
        spread = chance * (1 - chance)
        for i in range(size):
            gradient[i] += (outcome - chance) * row[i]
            for j in range(i + 1):
                curve[i][j] += spread * row[i] * row[j]
    for i in range(size):
        for j in range(i):
            curve[j][i] = curve[i][j]
    return curve, gradient


def _solve(matrix: list[list[float]], target: list[float]) -> list[float]:
    """Solve a linear system whose matrix is symmetric and positive definite."""
    size = len(target)
    rows = [[*line, value] for line, value in zip(matrix, target, strict=True)]
    for pivot in range(size):
        for below in range(pivot + 1, size):
            factor = rows[below][pivot] / rows[pivot][pivot]
            rows[below] = [b - factor * p for b, p in zip(rows[below], rows[pivot], strict=True)]
    solution = [0.0] * size
    for i in reversed(range(size)):
        known = math.fsum(rows[i][j] * solution[j] for j in range(i + 1, size))
        solution[i] = (rows[i][size] - known) / rows[i][i]
    return solution


def _candidates(rows: Sequence[Values]) -> list[tuple[int, float]]:
    """Give up to fifteen places to split each feature, at equal ranks."""
    places = []
    for feature, column in enumerate(zip(*rows, strict=True)):
        ordered = sorted(column)
        cuts = {ordered[len(ordered) * i // 16] for i in range(1, 16)}
        places += [(feature, cut) for cut in sorted(cuts) if cut > ordered[0]]
    return places


def _best_stump(
    rows: Sequence[Values],
    candidates: Sequence[tuple[int, float]],
    outcomes: Sequence[int],
    chances: Sequence[float],
    rate: float,
) -> tuple[int, float, float, float]:
    residuals = [outcome - chance for outcome, chance in zip(outcomes, chances, strict=True)]
    spreads = [chance * (1 - chance) for chance in chances]
    pull, weight = math.fsum(residuals), math.fsum(spreads)
    best = (-1.0, 0, 0.0, 0.0, 0.0)
    for feature, cut in candidates:
        below = [i for i, row in enumerate(rows) if row[feature] < cut]
        low_pull, low_weight = sum(residuals[i] for i in below), sum(spreads[i] for i in below)
        high_pull, high_weight = pull - low_pull, weight - low_weight
        gain = low_pull**2 / (low_weight + 1) + high_pull**2 / (high_weight + 1)
        if gain > best[0]:
            best = (gain, feature, cut, rate * low_pull / (low_weight + 1), rate * high_pull / (high_weight + 1))
    _, feature, cut, low, high = best
    return feature, cut, round(low, _DIGITS), round(high, _DIGITS)


def _step(stump: tuple[int, float, float, float], row: Values) -> float:
    feature, cut, low, high = stump
    return low if row[feature] < cut else high
