"""What gates ask of a version first, from its frontmatter; the same frontmatter of a file is read once."""

from __future__ import annotations

from typing import Any, Final

from gatepost.book import read_document
from gatepost.book.changes import Version, version_of
from gatepost.book.frontmatter import MAX_FILE
from gatepost.book.history import Facts
from gatepost.book.version import front_of

__all__ = ["Fronts", "facts_of"]

_FENCE: Final = b"\n---\n"
_MOST: Final = 64
"""How many frontmatters are remembered: those of one file come after each other."""


class Fronts:
    """Reads the versions of files, those of one file after each other."""

    def __init__(self) -> None:
        self._parsed: dict[str, dict[str, Any]] = {}
        self._facts: dict[tuple[str, bytes], Facts] = {}

    def facts(self, path: str, content: bytes) -> Facts:
        """Give what a version says in short.

        Args:
            path: where the file was, relative to the root.
            content: its bytes.
        """
        head = _head(content)
        known = self._facts.get((path, head)) if head else None
        if known is not None:
            return known
        self._bound()
        document = read_document(path, content, self._parsed)
        facts = facts_of(front_of(document))
        if head and document.front and not document.faults:
            self._facts[path, head] = facts
        return facts

    def version(self, path: str, content: bytes) -> Version:
        """Give a version; see `facts`."""
        self._bound()
        return version_of(read_document(path, content, self._parsed))

    def _bound(self) -> None:
        if len(self._parsed) > _MOST:
            self._parsed.clear()
        if len(self._facts) > _MOST:
            self._facts.clear()


def _head(content: bytes) -> bytes:
    """Give the frontmatter with its fences when what a file says in short depends on nothing else; else nothing."""
    end = content.find(_FENCE, len(b"---")) + len(_FENCE)
    if end < len(_FENCE) or not content.startswith(b"---\n") or len(content) > MAX_FILE:
        return b""
    if b"\0" in content or b"<<<<<<<" in content or b">>>>>>>" in content:
        return b""
    if not content.isascii():
        try:
            content.decode()
        except UnicodeDecodeError:
            return b""
    return content[:end]


def facts_of(version: Version) -> Facts:
    """Give what gates ask of a version first."""
    status, amendments = version.fields.get("status"), version.fields.get("amendments")
    return Facts(
        version.kind,
        version.id,
        status if isinstance(status, str) else "",
        len(amendments) if isinstance(amendments, list) else 0,
        bool(version.problem) and version.kind != "page",
    )
