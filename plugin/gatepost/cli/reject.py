"""`gatepost reject`: a proposed decision is turned down."""

from __future__ import annotations

import datetime as dt

import click

from gatepost.cli.changing import dry_run_option
from gatepost.cli.deciding import Deciding, by_option, date_option, decide
from gatepost.cli.exit_codes import ExitCode
from gatepost.cli.settings import Settings, project_options

__all__ = ["command"]


@click.command("reject")
@click.argument("name", metavar="ID")
@by_option
@date_option
@dry_run_option
@project_options
@click.pass_obj
def command(settings: Settings, name: str, by: tuple[str, ...], date: dt.datetime | None, *, dry_run: bool) -> ExitCode:
    """Reject a proposed decision.

    Sets status, date and who decided. A rejected decision stays in the log, and that is final.
    """
    return decide(settings, name, Deciding("rejected", date, by), dry_run=dry_run)
