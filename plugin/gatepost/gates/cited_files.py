"""Files that a contract or a checklist names: are they there, and does git have them?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gatepost.book import Entry, Fault, FileFact, KeyPath
from gatepost.gates.gate import Context
from gatepost.records import Checklist, Pipeline

__all__ = ["HINT", "problem_of", "uncommitted", "unknown_file"]

HINT: Final = "add the file to git, or correct the path"


def uncommitted(entry: Entry, context: Context) -> Iterator[Fault]:
    """Find files that a record names and that a fresh clone would not have."""
    for at, path in _cited(entry):
        fact = context.book.files.look(path, context.book.folder(entry))
        if problem := problem_of(fact):
            yield Fault(f"the file {path} {problem}", HINT, at, path)


def unknown_file(entry: Entry, context: Context) -> str | None:
    """Give the first file that is there and of which nobody here can tell whether git tracks it, or None."""
    files, near = context.book.files, context.book.folder(entry)
    facts = ((path, files.look(path, near)) for _, path in _cited(entry))
    return next((path for path, fact in facts if fact.state == "found" and fact.tracked is None), None)


def _cited(entry: Entry) -> list[tuple[KeyPath, str]]:
    """Give the files that a contract or a checklist names, each with its place."""
    cited: list[tuple[KeyPath, str]] = []
    if isinstance(entry.record, Pipeline):
        if entry.record.source:
            cited.append((("source", "path"), entry.record.source.path))
        cited += [
            (("artifacts", name, "schema"), one.schema_) for name, one in entry.record.artifacts.items() if one.schema_
        ]
    elif isinstance(entry.record, Checklist):
        places = enumerate(entry.record.items)
        cited += [(("items", n, "evidence"), item.evidence.partition("#")[0]) for n, item in places if item.evidence]
    return cited


def problem_of(fact: FileFact) -> str:
    """Say why a fresh clone would not have a file; empty when it would, or when that cannot be known."""
    return "is not tracked by git" if fact.tracked is False else fact.problem
