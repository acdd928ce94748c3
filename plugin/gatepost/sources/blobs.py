"""The contents of many blobs from one process."""

from __future__ import annotations

import hashlib
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from git import Git

    from gatepost.sources.git_command import GitCommand

__all__ = ["Blobs", "present"]

_OBJECT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_AT_ONCE: Final = 256
"""Ids that are sent before the first answer is read: few enough to fit into a pipe whole."""
_PIECE: Final = 1024 * 1024


class Blobs:
    """What stands behind object ids; nothing that a partial clone left out is ever fetched."""

    def __init__(self, git: GitCommand, *, some_left_out: bool) -> None:
        """Keep the command.

        Args:
            git: the command.
            some_left_out: whether this is a partial clone. Git would end the process at the first blob that was
                left out, or fetch them one by one, so it is asked first which are here.
        """
        self._git = git
        self._some_left_out = some_left_out

    def many(self, ids: Iterable[str], most: int) -> Iterator[tuple[str, bytes | None]]:
        """Give the contents of blobs, in order; None for what is missing, is no blob or is no full id.

        Args:
            ids: full object ids; the same one may come twice.
            most: contents are cut after so many bytes, however many there are.
        """
        here: frozenset[str] | None = None
        if self._some_left_out:
            ids = list(ids)
            here = present(self._git, ids)
        process = self._git.start("cat-file", "--batch")
        remaining, found = iter(ids), False
        while batch := list(islice(remaining, _AT_ONCE)):
            asked = [one for one in batch if _OBJECT.match(one) and (here is None or one in here)]
            wanted = frozenset(asked)
            answers = _answers(process, asked, most) if process is not None else iter(())
            for one in batch:
                content = next(answers, None) if one in wanted else None
                found = found or content is not None
                yield one, content
        if not found:
            self._git.learn()

    @cached_property
    def _process(self) -> Git.AutoInterrupt | None:
        return self._git.start("cat-file", "--batch")

    def one(self, name: str, most: int) -> bytes | None:
        """Give the contents of one blob, cut after so many bytes; the same process answers the next time."""
        size = self._size(name)
        return None if size is None else b"".join(_pieces(self._stdout, size, most))

    def sha256(self, name: str, most: int) -> str | None:
        """Give the SHA-256 of one blob, read in pieces; None when it is missing or has more bytes than `most`."""
        size = self._size(name)
        if size is None:
            return None
        digest = hashlib.sha256()
        for piece in _pieces(self._stdout, size, size if size <= most else 0):
            digest.update(piece)
        return digest.hexdigest() if size <= most else None

    @property
    def _stdout(self) -> IO[bytes]:
        stdout: IO[bytes] = self._process.stdout if self._process is not None else io.BytesIO()
        return stdout

    def _size(self, name: str) -> int | None:
        """Ask for one blob and give how many bytes are about to come."""
        if not _OBJECT.match(name) or self._process is None:
            return None
        if self._some_left_out and not present(self._git, (name,)):
            return None
        if not _send(self._process, (name,)):
            return None
        kind, size = _header(self._stdout)
        if kind == b"blob":
            return size
        if kind:
            deque(_pieces(self._stdout, size, 0), 0)
        return None


def present(git: GitCommand, ids: Iterable[str]) -> frozenset[str]:
    """Give those of some objects that are here, without fetching the others."""
    wanted = {one for one in ids if _OBJECT.match(one)}
    lines = "".join(f"{one}\n" for one in sorted(wanted)).encode()
    words = ("--objects", "--no-walk", "--ignore-missing", "--missing=allow-any", "--no-object-names", "--stdin")
    listing = git.ask("rev-list", *words, given=lines)
    return frozenset(wanted).intersection((listing or b"").decode("ascii", "replace").split())


def _answers(process: Git.AutoInterrupt, ids: Sequence[str], most: int) -> Iterator[bytes | None]:
    """Send some ids in one go and give what stands behind each."""
    stdout: IO[bytes] = process.stdout
    for _ in ids if _send(process, ids) else ():
        kind, size = _header(stdout)
        if size <= most and size < _PIECE:
            content = stdout.read(size + 1)[:size] if kind else b""
        else:
            content = b"".join(_pieces(stdout, size, most))
        yield content if kind == b"blob" else None


def _send(process: Git.AutoInterrupt, ids: Sequence[str]) -> bool:
    try:
        process.stdin.write("".join(f"{one}\n" for one in ids).encode())
        process.stdin.flush()
    except OSError:
        return False
    return True


def _header(stdout: IO[bytes]) -> tuple[bytes, int]:
    """Give the kind and size of the next object; no kind when it is missing or the process has ended."""
    _, _, facts = stdout.readline().partition(b" ")
    kind, _, size = facts.partition(b" ")
    return (kind, int(size)) if size else (b"", 0)


def _pieces(stdout: IO[bytes], size: int, most: int) -> Iterator[bytes]:
    """Give the first bytes of the next contents; the rest is read and dropped."""
    taken = 0
    while taken < size:
        piece = stdout.read(min(size - taken, _PIECE))
        if not piece:
            return  # the process has ended
        yield piece[: max(0, most - taken)]
        taken += len(piece)
    stdout.read(1)
