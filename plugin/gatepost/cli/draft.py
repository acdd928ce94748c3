"""A new record: where it goes, which id it gets, what stands in it. Nothing is written here."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Final

from gatepost.book import Book, Entry, Unread
from gatepost.book.layout import RECORD_FOLDERS
from gatepost.cli.naming import heading, next_numbers, one_line, quoted, slug
from gatepost.cli.templates import filled
from gatepost.records import PREFIX_OF_KIND, Kind, canonical

__all__ = ["Draft", "DraftError", "Wanted", "draft", "draft_design_and_contract"]

_FOLDER: Final[dict[str, str]] = {"decision": "decisions", "risk": "risks", "follow-up": "follow-ups"}
_DESIGN_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]*\Z")


class DraftError(ValueError):
    """The record cannot be drafted; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A record that is not written yet."""

    id: str
    path: str
    """Where it goes, relative to the root of the repository."""
    text: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asked for."""

    kind: Kind
    title: str
    """The title, as the person wrote it."""
    design: str = ""
    """The design it belongs to; may be left out while there are fewer than two."""
    name: str = ""
    """For a design: its id, when it is not made of the title."""


def draft(book: Book, wanted: Wanted, day: dt.date, elsewhere: Collection[str] = ()) -> Draft:
    """Draft a record.

    Args:
        book: the records there are.
        wanted: what was asked for.
        day: the day it is dated.
        elsewhere: ids that are taken outside the book, for instance on other branches.

    Raises:
        DraftError: the title is no title, the design is unknown or not said, the record is there already.
    """
    kind, design = wanted.kind, wanted.design
    title = _title(wanted)
    if wanted.name and kind != "design":
        message = "--id is for a design; other records get the next free number"
        raise DraftError(message)
    if design and kind in {"design", "policy"}:
        message = f"a {kind} belongs to no design; leave --design out"
        raise DraftError(message)
    place = _place(book, replace(wanted, title=title), elsewhere)
    return _filled(kind, place, title, day, next_numbers(book, PREFIX_OF_KIND["item"], 2, elsewhere))


def draft_design_and_contract(book: Book, wanted: Wanted, day: dt.date) -> tuple[Draft, Draft]:
    """Draft a design that the book does not have yet, and the stage contract in it.

    Args:
        book: the records there are.
        wanted: the title of both; `name` may be the design's id.
        day: the day they are dated.

    Raises:
        DraftError: the title is no title, or there is such a design already.
    """
    title = _title(wanted)
    design, path = _design_place(book, PurePosixPath(book.docs), title, wanted.name)
    contract = f"{design}/pipeline", str(PurePosixPath(path).with_name("pipeline.md"))
    return _filled("design", (design, path), title, day), _filled("pipeline", contract, title, day)


def _title(wanted: Wanted) -> str:
    try:
        return one_line(wanted.title)
    except ValueError as error:
        raise DraftError(str(error)) from None


def _filled(kind: Kind, place: tuple[str, str], title: str, day: dt.date, items: Sequence[str] = ("", "")) -> Draft:
    """Fill the template of a kind of record."""
    record_id, path = place
    values = {
        "id": record_id,
        "title": quoted(title),
        "heading": heading(title),
        "date": day.isoformat(),
        "item_1": items[0],
        "item_2": items[1],
    }
    return Draft(record_id, path, filled(f"{kind}.md", values))


def _place(book: Book, wanted: Wanted, elsewhere: Collection[str]) -> tuple[str, str]:
    """Give the id and the path of what was asked for."""
    kind, title = wanted.kind, wanted.title
    docs = PurePosixPath(book.docs)
    if kind == "policy":
        if book.policy_entry is not None:
            message = f"{book.policy_entry.path} is the policy already; a log has one"
            raise DraftError(message)
        return "policy", str(docs / "policy.md")
    if kind == "design":
        return _design_place(book, docs, title, wanted.name)
    owner = _owner(book, wanted.design)
    folder = PurePosixPath(owner.path).parent if owner else docs
    if kind in _FOLDER:
        record_id = next_numbers(book, PREFIX_OF_KIND[kind], 1, elsewhere)[0]
        number = record_id.partition("-")[2]
        file = f"{number}-{slug(title)}".rstrip("-") + ".md"
        return record_id, str(_kept_folder(book, kind, owner, folder) / file)
    return _single_place(book, kind, owner, folder)


def _design_place(book: Book, docs: PurePosixPath, title: str, name: str) -> tuple[str, str]:
    design = name or slug(title)
    if not _DESIGN_ID.match(design):
        message = f"'{design}' is no id for a design; give one of a-z, 0-9 and dashes with --id"
        raise DraftError(message)
    if book.knows(design):
        message = f"there is a design {design} already; give another id with --id"
        raise DraftError(message)
    return design, str(docs / design / "index.md")


def _single_place(book: Book, kind: Kind, owner: Entry | None, folder: PurePosixPath) -> tuple[str, str]:
    """Give the place of a record of which a design has one."""
    inside = owner.id if owner else ""
    every: tuple[Entry | Unread, ...] = (*book.entries, *book.unread)
    for one in every:
        if one.kind == kind and one.design == inside:
            message = f"{one.path} is there already; edit it"
            raise DraftError(message)
    path = folder / f"{kind}.md"
    return (f"{owner.id}/{kind}" if owner else str(path.with_suffix(""))), str(path)


def _kept_folder(book: Book, kind: Kind, owner: Entry | None, folder: PurePosixPath) -> PurePosixPath:
    """Give the folder that the design keeps such records in, for instance `adr`; else the usual one."""
    inside = owner.id if owner else ""
    kept = [PurePosixPath(one.path).parent for one in book.of_kind(kind) if one.design == inside]
    kept = [one for one in kept if RECORD_FOLDERS.get(one.name) == kind]
    return kept[-1] if kept else folder / _FOLDER[kind]


def _owner(book: Book, design: str) -> Entry | None:
    designs: Sequence[Entry] = book.designs
    if design:
        found = next((one for one in designs if one.key == canonical(design)), None)
        if found is None:
            listed = ", ".join(one.id for one in designs) or "none; `gatepost new design TITLE` writes one"
            message = f"there is no design '{design}'; the designs are {listed}"
            raise DraftError(message)
        return found
    if len(designs) > 1:
        message = f"there are several designs; name one with --design: {', '.join(one.id for one in designs)}"
        raise DraftError(message)
    return designs[0] if designs else None
