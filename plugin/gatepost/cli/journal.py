"""What a change of several files is about to do, written down so that the next command can finish it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gatepost.cli.disk import beside, mode_of, read_whole, sync_folder, write_durably
from gatepost.cli.trouble import CouldNotCheckError

__all__ = ["JOURNAL", "Step", "read_journal", "remove_journal", "write_journal"]

JOURNAL: Final = ".gatepost-journal"
"""The file, in the root of the repository, that stands there while a change is not finished."""
_VERSION: Final = 1
_DIGEST: Final = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class Step:
    """One file: the digest of what it held and of what it is to hold; None where there is no file."""

    path: str
    before: str | None
    after: str | None


def write_journal(root: Path, steps: Iterable[Step]) -> None:
    """Put the journal in its place in one go; from then on the change is certain.

    Raises:
        OSError: it cannot be written; there is none then.
    """
    rows = [{"path": step.path, "before": step.before, "after": step.after} for step in steps]
    text = json.dumps({"version": _VERSION, "steps": rows}, indent=1) + "\n"
    file = root / JOURNAL
    waiting = beside(file)
    write_durably(waiting, text.encode(), mode_of(file))
    waiting.replace(file)
    sync_folder(root)


def remove_journal(root: Path) -> None:
    """Say that the change is finished."""
    (root / JOURNAL).unlink(missing_ok=True)
    sync_folder(root)


def read_journal(root: Path) -> tuple[Step, ...] | None:
    """Give the steps of a change that was interrupted, or None when there is none.

    Raises:
        CouldNotCheckError: there is a journal, and it is none that Gatepost writes.
    """
    content = read_whole(root / JOURNAL)
    if content is None:
        return None
    try:
        return _steps(json.loads(content))
    except (ValueError, KeyError, TypeError, RecursionError):
        message = f"{root / JOURNAL} is not a journal of this version of Gatepost; look at `git status`, then remove it"
        raise CouldNotCheckError(message) from None


def _steps(said: dict[str, Any]) -> tuple[Step, ...]:
    if said["version"] != _VERSION:
        raise ValueError
    return tuple(_step(row) for row in said["steps"])


def _step(row: dict[str, Any]) -> Step:
    step = Step(row["path"], row["before"], row["after"])
    digests = [one for one in (step.before, step.after) if one is not None]
    if not isinstance(step.path, str) or not digests or not all(_DIGEST.match(one) for one in digests):
        raise ValueError
    return step
