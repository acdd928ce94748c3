"""Running a contract's own commands: the clean releases, each branch that can be provoked, each documented limit.

The one room that runs what a record says; only the command may import it.
"""

from gatepost.execution.executors import ExecutorError
from gatepost.execution.record import render_record, render_statement
from gatepost.execution.rehearsal import rehearse
from gatepost.execution.rehearsed import Asked, Rehearsal
from gatepost.execution.setup import CannotRunError

__all__ = [
    "Asked",
    "CannotRunError",
    "ExecutorError",
    "Rehearsal",
    "rehearse",
    "render_record",
    "render_statement",
]
