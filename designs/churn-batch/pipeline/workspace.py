# ruff: noqa: INP001 - a folder of scripts, not a package
"""A copy of the pipeline in a temporary folder, whose stages run as separate processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["EVIDENCE", "STAGES_TO_SCORES", "Workspace", "workspace"]

_PIPELINE: Final = Path(__file__).resolve().parent
EVIDENCE: Final = _PIPELINE.parent / "evidence"
"""Where measurements are kept."""
STAGES_TO_SCORES: Final = (
    "ingest",
    "data-gate",
    "features",
    "train",
    "evaluate",
    "quality-gate",
    "package",
    "score",
)
"""The stages up to the table of scores, before anything decides about publishing it."""


class Workspace:
    """One copy; `out` is where its stages write, `data` is where they read."""

    def __init__(self, folder: Path, **environment: str) -> None:
        """Copy the pipeline to `folder`; `environment` is added to what its stages see."""
        self.folder = folder
        self.out = folder / "out"
        self.data = folder / "pipeline" / "data"
        self.said = ""
        self._environment = {"PATH": os.environ.get("PATH", ""), **environment}
        shutil.copytree(_PIPELINE, folder / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))

    def run(self, *stages: str) -> int:
        """Run stages in order, keep what they say, and give the last exit code."""
        code = 0
        for stage in stages:
            done = subprocess.run(  # noqa: S603 - our own script, with our own arguments
                [sys.executable, "-B", "pipeline/pipeline.py", stage],
                cwd=self.folder,
                env=self._environment,
                capture_output=True,
                text=True,
                check=False,
            )
            self.said += done.stdout + done.stderr
            code = done.returncode
            if code:
                break
        return code


@contextmanager
def workspace(**environment: str) -> Iterator[Workspace]:
    """Give a fresh copy, which is removed afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        yield Workspace(Path(folder), **environment)
