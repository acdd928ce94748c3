"""What was read of a history, kept between runs: a file that is checked before it is used, thrown away on any doubt.

It lies in the user's cache folder, never in the repository: what a pull request can write is not believed.
"""

from __future__ import annotations

import ast
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from gatepost.book.changes import Change, Version

__all__ = ["Compared", "HistoryIndex", "Line", "cache_folder"]

READER: Final = 5
"""Counted up whenever the same bytes are read differently: an index of another reader is not used."""
_TABLES: Final = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, said TEXT)",
    "CREATE TABLE lines (start INTEGER PRIMARY KEY, said TEXT)",
    "CREATE TABLE state (name TEXT PRIMARY KEY, said TEXT, seal TEXT)",
    "CREATE TABLE version (name TEXT PRIMARY KEY, said TEXT, seal TEXT) WITHOUT ROWID",
    "CREATE TABLE difference (name TEXT PRIMARY KEY, said TEXT, seal TEXT) WITHOUT ROWID",
    "CREATE TABLE point (name TEXT PRIMARY KEY, said TEXT, seal TEXT) WITHOUT ROWID",
)


_MOST_POINTS: Final = 500
_AT_ONCE: Final = 200
"""How many versions that somebody asked for are kept at a time."""

At = tuple[str, str]
"""The blob and the path of a version."""
Compared = tuple[At, At, tuple[Change, ...]]
"""Two versions, and what differs."""
Line = list[Any]
"""One commit of the main line, as JSON can hold it; see `history_pass`."""


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
    identity: str = ""
    """What tells it from others; see `open`."""
    head: str = ""
    """The commit up to which the history was read; empty for nothing."""
    _seals: list[str] = field(default_factory=list)
    _versions: list[tuple[str, Version]] = field(default_factory=list)
    _compared: list[Compared] = field(default_factory=list)
    _ahead: dict[str, str] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path | None, identity: str, *, believe: bool = True) -> HistoryIndex:
        """Open the index of a history, or begin one.

        Args:
            folder: where indexes are kept; None to keep none.
            identity: what tells one history from another: the repository, the folder of the records, the version.
            believe: whether one that is there may be used.
        """
        if folder is not None:
            file = folder / f"history-{_digest(identity)}.db"
            with suppress(sqlite3.Error, OSError, ValueError, TypeError, AttributeError):
                if believe:
                    return _opened(cls, file, identity)
            with suppress(sqlite3.Error, OSError):
                return _begun(cls, file, identity)
        return _begun(cls, None, identity)

    @cached_property
    def lines(self) -> list[Line]:
        """What is kept of each commit of the main line, oldest first."""
        if not self.head:
            return []
        with suppress(sqlite3.Error, ValueError, TypeError, RecursionError):
            texts = [said for (said,) in self.database.execute("SELECT said FROM lines ORDER BY start")]
            if [_digest(text) for text in texts] == self._seals:
                return [line for text in texts for line in json.loads(text)]
        self._begin_anew()
        return []

    def _begin_anew(self) -> None:
        """Throw a broken file away; where that cannot be done, go on in memory."""
        self.close()
        new = HistoryIndex.open(self.file.parent if self.file else None, self.identity, believe=False)
        self.database, self.file, self.head, self._seals = new.database, new.file, "", []

    def state(self) -> Any | None:  # noqa: ANN401 - JSON
        """Give what all lines together came to; None when that was not kept."""
        text = self._kept("state", self.head) if self.head else None
        with suppress(ValueError, RecursionError):
            return None if text is None else json.loads(text)
        return None

    def keep_state(self, state: object) -> None:
        """Keep what all lines together came to."""
        with suppress(sqlite3.Error):
            self.database.execute("DELETE FROM state")
            self._keep("state", [(self.head, as_line(state))])
            self.database.commit()

    def reach(self, commit: str) -> int:
        """Give how many lines lead to a commit; 0 when it is not on the line."""
        numbers = range(len(self.lines) - 1, -1, -1)
        return next((number + 1 for number in numbers if self.lines[number][0][0] == commit), 0)

    def version(self, blob: str, path: str) -> Version | None:
        """Give a version that was kept; None when it was not, or is not what was written."""
        with suppress(ValueError, TypeError):
            name = _name(blob, path)
            text = self._ahead.get(name) or self._kept("version", name)
            return None if text is None else Version.from_json(text)
        return None

    def read_ahead(self) -> frozenset[tuple[str, str]]:
        """Have all versions at hand that are kept; give the blob and the path of each."""
        self.flush()
        with suppress(sqlite3.Error, ValueError, TypeError):
            rows = self.database.execute("SELECT name, said, seal FROM version")
            self._ahead = {name: said for name, said, seal in rows if _digest(name, said) == seal}
        return frozenset(_at(name) for name in self._ahead)

    def keep_ahead(self, blob: str, version: Version) -> None:
        """Have one more version at hand, and keep it."""
        self._ahead[_name(blob, version.path)] = version.to_json()
        self.keep_later((blob, version))

    def differences(self, before: At, after: At) -> tuple[Change, ...] | None:
        """Give what differs between two versions, each by blob and path, when that was kept; see `version`."""
        with suppress(ValueError, TypeError, RecursionError):
            text = self._kept("difference", f"{_name(*before)} {_name(*after)}")
            return None if text is None else tuple(Change.from_json(one) for one in json.loads(text))
        return None

    def _kept(self, table: str, name: str) -> str | None:
        with suppress(sqlite3.Error):
            found = self.database.execute(f"SELECT said, seal FROM {table} WHERE name = ?", (name,)).fetchone()  # noqa: S608
            if found is not None and _digest(name, found[0]) == found[1]:
                return str(found[0])
        return None

    def keep(self, versions: Iterable[tuple[str, Version]]) -> None:
        """Keep versions by their blob and path."""
        self._keep("version", ((_name(blob, one.path), one.to_json()) for blob, one in versions))

    def keep_differences(self, compared: Iterable[tuple[At, At, tuple[Change, ...]]]) -> None:
        """Keep what differs between two versions, each by blob and path."""
        said = ((f"{_name(*a)} {_name(*b)}", as_line([one.as_json() for one in found])) for a, b, found in compared)
        self._keep("difference", said)

    def _keep(self, table: str, said: Iterable[tuple[str, str]]) -> None:
        rows = ((name, text, _digest(name, text)) for name, text in said)
        with suppress(sqlite3.Error):
            self.database.executemany(f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?)", rows)  # noqa: S608

    def keep_later(self, version: tuple[str, Version] | None = None, compared: Compared | None = None) -> None:
        """Keep a version, or what differs between two, that somebody asked for; some at a time."""
        if self.file is None:
            return
        if version is not None:
            self._versions.append(version)
        if compared is not None:
            self._compared.append(compared)
        if len(self._versions) + len(self._compared) >= _AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Make durable what waits to be kept."""
        if self._versions or self._compared:
            self.keep(self._versions)
            self.keep_differences(self._compared)
            self._versions, self._compared = [], []
            with suppress(sqlite3.Error):
                self.database.commit()

    def extend(self, lines: Iterable[Line], head: str) -> None:
        """Add what is kept of newer commits, and make all that was added durable."""
        start, added = len(self.lines), list(lines)
        text = as_line(added)
        self.lines.extend(added)
        self._seals.append(_digest(text))
        self.head = head
        with suppress(sqlite3.Error):
            self.database.execute("INSERT INTO lines VALUES (?, ?)", (start, text))
            said = [("head", head), ("seals", " ".join(self._seals)), ("seal", _digest(head, *self._seals))]
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
        self.lines, self._seals, self.head = [], [], ""
        with suppress(sqlite3.Error):
            self.database.execute("DELETE FROM lines")
            self.database.execute("DELETE FROM meta WHERE name IN ('head', 'seals', 'seal')")
            self.database.execute("DELETE FROM state")

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
        head, seals = meta.get("head", ""), meta.get("seals", "").split()
        _refuse_foreign(meta, identity, _digest(head, *seals))
    except BaseException:
        database.close()
        raise
    return kind(database, file, identity, head, seals)


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
    return kind(database, file, identity)


def _files(file: Path) -> Iterator[Path]:
    yield file
    yield from (file.with_name(f"{file.name}{end}") for end in ("-journal", "-wal", "-shm"))


def _name(blob: str, path: str) -> str:
    return f"{blob} {path!a}"  # a path need not be text that a database takes


def _at(name: str) -> tuple[str, str]:
    blob, _, path = name.partition(" ")
    return blob, str(ast.literal_eval(path))


def _digest(*parts: str) -> str:
    seal = blake2b(digest_size=16)
    for part in parts:
        seal.update(part.encode("utf-8", "surrogatepass"))
        seal.update(b"\0")
    return seal.hexdigest()


def as_line(parts: object) -> str:
    """Write what a line holds."""
    return json.dumps(parts, separators=(",", ":"))
