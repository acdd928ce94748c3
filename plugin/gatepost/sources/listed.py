"""What git lists of a commit or of its index, read into paths and contents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gatepost.sources.follow import Entry

__all__ = ["FilesAt", "entries_listed", "files_listed"]


class FilesAt(NamedTuple):
    """The files of a commit, for the question whether it has one that is known by its contents."""

    paths: dict[str, str]
    """The blob at each path from the root."""
    names: frozenset[tuple[str, str]]
    """The last part of each path, with the blob: what a file is when it moves."""


def entries_listed(listing: bytes, at: int) -> Iterator[tuple[str, Entry]]:
    """Give each path of a listing with its mode and its object.

    Args:
        listing: what `git ls-files --stage -z` or `git ls-tree -r -z` printed.
        at: which of the words before the path is the object, the mode being the first.
    """
    for line in listing.decode("utf-8", "surrogateescape").split("\0"):
        facts, _, path = line.partition("\t")
        if path:
            words = facts.split(" ")
            yield path, Entry(words[0], words[at])


def files_listed(listing: bytes) -> FilesAt:
    """Give the files of a commit from what `git ls-tree -r -z` printed."""
    paths = {path: entry.id for path, entry in entries_listed(listing, 2)}
    return FilesAt(paths, frozenset((path.rpartition("/")[2], blob) for path, blob in paths.items()))
