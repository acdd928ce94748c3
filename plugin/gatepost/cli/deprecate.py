"""`gatepost deprecate`: an accepted decision is no longer to be followed."""

from __future__ import annotations

import datetime as dt

import click

from gatepost.cli.changing import dry_run_option
from gatepost.cli.deciding import Deciding, date_option, decide
from gatepost.cli.exit_codes import ExitCode
from gatepost.cli.settings import Settings, project_options

__all__ = ["command"]


@click.command("deprecate")
@click.argument("name", metavar="ID")
@date_option
@dry_run_option
@project_options
@click.pass_obj
def command(settings: Settings, name: str, date: dt.datetime | None, *, dry_run: bool) -> ExitCode:
    """Deprecate an accepted decision that nothing replaces.

    Sets status and date. When another decision replaces it, use `gatepost supersede`.
    """
    return decide(settings, name, Deciding("deprecated", date), dry_run=dry_run)
