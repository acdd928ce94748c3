"""One writing command at a time: a lock that the system takes back from a process that was killed."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from gatepost.cli.trouble import CouldNotCheckError

__all__ = ["LOCK", "Lock", "locked"]

LOCK: Final = ".gatepost-lock"
"""The file, in the root of the repository, that the writing command holds; its owner removes it."""
_LONGEST: Final = 1 << 20

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Lock:
    """The lock while it is held."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self.left_over = _noted(handle)
        """What the last owner was about to write beside files, when it was killed before it could tidy up."""
        self.note(())

    def note(self, paths: Sequence[str]) -> None:
        """Write down which files are about to get new contents beside them."""
        os.lseek(self._handle, 0, os.SEEK_SET)
        os.truncate(self._handle, 0)
        os.write(self._handle, json.dumps({"process": os.getpid(), "writing": list(paths)}).encode())
        os.fsync(self._handle)


@contextmanager
def locked(root: Path) -> Iterator[Lock]:
    """Hold the lock of a repository.

    Raises:
        CouldNotCheckError: another command holds it, or it cannot be made.
    """
    file = root / LOCK
    handle = _acquired(file)
    try:
        yield Lock(handle)
    finally:
        if sys.platform == "win32":  # an open file cannot be removed there
            os.close(handle)
            file.unlink(missing_ok=True)
        else:
            file.unlink(missing_ok=True)
            os.close(handle)


def _acquired(file: Path) -> int:
    while True:
        try:
            handle = os.open(file, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
        except OSError as error:
            message = f"{file} cannot be written: {error.strerror}"
            raise CouldNotCheckError(message) from error
        try:
            _take(handle)
        except OSError:
            message = f"another gatepost{_process(handle)} is writing in {file.parent}; wait for it, then try again"
            os.close(handle)
            raise CouldNotCheckError(message) from None
        if _is_still(file, handle):
            return handle
        os.close(handle)  # its owner removed it between our two steps


def _is_still(file: Path, handle: int) -> bool:
    """Tell whether an open file is the one that has its name."""
    try:
        return os.path.samestat(file.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def _content(handle: int) -> dict[str, object]:
    try:
        os.lseek(handle, 0, os.SEEK_SET)
        said = json.loads(os.read(handle, _LONGEST) or b"{}")
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _noted(handle: int) -> tuple[str, ...]:
    paths = _content(handle).get("writing")
    return tuple(path for path in paths if isinstance(path, str)) if isinstance(paths, list) else ()


def _process(handle: int) -> str:
    number = _content(handle).get("process")
    return f" (process {number})" if isinstance(number, int) else ""
