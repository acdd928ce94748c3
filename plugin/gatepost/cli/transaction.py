"""Several files changed at once: all of them, or none, also when the process is killed.

At every instant each file holds its old contents or its new ones, never a part. And either all files are old, or
a journal stands in the root of the repository from which the next command that writes completes the change. The
new contents lie beside the files, on the disk, before the journal is there; so what the journal promises can be
kept. It is not believed blindly: it can name only files of the repository, and it holds the digests of what they
held and are to hold, so that what somebody wrote in the meantime is never overwritten.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gatepost.cli.disk import beside, digest, mode_of, place, read_whole, sync_folder, write_durably
from gatepost.cli.journal import JOURNAL, Step, read_journal, remove_journal, write_journal
from gatepost.cli.lock import Lock, locked
from gatepost.cli.trouble import CouldNotCheckError

__all__ = ["Transaction", "Write", "unfinished", "writing"]


@dataclass(frozen=True, slots=True)
class Write:
    """One file, relative to the root of the repository: what it holds, and what it is to hold; None for no file."""

    path: str
    before: bytes | None
    after: bytes | None
    mode_of: str = ""
    """For a file that is not there yet: the file whose permissions it gets."""


def unfinished(root: Path) -> str | None:
    """Say which change was interrupted, for commands that never write; None when there is none.

    Raises:
        CouldNotCheckError: there is a journal, and it is none that Gatepost writes.
    """
    steps = read_journal(root)
    if steps is None:
        return None
    paths = ", ".join(step.path for step in steps)
    return f"a change of {paths} was interrupted; the next command that writes completes it"


@contextmanager
def writing(root: Path) -> Iterator[Transaction]:
    """Hold the repository's lock, and finish first what an earlier command left unfinished.

    Raises:
        CouldNotCheckError: another command is writing, or an interrupted change cannot be completed.
    """
    with locked(root) as lock:
        transaction = Transaction(root, lock)
        transaction.recover()
        yield transaction


class Transaction:
    """The right to write in a repository."""

    def __init__(self, root: Path, lock: Lock) -> None:
        self._root = root
        self._lock = lock
        self.recovered: tuple[str, ...] = ()
        """The files of an interrupted change that was completed."""

    def recover(self) -> None:
        """Complete the change that an earlier command left unfinished, and remove what it left beside files.

        Raises:
            CouldNotCheckError: a file was changed meanwhile, or the journal is none.
        """
        steps = read_journal(self._root)
        if steps is not None:
            self._carry_out(steps)
            self.recovered = tuple(step.path for step in steps)
        for path in self._lock.left_over:
            with contextlib.suppress(CouldNotCheckError, OSError):
                beside(place(self._root, path)).unlink(missing_ok=True)
        beside(self._root / JOURNAL).unlink(missing_ok=True)

    def commit(self, writes: Sequence[Write]) -> None:
        """Write all files or none.

        Raises:
            CouldNotCheckError: a file was changed since it was read, or one cannot be written. Nothing was written,
                unless the message says that the change will be completed.
        """
        wanted = sorted(
            (one for one in writes if one.before != one.after), key=lambda one: (one.after is None, one.path)
        )
        if not wanted:
            return
        for write in wanted:
            if read_whole(place(self._root, write.path)) != write.before:
                message = f"{write.path} was changed by somebody else just now; nothing was written, try again"
                raise CouldNotCheckError(message)
        steps = [Step(one.path, digest(one.before), digest(one.after)) for one in wanted]
        self._lock.note([one.path for one in wanted])
        try:
            self._prepare(wanted)
            write_journal(self._root, steps)
        except BaseException as error:
            if not (self._root / JOURNAL).exists():
                self._tidy(wanted)
            if isinstance(error, OSError):
                message = f"{error.filename or self._root} cannot be written: {error.strerror}; nothing was written"
                raise CouldNotCheckError(message) from error
            raise
        self._carry_out(steps)

    def _prepare(self, wanted: Sequence[Write]) -> None:
        """Write the new contents beside the files."""
        for write in wanted:
            full = place(self._root, write.path)
            if write.after is None:
                if not os.access(full.parent, os.W_OK):
                    raise PermissionError(13, "Permission denied", str(full))
                continue
            mode = mode_of(place(self._root, write.mode_of or write.path))
            write_durably(beside(full), write.after, mode)
        for folder in {place(self._root, write.path).parent for write in wanted}:
            sync_folder(folder)

    def _tidy(self, wanted: Sequence[Write]) -> None:
        for write in wanted:
            with contextlib.suppress(OSError):
                beside(place(self._root, write.path)).unlink(missing_ok=True)

    def _carry_out(self, steps: Sequence[Step]) -> None:
        """Do what is left to do of a change whose journal is there, then remove the journal."""
        places = {step: place(self._root, step.path) for step in steps}
        troubles = [said for step, full in places.items() if (said := _trouble(step, full))]
        try:
            if troubles and not any(_is_done(step, full) for step, full in places.items()):
                self._abandon(places.values())
            if troubles:
                raise CouldNotCheckError(_in_the_way(troubles[0], is_begun=(self._root / JOURNAL).exists()))
            for step, full in places.items():
                _do(step, full)
            for folder in {full.parent for full in places.values()}:
                sync_folder(folder)
            remove_journal(self._root)
        except OSError as error:
            message = (
                f"{error.filename or self._root}: {error.strerror}; the change is half made: mend that, and the next"
                " command that writes completes it"
            )
            raise CouldNotCheckError(message) from error

    def _abandon(self, places: Iterable[Path]) -> None:
        """Take back a change of which nothing has been done yet."""
        remove_journal(self._root)
        for full in places:
            beside(full).unlink(missing_ok=True)


def _do(step: Step, full: Path) -> None:
    if _is_done(step, full):
        beside(full).unlink(missing_ok=True)
    elif said := _trouble(step, full):
        raise CouldNotCheckError(_in_the_way(said, is_begun=True))
    elif step.after is None:
        full.unlink()
    else:
        beside(full).replace(full)


def _is_done(step: Step, full: Path) -> bool:
    """Tell whether a file holds its new contents."""
    return digest(read_whole(full)) == step.after


def _trouble(step: Step, full: Path) -> str:
    """Say why a file cannot get its new contents; empty when it can, or has them."""
    now = digest(read_whole(full))
    if now == step.after:
        return ""
    if now != step.before:
        return f"{step.path} was edited since; it was left alone"
    if step.after is not None and digest(read_whole(beside(full))) != step.after:
        return f"the new text of {step.path} is lost"
    return ""


def _in_the_way(trouble: str, *, is_begun: bool) -> str:
    if not is_begun:
        return f"a change was interrupted before it began, and {trouble}; it was taken back, try again"
    return (
        f"a change was interrupted half-way, and {trouble}. Compare the files with `git diff`, mend them by hand,"
        f" then remove {JOURNAL}"
    )
