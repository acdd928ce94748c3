"""`gatepost check`: every gate on every record."""

from __future__ import annotations

from pathlib import Path

import click

from gatepost import __version__
from gatepost.cli.exit_codes import ExitCode
from gatepost.cli.output import emit, wants_colour, width
from gatepost.cli.project import checked
from gatepost.cli.selection import fails, selected
from gatepost.cli.settings import Settings, project_options, revision_option

__all__ = ["command"]


@click.command("check")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="Text for people, JSON for programs (`gatepost schema report`), or annotations for GitHub.",
)
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write to a file, whole or not at all.")
@click.option("--gate", "gates", multiple=True, metavar="GATE", help="Only this gate, by name or code.")
@click.option("--design", "designs", multiple=True, metavar="ID", help="Only this design's records.")
@click.option(
    "--fail-on",
    type=click.Choice(["block", "open", "advise"]),
    default="block",
    show_default=True,
    help="The least grave finding that makes the exit code 1.",
)
@click.option("--no-advice", is_flag=True, help="Count advice, but do not list it.")
@click.option("-q", "--quiet", is_flag=True, help="Print the states and the numbers, no findings.")
@revision_option
@project_options
@click.pass_obj
def command(  # noqa: PLR0913 - one argument for each option
    settings: Settings,
    *,
    form: str,
    output: Path | None,
    gates: tuple[str, ...],
    designs: tuple[str, ...],
    fail_on: str,
    no_advice: bool,
    quiet: bool,
) -> ExitCode:
    """Evaluate the gates on all records.

    Prints what is to be mended, with file, line and column, the state of each design, and how many records
    were looked at and could not be read. Nothing is written, and nothing that a record names is run.
    """
    from gatepost.report import in_colour, in_plain, render_github, render_json, render_text  # noqa: PLC0415 - not for --help

    file = settings.directory / output if output else None
    if file is not None and not file.parent.is_dir():
        message = f"the folder {file.parent} does not exist; make it, then check again"
        raise click.UsageError(message)
    report = selected(checked(settings), gates, designs)
    match form:
        case "json":
            text = render_json(report, __version__)
        case "github":
            text = render_github(report, advice=not no_advice, fail_on=fail_on)
        case _:
            paint = in_colour if output is None and wants_colour() else in_plain
            columns = width() if output is None else 80
            text = render_text(
                report, paint=paint, width=columns, advice=not no_advice, findings=not quiet, fail_on=fail_on
            )
    emit(text, file)
    return ExitCode.NOT_MET if fails(report, fail_on) else ExitCode.MET
