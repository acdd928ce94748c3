"""The log as it would be after a change that nobody has written yet."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost.book import Document, FileFact, Files, read_book, read_document
from gatepost.check import check_book

if TYPE_CHECKING:
    from gatepost.book.files import AtCommit
    from gatepost.check import Report

__all__ = ["Change", "report_after"]


@dataclass(frozen=True, slots=True)
class Change:
    """One file that is to be changed."""

    path: str
    """Where it is, relative to the root of the repository; after the change, when it moves."""
    before: bytes
    after: bytes
    said: str
    """What the change does to it, for people."""
    moved_from: str = ""
    """Where it was, when it moves."""

    @property
    def was_at(self) -> str:
        """Where it is before the change."""
        return self.moved_from or self.path


def report_after(report: Report, changes: Sequence[Change]) -> Report:
    """Check the whole log with changed files in the place of the old ones.

    Args:
        report: what checking the log as it is gave.
        changes: the files that are to be changed.
    """
    book = report.book
    gone = {change.was_at for change in changes}
    kept = [one.document for one in book.files_read if one.path not in gone]
    pages = [Document(path) for path in book.pages - gone - {document.path for document in kept}]
    changed = [read_document(change.path, change.after) for change in changes if change.was_at in book.pages]
    files = _Files(book.files, changes)
    after = read_book(sorted((*kept, *pages, *changed), key=lambda one: one.path), files=files, docs=book.docs)
    history = report.history.after([change.path for change in changes], gone - {change.path for change in changes})
    return check_book(after, report.today, report.gates.all, history)


class _Files:
    """The files of a tree, some of them changed or moved."""

    def __init__(self, files: Files, changes: Sequence[Change]) -> None:
        self._files = files
        self._new: Mapping[str, Change] = {change.path: change for change in changes}
        self._gone = {change.moved_from for change in changes if change.moved_from}

    def look(self, path: str, near: str) -> FileFact:
        """Find a file that a record names; see `Files.look`."""
        for folder in dict.fromkeys((near, "")):
            change = self._new.get(posixpath.normpath(posixpath.join(folder, path)))
            if change is not None and change.moved_from:
                return FileFact("found", change.path, self._files.look(change.moved_from, "").tracked)
        fact = self._files.look(path, near)
        return FileFact("missing") if fact.path in self._gone else fact

    def exists(self, path: str) -> bool:
        """Tell whether a path from the root is a file or a folder of the tree."""
        return path in self._new or (path not in self._gone and self._files.exists(path))

    def read(self, path: str) -> bytes | None:
        """Give the bytes of a file."""
        return self._new[path].after if path in self._new else self._files.read(path)

    def sha256(self, path: str) -> str | None:
        """Give the digest of a file's bytes."""
        return hashlib.sha256(self._new[path].after).hexdigest() if path in self._new else self._files.sha256(path)

    def has_commit(self, commit: str) -> bool | None:
        """Tell whether a commit exists."""
        return self._files.has_commit(commit)

    def at_commit(self, commit: str, path: str) -> AtCommit | None:
        """Tell whether a commit has a file as it is; of one that is to be changed it is not known."""
        return None if path in self._new else self._files.at_commit(commit, path)

    def tracked_below(self, folder: str) -> tuple[str, ...] | None:
        """Give the files below a folder that git tracks; those that are to be moved are where they will be."""
        paths = self._files.tracked_below(folder)
        if paths is None:
            return None
        base = "" if folder in {"", "."} else f"{folder}/"
        moved = {change.path for change in self._new.values() if change.moved_from and change.path.startswith(base)}
        return tuple(sorted({*paths} - self._gone | moved))

    def why_unknown(self) -> str:
        """Say why git cannot be asked."""
        return self._files.why_unknown()
