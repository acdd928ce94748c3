"""A simulated contract in words: what was walked, and whether every branch ends safely."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from gatepost.pipeline import rows_of
from gatepost.report.counts import counted

if TYPE_CHECKING:
    from gatepost.pipeline import DryRunVerdict, Row, Violation

__all__ = ["Line", "lines_of", "mended_words", "shown_words", "verdict_words", "walked_words"]

_SAFE: Final = "Every branch ends safely, and somebody is told of each fault."

_NO_PROMOTION: Final = f"{_SAFE} Nothing is promoted to production, so no branch reaches it."
_ALONE: Final = "the contract alone, whatever branch is taken"


class Line(NamedTuple):
    """One row of the branch table."""

    stage: str
    wrong: str
    then: str
    ends: str
    users_get: str


def walked_words(verdict: DryRunVerdict) -> str:
    """Say how many branches there are."""
    stages = counted(len(verdict.contract.promises), "stage")
    if verdict.simulation is None:
        return f"{stages}, some of which wait for each other in a circle: no branch of them ends."
    single, failing = len(verdict.simulation.singles), len(verdict.simulation.failing_rollbacks)
    pairs = verdict.simulation.pair_count - failing
    return (
        f"{stages}: {_branches(single)} with one fault, {failing:,} on which a rollback fails, and "
        f"{pairs:,} more with two faults."
    )


def _branches(number: int) -> str:
    return f"{number:,} {'branch' if number == 1 else 'branches'}"


def verdict_words(verdict: DryRunVerdict) -> str:
    """Say whether the contract holds."""
    broken = len(dict.fromkeys(one.invariant for one in verdict.violations))
    if not broken:
        return _SAFE if verdict.contract.promotions else _NO_PROMOTION
    return f"{counted(broken, 'invariant')} {'is' if broken == 1 else 'are'} broken."


def shown_words(violation: Violation) -> str:
    """Say what shows a violation: a branch, or the contract alone."""
    return violation.branch or _ALONE


def mended_words(verdict: DryRunVerdict) -> str:
    """Say how many faults another attempt mends; empty when none."""
    branches = verdict.simulation.singles if verdict.simulation else ()
    mended = sum(1 for one in branches if one.events[0].recovered)
    words = "1 more fault is" if mended == 1 else f"{mended:,} more faults are"
    return f"{words} mended by another attempt." if mended else ""


def lines_of(verdict: DryRunVerdict) -> tuple[Line, ...]:
    """Give the branch table, without the faults that another attempt mends."""
    if verdict.simulation is None:
        return ()
    order = {name: place for place, name in enumerate(verdict.contract.graph.order)}
    rows = sorted(
        (row for row in rows_of(verdict.simulation.listed) if not row.recovered), key=lambda row: order[row.stage]
    )
    return tuple(dict.fromkeys(map(_line, rows)))


def _line(row: Row) -> Line:
    wrong = ", ".join(fault.replace("-", " ") for fault in row.faults)
    if row.rollback_fails:
        wrong = "any of these, and the rollback fails" if len(row.faults) > 1 else f"{wrong}, and the rollback fails"
    elif row.first_release:
        wrong = f"first release: {wrong}"
    wrong = f"after {row.after}: {wrong}" if row.after else wrong
    then = " + ".join(row.actions) or "nothing"
    return Line(row.stage, wrong, then, row.end.replace("-", " "), row.production.replace("-", " "))
