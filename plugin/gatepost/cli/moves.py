"""A record moved to its next status: what stands in its file afterwards. Nothing is written here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

import click

from gatepost.book import Entry
from gatepost.book.edit import add_items, set_key
from gatepost.cli.changing import Room
from gatepost.cli.find import record_named
from gatepost.cli.naming import one_line
from gatepost.cli.overlay import Change
from gatepost.cli.refusal import RefusedError
from gatepost.records import Decision, canonical, may_move, moves_from

__all__ = ["decision_named", "entry_named", "moved", "people"]

_VERBS: Final = {"accepted": "accept", "rejected": "reject", "deprecated": "deprecate", "superseded": "supersede"}


def entry_named(room: Room, name: str, kinds: Sequence[str]) -> Entry:
    """Give the record that a person named, if it can be read and is of the right kind.

    Raises:
        click.UsageError: there is none, it is of another kind, or two files claim the id.
        RefusedError: it cannot be read.
    """
    one = record_named(room.report, name).entry
    named = room.report.book.named(one.id)
    if len(named) > 1 and canonical(name.upper()) == one.key:
        message = f"{one.id} is claimed by {' and '.join(other.path for other in named)}; name the file instead"
        raise click.UsageError(message)
    if one.kind not in kinds:
        message = f"{one.id} is a {one.kind}, not a {' or a '.join(kinds)}"
        raise click.UsageError(message)
    if not isinstance(one, Entry):
        message = f"{one.path} cannot be read: {one.faults[0].message}"
        raise RefusedError(message)
    return one


def decision_named(room: Room, name: str) -> tuple[Entry, Decision]:
    """Give the decision that a person named.

    Raises:
        click.UsageError: there is none.
        RefusedError: it cannot be read.
    """
    entry = entry_named(room, name, ("decision",))
    if not isinstance(entry.record, Decision):
        raise TypeError(entry.kind)
    return entry, entry.record


def people(names: Sequence[str]) -> list[str]:
    """Give names that were typed, without spaces at their ends.

    Raises:
        click.UsageError: one is empty, or holds what is no text.
    """
    try:
        return [one_line(name) for name in names]
    except ValueError as error:
        message = f"--by: {str(error).replace('the title', 'the name')}"
        raise click.UsageError(message) from None


def moved(room: Room, entry: Entry, status: str, day: dt.date | None = None, by: Sequence[str] = ()) -> Change:
    """Give a record's file with its next status.

    Args:
        room: the log.
        entry: the record.
        status: the status that it moves to.
        day: for a decision, the day of the move.
        by: for a decision, who decided.

    Raises:
        RefusedError: the move is not legal.
        EditError: the file cannot be edited safely.
    """
    before = str(getattr(entry.record, "status", ""))
    if before == status:
        message = f"{entry.id} is {status} already"
        raise RefusedError(message)
    if not may_move(entry.kind, before, status):
        raise RefusedError(_illegal(entry, before, status))
    content = room.content(entry.path)
    after = set_key(entry.path, content, "status", _like(entry, status))
    if day is not None:
        after = set_key(entry.path, after, "date", day)
    if by:
        after = add_items(entry.path, after, "decision-makers", by)
    return Change(entry.path, content, after, f"{entry.id}, {before} → {status}")


def _illegal(entry: Entry, before: str, status: str) -> str:
    legal = moves_from(entry.kind, before)
    if legal:
        return f"{entry.id} is {before}, and cannot become {status}: from there it can become {', '.join(legal)}"
    verb = _VERBS.get(status, status)
    return f"{entry.id} is {before}, which is final, so there is nothing to {verb}: write a new {entry.kind}"


def _like(entry: Entry, status: str) -> str:
    """Write a status with a capital letter where the author does."""
    said = (entry.document.data or {}).get("status")
    if not isinstance(said, str):
        return status
    return status.upper() if said.isupper() else status.capitalize() if said[:1].isupper() else status
