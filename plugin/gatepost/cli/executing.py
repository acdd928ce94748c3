"""The executed dry run of a command: from what is asked for to the record on disk."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from gatepost.book.dry_runs import DRY_RUNS
from gatepost.cli.contracts import folder_of
from gatepost.cli.exit_codes import ExitCode
from gatepost.cli.output import dressed, emit
from gatepost.cli.project import day_of, project_of
from gatepost.cli.trouble import CouldNotCheckError
from gatepost.records.expressions import ExpressionError, parse_duration

if TYPE_CHECKING:
    from gatepost.book import Book, Entry
    from gatepost.cli.settings import Settings
    from gatepost.execution import Asked
    from gatepost.records import Pipeline
    from gatepost.sources import Project

__all__ = ["Executing", "execute", "execute_options"]

F = TypeVar("F", bound=Callable[..., Any])
_PATIENCE: Final = 3.0
"""How long what was begun may take to be undone before a request to end is heard again, in seconds."""


@dataclass(frozen=True, slots=True)
class Executing:
    """The options of an executed dry run."""

    working_tree: bool = False
    jobs: int | None = None
    executor: str | None = None
    env: tuple[str, ...] = ()
    limit: float = 3600.0
    statement: Path | None = None


def _as_seconds(_ctx: click.Context, _param: click.Parameter, value: str) -> float:
    try:
        return parse_duration(value).seconds
    except ExpressionError as error:
        raise click.BadParameter(str(error)) from None


_OPTIONS: Final = (
    click.option("--execute", is_flag=True, help="Run the stages' commands, and provoke each branch that can be."),
    click.option(
        "--working-tree", is_flag=True, help="Run the files as they are on disk, not those of a commit; for trying."
    ),
    click.option("--jobs", type=click.IntRange(1, 256), metavar="N", help="Branches that run at once; default: cores."),
    click.option("--executor", metavar="ADDRESS", help="Hand branches to a cluster: dask://HOST:PORT (extra `dask`)."),
    click.option("--env", multiple=True, metavar="NAME", help="Let commands see this variable, too."),
    click.option(
        "--limit",
        default="1h",
        show_default=True,
        callback=_as_seconds,
        metavar="TIME",
        help="How long all of it may take.",
    ),
    click.option(
        "--in-toto",
        "statement",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Write the result as an in-toto Statement, too.",
    ),
)


def execute_options(command: F) -> F:
    """Add the options of an executed dry run to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def execute(settings: Settings, book: Book, entry: Entry, record: Pipeline, options: Executing) -> ExitCode:
    """Run a contract, write its record, and say what was found.

    Raises:
        CouldNotCheckError: it could not be run; nothing was written.
    """
    from gatepost.execution import CannotRunError, ExecutorError, rehearse, render_record, render_statement  # noqa: PLC0415
    from gatepost.pipeline import Contract, simulated  # noqa: PLC0415 - the same
    from gatepost.report.dry_run_text import broken_blocks  # noqa: PLC0415 - the same
    from gatepost.report.executed_text import gaps_of, render_executed_text, summary_of  # noqa: PLC0415 - not for the simulated run

    project = project_of(settings)
    verdict = simulated(Contract(record), book.policy)
    broken = tuple(dict.fromkeys(one.invariant for one in verdict.violations))
    asked = replace(_asked(settings, project, book, entry, record, options), broken=broken)
    with _terminated() as is_to_end:
        try:
            with _progress(is_to_end) as progress:
                found = rehearse(asked, progress)
        except (CannotRunError, ExecutorError) as error:
            raise CouldNotCheckError(str(error)) from error
        made = found.record(asked)
        folder = project.root / book.folder(entry) / DRY_RUNS
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{made.date}-{made.contract_sha256[:8]}.md"
        emit(render_record(made, summary_of(made), tuple(gaps_of(made))), file)
        if options.statement is not None:
            emit(render_statement(made), settings.directory / options.statement)
    paint, columns = dressed()
    told = "".join("\n".join(block) + "\n\n" for block in broken_blocks(verdict, paint, columns))
    path = file.relative_to(project.root).as_posix()
    emit(told + render_executed_text(made, path, found.said, paint=paint, width=columns))
    return ExitCode.MET if found.passed and not broken else ExitCode.NOT_MET


def _asked(  # noqa: PLR0913, PLR0917 - what is run, and how
    settings: Settings, project: Project, book: Book, entry: Entry, record: Pipeline, options: Executing
) -> Asked:
    from gatepost.execution import Asked  # noqa: PLC0415 - not for the simulated run
    from gatepost.pipeline import Contract  # noqa: PLC0415 - the same
    from gatepost.sources import checkout  # noqa: PLC0415 - the same

    unset = [name for name in options.env if name not in os.environ]
    if unset:
        message = f"--env {unset[0]}: this variable is not set"
        raise click.UsageError(message)
    folder = book.folder(entry)
    place = folder_of(book, entry, record)
    revision = None if options.working_tree else settings.revision or "HEAD"
    try:
        archive, commit = checkout(project.root, place, revision, unchanged=(place, folder))
    except ValueError as error:
        raise CouldNotCheckError(str(error)) from error
    return Asked(
        design=entry.design or entry.id,
        contract=Contract(record),
        archive=archive,
        date=day_of(settings),
        commit=commit,
        place="" if place == folder else f"{place}/",
        jobs=options.jobs,
        executor=options.executor,
        passed=tuple((name, os.environ[name]) for name in options.env),
        limit=options.limit,
    )


@contextmanager
def _terminated() -> Iterator[Callable[[], bool]]:
    """Let a request to end be an interrupt; while what runs is ended and removed, further ones are ignored.

    Yields:
        What tells whether there was one: Python drops an interrupt that arrives while it finalises an object.
    """
    known = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    numbers = [one for one in known if signal.getsignal(one) is not signal.SIG_IGN]  # as under nohup
    asked: float | None = None

    def interrupt(_number: int, _frame: object) -> None:
        nonlocal asked
        now = time.monotonic()
        if asked is None or now - asked >= _PATIENCE:
            asked = now
            raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield lambda: asked is not None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _progress(is_to_end: Callable[[], bool]) -> Iterator[Callable[[str, int, int], None]]:
    """Show on a terminal how far it is, and end what goes on though it is to end."""

    def end() -> None:
        if is_to_end():
            raise KeyboardInterrupt

    if not sys.stderr.isatty():
        yield lambda _label, _done, _all: end()
        return
    with click.progressbar(length=1, file=sys.stderr, width=0) as bar:

        def show(label: str, done: int, every: int) -> None:
            if bar.label != label:
                bar.label, bar.pos, bar.finished = label, 0, False
            end()
            bar.length = max(every, 1)
            bar.update(done - bar.pos)

        yield show
