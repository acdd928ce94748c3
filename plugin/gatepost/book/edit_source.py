"""A file's bytes and the text that the reader makes of them: what is changed in one is changed in the other."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from typing import Final, NamedTuple

__all__ = ["EditError", "Source", "Splice"]

_BOM: Final = "\ufeff"
_PAIR: Final = re.compile("\r\n")


class EditError(ValueError):
    """An edit that cannot be made without touching something else; the message is one line that says why."""


class Splice(NamedTuple):
    r"""A stretch of the text, and what stands there afterwards; line ends are `\n`."""

    start: int
    end: int
    text: str


class Source:
    r"""A file as it is stored, and its text as the reader sees it: no byte order mark, line ends `\n`."""

    def __init__(self, content: bytes) -> None:
        """Take a file's bytes.

        Raises:
            EditError: they are not UTF-8.
        """
        try:
            self._raw = content.decode("utf-8")
        except UnicodeDecodeError as error:
            message = f"the file is not UTF-8 (byte {error.start + 1}); save it as UTF-8, then try again"
            raise EditError(message) from None
        self._mark = len(_BOM) if self._raw.startswith(_BOM) else 0
        bare = self._raw[self._mark :]
        self._pairs = [match.start() - count for count, match in enumerate(_PAIR.finditer(bare))]
        self.text = bare.replace("\r\n", "\n").replace("\r", "\n") if "\r" in bare else bare

    def _stored(self, offset: int) -> int:
        """Give where a character of the text is stored."""
        return self._mark + offset + bisect_left(self._pairs, offset)

    def _line_end(self, offset: int) -> str:
        """Give the line end that a line added at an offset gets: that of the line above, else of the line below."""
        at = self.text.rfind("\n", 0, offset)
        if at < 0:
            at = self.text.find("\n", offset)
        return "\n" if at < 0 else self._raw[self._stored(at) : self._stored(at + 1)]

    def spliced(self, splices: Iterable[Splice]) -> bytes:
        """Give the file with some stretches replaced; every other byte stays.

        Args:
            splices: in any order; no two may overlap.
        """
        pieces: list[str] = []
        done = 0
        for start, end, text in sorted(splices):
            pieces.append(self._raw[done : self._stored(start)])
            pieces.append(text.replace("\n", self._line_end(start)) if "\n" in text else text)
            done = self._stored(end)
        pieces.append(self._raw[done:])
        return "".join(pieces).encode()

    def line(self, offset: int) -> int:
        """Give the line of a character of the text, counted from 1."""
        return self.text.count("\n", 0, offset) + 1
