"""Edits of frontmatter that was read: a value put in, a key taken away, a name changed wherever it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gatepost.book.explain import spelling_in
from gatepost.book.faults import KeyPath

__all__ = ["Edit", "both", "held_at", "named_otherwise", "put", "taken_away"]

Edit = Callable[[dict[str, Any]], None]
"""Changes what was read."""


def held_at(data: dict[str, Any], path: KeyPath) -> Any:  # noqa: ANN401 - whatever was read
    """Give what stands at a path, whatever way its keys are spelled."""
    here: Any = data
    for step in path:
        here = here[_spelled(here, step)]
    return here


def _spelled(holder: object, step: str | int) -> str | int:
    return (isinstance(holder, dict) and spelling_in(holder, str(step))) or step


def put(path: KeyPath, value: object, more: tuple[object, ...] = ()) -> Edit:
    """Give the edit that puts a value at a path, and more values behind it at the end of its list."""

    def edit(data: dict[str, Any]) -> None:
        holder = held_at(data, path[:-1])
        holder[_spelled(holder, path[-1])] = value
        if more:
            holder.extend(more)

    return edit


def taken_away(path: KeyPath) -> Edit:
    """Give the edit that takes a key away."""

    def edit(data: dict[str, Any]) -> None:
        holder = held_at(data, path[:-1])
        del holder[_spelled(holder, path[-1])]

    return edit


def both(first: Edit, second: Edit) -> Edit:
    """Give two edits, one after the other, as one."""

    def edit(data: dict[str, Any]) -> None:
        first(data)
        second(data)

    return edit


def named_otherwise(old: str, new: str) -> Edit:
    """Give the edit that gives a thing another name, where it stands and wherever it is named."""

    def named(value: Any) -> Any:  # noqa: ANN401 - whatever was read
        if isinstance(value, dict):
            return {new if key == old else key: named(one) for key, one in value.items()}
        if isinstance(value, list):
            return [named(one) for one in value]
        return new if value == old else value

    def edit(data: dict[str, Any]) -> None:
        renamed = named(data)
        data.clear()
        data.update(renamed)

    return edit
