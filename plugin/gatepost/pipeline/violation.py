"""What every contract must hold to, and how a contract that does not is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

__all__ = ["INVARIANTS", "Invariant", "Violation", "listed"]


class Invariant(NamedTuple):
    """One thing that is true of every branch, or of every stage, of a sound contract."""

    id: str
    holds_when: str
    gate: str
    """The gate that reports it."""
    shown_by: Literal["branch", "way", "contract"] = "way"
    """What shows it broken: a branch that is walked and ends badly; a way to a stage, and what happens there; or the
    contract alone, whatever branch is taken: an order that no run follows, files that pin nothing, loose artifacts.
    """


class Violation(NamedTuple):
    """One invariant that a contract breaks."""

    invariant: str
    message: str
    hint: str
    at: tuple[str | int, ...]
    """The key path in the contract."""
    value: str
    """What tells it from another violation of the same invariant at the same place."""
    branch: str = ""
    """The branch that shows it, as a path; empty for what the contract alone shows."""


_WAYS, _STAGES, _BRANCHES = "promotion-gated", "stages-reproducible", "dry-run-passed"
INVARIANTS: Final = (
    Invariant("ordered", "No stage waits for itself, and each `after` names a stage.", _WAYS, "contract"),
    Invariant("gated", "Production is reached only behind a gate with conditions.", _WAYS),
    Invariant("approved", "Production is reached only behind an approval that somebody can give.", _WAYS),
    Invariant("no-bypass", "No promotion goes on while a gate or an approval may still reject.", _WAYS),
    Invariant(
        "judged",
        "Each metric of a gate is measured upstream and can miss, what is measured before production is asked for, "
        "each promoted model is measured for a gate, and quality is asked of what is promoted.",
        _WAYS,
    ),
    Invariant(
        "pinned", "Each stage pins command, environment, inputs and seed, and says what repeats.", _STAGES, "contract"
    ),
    Invariant("handled", "Each failure and each rejection ends the run.", _BRANCHES, "branch"),
    Invariant("notified", "Each failure and each rejection reaches somebody, by alert or page.", _BRANCHES, "branch"),
    Invariant(
        "production-safe", "Nothing that failed, was rejected or is in breach stays in production.", _BRANCHES, "branch"
    ),
    Invariant("rollback-complete", "Production can be put back to what works, in time, on a signal.", _BRANCHES),
    Invariant("rollback-pages", "A rollback that fails pages a person.", _BRANCHES, "branch"),
    Invariant(
        "first-release", "A first release, which has no previous version, has its own answer.", _BRANCHES, "branch"
    ),
    Invariant("retry-safe", "What may not run twice is not tried again.", _BRANCHES),
    Invariant(
        "bounded", "Each stage that runs has a time-out, each approval expires, and neither takes for ever.", _BRANCHES
    ),
    Invariant(
        "watched",
        "Each promotion to production watches a signal, and each signal is measured or has a limit.",
        _BRANCHES,
    ),
    Invariant("rollout-ordered", "Each rollout goes up, is held at each share, and reaches everybody.", _BRANCHES),
    Invariant(
        "artifacts-used",
        "Each artifact is listed, stays in the folder, has one producer and a path of its own, and is read.",
        _BRANCHES,
        "contract",
    ),
    Invariant("signed", "Each promotion to production says what it brings, and that is signed.", _BRANCHES),
)
"""Every invariant, with the gate that reports it."""

_FEW: Final = 8


def listed(names: Sequence[str], joint: str = "and") -> str:
    """Give names as people list them; of many the first are named and the rest counted."""
    if len(names) == 1:
        return names[0]
    if len(names) > _FEW:
        return f"{', '.join(names[:_FEW])} {joint} {len(names) - _FEW} more"
    return f"{', '.join(names[:-1])} {joint} {names[-1]}"
