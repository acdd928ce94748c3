"""`gatepost conform`: a stage contract against the real definition that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gatepost import __version__
from gatepost.cli.contracts import contract_of
from gatepost.cli.exit_codes import ExitCode
from gatepost.cli.output import dressed, emit
from gatepost.cli.project import book_of
from gatepost.cli.settings import Settings, output_option, project_options, revision_option
from gatepost.cli.trouble import CouldNotCheckError

if TYPE_CHECKING:
    from gatepost.book import Book, Entry
    from gatepost.definitions import Conformance
    from gatepost.records import Pipeline

__all__ = ["command"]


@click.command("conform")
@click.argument("design", required=False, default=None, metavar="[DESIGN]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="Text for people, JSON for programs (`gatepost schema conform`), or Markdown for a comment.",
)
@output_option
@revision_option
@project_options
@click.pass_obj
def command(settings: Settings, *, design: str | None, form: str) -> ExitCode:
    """Compare a stage contract with the real definition that it names.

    DESIGN is the id of a design with a contract; it may be left out when only one has one. The definition is read,
    never run: DVC, GitHub Actions, GitLab CI, Argo Workflows, Kubeflow, Airflow, or a snapshot. What its text does not
    tell is listed as a gap. The exit code is 1 when the two differ, and 3 when the definition cannot be read; what the
    text leaves open is told, and is no difference.
    """
    from gatepost.report import conform_json, conform_text  # noqa: PLC0415 - not for --help

    file = settings.file
    book = book_of(settings)
    entry, record = contract_of(book, design)
    found = _compared(book, entry, record)
    match form:
        case "json":
            text = conform_json.render_conform_json(entry, found, __version__)
        case "markdown":
            text = conform_text.render_conform_markdown(entry, found)
        case _:
            paint, columns = dressed(file)
            text = conform_text.render_conform_text(entry, found, paint=paint, width=columns)
    emit(text, file)
    return ExitCode.NOT_MET if found.of("differs") else ExitCode.MET


def _compared(book: Book, entry: Entry, record: Pipeline) -> Conformance:
    """Read the definition that a contract names, and compare.

    Raises:
        CouldNotCheckError: it names none, or one that cannot be read.
    """
    from gatepost.definitions import DefinitionError, compare, read_definition  # noqa: PLC0415 - not for --help

    if record.source is None:
        message = f"{entry.path} names no real definition: add `source: {{kind: dvc, path: dvc.yaml}}`"
        raise CouldNotCheckError(message)
    fact = book.files.look(record.source.path, book.folder(entry))
    content = book.files.read(fact.path) if fact.state == "found" else None
    if content is None:
        problem = fact.problem or "is too large or cannot be read"
        message = f"{entry.path} names {record.source.path}, which {problem}"
        raise CouldNotCheckError(message)
    try:
        definition = read_definition(record.source, fact.path, content, book.files.read, book.files.tracked_below)
    except DefinitionError as error:
        message = f"{error.path}:{error.line}: {error}; {error.hint}"
        raise CouldNotCheckError(message) from error
    return compare(record, definition, book.folder(entry), book.files.read)
