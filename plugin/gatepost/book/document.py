"""One file as it was read: its text, its frontmatter, its body."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gatepost.book.faults import Fault, Position

if TYPE_CHECKING:
    from yaml.nodes import Node

__all__ = ["Document"]


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
    faults: tuple[Fault, ...] = ()
    """Why it cannot be read."""
    _node: Node | None = field(default=None, repr=False)
    _body: str | None = field(default=None, repr=False)

    @property
    def body(self) -> str:
        """The text below the frontmatter."""
        if self._body is None:
            self._body = self.text[self.body_start :]
        return self._body

    def position(self, offset: int) -> Position:
        """Give the line and column of a character of the text."""
        offset = max(0, min(offset, len(self.text)))
        start = self.text.rfind("\n", 0, offset) + 1
        return Position(self.text.count("\n", 0, offset) + 1, offset - start + 1)
