"""`gatepost new`: a record from its template."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from gatepost.cli.disk import write_new
from gatepost.cli.draft import DraftError, Wanted, draft
from gatepost.cli.drafting import contract_from, refuse_unreadable
from gatepost.cli.exit_codes import ExitCode
from gatepost.cli.init import begin
from gatepost.cli.kinds import KIND
from gatepost.cli.naming import next_numbers, number_of
from gatepost.cli.output import emit
from gatepost.cli.project import day_of, project_of, read
from gatepost.cli.settings import Settings, project_options
from gatepost.cli.transaction import writing
from gatepost.records import PREFIX_OF_KIND, Kind
from gatepost.sources import Project, Repository, Taken, taken_on_branches

if TYPE_CHECKING:
    from gatepost.book import Book
    from gatepost.cli.draft import Draft

__all__ = ["command"]

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
_PREFIX = {
    **{kind: PREFIX_OF_KIND[kind] for kind in ("decision", "risk", "follow-up")},
    "checklist": PREFIX_OF_KIND["item"],
}
"""The kinds that get numbers, and the prefix of these."""


@click.command("new")
@click.argument("kind", type=KIND, metavar="KIND")
@click.argument("title", required=False)
@click.option("--design", default="", metavar="ID", help="The design it belongs to, when there are several.")
@click.option("--id", "name", default="", metavar="NAME", help="For a design: its id, when not made of the title.")
@click.option("--from", "definition", metavar="FILE", help="For a pipeline: the real definition to draft it from.")
@click.option("--kind", "tool", metavar="TOOL", help="With --from: what FILE is, when its name does not tell.")
@project_options
@click.pass_obj
def command(  # noqa: PLR0913 - one argument for each option
    settings: Settings,
    /,
    *,
    kind: str,
    title: str | None,
    design: str,
    name: str,
    definition: str | None,
    tool: str | None,
) -> ExitCode:
    """Write a record from its template, with the next free id.

    KIND is decision, risk, follow-up, design, pipeline, checklist or policy. A number counts as taken when a
    record has it here or at the tip of any local or remote-tracking branch, as last fetched. What the template
    leaves to be written is a finding of `gatepost check`, with its place. No file is ever overwritten.

    `new pipeline --from dvc.yaml` drafts the contract from a definition of DVC, GitHub Actions, GitLab CI, Argo,
    Kubeflow or Airflow, or from a snapshot: stages, order, commands and where they run, files, and what answers a
    failure. TITLE may be left out then, and a design is written along where there is none that lacks a contract. In
    a repository that has no log yet, what `init --no-example` lays down is laid down first.
    """
    if definition is not None and kind != "pipeline":
        message = "--from drafts a pipeline: `gatepost new pipeline --from FILE`"
        raise click.UsageError(message)
    if title is None and definition is None:
        message = "Missing argument 'TITLE'."
        raise click.UsageError(message)
    day = day_of(settings)
    begun = _begun(settings, definition, tool) if definition is not None else []
    project = project_of(settings)
    with writing(project.root):
        _, book = read(settings)
        try:
            taken = _taken(project, book, kind)
            wanted = Wanted(cast("Kind", kind), title or "", design, name)
            if definition is not None:
                made = contract_from(project, book, wanted, day, definition=definition, tool=tool)
            else:
                made = [draft(book, wanted, day, taken.ids)]
        except DraftError as error:
            raise click.UsageError(str(error)) from None
        for one in made:
            write_new(project.root / one.path, one.text)
    for line in _notes(taken, book, kind):
        click.echo(line, err=True)
    emit("".join(f"{line}\n" for line in begun) + _said(made, kind, project.root))
    return ExitCode.MET


def _begun(settings: Settings, definition: str, tool: str | None) -> list[str]:
    """Lay down a log where there is none and the definition can be drafted; give what was created."""
    if not (settings.directory / definition).is_file():
        return []
    try:
        refuse_unreadable(settings.directory, definition, tool)
    except DraftError as error:
        raise click.UsageError(str(error)) from None
    return begin(settings)


def _taken(project: Project, book: Book, kind: str) -> Taken:
    """Give the ids that other branches have, for a kind of record that is numbered."""
    if kind not in _PREFIX or not project.repository:
        return Taken()
    return taken_on_branches(Repository(project.root), book.docs)


def _notes(taken: Taken, book: Book, kind: str) -> Iterator[str]:
    """Say which branch has a higher number than the working directory, or why the branches could not be looked at."""
    if taken.problem:
        yield f"Numbers on other branches are not known: {taken.problem}."
    if kind in _PREFIX:
        prefix = _PREFIX[kind]
        here, everywhere = next_numbers(book, prefix)[0], next_numbers(book, prefix, 1, taken.ids)[0]
        if everywhere != here:
            highest = max(taken.ids, key=lambda name: number_of(name, prefix))
            yield f"{highest} is taken on {taken.ids[highest]}."


def _said(made: list[Draft], kind: str, root: Path) -> str:
    asked = made[0]
    lines = [
        *(f"Wrote {os.path.relpath(root / one.path).replace(os.sep, '/')} ({one.id})." for one in made),
        _NEXT[kind].format(id=asked.id),
        f"`gatepost show {asked.id}` lists what is left to write.",
    ]
    return "\n".join(lines) + "\n"
