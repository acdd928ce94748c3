"""`gatepost new`: a record from its template."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from gatepost.cli.draft import DraftError, Wanted, draft
from gatepost.cli.exit_codes import ExitCode
from gatepost.cli.kinds import KIND
from gatepost.cli.output import emit
from gatepost.cli.project import day_of, read
from gatepost.cli.settings import Settings, project_options
from gatepost.cli.trouble import CouldNotCheckError
from gatepost.records import Kind

if TYPE_CHECKING:
    from gatepost.cli.draft import Draft

__all__ = ["command", "write_new"]

_NEXT = {
    "decision": "What is left to write is open, and blocks nothing until it is accepted.",
    "risk": "It blocks until levels, treatment, owner, due date and verification are there.",
    "follow-up": "It blocks until owner, due date and verification are there.",
    "design": "It blocks until what stands in <…> is written. Next, its stage contract:\n"
    "    gatepost new pipeline TITLE --design {id}",
    "pipeline": "Its design is stopped until what stands in <…> is written.",
    "checklist": "It blocks until each item can be measured.",
    "policy": "Write its text, and name the people who hold each role.",
}


@click.command("new")
@click.argument("kind", type=KIND, metavar="KIND")
@click.argument("title")
@click.option("--design", default="", metavar="ID", help="The design it belongs to, when there are several.")
@click.option("--id", "name", default="", metavar="NAME", help="For a design: its id, when not made of the title.")
@project_options
@click.pass_obj
def command(settings: Settings, kind: str, title: str, design: str, name: str) -> ExitCode:
    """Write a record from its template, with the next free id.

    KIND is decision, risk, follow-up, design, pipeline, checklist or policy. What the template leaves to be
    written is a finding of `gatepost check`, with its place. No file is ever overwritten.
    """
    day = day_of(settings)
    project, book = read(settings)
    try:
        made = draft(book, Wanted(cast("Kind", kind), title, design, name), day)
    except DraftError as error:
        raise click.UsageError(str(error)) from None
    file = project.root / made.path
    write_new(file, made.text)
    emit(_said(made, kind, file))
    return ExitCode.MET


def _said(made: Draft, kind: str, file: Path) -> str:
    shown = os.path.relpath(file).replace(os.sep, "/")
    lines = [
        f"Wrote {shown} ({made.id}).",
        _NEXT[kind].format(id=made.id),
        f"`gatepost show {made.id}` lists what is left to write.",
    ]
    return "\n".join(lines) + "\n"


def write_new(file: Path, text: str) -> None:
    """Write a file that is not there yet, and its folders.

    Raises:
        CouldNotCheckError: it is there, or it cannot be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        message = f"{file} is there already; nothing was written"
        raise CouldNotCheckError(message) from None
    except OSError as error:
        message = f"{file} cannot be written: {error.strerror}"
        raise CouldNotCheckError(message) from error
