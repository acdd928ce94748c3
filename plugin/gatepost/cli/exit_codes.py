"""What the command's exit codes mean."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

__all__ = ["MEANING", "ExitCode"]


class ExitCode(IntEnum):
    """How a run of the command ended."""

    MET = 0
    NOT_MET = 1
    USAGE = 2
    COULD_NOT_CHECK = 3


MEANING: Final = {
    ExitCode.MET: "Every gate that blocks is met; for commands other than `check`: it was done.",
    ExitCode.NOT_MET: (
        "A gate that blocks is not met, or a record cannot be read; a change was refused, and nothing was written."
    ),
    ExitCode.USAGE: "The command was called wrongly; nothing was read or written.",
    ExitCode.COULD_NOT_CHECK: (
        "Nothing could be said: no project, no such commit, no records, a gate that cannot be loaded, "
        "a broken SOURCE_DATE_EPOCH, a file that cannot be written, an interrupt, or a fault in Gatepost."
    ),
}
"""One sentence for each code; the reference prints them."""
