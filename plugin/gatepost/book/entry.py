"""A file that is a record, or should have been one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from gatepost.book.explain import explain_errors
from gatepost.book.faults import NOT_READ, Fault, KeyPath
from gatepost.book.layout import declared_id, id_from_name, is_candidate, kind_of
from gatepost.book.prose import Prose
from gatepost.records import KINDS, MODEL_OF_KIND, PREFIX_OF_KIND, AnyRecord, Checklist, Kind, canonical

if TYPE_CHECKING:
    from gatepost.book.document import Document

__all__ = ["Entry", "Unread", "read_entry", "read_entry_again"]

_OF_DESIGN: Final = frozenset({"pipeline", "checklist"})
"""Kinds of which a design has one, which is called after it."""
_ITEM_ID: Final = re.compile(rf"\bid\s*:\s*[\"']?({PREFIX_OF_KIND['item']}-\d+)")


@dataclass(eq=False)
class Entry:
    """A record in its place: the typed record, the file, the design it belongs to."""

    record: AnyRecord
    document: Document
    design: str = ""
    """The id of the design it belongs to; empty for none."""
    is_reading: bool = False
    """Whether something stands in for values that cannot be read: it cannot be compared with what is elsewhere."""

    @property
    def kind(self) -> Kind:
        """The kind of record."""
        return self.record.kind

    @property
    def path(self) -> str:
        """The file, relative to the root of the repository."""
        return self.document.path

    @cached_property
    def id(self) -> str:
        """How people name it: `ADR-0003`, `churn-batch`, `churn-batch/pipeline`, `policy`."""
        own = getattr(self.record, "id", None)
        if own is not None:
            return str(own)
        if self.kind == "policy":
            return "policy"
        return f"{self.design}/{self.kind}" if self.design else PurePosixPath(self.path).with_suffix("").as_posix()

    @cached_property
    def key(self) -> str:
        """The id in its one spelling, under which it is looked up."""
        return canonical(self.id)

    @cached_property
    def prose(self) -> Prose:
        """The body, read for ids, links, headings and placeholders."""
        return Prose(self.document.body, self.document.body_start)


@dataclass(eq=False)
class Unread:
    """A file that should be a record and cannot be read as one."""

    document: Document
    kind: str
    """The kind it would be; `page` when nothing tells."""
    faults: tuple[Fault, ...]
    name: str = ""
    """The id that it says, or that its file's name stands for; empty when nothing tells."""
    design: str = ""

    @property
    def path(self) -> str:
        """The file, relative to the root of the repository."""
        return self.document.path

    @property
    def id(self) -> str:
        """The id that it would have, as far as anything tells; else its path."""
        if not self.name and self.kind in _OF_DESIGN and self.design:
            return f"{self.design}/{self.kind}"
        return self.name or ("policy" if self.kind == "policy" else self.path)

    @property
    def key(self) -> str:
        """The id in its one spelling."""
        return canonical(self.id)

    @cached_property
    def item_keys(self) -> frozenset[str]:
        """The keys that the items of a checklist have, as far as anything tells."""
        text = self.document.front or self.document.text
        return frozenset(map(canonical, _ITEM_ID.findall(text))) if self.kind == "checklist" else frozenset()

    @cached_property
    def places(self) -> tuple[KeyPath, ...]:
        """Where it cannot be read, as far as that is in its frontmatter."""
        said = [fault.at for fault in self.faults if isinstance(fault.at, tuple)]
        return (*said, *_not_read(self.document.partial))

    def readings(self) -> Iterator[Entry | None]:
        """Give what it may be once its values are mended; nothing, or None among them, when nobody can tell."""
        data = self.document.partial if self.document.data is None else self.document.data
        if self.kind not in KINDS or data is None or any(fault.at == () for fault in self.faults):
            return
        from gatepost.book.readings import readings_of  # noqa: PLC0415 - most records can be read

        for record in readings_of(self.kind, data):
            yield Entry(record, self.document, self.design, is_reading=True) if record else None


def read_entry(document: Document) -> Entry | Unread | None:
    """Make a record of a file; None when it is a page like any other."""
    kind = kind_of(document)
    if document.faults:
        if kind is None and document.page_may and not is_candidate(document.path):
            return None
        return _unread(document, kind or "page", (*document.faults, *_other_faults(document, kind)))
    if kind is None:
        return None
    if kind not in KINDS:
        return _unread(document, "page", (_unknown_kind(kind),))
    if document.data is None:
        hint = "start the file with frontmatter between two lines of ---; `gatepost new` writes one"
        return _unread(document, kind, (Fault(f"a {kind} without frontmatter", hint, 0),))
    return _validate(document, kind, document.data)


def read_entry_again(document: Document, before: Entry | Unread | None) -> Entry | Unread | None:
    """Make a record of another version of a file; what the frontmatter says is taken over where that is the same.

    Args:
        document: the file.
        before: what the version before it was, at the same path.
    """
    if isinstance(before, Entry) and document.data is not None and document.front == before.document.front:
        return Entry(before.record, document)
    return read_entry(document)


def _validate(document: Document, kind: Kind, data: dict[str, Any]) -> Entry | Unread:
    model = MODEL_OF_KIND[kind]
    for other, key in model.other_names.items():
        if other in data and key not in data and key.replace("-", "_") not in data:
            data[key] = data.pop(other)
    lacking = _without_id(document, kind, data)
    if lacking is not None:
        others = _faults_in(kind, {**data, "id": f"{PREFIX_OF_KIND[kind]}-0"})
        return _unread(document, kind, (lacking, *others))
    try:
        record = model.model_validate(data)
    except ValidationError as error:
        return _unread(document, kind, explain_errors(kind, data, error))
    return _of_its_own_prefix(Entry(record, document))


def _faults_in(kind: Kind, data: dict[str, Any]) -> tuple[Fault, ...]:
    try:
        MODEL_OF_KIND[kind].model_validate(data)
    except ValidationError as error:
        return explain_errors(kind, data, error)
    return ()


def _without_id(document: Document, kind: Kind, data: dict[str, Any]) -> Fault | None:
    """Give a record the id that its file stands for, where it says none; say so when there is none either."""
    if "id" not in data:
        if kind == "design":
            data["id"] = PurePosixPath(document.path).parent.name
        elif kind in PREFIX_OF_KIND:
            named = id_from_name(document.path, kind)
            if named is None:
                hint = f"add `id: {PREFIX_OF_KIND[kind]}-1`, or start the file's name with a number: 0001-title.md"
                return Fault("id is missing, and the file's name has no number", hint)
            data["id"] = named
    elif kind in PREFIX_OF_KIND and isinstance(data["id"], int):
        number = data["id"]
        message = f"id is the number {number}, not an id"
        return Fault(message, f"write `id: {PREFIX_OF_KIND[kind]}-{number:04d}`", ("id",))
    return None


def _other_faults(document: Document, kind: str | None) -> tuple[Fault, ...]:
    """Give what is wrong with the values that could be read, where others could not."""
    if document.partial is None or kind not in KINDS:
        return ()
    read = _validate(document, kind, document.partial)
    return read.faults if isinstance(read, Unread) else ()


def _of_its_own_prefix(entry: Entry) -> Entry | Unread:
    faults = tuple(_foreign_prefixes(entry))
    return _unread(entry.document, entry.kind, faults) if faults else entry


def _foreign_prefixes(entry: Entry) -> Iterator[Fault]:
    """Find ids that look like those of another kind of record, on the record or on an item of a checklist."""
    named: list[tuple[str, str, KeyPath]] = [(entry.id, entry.kind, ("id",))] if entry.kind in PREFIX_OF_KIND else []
    if isinstance(entry.record, Checklist):
        named += [(item.id, "item", ("items", index, "id")) for index, item in enumerate(entry.record.items)]
    for name, kind, at in named:
        prefix = PREFIX_OF_KIND[kind]
        if not name.startswith(f"{prefix}-"):
            article = "an" if kind == "item" else "a"
            yield Fault(f"id is {name}, but this is {article} {kind}", f"its ids start with {prefix}-", at, name)


def _unknown_kind(kind: str) -> Fault:
    from difflib import get_close_matches  # noqa: PLC0415 - rarely needed

    near = get_close_matches(kind, KINDS, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]}?" if near else f"the kinds are {', '.join(KINDS)}"
    return Fault(f"kind is '{kind}'", hint, ("kind",), kind)


def _unread(document: Document, kind: str, faults: tuple[Fault, ...]) -> Unread:
    name = declared_id(document) or id_from_name(document.path, kind)
    if name is None and kind == "design":
        name = PurePosixPath(document.path).parent.name
    return Unread(document, kind, faults, name or "")


def _not_read(value: object, at: KeyPath = ()) -> Iterator[KeyPath]:
    """Give the places of values that were not read."""
    if value is NOT_READ:
        yield at
    for step, one in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _not_read(one, (*at, step))
