"""One command of a contract as a process: no shell, its own process group, bounded time, a small environment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from gatepost.execution.processes import processes_of, signal_group

__all__ = ["Ended", "environment", "run_command"]

_TIMED_OUT: Final = 124
_NOT_FOUND: Final = 127
_TAIL: Final = 4096
"""So much of what a command says is kept, in bytes from its end."""
_PIECE: Final = 1 << 16
_GRACE: Final = 0.5
"""How long a process group may take to end before it is killed, in seconds."""
_PASSED: Final = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
"""What a command sees of the caller's environment."""


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    """Its exit code; 124 when it ran out of time, 127 when it was not found."""
    seconds: float
    said: str
    """The last of what it printed."""


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


def run_command(words: Sequence[str], folder: Path, env: Mapping[str, str], seconds: float, run: str = "") -> Ended:
    """Run a command, and end it with all its children when its time is up.

    Args:
        words: its arguments.
        folder: where it runs.
        env: all of its environment.
        seconds: how long it may take.
        run: the dry run that it belongs to.

    Raises:
        StoppedError: that dry run is being ended.
    """
    began, processes = time.monotonic(), processes_of(run)
    try:
        process = processes.start(words, folder, env)
    except OSError as error:
        return Ended(_NOT_FOUND, 0.0, f"{words[0]}: {error.strerror}")
    tail, clock = _Tail(process), _Clock(process.pid, seconds)
    try:
        _wait(process)  # without a time-out of its own, which would look only twenty times a second
    finally:
        clock.stop()
        code = processes.end(process)
    return Ended(_TIMED_OUT if clock.expired else code, time.monotonic() - began, tail.text())


def _wait(process: subprocess.Popen[bytes]) -> None:
    """Wait until a process has ended, and leave it to be reaped where the system can."""
    if hasattr(os, "waitid"):
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    else:
        process.wait()


class _Clock:
    """Asks a process group to end when its time is up, and ends it when it does not."""

    def __init__(self, group: int, seconds: float) -> None:
        self.expired = False
        self._group = group
        self._over = threading.Event()
        self._timer = threading.Timer(min(seconds, threading.TIMEOUT_MAX), self._expire)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        self._over.set()
        self._timer.cancel()
        self._timer.join()

    def _expire(self) -> None:
        if self._over.is_set():
            return
        self.expired = True
        signal_group(self._group, signal.SIGTERM)
        if not self._over.wait(_GRACE):
            signal_group(self._group, signal.SIGKILL)


class _Tail:
    """The last of what a process says; the rest is read and dropped, so that a flood fills neither memory nor disk."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._kept = b""
        self._thread = threading.Thread(target=self._read, args=(process,), daemon=True)
        self._thread.start()

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        if process.stdout is None:
            return
        with process.stdout as pipe:
            while piece := os.read(pipe.fileno(), _PIECE):
                self._kept = (self._kept + piece)[-_TAIL:]

    def text(self) -> str:
        """Give it once the process has ended; what has left its group may hold the pipe open, and is not waited for."""
        self._thread.join(_GRACE)
        return self._kept.decode("utf-8", "replace").strip()
