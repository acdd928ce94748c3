"""What happened in a log, newest first: from the history of its records, and from how its gates moved.

Only what somebody would tell others is an event: decided, superseded, accepted, put off, removed. Words of the body are
none. Which steps can hold one is told from short facts; versions are read for those that are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final, NamedTuple

from gatepost.book import Entry
from gatepost.book.history import NOT_COMMITTED
from gatepost.check.event import EVENT_KINDS, Event, Named
from gatepost.check.event_kinds import Kept, events_in
from gatepost.check.event_steps import Moment, Past, moments_of
from gatepost.records import KINDS

if TYPE_CHECKING:
    from gatepost.book.history import RecordHistory
    from gatepost.check.gate_moves import GateMove
    from gatepost.check.results import Report

__all__ = ["Chronicle", "chronicle"]

_PATIENCE: Final = 4
"""How many steps that may hold no event are looked at for each event that is wanted: to read all would take seconds."""


class Chronicle(NamedTuple):
    """The newest events of a log, and how much there was before them."""

    events: tuple[Event, ...]
    """Newest first; of one commit by path."""
    older: int = 0
    """How many older changes were not looked at."""
    first: str = ""
    """The id of the oldest commit that moved anything."""


class _Place(NamedTuple):
    """Where on the line of time something stands, and what it is."""

    day: str
    number: int
    found: Moment | Event


def chronicle(report: Report, moves: Iterable[GateMove] = (), most: int | None = None) -> Chronicle:
    """Give what happened; nothing at all when the history is not whole, where much would seem to be new that is not.

    Args:
        report: a checked log with its history.
        moves: how its gates moved.
        most: after how many events the rest is left out; a step is told whole, so there may be one or two more. All
            of them when left out.
    """
    if report.history.problem:
        return Chronicle(())
    moments = [moment for past in _pasts(report) for moment in moments_of(past)]
    moments.sort(key=lambda moment: (moment.path, moment.past.path))
    places = [_Place(moment.commit.day, moment.step.number, moment) for moment in moments]
    first = min(places, key=lambda place: place.number, default=None)
    numbers = {place.found.commit.id: place.number for place in places}
    places += [_Place(one.day, numbers.get(one.commit.id, NOT_COMMITTED), one) for one in _gate_events(report, moves)]
    places.sort(key=lambda place: (place.day, place.number), reverse=True)
    events, looked = _told(places, most)
    return Chronicle(events, len(places) - looked, first.found.commit.id if first else "")


def _told(places: Iterable[_Place], most: int | None) -> tuple[tuple[Event, ...], int]:
    """Give the events of places that come newest first, and how many of the places were looked at."""
    events: list[Event] = []
    kept: Kept = {}
    looked = doubtful = 0
    for _, _, found in places:
        if most is not None and len(events) >= most:
            break
        if isinstance(found, Event):
            events.append(found)
        else:
            doubtful += not found.is_sure
            if most is not None and not found.is_sure and doubtful > _PATIENCE * most:
                continue
            events += _in_order(found, kept)
        looked += 1
    return tuple(events), looked


def _in_order(moment: Moment, kept: Kept) -> list[Event]:
    return sorted(events_in(moment, kept), key=lambda event: EVENT_KINDS.index(event.kind))


def _pasts(report: Report) -> Iterator[Past]:
    """Give each record that the history knows, those that are gone included."""
    book, history = report.book, report.history
    for one in book.files_read:
        found = history.of(one)
        if found is not None:
            title = one.record.title if isinstance(one, Entry) else None
            yield Past(found, one.path, one.id, title, one.design, is_gone=False)
    folders = {PurePosixPath(one.path).parent: one.id for one in book.files_read if one.kind == "design"}
    for gone in history.gone(book):
        if (past := _gone(gone, folders)) is not None:
            yield past


def _gone(history: RecordHistory, folders: Mapping[PurePosixPath, str]) -> Past | None:
    last = next((step for step in reversed(history.readable) if step.facts and step.facts.kind in KINDS), None)
    if last is None:
        return None
    parents = PurePosixPath(last.path).parents
    design = next((folders[parent] for parent in parents if parent in folders), "")
    name = (last.facts.id if last.facts else "") or PurePosixPath(last.path).with_suffix("").as_posix()
    return Past(history, last.path, name, None, design, is_gone=True)


def _gate_events(report: Report, moves: Iterable[GateMove]) -> Iterator[Event]:
    for move in sorted(moves):
        if (move.after == "pass") == (move.before == "pass") or not move.before:
            continue  # a record that is new has moved no gate
        met = move.after == "pass"
        if not met and move.after not in {"fail", "error"}:
            continue
        record = _named(report, move.record)
        yield Event(
            "gate-met" if met else "gate-failing",
            record,
            move.commit,
            "",  # whoever made the week's last commit need not have moved the gate
            move.record,
            before=move.before,
            after=move.after,
            gate=move.gate,
        )


def _named(report: Report, name: str) -> Named:
    for one in report.book.named(name):
        title = one.record.title if isinstance(one, Entry) else ""
        return Named(one.id, title, one.path, one.design)
    return Named(name, "", "", "", is_gone=True)
