"""`gatepost init`: a working log in an empty folder, or in a repository that has a documentation site."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import click

from gatepost.book import Book
from gatepost.check import read_project
from gatepost.cli.disk import write_new
from gatepost.cli.exit_codes import ExitCode
from gatepost.cli.layout import CI_FILES, EXAMPLE, Layout, has_plugin, pieces
from gatepost.cli.output import emit
from gatepost.cli.project import day_of
from gatepost.cli.settings import Settings, project_options
from gatepost.cli.trouble import CouldNotCheckError
from gatepost.sources import ProjectError, find_project
from gatepost.sources.mkdocs_settings import CONFIG_FILES
from gatepost.sources.project import DEFAULT_DOCS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.cli.layout import Ci

__all__ = ["begin", "command"]

_DOCS: Final = "designs"
_ADD: Final = """\
Add the plugin to {config}, beside those that it lists:

    plugins:
      - search
      - gatepost
"""


@click.command("init")
@click.option("--ci", type=click.Choice(list(CI_FILES)), help="Add a workflow that runs the gates on this forge.")
@click.option("--no-example", is_flag=True, help="Leave the example design out.")
@project_options
@click.pass_obj
def command(settings: Settings, ci: str | None, *, no_example: bool) -> ExitCode:
    """Lay down a working log, or add one to a repository.

    In an empty folder: mkdocs.yml, a policy, and one small design that meets every gate. Where there is a site
    already, its documentation folder is used, and its mkdocs.yml is left as it is. No file is ever overwritten.
    """
    here = settings.directory.resolve()
    config = _config(here)
    docs, book = _there(settings, here, config)
    example = not no_example and not book.entries and not book.unread and not (here / docs / EXAMPLE).exists()
    lines = _laid_down(here, book, Layout(docs, day_of(settings), config is not None, example, cast("Ci | None", ci)))
    if config is not None:
        lines.append(f"kept     {config.name}")
    lines += ["", *_next(here, config, book)]
    emit("\n".join(lines) + "\n")
    return ExitCode.MET


def begin(settings: Settings) -> list[str]:
    """Lay down a log without an example in a repository that has neither records nor a site.

    Anywhere else nothing is done: below the root of a repository, where a folder for records is named or there, and
    where a site is.

    Returns:
        What was created, in lines to print.
    """
    here = settings.directory.resolve()
    is_below = not (here / ".git").exists() and any((folder / ".git").exists() for folder in here.parents)
    has_folder = settings.docs_folder is not None or any((here / name).exists() for name in DEFAULT_DOCS)
    if is_below or has_folder or any(_config(folder) for folder in (here, *here.parents)):
        return []
    layout = Layout(_DOCS, day_of(settings), config=False, example=False, ci=None)
    return _laid_down(here, Book(()), layout)


def _config(folder: Path) -> Path | None:
    return next((folder / name for name in CONFIG_FILES if (folder / name).is_file()), None)


def _laid_down(here: Path, book: Book, layout: Layout) -> list[str]:
    """Write the files that are not there yet, and say of each what became of it."""
    lines = []
    for piece in pieces(book, layout):
        there = os.path.lexists(here / piece.path)
        if not there:
            write_new(here / piece.path, piece.text)
        lines.append(f"{'kept   ' if there else 'created'}  {piece.path}")
    return lines


def _there(settings: Settings, here: Path, config: Path | None) -> tuple[str, Book]:
    """Give the documentation folder, seen from here, and the records that it holds."""
    folder = settings.docs_folder
    if config is None and folder is None:
        folder = here / _DOCS
    if folder is not None and not folder.is_dir():
        found, book = folder.resolve(), Book(())
    else:
        try:
            project = find_project(here, folder)
        except ProjectError as error:
            raise CouldNotCheckError(" ".join(str(error).split())) from error
        found, book = project.docs, read_project(project)
    docs = Path(os.path.relpath(found, here)).as_posix()
    if docs == "." or docs.startswith(".."):
        message = f"the documentation folder {found} must be a folder below {here}"
        raise CouldNotCheckError(message)
    return docs, book


def _next(here: Path, config: Path | None, book: Book) -> Iterator[str]:
    if book.entries or book.unread:
        yield f"The log has {len(book.entries) + len(book.unread)} records already, so the example was left out.\n"
    if config is not None and not has_plugin(config):
        yield _ADD.format(config=config.name)
    yield "Next:"
    if not any((folder / ".git").exists() for folder in (here, *here.parents)):
        yield "    git init"
    yield "    git add --all && git commit --message 'Start a decision log'"
    yield "    gatepost check"
    yield "    mkdocs build --strict"
