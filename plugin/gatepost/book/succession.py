"""Who replaces whom: the circles in which supersessions run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

__all__ = ["circles_in"]


def circles_in(successors: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Give, for each key that lies on a circle, one circle through it, its least key first.

    Args:
        successors: the keys that directly replace each key.
    """
    left = _within_circles(successors)
    found: dict[str, tuple[str, ...]] = {}
    for key in sorted(left):
        if key not in found and (circle := _through(key, left)):
            least = circle.index(min(circle))
            turned = (*circle[least:], *circle[:least])
            found |= {member: turned for member in circle if member not in found}
    return found


def _within_circles(successors: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Leave out what nothing leads to, again and again; what is left are circles and what follows them."""
    counts = Counter(target for targets in successors.values() for target in set(targets))
    free = [key for key in successors if not counts[key]]
    left = dict(successors)
    while free:
        for target in set(left.pop(free.pop())):
            counts[target] -= 1
            if not counts[target] and target in left:
                free.append(target)
    return left


def _through(start: str, successors: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Give the keys on a circle through one of them, in order; empty when it lies on none."""
    came_from: dict[str, str] = {}
    waiting = [start]
    while waiting:
        key = waiting.pop()
        for target in successors.get(key, ()):
            if target == start:
                path = [key]
                while path[-1] != start:
                    path.append(came_from[path[-1]])
                return tuple(reversed(path))
            if target not in came_from:
                came_from[target] = key
                waiting.append(target)
    return ()
