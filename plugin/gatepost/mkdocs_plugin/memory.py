"""The garbage collector during a build: a checked log is a million small objects, and all of them are needed."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["kept", "let_go"]


@contextmanager
def kept() -> Iterator[None]:
    """Collect nothing while a log is read; when that went well, look at nothing of it again until `let_go`."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was_enabled:
            gc.enable()


def let_go() -> None:
    """Let the collector see everything again."""
    gc.unfreeze()
