"""The processes of a dry run: each command leads a group of its own, and all of them can be ended at once."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

__all__ = ["Processes", "StoppedError", "end_run", "processes_of", "running", "signal_group"]


class StoppedError(Exception):
    """A dry run that is being ended starts nothing any more."""


class Processes:
    """The process groups of one dry run in this process."""

    def __init__(self, run: str) -> None:
        self.run = run
        self._groups: set[int] = set()
        self._lock = threading.Lock()
        self._stopped = False

    def stop(self) -> None:
        """Kill whatever runs, and let nothing start any more."""
        with self._lock:
            self._stopped = True
            for group in self._groups:
                signal_group(group, signal.SIGKILL)

    def start(self, words: Sequence[str], folder: Path, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """Start a command in a process group of its own; what it says comes out of one pipe.

        Raises:
            StoppedError: nothing may start any more.
            OSError: there is no such program.
        """
        with self._lock:
            if self._stopped:
                message = "the dry run is being ended"
                raise StoppedError(message)
            process = subprocess.Popen(  # noqa: S603 - the contract's own command, which the caller asked to run
                words,
                cwd=folder,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self._groups.add(process.pid)
        return process

    def end(self, process: subprocess.Popen[bytes]) -> int:
        """End what is left of a command's group, children that it left behind too, and give its exit code.

        The group is signalled before its leader is reaped: until then no other process can have its number.
        """
        signal_group(process.pid, signal.SIGKILL)
        with self._lock:
            self._groups.discard(process.pid)
        return process.wait()


_RUNS: Final[dict[str, Processes]] = {}


def processes_of(run: str) -> Processes:
    """Give the processes of a dry run by its name; a cluster's worker learns of a run by its first piece of work."""
    return _RUNS.setdefault(run, Processes(run))


def end_run(run: str) -> None:
    """End what a dry run has running in this process, and let it start nothing any more."""
    processes_of(run).stop()


@contextlib.contextmanager
def running() -> Iterator[Processes]:
    """Give the processes of a new dry run."""
    one = processes_of(uuid.uuid4().hex)
    try:
        yield one
    finally:
        _RUNS.pop(one.run, None)


def signal_group(group: int, number: int) -> None:
    """Signal a process group, unless it has ended."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
