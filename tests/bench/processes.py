"""What a whole process costs."""

from __future__ import annotations

import os
import resource
import subprocess
from pathlib import Path

__all__ = ["cpu"]


def cpu(command: list[str], folder: Path) -> float:
    """Give the CPU seconds, user and system, of one run; bytecode is kept, as for any installed package."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["NO_MKDOCS_2_WARNING"] = "1"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    quiet = subprocess.DEVNULL
    subprocess.run(command, cwd=folder, check=False, env=environment, stdout=quiet, stderr=quiet)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
