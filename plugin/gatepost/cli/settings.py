"""What every command can be told: where the project is, which folder holds the records, which day it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar

import click

__all__ = ["Settings", "output_option", "project_options", "revision_option"]

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Settings:
    """The options that commands share."""

    directory: Path = Path()
    docs: Path | None = None
    as_of: dt.date | None = None
    debug: bool = False
    revision: str | None = None
    """The commit to read the records from; None for the working directory."""
    output: Path | None = None
    """Where to write, seen from the directory; None for standard output."""

    @property
    def docs_folder(self) -> Path | None:
        """The records' folder that was asked for, seen from the directory that was asked for."""
        return None if self.docs is None else self.directory / self.docs

    @property
    def file(self) -> Path | None:
        """The file to write to; None for standard output.

        Raises:
            click.UsageError: its folder does not exist.
        """
        if self.output is None:
            return None
        file = self.directory / self.output
        if not file.parent.is_dir():
            message = f"--output: the folder {file.parent} does not exist; make it first"
            raise click.UsageError(message)
        return file


def _as_day(ctx: click.Context, param: click.Parameter, value: dt.datetime | None) -> None:
    _keep(ctx, param, None if value is None else value.date())


def _keep(ctx: click.Context, param: click.Parameter, value: object) -> None:
    if value is not None and value is not False and param.name is not None:
        ctx.obj = replace(ctx.obj or Settings(), **{param.name: value})


_REVISION: Final = click.option(
    "--rev",
    "revision",
    metavar="REV",
    help="Read the records from this commit: a digest, a branch, a tag. Nothing is checked out, and the day stays the"
    " same: --as-of sets that.",
    expose_value=False,
    callback=_keep,
)
_OUTPUT: Final = click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write to a file, whole or not at all.",
    expose_value=False,
    callback=_keep,
)
_OPTIONS: Final = (
    click.option(
        "-C",
        "--directory",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Run as if started in this folder.",
        expose_value=False,
        callback=_keep,
    ),
    click.option(
        "--docs",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="The folder of the records, when mkdocs.yml does not name it.",
        expose_value=False,
        callback=_keep,
    ),
    click.option(
        "--as-of",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="YYYY-MM-DD",
        help="Judge due dates, ages and waivers on this day.  [default: SOURCE_DATE_EPOCH, else today in UTC]",
        expose_value=False,
        callback=_as_day,
    ),
    click.option(
        "--debug",
        is_flag=True,
        help="Show the traceback when Gatepost itself breaks.",
        expose_value=False,
        callback=_keep,
    ),
)


def project_options(command: F) -> F:
    """Let a command take the shared options after its name, too."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def output_option(command: F) -> F:
    """Let a command that reports take `--output`."""
    return _OUTPUT(command)


def revision_option(command: F) -> F:
    """Let a command that only reads take `--rev`."""
    return _REVISION(command)
