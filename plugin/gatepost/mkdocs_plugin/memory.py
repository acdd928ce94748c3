"""The garbage collector during a build: a checked log is a million small objects, and all of them are needed."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

__all__ = ["kept", "leave_at_exit", "let_go", "undisturbed"]


@contextmanager
def undisturbed() -> Iterator[None]:
    """Collect nothing for a while."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def kept() -> Iterator[None]:
    """Collect nothing while a log is read; when that went well, look at nothing of it again until `let_go`."""
    with undisturbed():
        yield
        gc.freeze()


def let_go() -> None:
    """Let the collector see everything again."""
    gc.unfreeze()


@cache
def leave_at_exit() -> None:
    """Let the process end without a last look at the log, which costs a third of a second at 1,000 records.

    The system takes the memory back in any case. All that ends with a program, files and locks, has ended before.
    """
    atexit.register(gc.freeze)
