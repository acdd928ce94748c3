"""`gatepost close`: a risk that is over, a follow-up that is done."""

from __future__ import annotations

from dataclasses import replace

import click

from gatepost.book import Entry
from gatepost.book.edit import set_key
from gatepost.cli.changing import Plan, Room, carry_out, dry_run_option
from gatepost.cli.exit_codes import ExitCode
from gatepost.cli.moves import entry_named, moved
from gatepost.cli.naming import one_line
from gatepost.cli.settings import Settings, project_options
from gatepost.records import FollowUp

__all__ = ["command"]


@click.command("close")
@click.argument("name", metavar="ID")
@click.option("--outcome", default="", metavar="TEXT", help="For a follow-up: what came of it.")
@click.option("--dropped", is_flag=True, help="For a follow-up: it will not be done; the outcome says why.")
@dry_run_option
@project_options
@click.pass_obj
def command(settings: Settings, name: str, outcome: str, *, dropped: bool, dry_run: bool) -> ExitCode:
    """Close a risk or a follow-up.

    A risk gets the status closed. A follow-up gets the status done, or dropped, and says what came of it.
    """
    words = _one_line(outcome) if outcome else ""
    return carry_out(settings, lambda room: _plan(room, name, words, dropped=dropped), dry_run=dry_run)


def _one_line(outcome: str) -> str:
    try:
        return one_line(outcome)
    except ValueError as error:
        message = f"--outcome: {str(error).replace('the title', 'the text')}"
        raise click.UsageError(message) from None


def _plan(room: Room, name: str, outcome: str, *, dropped: bool) -> Plan:
    entry = entry_named(room, name, ("risk", "follow-up"))
    if isinstance(entry.record, FollowUp):
        return _follow_up(room, entry, entry.record, "dropped" if dropped else "done", outcome)
    if outcome or dropped:
        message = f"--outcome and --dropped are for follow-ups, and {entry.id} is a risk"
        raise click.UsageError(message)
    return Plan([moved(room, entry, "closed")])


def _follow_up(room: Room, entry: Entry, record: FollowUp, status: str, outcome: str) -> Plan:
    change = moved(room, entry, status)
    if not outcome and not record.outcome:
        message = f"{entry.id} does not say what came of it; say so with --outcome TEXT"
        raise click.UsageError(message)
    if outcome:
        change = replace(change, after=set_key(entry.path, change.after, "outcome", outcome))
    return Plan([change])
