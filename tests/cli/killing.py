"""Runs a command again and again on fresh copies of a folder, and kills it with SIGKILL at its n-th write.

A program of its own: `python killing.py TEMPLATE COPIES WORD…`. It needs no hook in the command. Python's audit
events tell it when a file is about to be opened for writing, renamed, removed or given other permissions; `os.write`
and `os.fsync`, which have none, are wrapped. A write is killed before it, and in its middle. It prints how many
copies it made: all but the last were killed, the last ran to its end.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import signal
import sys
from pathlib import Path

from gatepost.cli import main

DAY = "2026-11-23"
_CHANGING = {"os.rename", "os.remove", "os.chmod", "os.truncate", "os.link", "os.mkdir", "os.rmdir"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


class Trap:
    """Kills this process at the n-th thing that it is about to do to a file below a folder."""

    def __init__(self, root: Path, number: int) -> None:
        self.root = os.fspath(root)
        self.left = number
        self.write, self.fsync = os.write, os.fsync

    def step(self) -> None:
        """Count one thing down; at the last, die."""
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def hear(self, event: str, args: tuple[object, ...]) -> None:
        """Be told of an audit event, before it happens."""
        opens = event == "open" and isinstance(args[2], int) and args[2] & _WRITING
        if (opens or event in _CHANGING) and any(self.is_inside(arg) for arg in args):
            self.step()

    def is_inside(self, arg: object) -> bool:
        """Tell whether an argument is a path below the folder, or an open file."""
        return isinstance(arg, int) or (isinstance(arg, (str, os.PathLike)) and os.fspath(arg).startswith(self.root))

    def half_write(self, handle: int, content: bytes | memoryview) -> int:
        """Write, unless killed before it or after its first half."""
        self.step()
        if self.left == 1:
            self.write(handle, memoryview(content)[: len(memoryview(content)) // 2])
        self.step()
        return self.write(handle, content)

    def sync(self, handle: int) -> None:
        """Let the disk have it, unless killed before."""
        self.step()
        self.fsync(handle)

    def set(self) -> None:
        """Arm the trap."""
        os.write, os.fsync = self.half_write, self.sync
        sys.addaudithook(self.hear)


def run(root: Path, number: int, words: list[str]) -> None:
    """Run the command in this process, which may not live to see its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    Trap(root, number).set()
    os._exit(main(["-C", str(root), "--as-of", DAY, *words]))


def kill_everywhere(template: Path, copies: Path, words: list[str]) -> int:
    """Give how many copies it took until a run was not killed."""
    with contextlib.redirect_stdout(io.StringIO()):  # so that each copy of this process has all modules loaded
        main(["-C", str(template), "--as-of", DAY, *words, "--dry-run"])
    number = 0
    while True:
        number += 1
        root = copies / str(number)
        shutil.copytree(template, root, symlinks=True)
        child = os.fork()
        if child == 0:
            run(root, number, words)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            if os.WEXITSTATUS(status) != 0:
                sys.exit(f"the command itself fails with {os.WEXITSTATUS(status)}")
            return number


if __name__ == "__main__":
    sys.stdout.write(f"{kill_everywhere(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])}\n")
