"""What the commands that decide share: who, when, and the one change that they make."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gatepost.cli.changing import Plan, Room, carry_out
from gatepost.cli.moves import decision_named, moved, people
from gatepost.cli.project import day_of

if TYPE_CHECKING:
    from gatepost.cli.exit_codes import ExitCode
    from gatepost.cli.settings import Settings

__all__ = ["Deciding", "by_option", "date_option", "day_said", "decide"]

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Deciding:
    """How a decision is moved."""

    status: str
    """The status that it gets."""
    date: dt.datetime | None
    """The day of the move, when it is not today."""
    by: Sequence[str] = ()
    """Who decided, in addition to those whom the record names."""


def by_option(command: F) -> F:
    """Let a command be told who decided."""
    said = "Who decided; needed while decision-makers is empty."
    return click.option("--by", "by", multiple=True, metavar="NAME", help=said)(command)


def date_option(command: F) -> F:
    """Let a command be told on which day it was decided."""
    said = "The day of the move, when it is not today."
    day = click.DateTime(["%Y-%m-%d"])
    return click.option("--date", type=day, metavar="YYYY-MM-DD", help=said)(command)


def day_said(settings: Settings, date: dt.datetime | None) -> dt.date:
    """Give the day of the move: the one that was said, else the day that everything is judged on."""
    return date.date() if date is not None else day_of(settings)


def decide(settings: Settings, name: str, deciding: Deciding, *, dry_run: bool) -> ExitCode:
    """Move one decision.

    Args:
        settings: where the project is, and on which day.
        name: what the person calls the decision.
        deciding: how it is moved.
        dry_run: only show it.

    Raises:
        click.UsageError: there is no such decision, or nobody is named who decided.
    """
    by = people(deciding.by)
    day = day_said(settings, deciding.date)

    def plan(room: Room) -> Plan:
        entry, decision = decision_named(room, name)
        change = moved(room, entry, deciding.status, day, by)
        if not by and not decision.decision_makers:
            message = f"{entry.id} names nobody who decides; say who with --by NAME"
            raise click.UsageError(message)
        return Plan([change])

    return carry_out(settings, plan, dry_run=dry_run)
