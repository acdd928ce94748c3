"""Words to YAML, in the quotes that the author uses; two trees of nodes compared."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Final

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from gatepost.book.frontmatter import read_text

__all__ = ["same_nodes", "scalars", "spelled"]

_PROBE: Final = "title"


def spelled(value: str | dt.date, style: str | None = None, *, in_flow: bool = False) -> str:
    """Write a value as a YAML scalar of one line.

    Args:
        value: words, or a day.
        style: the quotes that stood there before; a plain scalar is quoted only where it must be.
        in_flow: whether it stands between brackets.
    """
    text = str(value)
    if style == '"':
        return _double(text)
    if style == "'" and text.isprintable():
        return "'{}'".format(text.replace("'", "''"))
    return text if _reads_plain(text, value, in_flow=in_flow) else _double(text)


def _reads_plain(text: str, value: object, *, in_flow: bool) -> bool:
    """Tell whether a text without quotes is read as the value that is meant."""
    if not text.isprintable():
        return False
    written, meant = (f"[{text}]", [value]) if in_flow else (text, value)
    document = read_text("", f"---\n{_PROBE}: {written}\n---\n")
    return not document.faults and document.data == {_PROBE: meant} and not document.body


def _double(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return quoted if quoted.isprintable() else "".join(_escaped(one) for one in quoted)


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - what four digits can say


def same_nodes(one: Node, other: Node) -> bool:
    """Tell whether two trees hold the same values, plain and quoted ones told apart; aliases may be shared or not."""
    waiting, seen = [(one, other)], set[tuple[int, int]]()
    while waiting:
        left, right = waiting.pop()
        if (id(left), id(right)) in seen:
            continue
        seen.add((id(left), id(right)))
        if type(left) is not type(right) or left.tag != right.tag:
            return False
        if isinstance(left, ScalarNode):
            if left.value != right.value:
                return False
        elif len(left.value) != len(right.value):
            return False
        elif isinstance(left, SequenceNode):
            waiting += zip(left.value, right.value, strict=True)
        elif isinstance(left, MappingNode):
            for mine, theirs in zip(left.value, right.value, strict=True):
                waiting += zip(mine, theirs, strict=True)
    return True


def scalars(top: Node | None) -> Iterator[ScalarNode]:
    """Give the scalars of a tree, keys too; one that has several names comes once."""
    waiting: list[Node | None] = [top]
    seen = set[int]()
    while waiting:
        node = waiting.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, ScalarNode):
            yield node
        elif isinstance(node, SequenceNode):
            waiting += node.value
        elif isinstance(node, MappingNode):
            waiting += [one for pair in node.value for one in pair]
