"""How a stage ends: the exit codes of the stage contract, and the errors that lead to them."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["Inconclusive", "Outcome", "Rejected", "TimedOut"]


class Outcome(IntEnum):
    """The exit code of a stage; an interpreter that crashes gives 1, which is none of these."""

    OK = 0
    REJECT = 10
    """A gate, an approval or a precondition said no."""
    INCONCLUSIVE = 11
    """Neither yes nor no: the red team has not answered."""
    INFRASTRUCTURE = 75
    """A file or a disk was not there; another attempt may find it."""
    TIMEOUT = 124
    """Somebody else held production for too long."""


class Rejected(Exception):  # noqa: N818 - an outcome that the contract names, not a defect
    """The stage said no."""


class Inconclusive(Exception):  # noqa: N818 - the same
    """The stage could not tell."""


class TimedOut(Exception):  # noqa: N818 - the same
    """The stage waited as long as it may."""
