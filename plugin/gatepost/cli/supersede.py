"""`gatepost supersede`: one decision replaces another, and both say so."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from gatepost.book.edit import add_items
from gatepost.cli.changing import Plan, Room, carry_out, dry_run_option
from gatepost.cli.deciding import by_option, date_option, day_said
from gatepost.cli.exit_codes import ExitCode
from gatepost.cli.moves import decision_named, moved, people
from gatepost.cli.overlay import Change
from gatepost.cli.refusal import RefusedError
from gatepost.cli.settings import Settings, project_options

if TYPE_CHECKING:
    from gatepost.book import Entry
    from gatepost.records import Decision

__all__ = ["command"]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a person asked for."""

    old: str
    new: str
    day: dt.date
    accept: bool
    by: tuple[str, ...]


@click.command("supersede")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--accept", is_flag=True, help="Accept NEW in the same go, when it is still proposed.")
@by_option
@date_option
@dry_run_option
@project_options
@click.pass_obj
def command(  # noqa: PLR0913 - one argument for each option
    settings: Settings,
    old: str,
    new: str,
    by: tuple[str, ...],
    date: dt.datetime | None,
    *,
    accept: bool,
    dry_run: bool,
) -> ExitCode:
    """Let one decision replace another; both files say so.

    OLD gets the status superseded, the day, and `superseded-by: [NEW]`; NEW gets `supersedes: [OLD]`. Both files are
    written, or neither. NEW must be accepted, or be accepted in the same go.
    """
    if by and not accept:
        message = "--by says who accepts NEW; it goes with --accept"
        raise click.UsageError(message)
    wanted = _Wanted(old, new, day_said(settings, date), accept, tuple(people(by)))
    return carry_out(settings, lambda room: _plan(room, wanted), dry_run=dry_run)


def _plan(room: Room, wanted: _Wanted) -> Plan:
    old, _ = decision_named(room, wanted.old)
    new, successor = decision_named(room, wanted.new)
    if old is new:
        message = f"{old.id} cannot replace itself"
        raise click.UsageError(message)
    ended = moved(room, old, "superseded", wanted.day)
    ended = replace(ended, after=add_items(old.path, ended.after, "superseded-by", [new.id]))
    begun = _successor(room, new, successor, wanted)
    if successor.status == "accepted":
        begun = replace(begun, said=f"{new.id} supersedes {old.id}")
    begun = replace(begun, after=add_items(new.path, begun.after, "supersedes", [old.id]))
    return Plan([one for one in (ended, begun) if one.after != one.before])


def _successor(room: Room, new: Entry, successor: Decision, wanted: _Wanted) -> Change:
    """Give the file of the decision that replaces the other one; accepted, when that was asked for."""
    if successor.status == "accepted":
        content = room.content(new.path)
        return Change(new.path, content, content, "")
    if successor.status != "proposed":
        message = f"{new.id} is {successor.status}: only an accepted decision replaces another"
        raise RefusedError(message)
    if not wanted.accept:
        message = (
            f"{new.id} is proposed: only an accepted decision replaces another; --accept accepts it in the same go"
        )
        raise RefusedError(message)
    if not wanted.by and not successor.decision_makers:
        message = f"{new.id} names nobody who decides; say who with --by NAME"
        raise click.UsageError(message)
    return moved(room, new, "accepted", wanted.day, wanted.by)
