"""A key path to a line and a column. Gates never count lines."""

from __future__ import annotations

from typing import Final

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from gatepost.book.document import Document
from gatepost.book.faults import KeyPath, Place, Position
from gatepost.book.nodes import compose
from gatepost.records import MODEL_OF_KIND

__all__ = ["locate"]

_WRITTEN_AS: Final = {key: other for model in MODEL_OF_KIND.values() for other, key in model.other_names.items()} | {
    "superseded-by": "status",
}
"""Where else a key may stand: under the name of another convention, or as `status: superseded by ADR-2`."""


def locate(document: Document, place: Place, *, offset: int = 0) -> Position:
    """Give where a place is in a file.

    A key that is missing is where its parent is; a frontmatter that cannot be read is line 1.

    Args:
        document: the file.
        place: a key path into its frontmatter, or a character offset into its text.
        offset: characters to add to the column of a scalar, for a place inside an expression.
    """
    if isinstance(place, int):
        return document.position(place)
    data = document.data if document.data is not None else document.partial
    if not place or data is None or _absent(data, place[0]):
        return Position(1, 1)
    if document._node is None:  # noqa: SLF001 - the document keeps the tree for this function alone
        document._node = compose(document.front)  # noqa: SLF001
    if document._node is None:  # noqa: SLF001
        return Position(1, 1)
    found = _follow(document._node, place)  # noqa: SLF001
    start = document.front_start + found.start_mark.index
    return document.position(start + _within(document.text[start], found, offset))


def _within(first: str, node: Node, offset: int) -> int:
    """Give how far into a scalar of one line a place is; more lines, or escapes, have no such place."""
    is_one_line = isinstance(node, ScalarNode) and node.start_mark.line == node.end_mark.line
    if not is_one_line or not offset:
        return 0
    quotes = 1 if first in {'"', "'"} else 0
    as_written = node.end_mark.index - node.start_mark.index - 2 * quotes == len(node.value)
    return quotes + offset if as_written else 0


def _absent(data: dict[str, object], key: str | int) -> bool:
    if not isinstance(key, str):
        return True
    return key not in data and key.replace("-", "_") not in data and _WRITTEN_AS.get(key) not in data


def _follow(node: Node, path: KeyPath) -> Node:
    """Walk down a path as far as it goes; a mapping's value is found at its key when it is a block below it."""
    for depth, step in enumerate(path):
        child: Node | None = None
        if isinstance(node, MappingNode) and isinstance(step, str):
            child = _child(node, step)
            if child is None and depth == 0 and step in _WRITTEN_AS:
                child = _child(node, _WRITTEN_AS[step])
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            child = node.value[step]
        if child is None:
            return node
        node = child
    return node


def _child(node: MappingNode, name: str) -> Node | None:
    wanted = name.replace("_", "-")
    for key, value in node.value:
        if key.value == name or key.value.replace("_", "-") == wanted:
            on_another_line = value.start_mark.line != key.start_mark.line
            empty = value.start_mark.index == value.end_mark.index
            found: Node = key if on_another_line and not isinstance(value, (MappingNode, SequenceNode)) else value
            return key if empty else found
    return None
