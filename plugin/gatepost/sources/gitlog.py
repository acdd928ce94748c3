"""The whole history in one pass: every commit that a revision reaches, with the Markdown files that it changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from gatepost.sources.repository import Repository

__all__ = ["LogCommit", "Row", "read_log"]

_FIELDS: Final = ("%H", "%P", "%an", "%cI", "%s")
_COMMAND: Final = (
    "log",
    "-z",
    "--raw",
    "--no-abbrev",
    "--find-renames",
    "-l1000",
    "--diff-merges=first-parent",
    "--no-color",
    "--no-show-signature",
    "--no-notes",
    "--encoding=UTF-8",
    f"--format={'%x00'.join(_FIELDS)}",
)
_REGULAR: Final = (b"100644", b"100755", b"100664")


class Row(NamedTuple):
    """One file that a commit changed, against its first parent."""

    old_path: str
    """Where it was; empty when the commit added it."""
    new_path: str
    """Where it is now; empty when the commit removed it, or made something else than a file of it."""
    blob: str
    """The id of what it holds now; empty when it is removed."""


class LogCommit(NamedTuple):
    """One commit."""

    id: str
    parents: tuple[str, ...]
    author: str
    date: str
    """When it was committed, ISO 8601 with the committer's offset."""
    subject: str
    rows: tuple[Row, ...]
    """The Markdown files that it changed."""


def read_log(repository: Repository, revisions: tuple[str, ...], suffixes: tuple[bytes, ...]) -> list[LogCommit] | None:
    """Give the commits that some revisions reach, newest first; None when git cannot say.

    Args:
        repository: where to ask.
        revisions: what `git log` takes: a commit, or two to leave out what the older one reaches (`NEW`, `^OLD`).
        suffixes: how the names of the files end that count.
    """
    relative = ("--relative",) if repository.prefix else ()
    output = repository.ask(*_COMMAND, *relative, "--end-of-options", *revisions, "--")
    if output is None:
        return None
    return list(_commits(output, suffixes))


def _commits(output: bytes, suffixes: tuple[bytes, ...]) -> Iterator[LogCommit]:
    tokens = output.split(b"\0")
    at, end, known = 0, len(tokens), len(_FIELDS)
    while at + known <= end and tokens[at]:
        commit, parents, author, date, subject = (_text(token) for token in tokens[at : at + known])
        at += known
        rows: list[Row] = []
        while at < end and (header := tokens[at].lstrip(b"\n")).startswith(b":"):
            # :100644 100644 <old> <new> R100
            renamed = header[header.rindex(b" ") + 1 : header.rindex(b" ") + 2] in {b"R", b"C"}
            old, new = tokens[at + 1], tokens[at + 2 if renamed else at + 1]
            at += 3 if renamed else 2
            if old.endswith(suffixes) or new.endswith(suffixes):
                rows.extend(_rows(header, old, new, suffixes))
        yield LogCommit(commit, tuple(parents.split()), author, date, subject, tuple(rows))


def _rows(header: bytes, old: bytes, new: bytes, suffixes: tuple[bytes, ...]) -> Iterator[Row]:
    """Give what one line of the raw format says about the files that count."""
    old_mode, new_mode, _, blob, status = header[1:].split(b" ")
    was = old_mode in _REGULAR and old.endswith(suffixes) and status[:1] != b"C"
    now = new_mode in _REGULAR and new.endswith(suffixes)
    if was or now:
        yield Row(_text(old) if was else "", _text(new) if now else "", _text(blob) if now else "")


def _text(token: bytes) -> str:
    return token.decode("utf-8", "surrogateescape")
