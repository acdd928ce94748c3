"""How a stage ends: the exit codes of the stage contract, and what is raised to get there."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["Inconclusive", "Outcome", "Rejected", "TimedOut"]


class Outcome(IntEnum):
    """The exit code of a stage; a crash of the interpreter gives 1, which is none of these."""

    OK = 0
    REJECT = 10
    """A gate, an approver, a watched limit or a precondition said no."""
    INCONCLUSIVE = 11
    """Neither yes nor no: somebody has not answered, or too few payments were seen."""
    INFRASTRUCTURE = 75
    """A file or a disk was not there; another attempt may find it."""
    TIMEOUT = 124
    """Another canary held production for too long."""


class Rejected(Exception):  # noqa: N818 - an outcome that the contract names, no defect
    """The stage said no."""


class Inconclusive(Exception):  # noqa: N818 - the same
    """The stage could not tell."""


class TimedOut(Exception):  # noqa: N818 - the same
    """The stage waited as long as it may."""
