"""The worked designs as tests use them: their contracts, copies of them, and runs of their commands."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

from gatepost.book import read_text
from gatepost.book.entry import Entry, read_entry
from gatepost.pipeline import Contract
from gatepost.records import Pipeline

__all__ = ["DESIGNS", "contract_of", "copy_of", "run"]

DESIGNS: Final = Path(__file__).parents[2] / "designs"


@cache
def contract_of(name: str) -> Contract:
    """Read the contract of a design."""
    path = f"{name}/pipeline.md"
    entry = read_entry(read_text(path, (DESIGNS / path).read_text(encoding="utf-8")))
    assert isinstance(entry, Entry)
    assert isinstance(entry.record, Pipeline)
    return Contract(entry.record)


def copy_of(name: str, to: Path) -> Path:
    """Lay a design out in a folder of its own, as a clean checkout would."""
    return Path(shutil.copytree(DESIGNS / name, to, ignore=shutil.ignore_patterns("out", "evidence", "__pycache__")))


def run(folder: Path, command: str, **more: str) -> tuple[int, str]:
    """Run a command of the contract in a design's folder, and give its exit code and what it said."""
    env = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **more}
    words = [sys.executable, *shlex.split(command)[1:]]
    done = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr
