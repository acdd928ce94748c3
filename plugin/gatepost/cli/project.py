"""The project that a command is about: found, read, checked; or one line that says why not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from gatepost.book import read_book
from gatepost.check import GateLoadError, check_book, check_project, load_gates, read_project
from gatepost.cli.transaction import unfinished
from gatepost.cli.trouble import CouldNotCheckError
from gatepost.sources import (
    ClockError,
    NoFolderError,
    Project,
    ProjectError,
    RevisionTree,
    find_project,
    judged_on,
    open_revision,
)

if TYPE_CHECKING:
    from gatepost.book import Book
    from gatepost.check import Report
    from gatepost.cli.settings import Settings

__all__ = ["book_of", "checked", "checked_at", "day_of", "project_of", "read", "read_at"]


def checked(settings: Settings) -> Report:
    """Give the report of the project, as it is or as it was at the revision that was asked for.

    Raises:
        CouldNotCheckError: there is no project, no such commit, no record, no day, or a gate cannot be loaded.
    """
    with _in_one_line():
        source = _source(settings)
        if isinstance(source, Project) and (note := unfinished(source.root)):
            click.echo(f"gatepost: {note}", err=True)
        today = day_of(settings)
        report = check_project(source, today)
    if not report.records:
        if isinstance(source, Project):
            message = (
                f"no records in {source.docs}: `gatepost new decision TITLE` writes one, --docs names another folder"
            )
        else:
            message = f"no records in {source.project.docs} at {settings.revision}: --docs names another folder"
        raise CouldNotCheckError(message)
    return report


def _source(settings: Settings) -> Project | RevisionTree:
    """Give what is to be read: the working directory of the project, or a commit."""
    if settings.revision is None:
        return find_project(settings.directory, settings.docs_folder)
    return open_revision(settings.directory, settings.docs_folder, settings.revision)


def checked_at(settings: Settings, commit: str) -> Report:
    """Give the report of the project as it was at a commit; without any record when it had no folder for them.

    Raises:
        CouldNotCheckError: there is no project today, no such commit, no day, or a gate cannot be loaded.
    """
    with _in_one_line():
        tree = _tree(settings, commit)
        today = day_of(settings)
        return check_project(tree, today) if tree else check_book(read_book(()), today, load_gates())


def read_at(settings: Settings, commit: str) -> Book:
    """Give the records of the project as it was at a commit, not checked; none when it had no folder for them.

    Raises:
        CouldNotCheckError: there is no project today, or no such commit.
    """
    with _in_one_line():
        tree = _tree(settings, commit)
        return read_project(tree) if tree else read_book(())


def _tree(settings: Settings, commit: str) -> RevisionTree | None:
    try:
        return open_revision(settings.directory, settings.docs_folder, commit)
    except NoFolderError:
        return None


def day_of(settings: Settings) -> dt.date:
    """Give the day that everything is judged on.

    Raises:
        CouldNotCheckError: SOURCE_DATE_EPOCH is no number.
    """
    with _in_one_line():
        return judged_on(settings.as_of)


def read(settings: Settings) -> tuple[Project, Book]:
    """Give the project and its records, not checked; there may be none.

    Raises:
        CouldNotCheckError: there is no project.
    """
    project = project_of(settings)
    return project, read_project(project)


def book_of(settings: Settings) -> Book:
    """Give the records as they are, or as they were at the revision that was asked for, not checked.

    Raises:
        CouldNotCheckError: there is no project, or no such commit.
    """
    return read(settings)[1] if settings.revision is None else read_at(settings, settings.revision)


def project_of(settings: Settings) -> Project:
    """Give the project.

    Raises:
        CouldNotCheckError: there is none.
    """
    with _in_one_line():
        return find_project(settings.directory, settings.docs_folder)


@contextmanager
def _in_one_line() -> Iterator[None]:
    try:
        yield
    except (ProjectError, ClockError, GateLoadError) as error:
        raise CouldNotCheckError(" ".join(str(error).split())) from error
