# ruff: noqa: INP001 - a folder of scripts, not a package
"""Copies of the pipeline in temporary folders, whose stages run as processes of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fraud.files import read_json, sha256

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BEFORE_CANARY", "EVIDENCE", "PIPELINE", "Workspace", "workspace"]

PIPELINE: Final = Path(__file__).resolve().parent
EVIDENCE: Final = PIPELINE.parent / "evidence"
"""Where measurements are kept."""
BEFORE_CANARY: Final = (
    "ingest",
    "data-gate",
    "train",
    "evaluate",
    "quality-gate",
    "package",
    "latency",
    "latency-gate",
    "shadow",
    "shadow-gate",
    "approve",
)
"""The stages before the first payment is answered."""


class Workspace:
    """One copy; `data` is what its stages read, `out` what they write."""

    def __init__(self, folder: Path, **environment: str) -> None:
        """Copy the pipeline to a folder; `environment` is what its stages see beside the path."""
        self.folder, self.out, self.data = folder, folder / "out", folder / "pipeline" / "data"
        self.route = self.out / "production" / "route.json"
        self.said = ""
        self._environment = {"PATH": os.environ.get("PATH", ""), **environment}
        shutil.copytree(PIPELINE, folder / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))

    def command(self, name: str) -> list[str]:
        """Give the words of a command."""
        return [sys.executable, "-B", "pipeline/pipeline.py", name]

    def environment(self, run: str, **more: str) -> dict[str, str]:
        """Give what a command of a run sees."""
        return {**self._environment, "GATEPOST_RUN": run, **more}

    def run(self, *names: str, run: str = "1", **more: str) -> int:
        """Run commands in order as parts of a run, keep what they say, and give the last exit code."""
        code = 0
        for name in names:
            done = subprocess.run(  # noqa: S603 - our own script
                self.command(name),
                cwd=self.folder,
                env=self.environment(run, **more),
                capture_output=True,
                text=True,
                check=False,
            )
            self.said += done.stdout + done.stderr
            code = done.returncode
            if code:
                break
        return code

    def edit(self, name: str, before: str, after: str) -> None:
        """Change the code of this copy.

        Raises:
            ValueError: the text to change is not there once.
        """
        path = self.folder / "pipeline" / name
        text = path.read_text(encoding="utf-8")
        if text.count(before) != 1:
            message = f"{name} does not have {before!r} once"
            raise ValueError(message)
        path.write_text(text.replace(before, after), encoding="utf-8")

    def released(self) -> dict[str, Any]:
        """Give what the route says."""
        return read_json(self.route)

    def state(self) -> str | None:
        """Give the digest of what says who answers."""
        return sha256(self.route) if self.route.exists() else None


@contextmanager
def workspace(**environment: str) -> Iterator[Workspace]:
    """Give a fresh copy, which is removed afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        yield Workspace(Path(folder), **environment)
