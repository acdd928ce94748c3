"""A new number for a record: which file moves, which files name it, what a person must look at. Nothing is written."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from gatepost.book import Book, Entry, Unread
from gatepost.book.edit_ids import Left, Mended, Renaming, respelled
from gatepost.book.edit_nav import mend_nav
from gatepost.book.edit_pages import mend_page
from gatepost.book.layout import id_from_name
from gatepost.cli.changing import Plan, Room
from gatepost.cli.disk import read_whole
from gatepost.cli.find import record_named
from gatepost.cli.naming import next_numbers
from gatepost.cli.overlay import Change
from gatepost.cli.refusal import RefusedError
from gatepost.cli.renumber_proof import as_before, prove_links, prove_moved
from gatepost.cli.trouble import CouldNotCheckError
from gatepost.records import canonical, kind_of_id
from gatepost.sources.mkdocs_settings import CONFIG_FILES

__all__ = ["renumbered"]

_NEW: Final = re.compile(r"(?:([A-Za-z]+)-)?([0-9]{1,9})\Z")
_DIGITS: Final = re.compile(r"[0-9]+")
_NUMBERED: Final = ("decision", "risk", "follow-up")


@dataclass(frozen=True, slots=True)
class _File:
    """One file that was looked through."""

    path: str
    before: bytes
    mended: Mended


def renumbered(room: Room, old: str, new: str, start: Path) -> Plan:
    """Plan a new number for a record.

    Args:
        room: the log.
        old: the record's id, or the path of its file; the path is needed when two files claim the id.
        new: the new id, or its number.
        start: the folder from which the configuration of MkDocs is looked for.

    Raises:
        click.UsageError: there is no such record, or the new number is no number, or is taken.
        RefusedError: the file cannot be read, or two files claim the id.
        EditError: a reference cannot be changed safely.
    """
    book = room.report.book
    renaming = _renaming(room, old, new)
    near = {one.path: book.folder(one) for one in book.files_read}
    files = [_mended(room, path, renaming, near.get(path, "")) for path in sorted(book.pages)]
    config = _config(room.root, start, renaming, book.docs)
    found = [one for one in (*files, config) if one is not None]
    changes = [change for one in found if (change := _change(one, renaming))]
    remarks = [line for one in found for line in _left(one, renaming)]
    if renaming.others:
        return Plan(changes, remarks, judge="nothing", proof=lambda after: prove_moved(book, after.book, renaming))
    return Plan(
        changes,
        remarks,
        judge="new",
        same=lambda finding: as_before(finding, renaming),
        proof=lambda after: prove_links(room.report, after, renaming),
    )


def _renaming(room: Room, old: str, new: str) -> Renaming:
    book = room.report.book
    name = _id_of(room, old)
    one = name if isinstance(name, (Entry, Unread)) else None
    key = one.key if one else str(name)
    others = frozenset(other.path for other in book.named(key) if other is not one) if one else frozenset[str]()
    target = _target(book, key, new)
    if one is None:
        return Renaming(key, target)
    moved_to = _new_path(room, one, target)
    return Renaming(key, target, one.path, moved_to, one.id, others)


def _id_of(room: Room, old: str) -> Entry | Unread | str:
    """Give the file of the record that is meant, or the id of an item of a checklist."""
    book = room.report.book
    key = canonical(old.upper())
    items = book.items.get(key, [])
    if len(items) > 1:
        message = f"{old} is claimed by {len(items)} items; give one of them another number by hand"
        raise RefusedError(message)
    if items:
        return key
    one = record_named(room.report, old).entry
    claimants = book.named(one.id)
    if len(claimants) > 1 and key == one.key:
        paths = " and ".join(other.path for other in claimants)
        message = f"{one.id} is claimed by {paths}; name the file that gets the new number"
        raise RefusedError(message)
    if one.kind not in _NUMBERED or kind_of_id(one.id) is None:
        message = f"{one.id} has no number; only decisions, risks, follow-ups and items of checklists have one"
        raise click.UsageError(message)
    if isinstance(one, Unread) and one.document.faults:
        message = f"{one.path} cannot be read: {one.faults[0].message}"
        raise RefusedError(message)
    return one


def _target(book: Book, key: str, new: str) -> str:
    """Give the new id in its one spelling.

    Raises:
        click.UsageError: it is no number, is of another kind, or is taken.
    """
    prefix = key.partition("-")[0]
    match = _NEW.match(new)
    if match is None or int(match[2]) == 0:
        message = f"'{new}' is no new number; give a number, or an id such as {prefix}-7"
        raise click.UsageError(message)
    if match[1] is not None and match[1].upper() != prefix:
        message = f"{key} cannot become {new}: its ids start with {prefix}-"
        raise click.UsageError(message)
    target = f"{prefix}-{int(match[2])}"
    if target == key or book.knows(target):
        taken = [one.path for one in book.named(target)] + [one[0].path for one in book.items.get(target, ())]
        free = next_numbers(book, prefix)[0]
        message = f"{target} is taken by {' and '.join(taken)}; {free} is free"
        raise click.UsageError(message)
    return target


def _new_path(room: Room, one: Entry | Unread, target: str) -> str:
    """Give the path that the file gets; empty when its name does not hold the number.

    Raises:
        click.UsageError: something lies there.
    """
    named = id_from_name(one.path, one.kind)
    if named is None or canonical(named) != one.key:
        return ""
    folder, name = posixpath.split(one.path)
    found = _DIGITS.search(name)
    digits = found[0] if found else ""
    number = int(target.partition("-")[2])
    widths = [len(width[0]) for path in room.report.book.pages if (width := _padded(path, folder))]
    written = f"{number:0{max(widths)}d}" if widths else respelled(digits, number)
    path = posixpath.join(folder, _DIGITS.sub(written, name, count=1))
    if id_from_name(path, one.kind) is None or os.path.lexists(room.root / path):
        message = f"{path} is there already; nothing is ever overwritten"
        raise click.UsageError(message)
    return path


def _padded(path: str, folder: str) -> re.Match[str] | None:
    """Find the number of a file of the same folder whose number has leading zeros."""
    inside, name = posixpath.split(path)
    return (
        re.search(r"(?<![0-9])0[0-9]+", name.partition(".")[0]) if inside == folder and _DIGITS.search(name) else None
    )


def _mended(room: Room, path: str, renaming: Renaming, near: str) -> _File:
    """Look through one Markdown file; one that cannot be edited is left for a person."""
    try:
        content = room.content(path)
    except CouldNotCheckError as error:
        return _File(path, b"", Mended(b"", left=(Left(1, path, f"it was not looked into: {error}"),)))
    return _File(path, content, mend_page(path, content, renaming, near))


def _config(root: Path, start: Path, renaming: Renaming, docs: str) -> _File | None:
    """Look through the nav of the nearest configuration of MkDocs inside the repository."""
    for folder in (start.resolve(), *start.resolve().parents):
        for name in CONFIG_FILES:
            file = folder / name
            if file.is_file() and file.is_relative_to(root) and not file.is_symlink():
                content = read_whole(file) or b""
                return _File(file.relative_to(root).as_posix(), content, mend_nav(content, renaming, docs))
        if folder == root:
            break
    return None


def _change(file: _File, renaming: Renaming) -> Change | None:
    mended = file.mended
    is_subject = file.path == renaming.subject
    if mended.content == file.before and not (is_subject and renaming.moved_to):
        return None
    places = "1 reference" if mended.count == 1 else f"{mended.count} references"
    said = f"{renaming.written} is now {renaming.id_for(renaming.written)}" if is_subject else f"{places} mended"
    if is_subject and renaming.moved_to:
        said = f"{said}, moved from {posixpath.basename(file.path)}"
        return Change(renaming.moved_to, file.before, mended.content, said, moved_from=file.path)
    return Change(file.path, file.before, mended.content, said)


def _left(file: _File, renaming: Renaming) -> Iterator[str]:
    path = renaming.moved_to if file.path == renaming.subject and renaming.moved_to else file.path
    for left in file.mended.left:
        yield f"Not changed: {path}:{left.line}  {left.text}  ({left.why})"
