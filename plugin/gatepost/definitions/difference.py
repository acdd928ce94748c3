"""One thing in which a contract and the real definition are apart."""

from __future__ import annotations

from typing import Literal, NamedTuple

__all__ = ["Difference", "DifferenceId", "Weight"]

DifferenceId = Literal[
    "stage-missing",
    "stage-undocumented",
    "stage-after-failure",
    "edge-missing",
    "edge-reversed",
    "edge-undocumented",
    "edge-weakened",
    "guard-missing",
    "guard-weakened",
    "guard-cannot-fail",
    "guard-conditional",
    "approval-not-shown",
    "monitor-not-shown",
    "promotion-not-shown",
    "command-differs",
    "output-missing",
    "output-undocumented",
    "input-missing",
    "retries-differ",
    "timeout-differs",
    "image-differs",
    "folder-differs",
    "target-differs",
    "promotion-cancelled",
    "answer-missing",
    "rollback-unasked",
    "besides-missing",
]
"""Which kind of difference: the list is closed, and no name is reused."""
Weight = Literal["differs", "unknown", "not-shown"]
"""Whether the two disagree, the text of the definition leaves it open, or the definition shows nothing."""


class Difference(NamedTuple):
    """What differs, and both places."""

    id: DifferenceId
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
    weight: Weight

    @property
    def place(self) -> str:
        """Where it is in the definition."""
        return f"{self.path}:{self.line}" if self.line else self.path
