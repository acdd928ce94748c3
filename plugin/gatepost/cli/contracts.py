"""The stage contract that a command is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gatepost.book import Entry, Unread, locate
from gatepost.book.dry_runs import run_folder
from gatepost.cli.trouble import CouldNotCheckError
from gatepost.records import Pipeline

if TYPE_CHECKING:
    from gatepost.book import Book

__all__ = ["UnreadContractError", "contract_of", "folder_of"]


class UnreadContractError(CouldNotCheckError):
    """A contract that cannot be read; the message says all that is wrong with its form, each with its line."""

    def __init__(self, unread: Unread) -> None:
        said = [
            f"line {locate(unread.document, fault.at, offset=fault.offset).line}: {fault.message}: {fault.hint}"
            for fault in unread.faults
        ]
        super().__init__(f"{unread.path} cannot be read: {'; '.join(said)}")
        self.unread = unread


def contract_of(book: Book, design: str | None) -> tuple[Entry, Pipeline]:
    """Give the contract of a design, by the design's id, its contract's (`churn/pipeline`) or its path.

    Args:
        book: the records.
        design: what the design is called; None for the only one that has a contract.

    Raises:
        click.UsageError: there is none, or none is named and there are several.
        UnreadContractError: it cannot be read.
    """
    contracts = [(one, one.record) for one in book.of_kind("pipeline") if isinstance(one.record, Pipeline)]
    known = sorted(one.design or one.id for one, _ in contracts)
    if design is None and len(contracts) == 1:
        return contracts[0]
    if design is None and contracts:
        message = f"several designs have a contract; name one of {', '.join(known)}"
        raise click.UsageError(message)
    wanted = (design or "").replace("\\", "/").removeprefix("./").strip("/")
    for entry, record in contracts:
        if wanted in {entry.design, entry.id, entry.path, book.folder(entry)}:
            return entry, record
    for unread in book.unread:
        if unread.kind == "pipeline" and (design is None or wanted in {unread.design, unread.id, unread.path}):
            raise UnreadContractError(unread)
    said = f"no design '{design}' with a stage contract" if design else "no design with a stage contract"
    hint = f"those with one are {', '.join(known)}" if known else "`gatepost new pipeline` writes one"
    message = f"there is {said}; {hint}"
    raise click.UsageError(message)


def folder_of(book: Book, entry: Entry, record: Pipeline) -> str:
    """Give the folder that the stages of a contract run in, from the root of the repository: `workdir`, else its own.

    Raises:
        CouldNotCheckError: it lies outside the repository.
    """
    folder = run_folder(book, entry, record)
    if folder is None:
        message = f"workdir {record.workdir} leaves the repository"
        raise CouldNotCheckError(message)
    return folder
