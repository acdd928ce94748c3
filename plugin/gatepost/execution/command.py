"""One command of a contract as a process: no shell, its own process group, bounded time, a small environment."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

__all__ = ["CommandError", "Ended", "Running", "arguments_of", "environment", "run_command", "running"]

_TIMED_OUT: Final = 124
_NOT_FOUND: Final = 127
_TAIL: Final = 4096
"""So much of what a command says is kept, in bytes from its end."""
_GRACE: Final = 0.5
"""How long a process group may take to end before it is killed, in seconds."""
_PASSED: Final = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
"""What a command sees of the caller's environment."""
_SHELL: Final = re.compile(r".*;\Z|[|&;<>]+[0-9]*\Z|[0-9]>|.*(?:\$[({A-Za-z_]|`)")
_ASSIGNMENT: Final = re.compile(r"[A-Za-z_]\w*=")


class CommandError(ValueError):
    """A `run` that cannot be run as it stands."""


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    """Its exit code; 124 when it ran out of time, 127 when it was not found."""
    seconds: float
    said: str
    """The last of what it printed."""


def arguments_of(run: str) -> list[str]:
    """Split a `run` into its arguments.

    Raises:
        CommandError: it is empty, its quotes do not close, or it needs a shell.
    """
    try:
        words = shlex.split(run)
    except ValueError as error:
        message = f"'{run}' cannot be split into arguments: {error}"
        raise CommandError(message) from None
    if not words:
        message = "the command is empty"
        raise CommandError(message)
    shell = next((word for word in words if _SHELL.match(word)), None)
    if shell is None and _ASSIGNMENT.match(words[0]):
        shell = words[0]
    if shell is not None:
        message = f"'{run}' needs a shell ('{shell}'): put it into a script, and let `run` name the script"
        raise CommandError(message)
    return words


def environment(home: Path, *, hash_seed: str, time_zone: str, more: Mapping[str, str]) -> dict[str, str]:
    """Give the environment of a command: what is listed here, and no more.

    Args:
        home: the folder that it takes for its home and for temporary files.
        hash_seed: PYTHONHASHSEED.
        time_zone: TZ.
        more: what is added.
    """
    passed = {name: os.environ[name] for name in _PASSED if name in os.environ}
    interpreter = str(Path(sys.executable).parent)
    return {
        **passed,
        "PATH": os.pathsep.join(dict.fromkeys((interpreter, *passed.get("PATH", os.defpath).split(os.pathsep)))),
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": time_zone,
        "PYTHONHASHSEED": hash_seed,
        **more,
    }


class Running:
    """The process groups that run now, so that an interrupt can end them all."""

    def __init__(self) -> None:
        self._groups: set[int] = set()
        self._lock = threading.Lock()
        self._stopped = False

    def stop(self) -> None:
        """Kill whatever runs, and let nothing start any more."""
        with self._lock:
            self._stopped = True
            for group in self._groups:
                _signal(group, signal.SIGKILL)

    def start(
        self, words: Sequence[str], folder: Path, env: Mapping[str, str], log: BinaryIO
    ) -> subprocess.Popen[bytes]:
        """Start a command in a process group of its own."""
        with self._lock:
            if self._stopped:
                raise KeyboardInterrupt
            process = subprocess.Popen(  # noqa: S603 - the contract's own command, which the caller asked to run
                words,
                cwd=folder,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self._groups.add(process.pid)
        return process

    def ended(self, process: subprocess.Popen[bytes]) -> None:
        """End what is left of a command's process group: children that it leaves behind, too."""
        _signal(process.pid, signal.SIGKILL)
        with self._lock:
            self._groups.discard(process.pid)


_CURRENT: Final[list[Running]] = [Running()]


@contextlib.contextmanager
def running() -> Iterator[Running]:
    """Give the process groups of one dry run of this process, which can be ended together."""
    one = Running()
    _CURRENT.append(one)
    try:
        yield one
    finally:
        _CURRENT.remove(one)


def run_command(words: Sequence[str], folder: Path, env: Mapping[str, str], seconds: float) -> Ended:
    """Run a command, and end it with all its children when its time is up.

    Args:
        words: its arguments.
        folder: where it runs.
        env: all of its environment.
        seconds: how long it may take.

    Raises:
        KeyboardInterrupt: nothing may start any more.
    """
    began, processes = time.monotonic(), _CURRENT[-1]
    with tempfile.TemporaryFile() as log:
        try:
            process = processes.start(words, folder, env, log)
        except OSError as error:
            return Ended(_NOT_FOUND, 0.0, f"{words[0]}: {error.strerror}")
        expired, over = threading.Event(), threading.Event()
        timer = threading.Timer(seconds, _expire, (process, expired, over))
        timer.start()
        try:
            code = process.wait()  # without a time-out of its own, which would look only twenty times a second
        finally:
            over.set()
            timer.cancel()
            processes.ended(process)
            process.wait()
        return Ended(_TIMED_OUT if expired.is_set() else code, time.monotonic() - began, _tail(log))


def _expire(process: subprocess.Popen[bytes], expired: threading.Event, over: threading.Event) -> None:
    """Ask a process group to end, and end it when it does not."""
    expired.set()
    _signal(process.pid, signal.SIGTERM)
    if not over.wait(_GRACE):
        _signal(process.pid, signal.SIGKILL)


def _signal(group: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _tail(log: BinaryIO) -> str:
    size = log.seek(0, os.SEEK_END)
    log.seek(max(0, size - _TAIL))
    return log.read().decode("utf-8", "replace").strip()
