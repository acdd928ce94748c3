# ruff: noqa: INP001 - a folder of scripts, not a package
"""A copy of the pipeline in a temporary folder, run command by command as an orchestrator would."""

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

__all__ = ["EVIDENCE", "Workspace", "workspace"]

_PIPELINE: Final = Path(__file__).resolve().parent
EVIDENCE: Final = _PIPELINE.parent / "evidence"
"""Where measurements are kept."""


class Workspace:
    """One copy; stages write to `out` and read from `data`."""

    def __init__(self, folder: Path, **environment: str) -> None:
        """Copy the pipeline to a folder; `environment` is added to what its commands see."""
        self.folder = folder
        self.out = folder / "out"
        self.data = folder / "pipeline" / "data"
        self.said = ""
        self.environment = {"PATH": os.environ.get("PATH", os.defpath), **environment}
        shutil.copytree(_PIPELINE, folder / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))

    def run(self, *names: str, **more: str) -> int:
        """Run stages or answers until one does not succeed, and give the last exit code."""
        code = 0
        for name in names:
            done = subprocess.run(  # noqa: S603 - our own script with our own words
                [sys.executable, "-B", "pipeline/pipeline.py", name],
                cwd=self.folder,
                env={**self.environment, **more},
                capture_output=True,
                text=True,
                check=False,
            )
            self.said += done.stdout + done.stderr
            code = done.returncode
            if code:
                break
        return code

    def production(self) -> bytes | None:
        """Give the bytes that say what answers; None before the first release."""
        active = self.out / "production" / "active.json"
        return active.read_bytes() if active.exists() else None


@contextmanager
def workspace(**environment: str) -> Iterator[Workspace]:
    """Give a fresh copy, which is removed afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        yield Workspace(Path(folder), **environment)
