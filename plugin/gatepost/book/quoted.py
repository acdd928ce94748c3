"""Numbers that prose quotes by reference: `{{ metric('evidence/metrics.json#/auc') }}`."""

from __future__ import annotations

from decimal import Decimal

from gatepost.book.book import Book
from gatepost.book.entry import Entry
from gatepost.book.pointer import PointerError, number_at

__all__ = ["quoted_number"]


def quoted_number(book: Book, entry: Entry, reference: str) -> Decimal | str:
    """Give the number that a reference leads to, or why there is none.

    Args:
        book: the book, for its files.
        entry: the record whose prose quotes it.
        reference: a path and a JSON Pointer, joined by `#`.
    """
    path, hash_sign, pointer = reference.partition("#")
    if not hash_sign or not pointer.startswith("/"):
        return "expected path#/pointer"
    fact = book.files.look(path, book.folder(entry))
    if fact.state != "found":
        return fact.reason or "the file does not exist"
    content = book.files.read(fact.path)
    if content is None:
        return "the file is too large or cannot be read"
    try:
        return number_at(content, pointer)
    except PointerError as error:
        return str(error)
