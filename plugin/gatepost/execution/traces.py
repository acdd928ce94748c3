"""What a command leaves behind on disk, told by the marks of files: one that ends well may have done nothing at all."""

from __future__ import annotations

import os
from pathlib import Path

from gatepost.execution.folder import COMPILED

__all__ = ["Marks", "marks_at", "marks_of"]

Marks = frozenset[tuple[str, int, int, int, int]]
"""For each file and folder: its path, which one it is, its mode, its size, and when it was written."""


def marks_at(path: Path) -> Marks:
    """Give the marks of a file, or of all below a folder."""
    facts = path.lstat()
    own = ("", facts.st_ino, facts.st_mode, facts.st_size, facts.st_mtime_ns)
    return marks_of(path) if path.is_dir() else frozenset({own})


def marks_of(home: Path) -> Marks:
    """Give the marks of all below a folder, without reading files; what Python keeps of compiled modules is none."""
    found = []
    for root, folders, names in os.walk(home):
        folders[:] = [name for name in folders if name != COMPILED]
        for name in (*folders, *names):
            path = f"{root}/{name}"
            facts = os.lstat(path)
            written = 0 if name in folders else facts.st_mtime_ns
            found.append((path, facts.st_ino, facts.st_mode, facts.st_size, written))
    return frozenset(found)
