"""A page or a record in which another record gets a new number: what is mended, what a person must look at."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Final, NamedTuple
from urllib.parse import unquote

from yaml.nodes import MappingNode, Node

from gatepost.book.document import Document
from gatepost.book.edit_ids import BY_NAME, Left, Mended, Renaming, is_within
from gatepost.book.edit_source import EditError, Source, Splice
from gatepost.book.edit_values import scalars
from gatepost.book.frontmatter import compose, read_document
from gatepost.book.prose import Prose
from gatepost.book.targets import link_target

__all__ = ["mend_page"]

_IN_CODE: Final = "in code, in a comment, or no reference"
_AMBIGUOUS: Final = "two records had this id: which one is meant?"
_UNREADABLE: Final = "in a frontmatter that cannot be read"
_LONGEST_TEXT: Final = 400


class _Piece(NamedTuple):
    """A stretch of a file that is read as prose by itself: the body, a value, a line of comments."""

    start: int
    text: str
    is_own_id: bool = False


def mend_page(path: str, content: bytes, renaming: Renaming, near: str = "") -> Mended:
    """Give a Markdown file in which a record has its new number.

    Args:
        path: the file, relative to the root, where it lies now.
        content: its bytes.
        renaming: which number becomes which.
        near: the folder in which files that its fields name are looked for first.

    Raises:
        EditError: a reference cannot be changed without touching something else.
    """
    if not renaming.concerns(content.decode("utf-8", "replace")):
        return Mended(content)
    source = Source(content)
    document = read_document(path, content)
    if document.text != source.text:
        raise EditError(_cannot(path, document))
    page = _Page(document, renaming, near)
    page.read()
    mended = source.spliced(page.splices)
    _see_that_only_names_changed(document, read_document(path, mended), renaming)
    left = [Left(source.line(at), source.text[at:end], why) for at, end, why in sorted(page.left)]
    return Mended(mended, len(page.splices), tuple(left))


class _Page:
    """One file while its references are collected."""

    def __init__(self, document: Document, renaming: Renaming, near: str) -> None:
        self.document = document
        self.renaming = renaming
        self.near = near
        self.folder = posixpath.dirname(document.path)
        self.splices: set[Splice] = set()
        self.done: set[tuple[int, int]] = set()
        self.left: set[tuple[int, int, str]] = set()

    def read(self) -> None:
        """Collect what is to be changed, and what is left for a person."""
        for piece in self.pieces():
            self.piece(piece)
        text = self.document.text
        unsure = 0
        if self.document.faults:
            unsure = self.document.body_start or len(text)
            self.left |= {(*match.span(), _UNREADABLE) for match in self.renaming.pattern.finditer(text, 0, unsure)}
        spans = [*self.done, *((start, end) for start, end, _ in self.left)]
        for span in self.renaming.names_in(text):
            if not is_within(span, spans):
                self.left.add((*span, BY_NAME))

    def pieces(self) -> Iterator[_Piece]:
        """Give what is read as prose: the body, and in a frontmatter that can be read each value and comment."""
        document = self.document
        if document.faults:
            if document.body_start:
                yield _Piece(document.body_start, document.body)
            return
        if document.data is not None:
            yield from _values(document, self.renaming.subject)
        yield _Piece(document.body_start, document.body)

    def piece(self, piece: _Piece) -> None:
        """Collect from one piece."""
        prose, renaming = Prose(piece.text, piece.start), self.renaming
        here = [found for found in prose.links if link_target(found.text, self.folder) == renaming.subject]
        if renaming.moved_to:
            for found in here:
                self.change(found.offset, found.text, renaming.path_for(found.text))
            if piece.start < self.document.body_start:
                self.path(piece)
        sure = [self.link_text(found.offset) for found in here]
        elsewhere = [self.link_text(one.offset) for one in prose.links if self.is_of_another(one.text)]
        seen = set[int]()
        for found in prose.ids:
            span = (found.offset, found.offset + len(found.text))
            if not renaming.is_old(found.text):
                continue
            seen.add(found.offset)
            if not renaming.others or piece.is_own_id or is_within(span, sure):
                self.change(found.offset, found.text, renaming.id_for(found.text))
            elif not is_within(span, elsewhere):
                self.left.add((*span, _AMBIGUOUS))
        for match in renaming.pattern.finditer(piece.text):
            at = piece.start + match.start()
            if at not in seen and not self.is_in_a_path(match, piece.text):
                self.left.add((at, at + len(match[0]), _IN_CODE))

    def change(self, start: int, old: str, new: str) -> None:
        """Note one change, as small as it can be."""
        self.done.add((start, start + len(old)))
        same = len(posixpath.commonprefix([old, new]))
        rest, more = old[same:], new[same:]
        tail = len(posixpath.commonprefix([rest[::-1], more[::-1]]))
        self.splices.add(Splice(start + same, start + len(old) - tail, more[: len(more) - tail]))

    def path(self, piece: _Piece) -> None:
        """Mend a field that is a path to the file, perhaps with a pointer into it."""
        inner = piece.text.strip("\"'")
        target = inner.partition("#")[0]
        if posixpath.basename(target) != posixpath.basename(self.renaming.subject):
            return
        folders = (self.folder, self.near, "")
        if self.renaming.subject in {posixpath.normpath(posixpath.join(folder, target)) for folder in folders}:
            self.change(piece.start + piece.text.index(inner), inner, self.renaming.path_for(inner))

    def is_of_another(self, target: str) -> bool:
        """Tell whether a link leads to another file that claims the same id."""
        return link_target(target, self.folder) in self.renaming.others

    def link_text(self, target: int) -> tuple[int, int]:
        """Give the stretch of the words of an inline link, by where its target stands; an empty one for others."""
        text = self.document.text
        end = text.rfind("](", max(0, target - 12), target)
        if end < 0 or text[end + 2 : target].strip(" \t\n<"):
            return (0, 0)
        open_brackets = 1
        for at in range(end - 1, max(-1, end - _LONGEST_TEXT), -1):
            open_brackets += {"]": 1, "[": -1}.get(text[at], 0)
            if not open_brackets:
                return (at, end)
        return (0, 0)

    def is_in_a_path(self, match: re.Match[str], text: str) -> bool:
        """Tell whether what looks like the id is part of a path, an address or a longer name."""
        before, after = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 2]
        is_name = after[:1] == "-" or (after[:1] == "." and after[1:].isalnum())
        return is_name or (before != "" and before in "/.#=&?-")


def _values(document: Document, subject: str) -> Iterator[_Piece]:
    """Give each value of a frontmatter, and between the values each line, which may hold a comment."""
    top = compose(document.front)
    own = _own_id(top) if document.path == subject else None
    done = 0
    for node in sorted({id(one): one for one in scalars(top)}.values(), key=lambda one: one.start_mark.index):
        start, end = node.start_mark.index, node.end_mark.index
        yield from _lines(document, done, start)
        yield _Piece(document.front_start + start, document.front[start:end], node is own)
        done = end
    yield from _lines(document, done, len(document.front))


def _lines(document: Document, start: int, end: int) -> Iterator[_Piece]:
    for line in document.front[start:end].splitlines(keepends=True):
        yield _Piece(document.front_start + start, line)
        start += len(line)


def _own_id(top: Node | None) -> Node | None:
    pairs = top.value if isinstance(top, MappingNode) else []
    return next((value for key, value in pairs if key.value == "id"), None)


def _cannot(path: str, document: Document) -> str:
    why = document.faults[0].message if document.faults else "it cannot be read"
    return f"{path} names the record, and cannot be edited: {why}"


def _see_that_only_names_changed(before: Document, after: Document, renaming: Renaming) -> None:
    """See that the frontmatter, read again, holds what it held, but for the id and the path.

    Raises:
        EditError: it does not.
    """
    if before.data is None or before.faults:
        return
    old, new = (_neutral(document, renaming) for document in (before, after))
    if after.faults or old != new:
        message = f"{before.path}: the id cannot be changed without touching something else; edit it by hand"
        raise EditError(message)


def _neutral(document: Document, renaming: Renaming) -> list[str]:
    names = [re.escape(posixpath.basename(path)) for path in (renaming.subject, renaming.moved_to) if path]
    ids = re.compile(rf"{renaming.prefix}-0*(?:{renaming.old.partition('-')[2]}|{renaming.number})(?!\d)")
    texts = [node.value for node in scalars(compose(document.front))]
    texts = [ids.sub("\0", text) for text in texts]
    return [re.sub("|".join(names), "\0", unquote(text)) for text in texts] if names else texts
