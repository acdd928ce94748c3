"""Nested pipelines laid flat: what one step unfolds into, and what begins and ends it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

__all__ = ["Part", "around"]


class Part(NamedTuple):
    """What a step unfolded into."""

    first: tuple[str, ...]
    """The stages that begin it: they wait for what the step waits for."""
    last: tuple[str, ...]
    """The stages that end it: what waits for the step waits for them."""


def around(parts: Mapping[str, Part], waits: Mapping[str, Iterable[str]]) -> Part:
    """Give the beginning and the end of steps together.

    Args:
        parts: what each step unfolded into.
        waits: for each step, the steps that it waits for.
    """
    waited = {other for others in waits.values() for other in others}
    first = [one for name, part in parts.items() if not any(waits.get(name, ())) for one in part.first]
    last = [one for name, part in parts.items() if name not in waited for one in part.last]
    return Part(tuple(first), tuple(last))
