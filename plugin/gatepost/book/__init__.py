"""Text to frontmatter with positions, records to a linked book."""

from gatepost.book.book import Book, read_book
from gatepost.book.document import Document
from gatepost.book.entry import Entry, Unread
from gatepost.book.faults import Fault, KeyPath, Place, Position
from gatepost.book.files import FileFact, Files, NoFiles
from gatepost.book.frontmatter import read_document, read_text
from gatepost.book.links import Link, Relation
from gatepost.book.locate import locate

__all__ = [
    "Book",
    "Document",
    "Entry",
    "Fault",
    "FileFact",
    "Files",
    "KeyPath",
    "Link",
    "NoFiles",
    "Place",
    "Position",
    "Relation",
    "Unread",
    "locate",
    "read_book",
    "read_document",
    "read_text",
]
