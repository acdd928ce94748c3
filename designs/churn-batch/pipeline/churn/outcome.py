"""How a stage ends: the exit codes that the stage contract relies on, and the errors behind them."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["Inconclusive", "Outcome", "Rejected", "TimedOut"]


class Outcome(IntEnum):
    """The exit code of a stage. A crash of the interpreter gives 1, which is none of these."""

    OK = 0
    REJECT = 10
    """A gate, an approval or a precondition said no."""
    INCONCLUSIVE = 11
    """Nothing could be decided yet, for instance because no approval is on file."""
    INFRASTRUCTURE = 75
    """A file or a disk was not there; trying again may help."""
    TIMEOUT = 124
    """Somebody else held the production table for too long."""


class Rejected(Exception):  # noqa: N818 - an outcome of the contract, not a defect of the code
    """The stage decided against going on."""


class Inconclusive(Exception):  # noqa: N818 - as above
    """The stage could not decide."""


class TimedOut(Exception):  # noqa: N818 - as above
    """The stage waited as long as it may."""
