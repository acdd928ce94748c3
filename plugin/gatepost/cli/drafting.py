"""A contract drafted from the real definition of a pipeline."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from gatepost.book import Entry, Unread, read_document
from gatepost.cli.draft import Draft, DraftError, Wanted, draft, draft_design_and_contract
from gatepost.cli.naming import slug
from gatepost.cli.trouble import CouldNotCheckError

if TYPE_CHECKING:
    from pathlib import Path

    from gatepost.book import Book
    from gatepost.definitions import Definition, PathsBelow, ReadFile
    from gatepost.sources import Project

__all__ = ["contract_from", "refuse_unreadable"]

_OF_NO_PIPELINE: Final = frozenset(
    {"argo", "ci", "cd", "dag", "dags", "definition", "definitions", "docs", "dvc", "github", "gitlab-ci", "main"}
    | {"ml", "pipeline", "pipelines", "src", "workflow", "workflows"}
)
"""Names of files and folders that many repositories have, and that tell no pipeline from another."""


def contract_from(  # noqa: PLR0913 - what the command was asked for, and where
    project: Project, book: Book, wanted: Wanted, day: dt.date, *, definition: str, tool: str | None
) -> list[Draft]:
    """Draft a contract from a definition, and a design for it where no design is named and none lacks a contract.

    Args:
        project: the project.
        book: its records and files.
        wanted: what was asked for; the title may be empty, and is then the definition's name, or made of where it lies.
        day: the day the records are dated.
        definition: the file of the definition, from the root of the repository or from the contract's folder.
        tool: what it is written for; told by its name and content when None.

    Returns:
        The contract, then the design if there is to be a new one.

    Raises:
        DraftError: a record is there already, the definition is not, or what it is cannot be told.
        CouldNotCheckError: the definition cannot be read.
    """
    if not wanted.title:
        wanted = replace(wanted, title=_own_name(book, definition) or _title_from(project, definition))
    lacking = _without_contract(book)
    if not wanted.design and len(lacking) == 1:
        wanted = replace(wanted, design=lacking[0])
    if wanted.design or len(lacking) > 1:
        return [_drafted(project, book, draft(book, wanted, day), definition, tool)]
    design, contract = draft_design_and_contract(book, wanted, day)
    return [_drafted(project, book, contract, definition, tool), design]


def _without_contract(book: Book) -> list[str]:
    """Give the designs that have no contract, not even one that cannot be read."""
    every: tuple[Entry | Unread, ...] = (*book.entries, *book.unread)
    having = {one.design for one in every if one.kind == "pipeline"}
    return [one.id for one in book.designs if one.id not in having]


def _own_name(book: Book, definition: str) -> str:
    """Give the name that a workflow of GitHub gives itself, where it tells something and a design can be called so."""
    from gatepost.definitions import DefinitionError  # noqa: PLC0415 - rarely needed
    from gatepost.definitions.yaml_text import as_dict, as_text, load_yaml  # noqa: PLC0415 - the same

    fact = book.files.look(definition, "")
    content = book.files.read(fact.path) if fact.state == "found" and fact.path.endswith((".yml", ".yaml")) else None
    try:
        data = as_dict(next(iter(load_yaml(fact.path, content)), None)) if content is not None else {}
    except DefinitionError:
        return ""
    name = " ".join(as_text(data.get("name")).split()) if data.get("jobs") else ""
    return name if slug(name).isascii() and slug(name) not in {"", *_OF_NO_PIPELINE} else ""


def _title_from(project: Project, definition: str) -> str:
    """Make a title of the first name that tells something: the file's, its folders', the repository's."""
    path = PurePosixPath(posixpath.normpath(definition))
    names = (path.name.lstrip(".").partition(".")[0], *(folder.name.lstrip(".") for folder in path.parents))
    telling = [name for name in names if name.strip(".") and name.casefold() not in _OF_NO_PIPELINE]
    words = re.sub(r"[\W_]+", " ", telling[0] if telling else project.root.name).strip()
    return (words[:1].upper() + words[1:]) or "Pipeline"


def refuse_unreadable(root: Path, definition: str, tool: str | None) -> None:
    """Read a definition before there is a project that it could be drafted in.

    Args:
        root: the folder that paths are seen from.
        definition: the file of the definition.
        tool: what it is written for; told by its name and content when None.

    Raises:
        DraftError: what it is cannot be told.
        CouldNotCheckError: it cannot be read.
    """

    def read(path: str) -> bytes | None:
        file = root / path
        return file.read_bytes() if file.is_file() and file.resolve().is_relative_to(root.resolve()) else None

    path = posixpath.normpath(definition)
    content = read(path)
    if content is not None:
        _read(definition, path, content, tool, (read, lambda _: None))


def _drafted(project: Project, book: Book, made: Draft, definition: str, tool: str | None) -> Draft:
    """Fill what a definition says into a contract from the template; its text below the frontmatter is kept."""
    from gatepost.definitions.draft import draft as drafted  # noqa: PLC0415 - rarely needed

    folder = posixpath.dirname(made.path)
    fact = book.files.look(definition, folder)
    content = book.files.read(fact.path) if fact.state == "found" else None
    if content is None:
        message = f"there is no file {definition} in {project.root.name}"
        raise DraftError(message)
    found = _read(definition, fact.path, content, tool, (book.files.read, book.files.tracked_below))
    title = str((read_document(made.path, made.text.encode()).data or {}).get("title", ""))
    body = made.text.partition("\n---\n")[2]
    return replace(made, text=f"---\n{drafted(found, folder, title, book.files.read)}---\n{body}")


def _read(
    definition: str, path: str, content: bytes, tool: str | None, files: tuple[ReadFile, PathsBelow]
) -> Definition:
    """Read a definition of a tool that is said, or told by its name and content."""
    from gatepost.definitions import DefinitionError, kind_of_definition, read_definition  # noqa: PLC0415 - rarely needed
    from gatepost.definitions.readers import READERS  # noqa: PLC0415 - the same
    from gatepost.records.pipeline import Source  # noqa: PLC0415 - the same

    kind = tool or kind_of_definition(path, content)
    if kind not in READERS:
        unknown = f"there is no reader for {tool}" if tool else f"what {definition} is written for cannot be told"
        message = f"{unknown}: say --kind {'|'.join(READERS)}"
        raise DraftError(message)
    source = Source.model_validate({"kind": kind, "path": definition})
    try:
        return read_definition(source, path, content, *files)
    except DefinitionError as error:
        message = f"{error.path}:{error.line}: {error}; {error.hint}"
        raise CouldNotCheckError(message) from None
