"""The files of an executed dry run beside those of today, and beside those of the commit that it names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from gatepost.book import Book, Entry
from gatepost.book.dry_runs import run_folder
from gatepost.records import DryRun, Pipeline
from gatepost.records.dry_run import is_part_of_a_run

__all__ = ["RunFiles"]


class RunFiles:
    """What has become of the files that a run has read, and which a run of today would read besides."""

    def __init__(self, book: Book, entry: Entry, contract: Pipeline, record: DryRun) -> None:
        self._book, self._entry, self._contract, self._record = book, entry, contract, record
        self._near = book.folder(entry)

    @cached_property
    def changed(self) -> tuple[str, ...]:
        """The files of the record that are gone, or that hold something else."""
        files = self._book.files
        facts = ((one, files.look(one.path, self._near)) for one in self._record.files)
        return tuple(one.path for one, fact in facts if fact.state != "found" or files.sha256(fact.path) != one.sha256)

    @cached_property
    def added(self) -> dict[str, str]:
        """The files that a run of today would read and that the record does not have, each with where it is."""
        known = {one.path for one in self._record.files}
        return {name: path for name, path in self._today() if name not in known}

    @cached_property
    def withheld(self) -> tuple[str, ...]:
        """Those of them that the commit of the record has as they are today, so that its run must have read them."""
        return tuple(name for name, path in self.added.items() if self._at_commit(path) == "same")

    @cached_property
    def others(self) -> tuple[str, ...]:
        """The files of the record that its commit does not have like this."""
        facts = ((one.path, self._book.files.look(one.path, self._near)) for one in self._record.files)
        return tuple(path for path, fact in facts if self._at_commit(fact.path) == "other")

    def _at_commit(self, path: str) -> str | None:
        return self._book.files.at_commit(self._record.commit, path) if self._record.commit else None

    def _today(self) -> Iterator[tuple[str, str]]:
        """Give the files that a run reads by their names in a record: not the records, not what is kept as evidence."""
        folder = run_folder(self._book, self._entry, self._contract)
        paths = None if folder is None else self._book.files.tracked_below(folder)
        if folder is None or paths is None:
            return
        base = "" if folder in {"", "."} else f"{folder}/"
        place = "" if folder == self._near else f"{folder}/"
        kept = {f"{one}/evidence/".removeprefix("/") for one in map(self._book.folder, self._book.designs)}
        for path in paths:
            name = path.removeprefix(base)
            if is_part_of_a_run(name) and not any(path.startswith(one) for one in kept):
                yield f"{place}{name}", path
