"""A title to a file name, to YAML, to a heading; the next free number of a kind of record."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final

from gatepost.book import Book, Entry, Unread
from gatepost.records import canonical
from gatepost.records.ids import without_accents

__all__ = ["heading", "next_numbers", "number_of", "one_line", "quoted", "slug"]

_LONGEST: Final = 60
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f]")
_UNPRINTABLE: Final = re.compile("[\u2028\u2029\ufeff\ufffe\uffff]")
_MARKED: Final = re.compile(r"[\\`*\[\]<{|]|(?<=\])\(|(?<!\w)_|_(?!\w)")


def one_line(title: str) -> str:
    """Give a title without line breaks and without spaces at its ends.

    Raises:
        ValueError: nothing is left of it, or it holds what is no text.
    """
    words = " ".join(title.split())
    if not words:
        message = "the title is empty"
        raise ValueError(message)
    if found := _CONTROL.search(words):
        message = f"the title holds the control character {found[0]!r}"
        raise ValueError(message)
    try:
        words.encode()
    except UnicodeEncodeError:
        message = "the title is not valid UTF-8"
        raise ValueError(message) from None
    return words


def quoted(text: str) -> str:
    """Write text as a YAML scalar in double quotes, which every text survives."""
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))


def heading(text: str) -> str:
    """Write text as Markdown that shows it as it is."""
    return _MARKED.sub(lambda match: f"\\{match[0]}", _UNPRINTABLE.sub(" ", text))


def slug(title: str) -> str:
    """Give the part of a file name that a title stands for: accents go, other alphabets stay; it may be empty."""
    words = re.sub(r"[\W_]+", "-", without_accents(title).casefold())
    return words[:_LONGEST].strip("-")


def next_numbers(book: Book, prefix: str, count: int = 1, elsewhere: Iterable[str] = ()) -> list[str]:
    """Give ids that nothing has: the numbers after the highest, with four digits.

    Args:
        book: the records; files that cannot be read count too, by what tells their id.
        prefix: that of the kind of record.
        count: how many ids are needed.
        elsewhere: ids that are taken outside the book.
    """
    every: tuple[Entry | Unread, ...] = (*book.entries, *book.unread)
    names = (*(one.id for one in every), *book.items, *elsewhere)
    highest = max((number_of(name, prefix) for name in names), default=0)
    return [f"{prefix}-{highest + step:04d}" for step in range(1, count + 1)]


def number_of(name: str, prefix: str) -> int:
    """Give the number of an id; 0 when it has another prefix or none."""
    start, _, number = canonical(name).partition("-")
    return int(number) if start == prefix and number.isdecimal() else 0
