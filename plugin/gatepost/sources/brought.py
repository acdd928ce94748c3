"""What a merge brought: the commits of its branch, and which of them changed a record."""

from __future__ import annotations

from typing import Any

from gatepost.book.history import Commit, Facts

__all__ = ["Brought", "commit_of", "names_before", "on_branch"]

Brought = tuple[tuple[Commit, list[Any]], ...]
"""The commits that a merge brought, oldest first, each with the files that it changed: the path before, the path after,
what it said then.
"""


def commit_of(commit: list[str], brought: list[Any]) -> tuple[Commit, Brought]:
    """Give a commit, and what it brought, of what an index holds."""
    return Commit(*commit), tuple((Commit(*one), rows) for one, rows in brought) if brought else ()


def on_branch(brought: Brought, names: set[str], ids: set[str]) -> tuple[tuple[Commit, ...], tuple[Facts, ...]]:
    """Give the commits of a branch that changed a record, and what it said there.

    It is known under the names that it had before, those that it had there, and by its id.
    """
    known = {new for _, rows in brought for _, new, said in rows if said and said[1] and said[1] in ids} | names
    known.discard("")
    for _, rows in reversed(brought):
        known.update(old for old, new, _ in rows if new in known and old)
    for _, rows in brought:
        known.update(new for old, new, _ in rows if old in known and new)
    found = [(one, [row for row in rows if row[0] in known or row[1] in known]) for one, rows in brought]
    said = tuple(Facts(*facts) for _, rows in found for _, _, facts in rows if facts)
    return tuple(one for one, rows in found if rows), said


def names_before(brought: list[Any]) -> dict[str, str]:
    """Give, for the paths that a branch gave to files, the paths that they had where it began."""
    before: dict[str, str] = {}
    for _, rows in brought:
        for old, new, _ in rows:
            if old and new and old != new:
                before[new] = before.pop(old, old)
    return before
