"""One file as it was read: its text, its frontmatter, its body."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from gatepost.book.faults import Fault, Position

if TYPE_CHECKING:
    from yaml.nodes import Node

__all__ = ["Document"]

_LINE_END: Final = re.compile("\n")


@dataclass(eq=False, slots=True)
class Document:
    r"""A Markdown file: normalised text (no byte order mark, `\n` line ends) and what its frontmatter holds."""

    path: str
    """Where it is, relative to the root of the repository, with `/`."""
    text: str = ""
    """The whole text."""
    front_start: int = 0
    """Offset of the frontmatter in the text."""
    front: str = ""
    """The frontmatter between its fences; empty when there is none."""
    body_start: int = 0
    """Offset of the body in the text."""
    data: dict[str, Any] | None = None
    """What the frontmatter holds; None when there is none or it cannot be read."""
    partial: dict[str, Any] | None = None
    """What the frontmatter holds besides single values that cannot be read; None unless there are such."""
    whole: dict[str, Any] | None = None
    """All that the frontmatter holds, as any reader of YAML finds it; None when readers may differ."""
    faults: tuple[Fault, ...] = ()
    """Why it cannot be read."""
    page_may: bool = False
    """Whether a page that is no record may have these faults: MkDocs reads it all the same."""
    _node: Node | None = field(default=None, repr=False)
    _body: str | None = field(default=None, repr=False)
    _line_ends: list[int] | None = field(default=None, repr=False)

    @property
    def body(self) -> str:
        """The text below the frontmatter."""
        if self._body is None:
            self._body = self.text[self.body_start :]
        return self._body

    def position(self, offset: int) -> Position:
        """Give the line and column of a character of the text."""
        if self._line_ends is None:
            self._line_ends = [match.start() for match in _LINE_END.finditer(self.text)]
        offset = max(0, min(offset, len(self.text)))
        line = bisect_left(self._line_ends, offset)
        start = self._line_ends[line - 1] + 1 if line else 0
        return Position(line + 1, offset - start + 1)
