"""`gatepost list`: records, filtered."""

from __future__ import annotations

import click

from gatepost.cli.exit_codes import ExitCode
from gatepost.cli.filters import Filters
from gatepost.cli.kinds import KIND
from gatepost.cli.output import dressed, emit
from gatepost.cli.project import checked
from gatepost.cli.selection import gate_named
from gatepost.cli.settings import Settings, project_options, revision_option
from gatepost.report.json_report import render_list
from gatepost.report.table import render_table

__all__ = ["command"]


@click.command("list")
@click.option("--kind", "kinds", multiple=True, type=KIND, metavar="KIND", help="Only this kind.")
@click.option(
    "--status", "statuses", multiple=True, metavar="STATUS", help="Only this status; `unread` for a broken file."
)
@click.option("--design", "designs", multiple=True, metavar="ID", help="Only this design's records.")
@click.option("--stage", "stages", multiple=True, metavar="STAGE", help="Only what shapes, or holds, this stage.")
@click.option("--owner", "owners", multiple=True, metavar="NAME", help="Only what this person or team answers for.")
@click.option(
    "--gate",
    "gates",
    multiple=True,
    metavar="GATE[=STATE]",
    help="Only records on which the gate is in this state: pass, fail, waived, unknown, error or not-applicable."
    " [default: fail]",
)
@click.option("--overdue", is_flag=True, help="Only what is past its due date, or has a waiver that has expired.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@revision_option
@project_options
@click.pass_obj
def command(  # noqa: PLR0913 - one argument for each option
    settings: Settings,
    *,
    kinds: tuple[str, ...],
    statuses: tuple[str, ...],
    designs: tuple[str, ...],
    stages: tuple[str, ...],
    owners: tuple[str, ...],
    gates: tuple[str, ...],
    overdue: bool,
    form: str,
) -> ExitCode:
    """List records, filtered.

    A filter that is given several times takes what matches any of them; different filters take what matches
    all of them. The column of gates says the gravest thing that is not met.
    """
    report = checked(settings)
    wanted = tuple(gate_named(report, *gate.partition("=")[::2]) for gate in gates)
    filters = Filters(report.today, kinds, statuses, designs, stages, owners, wanted, overdue)
    found = [record for record in report.records if filters.match(record)]
    if form == "json":
        emit(render_list(report, found))
    else:
        paint, columns = dressed()
        emit(render_table(report, found, paint=paint, width=columns))
    return ExitCode.MET
