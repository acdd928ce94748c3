"""`gatepost accept`: a proposed decision is decided."""

from __future__ import annotations

import datetime as dt

import click

from gatepost.cli.changing import dry_run_option
from gatepost.cli.deciding import Deciding, by_option, date_option, decide
from gatepost.cli.exit_codes import ExitCode
from gatepost.cli.settings import Settings, project_options

__all__ = ["command"]


@click.command("accept")
@click.argument("name", metavar="ID")
@by_option
@date_option
@dry_run_option
@project_options
@click.pass_obj
def command(settings: Settings, name: str, by: tuple[str, ...], date: dt.datetime | None, *, dry_run: bool) -> ExitCode:
    """Accept a proposed decision.

    Sets status, date and who decided; nothing else in the file changes. Refused, with the findings, when a
    gate that blocks would not be met.
    """
    return decide(settings, name, Deciding("accepted", date, by), dry_run=dry_run)
