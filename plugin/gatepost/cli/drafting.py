"""A contract drafted from the real definition of a pipeline."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from gatepost.book import read_document
from gatepost.cli.draft import DraftError

if TYPE_CHECKING:
    from gatepost.book import Book
    from gatepost.cli.draft import Draft
    from gatepost.sources import Project

__all__ = ["drafted_from"]


def drafted_from(project: Project, book: Book, made: Draft, definition: str, tool: str | None) -> Draft:
    """Give a new contract with what a definition says filled in.

    Args:
        project: the project.
        book: its records and files.
        made: the contract from the template; its text below the frontmatter is kept.
        definition: the file of the definition, from the root of the repository or from the contract's folder.
        tool: what it is written for; told by its name and content when None.

    Raises:
        DraftError: it is not there, or what it is cannot be told.
        click.UsageError: it cannot be read.
    """
    from gatepost.definitions import DefinitionError, kind_of_definition, read_definition  # noqa: PLC0415 - rarely needed
    from gatepost.definitions.draft import draft as drafted  # noqa: PLC0415 - the same
    from gatepost.definitions.readers import READERS  # noqa: PLC0415 - the same
    from gatepost.records.pipeline import Source  # noqa: PLC0415 - the same

    folder = posixpath.dirname(made.path)
    fact = book.files.look(definition, folder)
    content = book.files.read(fact.path) if fact.state == "found" else None
    if content is None:
        message = f"there is no file {definition} in {project.root.name}"
        raise DraftError(message)
    kind = tool or kind_of_definition(fact.path, content)
    if kind not in READERS:
        unknown = f"there is no reader for {tool}" if tool else f"what {definition} is written for cannot be told"
        message = f"{unknown}: say --kind {'|'.join(READERS)}"
        raise DraftError(message)
    source = Source.model_validate({"kind": kind, "path": definition})
    try:
        found = read_definition(source, fact.path, content, book.files.read)
    except DefinitionError as error:
        message = f"{error.path}:{error.line}: {error}; {error.hint}"
        raise click.UsageError(message) from None
    title = str((read_document(made.path, made.text.encode()).data or {}).get("title", ""))
    body = made.text.partition("\n---\n")[2]
    return replace(made, text=f"---\n{drafted(found, folder, title)}---\n{body}")
