"""Outputs that were there before their stage ran: one that leaves them alone has nothing to do, or makes nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from gatepost.execution.folder import put_instead
from gatepost.execution.traces import Marks, marks_at

__all__ = ["Leftovers", "Remade"]


class Remade(NamedTuple):
    """What came of running a stage again without the outputs that it had left alone."""

    never: tuple[Path, ...] = ()
    """Those that it does not make, though it succeeds."""
    needed: tuple[Path, ...] = ()
    """Those without which it does not succeed, so that nothing is known of them."""


class Leftovers:
    """The outputs of one stage that lie in the folder before it runs."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._there: dict[Path, Marks] = {path: marks_at(path) for path in paths if path.exists()}

    @property
    def left_alone(self) -> tuple[Path, ...]:
        """Those that are as they were."""
        return tuple(path for path, marks in self._there.items() if path.exists() and marks_at(path) == marks)

    def remade(self, home: Path, again: Callable[[], int]) -> Remade:
        """Run a stage again without what it has left alone; what it does not make then is put back.

        Args:
            home: a folder on the same disk, for what is put aside.
            again: runs the stage, and gives its exit code.
        """
        alone = self.left_alone
        if not alone:
            return Remade()
        with tempfile.TemporaryDirectory(prefix="aside-", dir=home) as aside:
            kept = {path: path.rename(Path(aside) / str(number)) for number, path in enumerate(alone)}
            code = again()
            missing = tuple(path for path in alone if code or not path.exists())
            for path in missing:
                put_instead(path, None)
                path.parent.mkdir(parents=True, exist_ok=True)
                kept[path].rename(path)
        return Remade(needed=missing) if code else Remade(never=missing)
