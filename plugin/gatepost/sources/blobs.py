"""The contents of many blobs from one process."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from git import Git

    from gatepost.sources.git_command import GitCommand

__all__ = ["read_blobs", "some_missing"]

_OBJECT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_AT_ONCE: Final = 256
"""Ids that are sent before the first answer is read: few enough to fit into a pipe whole."""


def read_blobs(git: GitCommand, ids: Iterable[str], *, some_left_out: bool) -> Iterator[tuple[str, bytes | None]]:
    """Give the contents of blobs, in order; None for what is missing, is no blob or is no full id.

    Args:
        git: the command.
        ids: full object ids; the same one may come twice.
        some_left_out: whether this is a partial clone. Git would then end the process at the first blob that
            was left out, or fetch them one by one, so it is asked first which are here.
    """
    if some_left_out:
        ids = list(ids)
        present = _present(git, ids)
    else:
        present = None
    process = git.start("cat-file", "--batch")
    try:
        remaining = iter(ids)
        while batch := list(islice(remaining, _AT_ONCE)):
            asked = [one for one in batch if _OBJECT.match(one) and (present is None or one in present)]
            answers = _answers(process, asked) if process is not None else iter(())
            wanted = set(asked)
            for one in batch:
                yield one, next(answers, None) if one in wanted else None
    finally:
        del process  # it ends with its last name, in whatever state its pipes are


def some_missing(git: GitCommand, ids: Iterable[str]) -> bool:
    """Tell whether some of the objects are not here; nothing is fetched."""
    wanted = frozenset(ids)
    return _present(git, wanted) != wanted


def _present(git: GitCommand, ids: Iterable[str]) -> frozenset[str]:
    """Give those of some objects that are here, without fetching the others."""
    wanted = {one for one in ids if _OBJECT.match(one)}
    lines = "".join(f"{one}\n" for one in sorted(wanted)).encode()
    words = ("--objects", "--no-walk", "--ignore-missing", "--missing=allow-any", "--no-object-names", "--stdin")
    listing = git.ask("rev-list", *words, given=lines)
    return frozenset(wanted).intersection((listing or b"").decode("ascii", "replace").split())


def _answers(process: Git.AutoInterrupt, ids: list[str]) -> Iterator[bytes | None]:
    """Send some ids in one go and give what stands behind each."""
    stdin: IO[bytes] = process.stdin
    stdout: IO[bytes] = process.stdout
    try:
        stdin.write("".join(f"{one}\n" for one in ids).encode())
        stdin.flush()
    except OSError:
        return
    for _ in ids:
        _, _, facts = stdout.readline().partition(b" ")
        kind, _, size = facts.partition(b" ")
        if not size:  # `missing`, or the process has ended
            yield None
            continue
        content = stdout.read(int(size) + 1)[:-1]
        yield content if kind == b"blob" else None
