"""What was read of a history, kept between runs: a file that is checked before it is used, thrown away on any doubt.

It lies in the user's cache folder, never in the repository: what a pull request can write is not believed.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Final

from gatepost.book.changes import Version

__all__ = ["HistoryIndex", "cache_folder"]

READER: Final = 2
"""Counted up whenever the same bytes are read differently: an index of another reader is not used."""
_TABLES: Final = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, said TEXT)",
    "CREATE TABLE line (number INTEGER PRIMARY KEY, said TEXT)",
    "CREATE TABLE version (name TEXT PRIMARY KEY, said TEXT, seal TEXT) WITHOUT ROWID",
    "CREATE TABLE point (name TEXT PRIMARY KEY, said TEXT, seal TEXT) WITHOUT ROWID",
)


_MOST_POINTS: Final = 500


def cache_folder() -> Path | None:
    """Give the folder that caches are kept in: GATEPOST_CACHE_DIR, or the user's; None when it is set to nothing."""
    said = os.environ.get("GATEPOST_CACHE_DIR")
    if said is not None:
        return Path(said) if said.strip() else None
    from platformdirs import user_cache_path  # noqa: PLC0415 - only for logs with a history

    return user_cache_path("gatepost", appauthor=False)


@dataclass(eq=False)
class HistoryIndex:
    """One history's lines and versions."""

    database: sqlite3.Connection
    file: Path | None
    """Where it is kept; None for one that goes with the process."""
    head: str = ""
    """The commit up to which the history was read; empty for nothing."""
    lines: list[str] = field(default_factory=list)
    """One line of JSON for each commit of the main line, oldest first."""

    @classmethod
    def open(cls, folder: Path | None, identity: str) -> HistoryIndex:
        """Open the index of a history, or begin one.

        Args:
            folder: where indexes are kept; None to keep none.
            identity: what tells one history from another: the repository, the folder of the records, the version.
        """
        if folder is not None:
            file = folder / f"history-{_digest(identity)}.db"
            with suppress(sqlite3.Error, OSError, ValueError, TypeError):
                return _opened(cls, file, identity)
            with suppress(sqlite3.Error, OSError):
                return _begun(cls, file, identity)
        return _begun(cls, None, identity)

    def reach(self, commit: str) -> int:
        """Give how many lines lead to a commit; 0 when it is not on the line."""
        start = f'[["{commit}",'
        numbers = range(len(self.lines) - 1, -1, -1)
        return next((number + 1 for number in numbers if self.lines[number].startswith(start)), 0)

    def version(self, blob: str, path: str) -> Version | None:
        """Give a version that was kept; None when it was not, or is not what was written."""
        with suppress(sqlite3.Error, ValueError, TypeError, KeyError, IndexError):
            name = _name(blob, path)
            found = self.database.execute("SELECT said, seal FROM version WHERE name = ?", (name,)).fetchone()
            if found is not None and _digest(name, found[0]) == found[1]:
                return Version.from_json(found[0])
        return None

    def keep(self, versions: Iterable[tuple[str, Version]]) -> None:
        """Keep versions by their blob and path."""
        rows = ((name := _name(blob, one.path), text := one.to_json(), _digest(name, text)) for blob, one in versions)
        with suppress(sqlite3.Error):
            self.database.executemany("INSERT OR REPLACE INTO version VALUES (?, ?, ?)", rows)

    def extend(self, lines: Iterable[str], head: str) -> None:
        """Add the lines of newer commits, and make all that was added durable."""
        added = list(lines)
        start = len(self.lines)
        self.lines.extend(added)
        self.head = head
        with suppress(sqlite3.Error):
            self.database.executemany("INSERT INTO line VALUES (?, ?)", enumerate(added, start))
            said = [("head", head), ("seal", _digest(head, *self.lines))]
            self.database.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", said)
            self.database.commit()

    def point(self, name: str) -> str | None:
        """Give what was kept about a point of the trend; None when nothing was, or it is not what was written."""
        with suppress(sqlite3.Error, ValueError, TypeError):
            found = self.database.execute("SELECT said, seal FROM point WHERE name = ?", (name,)).fetchone()
            if found is not None and _digest(name, found[0]) == found[1]:
                return str(found[0])
        return None

    def keep_points(self, points: Iterable[tuple[str, str]]) -> None:
        """Keep what was worked out about points of the trend; what nobody asks for any more goes after a while."""
        rows = [(name, said, _digest(name, said)) for name, said in points]
        with suppress(sqlite3.Error):
            if self.database.execute("SELECT count(*) FROM point").fetchone()[0] > _MOST_POINTS:
                self.database.execute("DELETE FROM point")
            self.database.executemany("INSERT OR REPLACE INTO point VALUES (?, ?, ?)", rows)
            self.database.commit()

    def forget(self) -> None:
        """Begin anew: the history was rewritten."""
        self.lines, self.head = [], ""
        with suppress(sqlite3.Error):
            self.database.execute("DELETE FROM line")
            self.database.execute("DELETE FROM meta WHERE name IN ('head', 'seal')")

    def close(self) -> None:
        """Let go of the file."""
        with suppress(sqlite3.Error):
            self.database.close()


def _opened(kind: type[HistoryIndex], file: Path, identity: str) -> HistoryIndex:
    if not file.is_file():
        raise FileNotFoundError(file)
    database = sqlite3.connect(file, timeout=2, isolation_level="DEFERRED")
    try:
        meta = dict(database.execute("SELECT name, said FROM meta"))
        lines = [said for (said,) in database.execute("SELECT said FROM line ORDER BY number")]
        head = meta.get("head", "")
        _refuse_foreign(meta, identity, _digest(head, *lines))
    except BaseException:
        database.close()
        raise
    return kind(database, file, head, lines)


def _refuse_foreign(meta: dict[str, str], identity: str, seal: str) -> None:
    if meta.get("identity") != identity or meta.get("seal") != seal:
        message = "another history's index, or a broken one"
        raise ValueError(message)


def _begun(kind: type[HistoryIndex], file: Path | None, identity: str) -> HistoryIndex:
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        for rest in _files(file):
            rest.unlink(missing_ok=True)
    database = sqlite3.connect(file or "", timeout=2, isolation_level="DEFERRED")
    database.execute("PRAGMA synchronous = OFF")  # a half-written index fails its seal, and is begun anew
    for table in _TABLES:
        database.execute(table)
    database.execute("INSERT INTO meta VALUES ('identity', ?)", (identity,))
    return kind(database, file)


def _files(file: Path) -> Iterator[Path]:
    yield file
    yield from (file.with_name(f"{file.name}{end}") for end in ("-journal", "-wal", "-shm"))


def _name(blob: str, path: str) -> str:
    return f"{blob} {path!a}"  # a path need not be text that a database takes


def _digest(*parts: str) -> str:
    seal = blake2b(digest_size=16)
    for part in parts:
        seal.update(part.encode("utf-8", "surrogatepass"))
        seal.update(b"\0")
    return seal.hexdigest()


def as_line(parts: object) -> str:
    """Write what a line holds."""
    return json.dumps(parts, separators=(",", ":"))
