"""Two logs compared in memory: edits of the tests' clean log, without a disk."""

from __future__ import annotations

import datetime as dt
import hashlib
import posixpath
from collections.abc import Mapping

from gatepost.book import FileFact, read_book, read_text
from gatepost.check import Report, check_book
from gatepost.check.compare import Comparison, compare
from trees import TODAY

__all__ = ["MemoryFiles", "between", "judged", "worse"]


class MemoryFiles:
    """The files of a log that is only in memory; all of them tracked."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = {f"docs/{path}": text.encode() for path, text in files.items()}

    def look(self, path: str, near: str) -> FileFact:
        """Find a file near a folder, or from the root."""
        for folder in (near, ""):
            candidate = posixpath.normpath(posixpath.join(folder, path))
            if candidate in self._files:
                return FileFact("found", candidate, tracked=True)
        return FileFact("missing")

    def exists(self, path: str) -> bool:
        """Tell whether a path is a file or a folder."""
        return any(one == path or one.startswith(f"{path}/") for one in self._files)

    def read(self, path: str) -> bytes | None:
        """Give a file's bytes."""
        return self._files.get(path)

    def sha256(self, path: str) -> str | None:
        """Give a file's digest."""
        content = self._files.get(path)
        return None if content is None else hashlib.sha256(content).hexdigest()

    def has_commit(self, commit: str) -> bool | None:  # noqa: ARG002 - the port's signature
        """Tell whether a commit exists: there are none."""
        return False

    def why_unknown(self) -> str:
        """Say why something cannot be known."""
        return "no git repository"


def judged(files: Mapping[str, str], today: dt.date = TODAY) -> Report:
    """Check a log that is only in memory."""
    documents = [read_text(f"docs/{path}", text) for path, text in files.items() if path.endswith(".md")]
    return check_book(read_book(documents, files=MemoryFiles(files), docs="docs"), today)


def between(before: Mapping[str, str], after: Mapping[str, str]) -> Comparison:
    """Compare two logs that are only in memory."""
    return compare(judged(before), judged(after))


def worse(comparison: Comparison) -> list[tuple[str, str, str]]:
    """Give record, gate and effect of what is worse."""
    return [(one.record.id, one.gate.id, one.effect) for one in comparison.worse]
