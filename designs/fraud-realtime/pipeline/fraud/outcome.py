"""How a stage ends: exit codes that whoever runs the stages can rely on."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["Ended", "Inconclusive", "Rejected"]


class Ended(IntEnum):
    """The exit code of a stage; a crash gives 1, which is none of these."""

    OK = 0
    REJECT = 10
    """A gate, an approval or a watched limit said no."""
    INCONCLUSIVE = 11
    """Nobody has answered yet."""
    INFRASTRUCTURE = 75
    """A file or a disk was not there."""


class Rejected(Exception):  # noqa: N818 - an outcome of the contract, not a defect of the code
    """The stage decided against going on."""


class Inconclusive(Exception):  # noqa: N818 - as above
    """The stage could not decide yet."""
