"""`gatepost export`: a stage contract as the skeleton of a real definition."""

from __future__ import annotations

from pathlib import Path

import click

from gatepost.cli.contracts import contract_of
from gatepost.cli.exit_codes import ExitCode
from gatepost.cli.output import emit
from gatepost.cli.project import read, read_at
from gatepost.cli.settings import Settings, project_options, revision_option
from gatepost.cli.trouble import CouldNotCheckError

__all__ = ["command"]


@click.command("export")
@click.argument("design", required=False, default=None, metavar="[DESIGN]")
@click.option("--to", "kind", type=click.Choice(["dvc", "github-actions"]), required=True, help="What is written.")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write to a file, whole or not at all.")
@revision_option
@project_options
@click.pass_obj
def command(settings: Settings, *, design: str | None, kind: str, output: Path | None) -> ExitCode:
    """Write a stage contract as the skeleton of a real definition.

    DESIGN is the id of a design with a contract; it may be left out when only one has one. A stage that the definition
    cannot express is a comment in it.
    """
    from gatepost.definitions.export import EXPORTS  # noqa: PLC0415 - not for --help
    from gatepost.pipeline import Contract  # noqa: PLC0415 - the same

    book = read_at(settings, settings.revision) if settings.revision else read(settings)[1]
    entry, record = contract_of(book, design)
    contract = Contract(record)
    if contract.graph.cyclic:
        message = f"{entry.path}: stages wait for each other in a circle: {', '.join(contract.graph.cyclic)}"
        raise CouldNotCheckError(message)
    folder = record.workdir if record.workdir is not None else book.folder(entry)
    emit(EXPORTS[kind](contract, folder.removeprefix(".")), settings.directory / output if output else None)
    return ExitCode.MET
