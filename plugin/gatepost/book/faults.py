"""What is wrong with a record, and where; the position is worked out only when somebody asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

__all__ = ["NOT_READ", "Fault", "FaultError", "KeyPath", "Place", "Position"]

KeyPath = tuple[str | int, ...]
"""Keys and indices from the top of the frontmatter to a value; empty for the frontmatter itself."""

Place = KeyPath | int
"""A key path, or a character offset into the file's text."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A line and a column, both counted from 1."""

    line: int
    column: int


class Fault(NamedTuple):
    """One thing that is wrong: what, where, and the next thing to do."""

    message: str
    """What is wrong, with the value found."""
    hint: str
    """How to mend it."""
    at: Place = ()
    """Where it is."""
    value: str = ""
    """What tells this fault from another of the same gate on the same field; goes into the fingerprint."""
    offset: int = 0
    """For a place inside an expression: how many characters of it come before."""


class FaultError(Exception):
    """A fault found while a file is read; carries it to the reader, which makes it a value."""

    def __init__(self, fault: Fault, *, page_may: bool = False, before: tuple[Fault, ...] = ()) -> None:
        super().__init__(fault.message)
        self.fault = fault
        self.before = before
        """The faults of single values that were found before it."""
        self.page_may = page_may
        """Whether a page that is no record may be written like this: MkDocs reads it all the same."""


class _NotRead:
    """Stands in frontmatter for a value of which readers of YAML make different things; it is one object."""

    def __copy__(self) -> _NotRead:
        return self

    def __deepcopy__(self, _: object) -> _NotRead:
        return self

    def __repr__(self) -> str:
        return "(not read)"


NOT_READ: Final = _NotRead()
