"""`gatepost check`: every gate on every record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gatepost import __version__
from gatepost.cli.exit_codes import ExitCode
from gatepost.cli.output import dressed, emit
from gatepost.cli.project import checked
from gatepost.cli.selection import fails, selected
from gatepost.cli.settings import Settings, output_option, project_options, revision_option

if TYPE_CHECKING:
    from gatepost.check import Report
    from gatepost.report.against import Against

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
@output_option
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
@click.option("--base", metavar="BASE", help="Mark what is new since this branch left BASE: a branch, a tag, a commit.")
@click.option("--new-only", is_flag=True, help="With --base: list, and fail on, only what is new.")
@revision_option
@project_options
@click.pass_obj
def command(  # noqa: PLR0913 - one argument for each option
    settings: Settings,
    *,
    form: str,
    gates: tuple[str, ...],
    designs: tuple[str, ...],
    fail_on: str,
    no_advice: bool,
    quiet: bool,
    base: str | None,
    new_only: bool,
) -> ExitCode:
    """Evaluate the gates on all records.

    Prints what is to be mended, with file, line and column, the state of each design, and how many records
    were looked at and could not be read. Nothing is written, and nothing that a record names is run.
    """
    from gatepost.report import render_github, render_json, render_text  # noqa: PLC0415 - not for --help

    file = settings.file
    if new_only and base is None:
        message = "--new-only needs --base BASE, for instance --base main"
        raise click.UsageError(message)
    report, against = _seen(settings, gates, designs, base, new_only=new_only)
    match form:
        case "json":
            text = render_json(report, __version__, against)
        case "github":
            text = render_github(report, advice=not no_advice, fail_on=fail_on, against=against)
        case _:
            paint, columns = dressed(file)
            text = render_text(
                report,
                paint=paint,
                width=columns,
                advice=not no_advice,
                findings=not quiet,
                fail_on=fail_on,
                against=against,
            )
    emit(text, file)
    return ExitCode.NOT_MET if fails(report, fail_on, against) else ExitCode.MET


def _seen(
    settings: Settings, gates: tuple[str, ...], designs: tuple[str, ...], base: str | None, *, new_only: bool
) -> tuple[Report, Against | None]:
    """Give the report that was asked for, and the base that it is seen against when one is named."""
    if base is None:
        return selected(checked(settings), gates, designs), None
    from gatepost.cli.base import compared  # noqa: PLC0415 - only with --base
    from gatepost.report.against import Against  # noqa: PLC0415 - the same

    found, sides = compared(settings, base)
    report = selected(found.after, gates, designs)
    return report, Against(found, sides, report, new_only)
