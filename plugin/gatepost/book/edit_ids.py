"""A record's number changed wherever it is named: in fields, in prose, in links to its file. Code is left alone."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple
from urllib.parse import quote, unquote

from gatepost.records import canonical

__all__ = ["BY_NAME", "Left", "Mended", "Renaming", "is_within", "respelled"]

BY_NAME: Final = "the file's old name"
"""Why a place is left: the name stands in text that is no link."""

_DIGITS: Final = re.compile(r"[0-9]+")
_USUAL_WIDTH: Final = 4


class Left(NamedTuple):
    """A place that was not changed: its line, what stands there, and why a person should look."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Mended:
    """A file with its references mended."""

    content: bytes
    count: int = 0
    """How many places were changed."""
    left: tuple[Left, ...] = ()


@dataclass(frozen=True)
class Renaming:
    """Which number becomes which."""

    old: str
    """The id as it was, in its one spelling: `ADR-3`."""
    new: str
    """The id as it will be."""
    subject: str = ""
    """The file of the record, where it lies now; empty for an item of a checklist."""
    moved_to: str = ""
    """Where that file will lie; empty when its name stays."""
    written: str = ""
    """The old id as its record writes it."""
    others: frozenset[str] = frozenset()
    """Other files that claim the old id: a bare id may mean any of them."""

    @cached_property
    def prefix(self) -> str:
        """What both ids start with."""
        return self.old.partition("-")[0]

    @cached_property
    def number(self) -> int:
        """The new number."""
        return int(self.new.partition("-")[2])

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The old id in any spelling, wherever it stands."""
        return re.compile(rf"(?<![^\W_]){self.prefix}-0{{0,8}}{self.old.partition('-')[2]}(?![^\W_])")

    @cached_property
    def _name_start(self) -> str:
        """The beginning of the file's name, up to the end of its number; links never write it otherwise."""
        name = posixpath.basename(self.subject)
        digits = _DIGITS.search(name)
        return name[: digits.end()] if self.moved_to and digits else ""

    def concerns(self, text: str) -> bool:
        """Tell whether a text may name the record or its file."""
        return self.pattern.search(text) is not None or (self._name_start != "" and self._name_start in text)

    def id_for(self, written: str) -> str:
        """Give the new id as the author spells ids: `ADR-0007` where `ADR-0003` stood, `ADR-7` for `ADR-3`."""
        prefix, _, digits = written.partition("-")
        return f"{prefix}-{respelled(digits, self.number)}"

    def is_old(self, written: str) -> bool:
        """Tell whether a spelling is one of the old id."""
        return canonical(written) == self.old

    def names_in(self, text: str) -> Iterator[tuple[int, int]]:
        """Give where the file's old name stands in a text, as a name of its own."""
        if self.moved_to:
            name = posixpath.basename(self.subject)
            for match in re.finditer(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", text):
                yield match.span()

    def path_for(self, written: str) -> str:
        """Give a path or a link to the file as it will be, with the author's folders, anchor and escapes."""
        path = re.split(r"[#?]", written, maxsplit=1)[0]
        start = path.rfind("/") + 1
        name = posixpath.basename(self.moved_to)
        digits = _DIGITS.search(name)
        segment = _DIGITS.sub(digits[0] if digits else "", path[start:], count=1)
        if unquote(segment) != name:
            segment = quote(name) if "%" in path[start:] else name
        return f"{path[:start]}{segment}{written[len(path) :]}"


def respelled(digits: str, number: int) -> str:
    """Write a number as wide as another is written: leading zeros are kept, and so is the usual width of four."""
    width = len(digits) if digits.startswith("0") else _USUAL_WIDTH if len(digits) >= _USUAL_WIDTH else 1
    return f"{number:0{width}d}"


def is_within(span: tuple[int, int], spans: Iterable[tuple[int, int]]) -> bool:
    """Tell whether a stretch touches one of some others."""
    return any(start < span[1] and span[0] < end for start, end in spans)
