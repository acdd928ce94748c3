"""The command, run in this process for its output, or in a process of its own for what only that shows."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gatepost.cli import main

__all__ = ["Run", "command", "process"]


@dataclass(frozen=True, slots=True)
class Run:
    """How a run ended and what it printed."""

    code: int
    out: str
    err: str


def command(root: Path, *words: str, day: str = "2026-11-23") -> Run:
    """Run the command in a folder on a day."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["-C", str(root), "--as-of", day, *words])
    return Run(code, out.getvalue(), err.getvalue())


def process(root: Path, *words: str, settings: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run the command as a process of its own, with more settings in its environment."""
    return subprocess.run(
        [sys.executable, "-m", "gatepost", *words],
        cwd=root,
        env={**os.environ, **(settings or {})},
        capture_output=True,
        check=False,
        timeout=60,
    )
