"""What is done with a ticket: a queue, or a person who reads it first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from routing.guard import Guard
from routing.model import QUEUES, Row, Weights, combined, weights_from
from routing.text import mask

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PERSON", "SAFETY", "SURE", "WARY", "Router", "best", "router_of"]

PERSON: Final = "person"
"""The human triage queue."""
SAFETY: Final = "safety"
SURE: Final = 0.5
"""With a smaller chance than this for every queue, a person decides."""
WARY: Final = 0.2
"""From this chance on a ticket goes to the safety queue, whatever else it may be about."""


class Router(NamedTuple):
    """A model with its guard, as both are served."""

    weights: Weights
    guard: Guard
    wary: float = WARY

    def chances(self, text: str) -> Row:
        """Give the model's chance for each queue."""
        return self.weights.route(mask(text))

    def decide(self, text: str) -> str:
        """Give the queue of a ticket, or `person`."""
        return PERSON if self.guard.hit(text) else _of_chances(self.chances(text), self.wary)


def router_of(content: Mapping[str, Any]) -> Router:
    """Put a router together from base, adapter and guard, as a bundle holds them."""
    weights = combined(weights_from(content["base"]), weights_from(content["adapter"]))
    return Router(weights, Guard(tuple(content["guard"])))


def best(chances: Row) -> str:
    """Give the most likely queue."""
    return QUEUES[max(range(len(QUEUES)), key=chances.__getitem__)]


def _of_chances(chances: Row, wary: float) -> str:
    if chances[QUEUES.index(SAFETY)] >= wary:
        return SAFETY
    return best(chances) if max(chances) >= SURE else PERSON
