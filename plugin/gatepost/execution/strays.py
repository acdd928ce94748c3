"""Processes that have left the group of their command, such as a server in the background: found by what they hold.

Only where the system shows processes under /proc; elsewhere nothing is found, and nothing is promised.
"""

from __future__ import annotations

import contextlib
import math
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Final

__all__ = ["end_strays"]

_PROC: Final = Path("/proc")
_PARENT: Final = 1
_BEGAN: Final = 19
"""Where /proc/PID/stat says who made a process, and when it began, counted from behind its name."""
_PASSES: Final = 5
"""So often is looked again: what is ended may have started another in the meantime."""


def end_strays(home: Path) -> tuple[str, ...]:
    """Kill what still runs in a folder that commands were given, and give the names of these programs.

    A stray is known by its HOME, which only a command of the dry run has. One without it is known, when it has begun
    after this process, by the folder that it works in or a file that it holds open.

    Args:
        home: the folder; a dry run makes one of its own for each piece of work.
    """
    ended: dict[int, str] = {}
    for _ in range(_PASSES):
        found = {number: _name(number) for number in _strays(home) if number not in ended}
        for number in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(number, signal.SIGKILL)
        if not found:
            break
        ended |= found
    return tuple(sorted(ended.values()))


def _strays(home: Path) -> Iterator[int]:
    if not (_PROC / "self" / "environ").is_file():
        return
    places = tuple({os.fsencode(home), os.fsencode(home.resolve())})
    marks, own = tuple(b"HOME=" + one for one in places), os.getpid()
    youngest = _began(own) or math.inf
    for one in _PROC.iterdir():
        number = int(one.name) if one.name.isdigit() else own
        if number == own:
            continue
        with contextlib.suppress(OSError):
            seen = _environ(number)
            if _parent(number) == own and seen == _environ(own):
                continue  # until it runs its own program, it holds what this process had open when it was made
            is_marked = any(_is_below(entry, marks) for entry in seen)
            if is_marked or (_began(number) >= youngest and _holds(one, places)):
                yield number


def _holds(process: Path, places: tuple[bytes, ...]) -> bool:
    """Tell whether a process works below a place, or holds a file there open."""
    for link in (process / "cwd", *(process / "fd").iterdir()):
        with contextlib.suppress(OSError):
            if _is_below(os.fsencode(link.readlink()), places):
                return True
    return False


def _is_below(path: bytes, places: tuple[bytes, ...]) -> bool:
    return any(path == one or path.startswith(one + b"/") for one in places)


def _environ(number: int) -> list[bytes]:
    return (_PROC / str(number) / "environ").read_bytes().split(b"\0")


def _parent(number: int) -> int:
    return int(_stat(number)[_PARENT])


def _began(number: int) -> int:
    """Give when a process began, in ticks of the system's clock; 0 when that is not known."""
    try:
        return int(_stat(number)[_BEGAN])
    except (OSError, IndexError, ValueError):
        return 0


def _stat(number: int) -> list[bytes]:
    """Give what /proc/PID/stat lists behind the name, which may hold spaces and brackets itself."""
    return (_PROC / str(number) / "stat").read_bytes().rpartition(b")")[2].split()


def _name(number: int) -> str:
    with contextlib.suppress(OSError):
        return (_PROC / str(number) / "comm").read_text("utf-8", "replace").strip()
    return f"process {number}"
