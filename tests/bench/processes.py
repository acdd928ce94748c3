"""What a whole process costs."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

__all__ = ["cpu", "memory"]


_WATCHED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def memory(command: list[str], folder: Path) -> float:
    """Give the most memory, in MiB, that a run and what it starts have at once in one process."""
    done = subprocess.run([sys.executable, "-c", _WATCHED, *command], cwd=folder, check=True, capture_output=True)
    return int(done.stdout) / 1024


def cpu(command: list[str], folder: Path) -> float:
    """Give the CPU seconds, user and system, of one run; bytecode is kept, as for any installed package."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["NO_MKDOCS_2_WARNING"] = "1"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    quiet = subprocess.DEVNULL
    subprocess.run(command, cwd=folder, check=False, env=environment, stdout=quiet, stderr=quiet)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
