"""What stands now against what was accepted, worked out while the versions of a file pass by."""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.book.changes import changes
from gatepost.book.frozen import ACCEPTED
from gatepost.book.history import Facts
from gatepost.sources.fronts import Fronts
from gatepost.sources.index import Compared

__all__ = ["Acceptances"]


class Acceptances:
    """Takes the versions of files, those of one file after each other, oldest first."""

    def __init__(self, fronts: Fronts) -> None:
        self._fronts = fronts
        self._path = ""
        self._marks: dict[str, tuple[str, bytes]] = {}
        self._facts: Facts | None = None
        self._most = -1

    def take(self, path: str, blob: str, facts: Facts, content: bytes, *, is_last: bool) -> Iterator[Compared]:
        """Take the next version; give what it differs in when it is the last of its file.

        Args:
            path: where the file was, relative to the root.
            blob: the id of its content.
            facts: what it says in short.
            content: its bytes.
            is_last: whether none comes after it.
        """
        if path != self._path:
            self._path, self._marks, self._facts, self._most = path, {}, None, -1
        if self._marks or (facts.kind == "decision" and facts.status in ACCEPTED):
            if facts.amendments > self._most:
                self._marks["sanctioned"], self._most = (blob, content), facts.amendments
            if self._facts is None or self._facts.status != facts.status:
                self._marks["moved"] = (blob, content)
            if is_last:
                yield from self._compared(path, blob, content)
        self._facts = facts

    def _compared(self, path: str, blob: str, content: bytes) -> Iterator[Compared]:
        others = {name: old for name, old in self._marks.values() if name != blob}
        if others:
            now = self._fronts.version(path, content)
            for name, old in others.items():
                yield (name, path), (blob, path), changes(self._fronts.version(path, old), now)
