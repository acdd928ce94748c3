"""What differs between two versions of a record: field by field, item by item, section by section."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final, Literal, NamedTuple

from gatepost.book.sameness import by_name, identity_of, rest_of, same, without_name
from gatepost.book.version import BELOW, NAMED, TITLE, SectionFact, Version, version_of
from gatepost.records import MODEL_OF_KIND, canonical

__all__ = ["Change", "ChangeKind", "Version", "changes", "version_of"]

ChangeKind = Literal[
    "added",
    "removed",
    "moved",
    "renumbered",
    "design",
    "kind",
    "unreadable",
    "status",
    "field",
    "item",
    "order",
    "section",
    "heading",
]
"""What happened. A record was added, removed, moved to another path, renumbered, brought to another design (which only
a book tells), made another kind; it became readable or unreadable; its status moved; a field has another value; a list
or a mapping of names gained or lost an item; steps stand in another order; a section of the body was written, removed
or edited; a heading has other words.
"""


class Change(NamedTuple):
    """One difference. What was not there before, or is not there any more, is None."""

    kind: ChangeKind
    path: tuple[str, ...] = ()
    """Keys and names of items from the top of the frontmatter; for a section its headings; empty for the record."""
    before: Any = None
    """The value before; for a section its number of words, for `moved` the path, for `unreadable` the reason."""
    after: Any = None
    """The same after."""

    @property
    def key(self) -> str:
        """The path as people write it: `options.weekly batch.security`."""
        return (BELOW if self.kind == "section" else ".").join(self.path)

    @property
    def field(self) -> str:
        """The key at the top of the frontmatter, or the first heading of a section; empty for the record itself."""
        return self.path[0] if self.path else ""

    def mirrored(self) -> Change:
        """Give what it is when the two versions change places."""
        kinds: dict[ChangeKind, ChangeKind] = {"added": "removed", "removed": "added"}
        return self._replace(kind=kinds.get(self.kind, self.kind), before=self.after, after=self.before)

    def as_json(self) -> list[Any]:
        """Give it as JSON can hold it."""
        return [self.kind, self.path, self.before, self.after]

    @classmethod
    def from_json(cls, said: list[Any]) -> Change:
        """Read what `as_json` gave.

        Raises:
            ValueError: it is something else.
        """
        kind, path, before, after = said
        return cls(kind, tuple(path), before, after)


_ORDERED: Final = frozenset({"rollout"})
"""Lists whose order means something."""


def changes(before: Version | None, after: Version | None) -> tuple[Change, ...]:
    """Give what changed: the record itself first, then its fields in their order, then its sections.

    Args:
        before: the earlier version; None when there was no such record.
        after: the later one; None when it is gone.
    """
    if before is None or after is None:
        if before is None and after is None:
            return ()
        if before is None:
            return (Change("added", (), None, _name(after)),)
        return (Change("removed", (), _name(before), None),)
    return tuple(_between(before, after))


def _name(version: Version | None) -> str:
    return (version.id or version.path) if version else ""


def _between(before: Version, after: Version) -> Iterator[Change]:
    if before.kind != after.kind:
        yield Change("kind", (), before.kind, after.kind)
    if canonical(before.id) != canonical(after.id):
        yield Change("renumbered", (), before.id, after.id)
    if before.path != after.path:
        yield Change("moved", (), before.path, after.path)
    if before.problem or after.problem:
        if before.problem != after.problem:
            yield Change("unreadable", (), before.problem or None, after.problem or None)
        return
    for key in sorted(_differing(before.fields, after.fields), key=_place(after.kind)):
        kind: ChangeKind = "status" if key == "status" else "field"
        yield from _values((key,), before.fields.get(key), after.fields.get(key), kind)
    if before.sections != after.sections:
        yield from _sections(before, after)


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Give the keys of values that are not equal to the letter: few, so that only they are sorted and looked into."""
    return [
        key
        for key in before.keys() | after.keys()
        if type(old := before.get(key)) is not type(new := after.get(key)) or old != new
    ]


def _place(kind: str) -> Callable[[str], tuple[int, str]]:
    order = _order(kind)
    return lambda key: (order.get(key, len(order)), key)


@cache
def _order(kind: str) -> dict[str, int]:
    """Give the place of each field of a kind of record; the status comes first, then the title."""
    fields = next((model.model_fields for known, model in MODEL_OF_KIND.items() if known == kind), {})
    keys = ["status", *(field.alias or name for name, field in fields.items())]
    return {key: place for place, key in reversed(list(enumerate(keys)))}


def _values(path: tuple[str, ...], old: Any, new: Any, kind: ChangeKind = "field") -> Iterator[Change]:  # noqa: ANN401
    """Compare two values of one key; a list or a mapping without anything in it is no value."""
    old, new = (None if one in ({}, []) else one for one in (old, new))
    if isinstance(old, list | None) and isinstance(new, list | None):
        yield from _lists(path, old or [], new or [])
    elif isinstance(old, dict | None) and isinstance(new, dict | None) and _goes_in(path, old, new):
        yield from _mappings(path, old or {}, new or {})
    elif not same(path[-1], old, new):
        yield Change(kind, path, old, new)


def _goes_in(path: tuple[str, ...], old: object, new: object) -> bool:
    """Tell whether two mappings are compared key by key: both are there, or their keys are names."""
    return (old is not None and new is not None) or _holds_names(path)


def _holds_names(path: tuple[str, ...]) -> bool:
    return len(path) == 1 and path[0] in NAMED


def _mappings(path: tuple[str, ...], old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    names = _holds_names(path)
    for key in [*old, *(key for key in new if key not in old)]:
        if names and (key not in old or key not in new):
            yield Change("item", (*path, key), old.get(key), new.get(key))
        else:
            yield from _values((*path, key), old.get(key), new.get(key))


def _lists(path: tuple[str, ...], old: list[Any], new: list[Any]) -> Iterator[Change]:
    """Compare two lists as sets of items, each known by its name; steps by their order too."""
    ordered = path[-1] in _ORDERED
    if ordered and not any(isinstance(one, dict) for one in (*old, *new)):
        if not (len(old) == len(new) and all(same(path[-1], one, two) for one, two in zip(old, new, strict=True))):
            yield Change("field", path, old or None, new or None)
        return
    before, after = by_name(old, path[-1]), by_name(new, path[-1])
    gone = [name for name in before if name not in after]
    come = [name for name in after if name not in before]
    yield from _renamed(path, before, after, gone, come)
    for name in before:
        if name in after:
            one, two = before[name], after[name]
            if isinstance(one, dict) and isinstance(two, dict):
                yield from _mappings((*path, name), *(without_name(value) for value in (one, two)))
    yield from (Change("item", (*path, name), before[name], None) for name in gone)
    yield from (Change("item", (*path, name), None, after[name]) for name in come)
    if ordered:
        first, second = ([name for name in one if name in two] for one, two in ((before, after), (after, before)))
        if first != second:
            yield Change("order", path, first, second)


def _renamed(
    path: tuple[str, ...], before: dict[str, Any], after: dict[str, Any], gone: list[str], come: list[str]
) -> Iterator[Change]:
    """Find items of which only the name changed, and take them from the lists of what is gone and what has come."""
    waiting: dict[str, list[str]] = {}
    for name in come:
        if rest := rest_of(after[name]):
            waiting.setdefault(rest, []).append(name)
    for name in tuple(gone):
        rest = rest_of(before[name])
        if rest and waiting.get(rest):
            other = waiting[rest].pop(0)
            key = identity_of(before[name])
            gone.remove(name)
            come.remove(other)
            yield Change("field", (*path, key), before[name][key], after[other][key])


def _sections(before: Version, after: Version) -> Iterator[Change]:
    if before.fields.get("title") != after.fields.get("title"):  # the heading that repeats it is no change of its own
        before, after = (one._replace(sections=_without_title(one)) for one in (before, after))
    gone = [name for name in before.sections if name not in after.sections]
    come = [name for name in after.sections if name not in before.sections]
    alike: dict[SectionFact, deque[str]] = {}
    for name in come:
        alike.setdefault(after.sections[name], deque()).append(name)
    renamed: dict[str, str] = {}
    for name in gone:
        fact = before.sections[name]
        if fact[1] and alike.get(fact):
            renamed[name] = alike[fact].popleft()
            yield Change("heading", (), name, renamed[name])
    taken = set(renamed.values())
    gone, come = [name for name in gone if name not in renamed], [name for name in come if name not in taken]
    lost = set(gone)
    for name, fact in before.sections.items():
        if name in lost:
            yield Change("section", _headings(name), fact[1], None)
        elif name in after.sections and after.sections[name] != fact:
            yield Change("section", _headings(name), fact[1], after.sections[name][1])
    yield from (Change("section", _headings(name), None, after.sections[name][1]) for name in come)


def _without_title(version: Version) -> dict[str, SectionFact]:
    return {name: fact for name, fact in version.sections.items() if name != TITLE}


def _headings(name: str) -> tuple[str, ...]:
    return tuple(name.split(BELOW))
