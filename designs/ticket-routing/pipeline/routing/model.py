"""A softmax over hashed features: small enough to read, and trained the way a large model is fine-tuned.

The base model has a row of weights for each feature number. Fine-tuning never touches it: what is learned is an
adapter, rows that are added to those of the base.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from routing.text import features

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["QUEUES", "Example", "Recipe", "Weights", "adapter", "combined", "fit", "weights_from"]

QUEUES: Final = ("account", "billing", "contract", "delivery", "safety", "technical")
"""The queues that a ticket can be routed to."""
_DIGITS: Final = 3
"""Weights are kept in thousandths, so that they are the same wherever they were computed with a little luck."""

Row = list[float]


class Example(NamedTuple):
    """A text as its features, and the number of the queue that it belongs to."""

    features: list[int]
    queue: int

    @classmethod
    def of(cls, text: str, queue: str) -> Example:
        """Make an example of a text."""
        return cls(features(text), QUEUES.index(queue))


class Recipe(NamedTuple):
    """How weights are learned."""

    epochs: int = 3
    rate: float = 0.3
    anchor: float = 0.1
    """The share of the way back to where it started that each weight goes after an epoch; 0 lets it go anywhere."""
    seed: int = 23


class Weights(NamedTuple):
    """A row of weights for each feature number that has one; a feature without a row says nothing."""

    rows: dict[int, Row]

    def chances(self, numbers: Iterable[int]) -> Row:
        """Give the chance of each queue."""
        return _softmax(_scores(self.rows, numbers))

    def route(self, text: str) -> Row:
        """Give the chance of each queue for a text."""
        return self.chances(features(text))

    def to_json(self) -> dict[str, Row]:
        """Give the rows with their numbers as text."""
        return {str(number): row for number, row in sorted(self.rows.items())}


def weights_from(content: Mapping[str, Sequence[float]]) -> Weights:
    """Read the rows back."""
    return Weights({int(number): list(row) for number, row in content.items()})


def combined(base: Weights, learned: Weights) -> Weights:
    """Add an adapter to the base that it was learned on."""
    rows = {number: list(row) for number, row in base.rows.items()}
    for number, row in learned.rows.items():
        rows[number] = [a + b for a, b in zip(rows.get(number, _nothing()), row, strict=True)]
    return Weights(rows)


def fit(examples: Sequence[Example], recipe: Recipe, start: Weights | None = None) -> Weights:
    """Learn by stochastic gradient descent, from `start` or from nothing; the seed decides the order.

    Returns:
        Weights in full precision; `adapter` and `rounded` bring them into the form that is kept.
    """
    import random  # noqa: PLC0415 - what only routes tickets draws nothing

    first = start.rows if start else {}
    rows = {number: list(row) for number, row in first.items()}
    order, shuffle = list(examples), random.Random(recipe.seed)  # noqa: S311 - an order, not a secret
    for epoch in range(recipe.epochs):
        shuffle.shuffle(order)
        for example in order:
            _learn(rows, example, recipe.rate / (1 + epoch))
        _pull_back(rows, first, recipe.anchor)
    return Weights(rows)


def adapter(base: Weights, tuned: Weights) -> Weights:
    """Give what fine-tuning has added to the base, in thousandths; rows that changed by less are left out."""
    found = {}
    for number, row in tuned.rows.items():
        before = base.rows.get(number, _nothing())
        change = [round(a - b, _DIGITS) for a, b in zip(row, before, strict=True)]
        if any(change):
            found[number] = change
    return Weights(found)


def _learn(rows: dict[int, Row], example: Example, rate: float) -> None:
    chances = _softmax(_scores(rows, example.features))
    chances[example.queue] -= 1.0
    step = [rate * wrong for wrong in chances]
    for number in example.features:
        row = rows.get(number)
        rows[number] = [-one for one in step] if row is None else [a - b for a, b in zip(row, step, strict=True)]


def _pull_back(rows: dict[int, Row], first: Mapping[int, Row], anchor: float) -> None:
    if not anchor:
        return
    for number, row in rows.items():
        home = first.get(number) or _nothing()
        rows[number] = [here + anchor * (there - here) for here, there in zip(row, home, strict=True)]


def _scores(rows: Mapping[int, Row], numbers: Iterable[int]) -> Row:
    known = [row for number in numbers if (row := rows.get(number)) is not None]
    return [sum(column) for column in zip(*known, strict=True)] if known else _nothing()


def _softmax(scores: Row) -> Row:
    highest = max(scores)
    raised = [math.exp(score - highest) for score in scores]
    total = sum(raised)
    return [one / total for one in raised]


def _nothing() -> Row:
    return [0.0] * len(QUEUES)
