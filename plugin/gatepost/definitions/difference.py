"""One thing in which a contract and the real definition are apart."""

from __future__ import annotations

from typing import Literal, NamedTuple

__all__ = ["Difference"]


class Difference(NamedTuple):
    """What differs, and both places."""

    id: str
    """Which kind of difference: stage-missing, stage-undocumented, edge-missing, guard-weakened, command-differs, …"""
    message: str
    hint: str
    at: tuple[str | int, ...]
    """The key path in the contract."""
    value: str
    """What tells it from another of the same kind at the same place."""
    path: str
    """The file of the definition."""
    line: int
    """Its line; 0 when something is missing there."""
    weight: Literal["differs", "not-shown", "unknown"]
    """Whether the two disagree, the definition shows nothing, or its text leaves it open."""

    @property
    def place(self) -> str:
        """Where it is in the definition."""
        return f"{self.path}:{self.line}" if self.line else self.path
