"""A violated invariant of a stage contract as a fault of its record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gatepost.book import Fault
from gatepost.pipeline import Violation

__all__ = ["faults_of"]


def faults_of(violations: Iterable[Violation]) -> Iterator[Fault]:
    """Give the faults; each names the branch that shows it."""
    for one in violations:
        shown = f"; shown by: {one.branch}" if one.branch else ""
        yield Fault(f"{one.message}{shown}", one.hint, one.at, one.value)
