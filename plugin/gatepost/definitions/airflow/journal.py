"""What was changed while a file was walked, in order, so that a branch of which nobody knows can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from gatepost.definitions.airflow.judging import is_same
from gatepost.definitions.airflow.values import UNKNOWN

__all__ = ["ABSENT", "Journal", "Place"]


class _Absent:
    """No value at all."""


ABSENT: Final = _Absent()


class Place(NamedTuple):
    """Where a value is kept: a key of a dict, or all of a list."""

    holder: dict[Any, Any] | list[Any]
    key: object = None

    @property
    def identity(self) -> tuple[int, object]:
        """What tells it from other places."""
        return id(self.holder), self.key

    def value(self) -> object:
        """Give what is kept there now."""
        return list(self.holder) if isinstance(self.holder, list) else self.holder.get(self.key, ABSENT)

    def put(self, value: object) -> None:
        """Keep something there."""
        if isinstance(self.holder, list):
            self.holder[:] = value if isinstance(value, list) else [value]
        elif value is ABSENT:
            self.holder.pop(self.key, None)
        else:
            self.holder[self.key] = value


class _Entry(NamedTuple):
    undo: Callable[[], object]
    place: Place | None
    """None for a change of the graph."""


Changes = dict[tuple[int, object], tuple[Place, object]]
"""Places that a branch changed, each with what it left there."""


class Journal:
    """Every change so far."""

    def __init__(self) -> None:
        self._entries: list[_Entry] = []

    def put(self, holder: dict[Any, Any] | list[Any], key: object, value: object) -> None:
        """Keep a value in a dict, or everything of a list (whose key is None)."""
        place = Place(holder, key)
        old = place.value()
        self._entries.append(_Entry(lambda: place.put(old), place))
        place.put(value)

    def drew(self, undo: Callable[[], object]) -> None:
        """Note a change of the graph, with what takes it back."""
        self._entries.append(_Entry(undo, None))

    def mark(self) -> int:
        """Give a point to look back to."""
        return len(self._entries)

    def has_drawn(self, mark: int) -> bool:
        """Tell whether the graph was changed since."""
        return any(entry.place is None for entry in self._entries[mark:])

    def take_back(self, mark: int, *, graph: bool = False) -> Changes:
        """Undo what was kept since a point, and the graph if asked; give the places, with what was kept there."""
        found: Changes = {}
        stays: list[_Entry] = []
        for entry in reversed(self._entries[mark:]):
            if entry.place is None and not graph:
                stays.append(entry)
                continue
            if entry.place is not None:
                found.setdefault(entry.place.identity, (entry.place, entry.place.value()))
            entry.undo()
        self._entries[mark:] = reversed(stays)
        return found

    def join(self, branches: list[Changes]) -> None:
        """Keep what all branches agree on; what they do not is unknown from here on."""
        places = {identity: place for one in branches for identity, (place, _) in one.items()}
        for identity, place in places.items():
            left = [one[identity][1] if identity in one else place.value() for one in branches]
            if all(is_same(left[0], other) for other in left[1:]):
                self.put(place.holder, place.key, left[0])
            elif isinstance(place.holder, list):
                self.put(place.holder, None, [*place.holder, UNKNOWN])
            else:
                self.put(place.holder, place.key, UNKNOWN)
