"""After a new number was given: the log is the one that was, but for the number."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NoReturn

from gatepost.book.edit_ids import Renaming, respelled
from gatepost.cli.trouble import CouldNotCheckError

if TYPE_CHECKING:
    from gatepost.book import Book, Entry
    from gatepost.check import Finding, Report

__all__ = ["as_before", "prove_links", "prove_moved"]


def _back(text: str, renaming: Renaming) -> str:
    """Write a text about the log as it will be as one about the log as it is."""
    if renaming.moved_to:
        text = text.replace(renaming.moved_to, renaming.subject)
    return re.sub(rf"{renaming.prefix}-0*{renaming.number}(?![0-9])", lambda match: _old_id(match[0], renaming), text)


def _old_id(written: str, renaming: Renaming) -> str:
    digits = written.partition("-")[2]
    return f"{renaming.prefix}-{respelled(digits, int(renaming.old.partition('-')[2]))}"


def as_before(finding: Finding, renaming: Renaming) -> str:
    """Give the fingerprint that a finding had before the number changed."""
    fault = finding.fault
    fault = fault._replace(value=_back(fault.value, renaming), message=_back(fault.message, renaming))
    return finding._replace(record=_back(finding.record, renaming), fault=fault).fingerprint


def prove_links(before: Report, after: Report, renaming: Renaming) -> None:
    """See that each record names what it named, the one record under its new id.

    Raises:
        CouldNotCheckError: it does not; that would be a fault of Gatepost's, or an id written in a way nobody reads.
    """
    if after.book.knows(renaming.old) or not after.book.knows(renaming.new):
        _give_up(renaming, renaming.subject)
    then = {one.path: one for one in after.book.entries}
    for entry in before.book.entries:
        path = renaming.moved_to if entry.path == renaming.subject and renaming.moved_to else entry.path
        mine = _links(before.book, entry, renaming.old, renaming.new)
        theirs = _links(after.book, then[path]) if path in then else None
        if mine != theirs:
            _give_up(renaming, entry.path)


def _links(book: Book, entry: Entry, old: str = "", new: str = "") -> Counter[tuple[str, str]]:
    return Counter(
        (link.relation, new if old and link.target == old else link.target)
        for link in book.links(entry)
        if link.relation != "evidence"
    )


def prove_moved(before: Book, after: Book, renaming: Renaming) -> None:
    """See that of the files that claimed the id one has the new one.

    Raises:
        CouldNotCheckError: it has not.
    """
    path = renaming.moved_to or renaming.subject
    claimants = {one.path for one in before.named(renaming.old)} - {renaming.subject}
    still = [one.path for one in after.named(renaming.old)]
    if [one.path for one in after.named(renaming.new)] != [path] or set(still) != claimants:
        _give_up(renaming, renaming.subject)


def _give_up(renaming: Renaming, path: str) -> NoReturn:
    message = f"{path} would not name {renaming.new} where it names {renaming.old}; nothing was written"
    raise CouldNotCheckError(message)
