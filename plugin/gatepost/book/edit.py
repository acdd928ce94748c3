"""Surgical edits of a record: one value, one item of a list. Comments, order, quotes and the body stay as they are."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final

from yaml.nodes import Node, ScalarNode, SequenceNode

from gatepost.book.edit_front import Front, is_block, is_something
from gatepost.book.edit_source import EditError, Splice
from gatepost.book.edit_values import spelled
from gatepost.records import canonical

__all__ = ["EditError", "add_items", "key_of", "set_key"]

_BULLET: Final = re.compile(r"[ ]*-[ \t]+")


def set_key(path: str, content: bytes, key: str, value: str | dt.date) -> bytes:
    """Give a file with one value of its frontmatter set, a key that is missing added at its usual place.

    Args:
        path: the file, relative to the root.
        content: its bytes.
        key: the canonical name of a top-level key; the author's spelling of it is kept.
        value: words, or a day.

    Raises:
        EditError: it cannot be done without touching anything else.
    """
    front = Front(path, content)
    now = front.data.get(front.written(key))
    if now == value or (isinstance(value, dt.date) and now == value.isoformat()):
        return content
    pair = front.pair(key)
    splice = front.added(key, spelled(value)) if pair is None else _replaced(front, pair, value)
    return front.checked(key, [splice], lambda found: str(found) == str(value))


def add_items(path: str, content: bytes, key: str, items: Sequence[str]) -> bytes:
    """Give a file with items added to a list of its frontmatter; those that it holds, in any spelling, are left out.

    Args:
        path: the file, relative to the root.
        content: its bytes.
        key: the canonical name of a top-level key; it is made when it is missing, and a single value becomes a list.
        items: words, or ids of records.

    Raises:
        EditError: it cannot be done without touching anything else.
    """
    front = Front(path, content)
    now = front.data.get(front.written(key))
    there = now if isinstance(now, list) else [] if now is None else [now]
    held = {canonical(str(one)) for one in there}
    new: list[str] = []
    for one in items:
        if canonical(one) not in held:
            held.add(canonical(one))
            new.append(one)
    if not new:
        return content
    pair = front.pair(key)
    if pair is None:
        splices = [front.added(key, _listed(new))]
    elif isinstance(pair[1], SequenceNode):
        splices = [_appended(front, pair, pair[1], new)]
    else:
        splices = _made_a_list(front, pair, new)
    return front.checked(key, splices, lambda found: found == [*there, *new])


def key_of(path: str, content: bytes, key: str) -> str:
    """Give how the author writes a key, or would write it: `superseded_by` beside other keys with underscores."""
    return Front(path, content).written(key)


def _replaced(front: Front, pair: tuple[Node, Node], value: str | dt.date) -> Splice:
    """Put a value in the place of another."""
    key, old = pair
    colon = front.value_start(key, old)
    if not isinstance(old, ScalarNode):
        raise front.refuse(key, key.value, "holds a list or a mapping")
    if is_block(old):
        raise front.refuse(key, key.value, "is a text of several lines")
    if not is_something(old):
        return Splice(colon, colon, f" {spelled(value, in_flow=front.in_braces)}")
    return Splice(front.start(old), front.end(old), spelled(value, old.style, in_flow=front.in_braces))


def _listed(items: Sequence[str], style: str | None = None) -> str:
    return f"[{', '.join(spelled(one, style, in_flow=True) for one in items)}]"


def _made_a_list(front: Front, pair: tuple[Node, Node], items: Sequence[str]) -> list[Splice]:
    """Make a list of a single value, or of nothing."""
    key, old = pair
    colon = front.value_start(key, old)
    if not isinstance(old, ScalarNode):
        raise front.refuse(key, key.value, "holds a mapping")
    if not is_something(old):
        return [Splice(colon, colon, f" {_listed(items)}")]
    if is_block(old) or old.start_mark.line != old.end_mark.line:
        raise front.refuse(key, key.value, "is a text of several lines")
    start, end = front.start(old), front.end(old)
    if front.data.get(key.value) is None:
        return [Splice(start, end, _listed(items))]
    more = ", ".join(spelled(one, old.style, in_flow=True) for one in items)
    first = front.text[start:end] if old.style else spelled(old.value, in_flow=True)
    return [Splice(start, end, f"[{first}, {more}]")]


def _appended(front: Front, pair: tuple[Node, Node], old: SequenceNode, items: Sequence[str]) -> Splice:
    """Add items behind the last one of a list, written as it is written."""
    front.value_start(pair[0], old)
    if not old.value:
        return Splice(front.start(old), front.end(old), _listed(items))
    last = old.value[-1]
    style = last.style if isinstance(last, ScalarNode) and not is_block(last) else None
    end = front.end(last)
    if old.flow_style:
        return Splice(end, end, "".join(f", {spelled(one, style, in_flow=True)}" for one in items))
    first = front.text.rfind("\n", 0, front.start(last)) + 1
    bullet = _BULLET.fullmatch(front.text, first, front.start(last))
    if bullet is None:
        raise front.refuse(pair[0], pair[0].value, "is a list whose last item is not on a line of its own")
    at = end if front.text[end - 1] == "\n" else front.text.index("\n", end) + 1
    return Splice(at, at, "".join(f"{bullet[0]}{spelled(one, style)}\n" for one in items))
