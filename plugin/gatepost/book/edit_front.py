"""The frontmatter of a record that is edited: its text, its values, its tree; what comes out is read again."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import takewhile
from typing import Any, Final

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from gatepost.book.document import Document
from gatepost.book.edit_source import EditError, Source, Splice
from gatepost.book.edit_values import same_nodes
from gatepost.book.frontmatter import compose, read_document
from gatepost.book.layout import kind_of
from gatepost.records import KINDS, MODEL_OF_KIND

__all__ = ["Front", "is_block", "is_something"]

_TO_VALUE: Final = re.compile(r"\s*(:)(?:\s|#[^\n]*)*")
_FIRST: Final = ("kind", "id", "title")
_PROPERTIES: Final = frozenset("&!*")


class Front:
    """The frontmatter that is edited: its text, its values, its tree."""

    def __init__(self, path: str, content: bytes) -> None:
        self.path = path
        self.source = Source(content)
        self.document = _readable(path, content)
        self.data: dict[str, Any] = self.document.data or {}
        self.node = compose(self.document.front)
        kind = kind_of(self.document)
        model = MODEL_OF_KIND[kind] if kind in KINDS else None
        self._other_names = model.other_names if model else {}
        known = [field.alias or name for name, field in model.model_fields.items()] if model else []
        self._order = [*_FIRST, *(name for name in known if name not in {*_FIRST, "waivers"}), "waivers"]

    @property
    def pairs(self) -> list[tuple[Node, Node]]:
        """The keys and values at the top."""
        return self.node.value if isinstance(self.node, MappingNode) else []

    @property
    def in_braces(self) -> bool:
        """Whether the whole frontmatter is written between braces."""
        return isinstance(self.node, MappingNode) and bool(self.node.flow_style)

    @property
    def text(self) -> str:
        """The text of the whole file."""
        return self.document.text

    def start(self, node: Node) -> int:
        """Give where a node starts in the text."""
        return self.document.front_start + node.start_mark.index

    def end(self, node: Node) -> int:
        """Give where a node ends in the text: behind its last word, not before the next key."""
        while isinstance(node, (MappingNode, SequenceNode)) and not node.flow_style and node.value:
            last = node.value[-1]
            node = last if isinstance(node, SequenceNode) else last[1]
        return self.document.front_start + node.end_mark.index

    def pair(self, key: str) -> tuple[Node, Node] | None:
        """Give a key and its value as nodes, whatever convention the author follows."""
        found = [pair for pair in self.pairs if pair[0].value.replace("_", "-") == key]
        found += [pair for pair in self.pairs if self._other_names.get(pair[0].value) == key]
        return found[0] if found else None

    def written(self, key: str) -> str:
        """Give how the author writes a key; one that is missing follows the others."""
        pair = self.pair(key)
        if pair is not None:
            return str(pair[0].value)
        names = [str(pair[0].value) for pair in self.pairs]
        known = {name for name in names if name.replace("_", "-") in self._order}
        snake = any("_" in name for name in known) and not any("-" in name for name in known)
        return key.replace("-", "_") if snake else key

    def refuse(self, node: Node, key: str, why: str) -> EditError:
        """Say that the value of a key is left alone, and where it is."""
        line = self.source.line(self.start(node))
        return EditError(f"{self.path}:{line}: {key} {why}; edit it by hand")

    def value_start(self, key: Node, value: Node) -> int:
        """Give the offset behind the colon of a key whose value may be changed.

        Raises:
            EditError: the value has an anchor or a tag, or is an alias.
        """
        colon = _TO_VALUE.match(self.text, self.document.front_start + key.end_mark.index)
        if colon is None or (value.start_mark.index != value.end_mark.index and colon.end() != self.start(value)):
            raise self.refuse(key, key.value, "is an alias of another value")
        if self.text[self.start(value) : self.start(value) + 1] in _PROPERTIES and is_something(value):
            raise self.refuse(key, key.value, "has an anchor or a tag")
        return colon.end(1)

    def added(self, key: str, value: str) -> Splice:
        """Add a key below the one that usually stands before it."""
        written = self.written(key)
        if self.in_braces:
            message = f"{self.path}: the frontmatter is written between braces; add {written} by hand"
            raise EditError(message)
        above = self._above(key)
        if above is None:
            return Splice(self.document.front_start, self.document.front_start, f"{self._indent()}{written}: {value}\n")
        end = self.end(above[1]) if is_something(above[1]) else self.document.front_start + above[0].end_mark.index
        at = end if self.text[end - 1] == "\n" else self.text.index("\n", end) + 1
        return Splice(at, at, f"{self._indent()}{written}:{self._gap(above, written)}{value}\n")

    def _above(self, key: str) -> tuple[Node, Node] | None:
        """Give the pair below which a key is added: the nearest of those that usually come before it."""
        before = [name for name in takewhile(lambda name: name != key, self._order) if self.pair(name)]
        return self.pair(before[-1]) if before else None

    def _indent(self) -> str:
        return " " * self.pairs[0][0].start_mark.column if self.pairs else ""

    def _gap(self, above: tuple[Node, Node], written: str) -> str:
        """Give the spaces behind the colon: one, or as many as line the value up where the author does so."""
        key, value = above
        lined_up = value.start_mark.line == key.start_mark.line and value.start_mark.index - key.end_mark.index > 2  # noqa: PLR2004 - `: `
        if not lined_up:
            return " "
        return " " * max(1, value.start_mark.column - key.start_mark.column - len(written) - 1)

    def checked(self, key: str, splices: list[Splice], holds: Callable[[Any], bool]) -> bytes:
        """Give the edited file, after it was read again: the key holds what is meant, all else is what it was.

        Raises:
            EditError: it does not.
        """
        content = self.source.spliced(splices)
        after = read_document(self.path, content)
        node = compose(after.front) if after.data is not None and not after.faults else None
        name = self.written(key)
        pairs = node.value if isinstance(node, MappingNode) else []
        mine = [pair for pair in self.pairs if pair[0].value != name]
        theirs = [pair for pair in pairs if pair[0].value != name]
        is_right = (
            after.data is not None
            and holds(after.data.get(name))
            and after.body == self.document.body
            and len(mine) == len(theirs)
            and all(same_nodes(*nodes) for pair in zip(mine, theirs, strict=True) for nodes in zip(*pair, strict=True))
        )
        if not is_right:
            message = f"{self.path}: {name} cannot be changed without touching something else; edit it by hand"
            raise EditError(message)
        return content


def _readable(path: str, content: bytes) -> Document:
    document = read_document(path, content)
    if document.faults or document.data is None:
        why = document.faults[0].message if document.faults else "it has no frontmatter"
        message = f"{path} cannot be edited: {why}"
        raise EditError(message)
    return document


def is_something(node: Node) -> bool:
    """Tell whether a value is written at all: `key:` alone has none."""
    return bool(node.start_mark.index != node.end_mark.index)


def is_block(node: Node) -> bool:
    """Tell whether a scalar is a text below a `|` or a `>`."""
    return isinstance(node, ScalarNode) and node.style in {"|", ">"}
