"""`gatepost history`: what happened to one record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gatepost import __version__
from gatepost.book.missing import missing_history
from gatepost.cli.exit_codes import ExitCode
from gatepost.cli.find import record_named
from gatepost.cli.output import dressed, emit
from gatepost.cli.project import checked, project_of
from gatepost.cli.settings import Settings, output_option, project_options, revision_option
from gatepost.cli.trouble import CouldNotCheckError
from gatepost.records import canonical

if TYPE_CHECKING:
    from gatepost.book.history import RecordHistory
    from gatepost.check import Report
    from gatepost.report.subject import Subject

__all__ = ["command"]


@click.command("history")
@click.argument("name", metavar="ID")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text for people, or JSON for programs (`gatepost schema history`).",
)
@output_option
@revision_option
@project_options
@click.pass_obj
def command(settings: Settings, *, name: str, form: str) -> ExitCode:
    """Say what happened to one record: who changed it, when, which fields from what to what.

    ID is what the record is called, as for `gatepost show`; the id or the path of a record that is no more is found,
    too, and an id that a record had before. Where the history is not whole, what is known is shown, with how to mend
    that, and the exit code is 3.
    """
    file = settings.file
    report = checked(settings)
    subject, history = _found(report, name)
    if history is not None:
        emit(_rendered(settings, report, subject, history, form), file)
    missing = missing_history(report.history)
    if history is None or missing:
        lacks = "whole" if history is not None else "known"
        message = f"the history of {subject.id} is not {lacks}: {missing or 'it is in no commit'}"
        raise CouldNotCheckError(message)
    return ExitCode.MET


def _rendered(settings: Settings, report: Report, subject: Subject, history: RecordHistory, form: str) -> str:
    if form == "json":
        from gatepost.report.history_json import render_history_json  # noqa: PLC0415 - not for the text
        from gatepost.sources.forge import commit_urls  # noqa: PLC0415 - the same
        from gatepost.sources.repository import Repository  # noqa: PLC0415 - the same

        project = project_of(settings)
        said = project.repo_url
        urls = commit_urls(said) if said else commit_urls(None, Repository(project.root).remote_url())
        return render_history_json(report, subject, history, __version__, urls)
    from gatepost.report.history_text import render_history_text  # noqa: PLC0415 - not for --help

    paint, columns = dressed(settings.file)
    return render_history_text(report, subject, history, paint=paint, width=columns)


def _found(report: Report, name: str) -> tuple[Subject, RecordHistory | None]:
    """Give a record and its history: one of today's, else one that is no more, else one that was called so.

    Raises:
        click.UsageError: there is none, and there never was as far as the history tells.
    """
    from gatepost.report.subject import subject_gone, subject_of  # noqa: PLC0415 - not for --help

    try:
        entry = record_named(report, name).entry
    except click.UsageError:
        for gone in reversed(report.history.gone(report.book)):
            if _was_called(gone, name):
                return subject_gone(gone), gone
        for record in report.records:
            history = report.history.of(record.entry)
            if history is not None and _was_called(history, name):
                return subject_of(record.entry), history
        raise
    return subject_of(entry), report.history.of(entry)


def _was_called(history: RecordHistory, name: str) -> bool:
    """Tell whether a record ever had an id or a path."""
    keys = {canonical(name), canonical(name.upper()), name.lower()}
    path = name.replace("\\", "/").removeprefix("./")
    return any(
        step.path == path or (step.facts is not None and bool(step.facts.id) and canonical(step.facts.id) in keys)
        for step in history.steps
    )
