"""What all commands that change records do: judge the log as it would be, write all or nothing, say what."""

from __future__ import annotations

import difflib
import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gatepost.book.edit import EditError
from gatepost.cli.disk import place, read_whole
from gatepost.cli.exit_codes import ExitCode
from gatepost.cli.output import dressed, emit
from gatepost.cli.overlay import Change, report_after
from gatepost.cli.project import checked, project_of
from gatepost.cli.refusal import Judged, RefusedError, blocking_after, fingerprint, refusal_text
from gatepost.cli.transaction import Write, unfinished, writing
from gatepost.cli.trouble import CouldNotCheckError
from gatepost.report.lines import plain

if TYPE_CHECKING:
    from gatepost.check import Finding, Report
    from gatepost.cli.settings import Settings

__all__ = ["Plan", "Room", "carry_out", "dry_run_option"]

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Room:
    """What a change is planned in: the log as it is, and the folder that it lies in."""

    root: Path
    report: Report

    def content(self, path: str) -> bytes:
        """Give the bytes of a file of the log.

        Raises:
            CouldNotCheckError: it is not there, cannot be read, or is a symbolic link.
        """
        content = read_whole(place(self.root, path))
        if content is None:
            message = f"{path} is gone; try again"
            raise CouldNotCheckError(message)
        return content


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written."""

    changes: Sequence[Change]
    remarks: Sequence[str] = ()
    """Lines to print below what was written."""
    judge: Judged = "touched"
    same: Callable[[Finding], str] = fingerprint
    """What tells whether a finding was there before."""
    proof: Callable[[Report], None] | None = None
    """Sees that the log after the change is the one that is meant; raises CouldNotCheckError when it is not."""


def dry_run_option(command: F) -> F:
    """Let a command show what it would write."""
    return click.option("--dry-run", is_flag=True, help="Print what would change as a diff, and write nothing.")(
        command
    )


def carry_out(settings: Settings, plan: Callable[[Room], Plan], *, dry_run: bool) -> ExitCode:
    """Plan a change, judge the whole log as it would be, and write the files, all or none.

    Args:
        settings: where the project is, and on which day.
        plan: gives what is to be written.
        dry_run: only show it.

    Raises:
        CouldNotCheckError: there is no project, somebody else is writing, or a file cannot be edited or written.
    """
    root = project_of(settings).root
    if dry_run:
        if said := unfinished(root):
            raise CouldNotCheckError(said)
        found = _planned(settings, root, plan)
        if isinstance(found, Plan):
            emit("".join(line for change in found.changes for line in _diff(change)) + _remarks(found))
        return ExitCode.MET if isinstance(found, Plan) else found
    with writing(root) as transaction:
        if transaction.recovered:
            click.echo(f"gatepost: completed an interrupted change of {', '.join(transaction.recovered)}", err=True)
        found = _planned(settings, root, plan)
        if not isinstance(found, Plan):
            return found
        transaction.commit([write for change in found.changes for write in _writes(change)])
    emit("".join(f"Wrote {_shown(root, change.path)}: {change.said}.\n" for change in found.changes) + _remarks(found))
    return ExitCode.MET


def _planned(settings: Settings, root: Path, plan: Callable[[Room], Plan]) -> Plan | ExitCode:
    """Give what is to be written; where it may not be, say why and give the exit code."""
    room = Room(root, checked(settings))
    try:
        found = plan(room)
    except RefusedError as error:
        click.echo(plain(f"gatepost: {error}; nothing was written"), err=True)
        return ExitCode.NOT_MET
    except EditError as error:
        message = f"{error}; nothing was written"
        raise CouldNotCheckError(message) from error
    after = report_after(room.report, found.changes)
    if found.proof is not None:
        found.proof(after)
    blocking = blocking_after(room.report, after, found.changes, found.judge, found.same)
    if blocking:
        emit(refusal_text(room.report, blocking, *dressed()))
        return ExitCode.NOT_MET
    return found


def _writes(change: Change) -> Iterator[Write]:
    if change.moved_from:
        yield Write(change.path, None, change.after, mode_of=change.moved_from)
        yield Write(change.moved_from, change.before, None)
    else:
        yield Write(change.path, change.before, change.after)


def _shown(root: Path, path: str) -> str:
    return plain(os.path.relpath(root / path).replace(os.sep, "/"))


def _remarks(plan: Plan) -> str:
    return "".join(f"{plain(line)}\n" for line in plan.remarks)


def _diff(change: Change) -> Iterator[str]:
    """Give a change as a unified diff that `git apply` takes."""
    old, new = f"a/{change.was_at}", f"b/{change.path}"
    if change.moved_from:
        yield f"diff --git {old} {new}\nrename from {change.moved_from}\nrename to {change.path}\n"
    before, after = _lines(change.before), _lines(change.after)
    for line in difflib.unified_diff(before, after, old, new):
        whole = line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        yield f"{plain(whole[:-1])}\n" if sys.stdout.isatty() else whole


def _lines(content: bytes) -> list[str]:
    return list(io.StringIO(content.decode(), newline="\n"))
