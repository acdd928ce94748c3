"""The records that executed dry runs leave below a design: the newest first, and which of them counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from posixpath import normpath
from typing import Final, NamedTuple

from pydantic import ValidationError

from gatepost.book.book import Book
from gatepost.book.entry import Entry
from gatepost.book.frontmatter import read_document
from gatepost.records import DryRun, Pipeline

__all__ = ["DRY_RUNS", "FoundRun", "counting", "dry_run_pages", "dry_runs_of", "read_dry_run", "run_folder"]

DRY_RUNS: Final = "evidence/dry-runs"
"""Where the records are kept, below the design's folder."""


class FoundRun(NamedTuple):
    """One record of an executed dry run, or why it cannot be read."""

    path: str
    """From the root of the repository."""
    record: DryRun | None
    problem: str = ""
    """Why it cannot be read; empty when it can."""


def dry_runs_of(book: Book, entry: Entry) -> tuple[FoundRun, ...]:
    """Give the records of executed dry runs of a contract, the newest first; those that cannot be read come before all.

    Args:
        book: the book, for its pages and files.
        entry: the contract.
    """
    found = [run for path in dry_run_pages(book, entry) if (run := _found(book, path)) is not None]
    return tuple(sorted(found, key=_newness, reverse=True))


def dry_run_pages(book: Book, entry: Entry) -> tuple[str, ...]:
    """Give the paths of the pages where records of a contract's dry runs are kept, from the root of the repository."""
    folder = f"{book.folder(entry)}/{DRY_RUNS}/".removeprefix("/")
    return tuple(sorted(path for path in book.pages if path.startswith(folder)))


def run_folder(book: Book, entry: Entry, contract: Pipeline) -> str | None:
    """Give the folder that the stages of a contract run in, from the root of the repository: `workdir`, else its own.

    None when it lies outside the repository.
    """
    if contract.workdir is None:
        return book.folder(entry)
    folder = normpath(contract.workdir)
    return None if folder.startswith(("/", "..")) else folder


def counting(runs: Sequence[FoundRun], digests: Collection[str]) -> FoundRun | None:
    """Give the record that counts for a contract: the newest that is of it, else the newest; None without any.

    Where a contract is changed twice a day, or back, or merged, records of others are as new as its own.

    Args:
        runs: the records, the newest first.
        digests: those of the contract as it is today.
    """
    readable = [run for run in runs if run.record is not None]
    own = (run for run in readable if run.record is not None and run.record.contract_sha256 in digests)
    return next(own, readable[0] if readable else None)


def _newness(run: FoundRun) -> tuple[bool, str, bool, str]:
    """Order by day. A record has no time of day: where two of one day disagree, the one that failed comes first."""
    if run.record is None:
        return True, "", True, run.path
    return False, str(run.record.date), run.record.result == "failed", run.path


def _found(book: Book, path: str) -> FoundRun | None:
    """Give a record; None for a page that is none and does not say that it is one."""
    content = book.files.read(path)
    if content is None:
        return FoundRun(path, None, "it is too large or cannot be read")
    if path.rpartition("/")[2].casefold() in {"index.md", "readme.md"}:
        return None
    record = read_dry_run(path, content)
    return FoundRun(path, None, record) if isinstance(record, str) else FoundRun(path, record)


@lru_cache(maxsize=256)
def read_dry_run(path: str, content: bytes) -> DryRun | str:
    """Give the record that a file holds, or why it holds none; a gate, the evidence and a page ask for the same one."""
    document = read_document(path, content)
    if document.faults or document.data is None:
        return document.faults[0].message if document.faults else "it has no frontmatter"
    try:
        return DryRun.model_validate(document.data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        return f"{'.'.join(str(step) for step in first['loc'])}: {first['msg']}"
