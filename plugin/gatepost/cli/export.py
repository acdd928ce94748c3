"""`gatepost export`: a stage contract as the skeleton of a real definition."""

from __future__ import annotations

import click

from gatepost.cli.contracts import contract_of, folder_of
from gatepost.cli.exit_codes import ExitCode
from gatepost.cli.output import emit
from gatepost.cli.project import book_of
from gatepost.cli.settings import Settings, output_option, project_options, revision_option
from gatepost.cli.trouble import CouldNotCheckError

__all__ = ["command"]


@click.command("export")
@click.argument("design", required=False, default=None, metavar="[DESIGN]")
@click.option("--to", "kind", type=click.Choice(["dvc", "github-actions"]), required=True, help="What is written.")
@output_option
@revision_option
@project_options
@click.pass_obj
def command(settings: Settings, *, design: str | None, kind: str) -> ExitCode:
    """Write a stage contract as the skeleton of a real definition.

    DESIGN is the id of a design with a contract; it may be left out when only one has one. A stage that the definition
    cannot express is a comment in it.
    """
    from gatepost.definitions.export import EXPORTS  # noqa: PLC0415 - not for --help
    from gatepost.pipeline import Contract  # noqa: PLC0415 - the same

    file, book = settings.file, book_of(settings)
    entry, record = contract_of(book, design)
    contract = Contract(record)
    if contract.graph.cyclic:
        message = f"{entry.path}: stages wait for each other in a circle: {', '.join(contract.graph.cyclic)}"
        raise CouldNotCheckError(message)
    folder = folder_of(book, entry, record)
    emit(EXPORTS[kind](contract, "" if folder == "." else folder), file)
    return ExitCode.MET
