"""A violated invariant of a stage contract as a fault of its record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from gatepost.book import Fault
from gatepost.pipeline import Violation

__all__ = ["faults_of", "without_branch"]

_SHOWN: Final = "; shown by: "


def faults_of(violations: Iterable[Violation]) -> Iterator[Fault]:
    """Give the faults; each names the branch that shows it."""
    for one in violations:
        shown = f"{_SHOWN}{one.branch}" if one.branch else ""
        yield Fault(f"{one.message}{shown}", one.hint, one.at, one.value)


def without_branch(message: str) -> str:
    """Give the message of such a fault without the branch that shows it."""
    return message.partition(_SHOWN)[0]
