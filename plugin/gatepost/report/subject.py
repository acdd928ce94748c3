"""The record that a history is of, also when it is no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost.book.entry import Entry, Unread
from gatepost.records import Decision

if TYPE_CHECKING:
    from gatepost.book.history import RecordHistory
    from gatepost.records.decision import Amendment

__all__ = ["Subject", "subject_gone", "subject_of"]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a record is called, and what it is."""

    id: str
    title: str
    kind: str
    status: str
    """Where it stands; empty for kinds without a status."""
    path: str
    """Where its file is; empty when it is no more."""
    design: str
    amendments: tuple[Amendment, ...] = ()


def subject_of(one: Entry | Unread) -> Subject:
    """Give a record of the book."""
    if isinstance(one, Unread):
        said = (one.document.data or {}).get("title")
        return Subject(one.id, said if isinstance(said, str) else "", one.kind, "cannot be read", one.path, one.design)
    record = one.record
    design = "" if one.kind == "design" else one.design
    amendments = record.amendments if isinstance(record, Decision) else ()
    return Subject(one.id, record.title, one.kind, getattr(record, "status", ""), one.path, design, amendments)


def subject_gone(history: RecordHistory) -> Subject:
    """Give a record that is no more, as its last version said it was."""
    for step in reversed(history.steps):
        version = step.read()
        if version is not None and step.facts is not None and step.facts.kind != "page":
            title = version.fields.get("title")
            name = step.facts.id or version.path
            return Subject(name, title if isinstance(title, str) else "", step.facts.kind, step.facts.status, "", "")
    return Subject(history.steps[0].path, "", "page", "", "", "")
