"""Lives of records that a test makes up: versions one after the other, without git."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatepost.book.history import NOT_COMMITTED, Commit, Facts, RecordHistory, Step
from gatepost.book.version import Version

__all__ = ["PATH", "commit", "life", "lost", "step", "version"]

PATH = "docs/churn/decisions/0002-batch.md"


def commit(number: int, subject: str = "A version", author: str = "Ana Ruiz") -> Commit:
    """Give a commit of some day in October."""
    return Commit(f"{number:040x}", author, f"2026-10-{number + 1:02d}T09:00:00+02:00", subject)


def version(fields: Mapping[str, Any], sections: Mapping[str, int] | None = None, path: str = PATH) -> Version:
    """Give a version of a decision; the text of a section is told by its number of words."""
    facts = {heading: (str(words), words) for heading, words in (sections or {}).items()}
    return Version("decision", "ADR-0002", path, dict(fields), facts)


def lost(path: str = PATH) -> Version:
    """Give a version whose content is not in the repository."""
    return Version("page", "", path, {}, {}, "its content is not in this repository")


def step(number: int, said: Version | None, *brought: Commit, committed: bool = True) -> Step:
    """Give the step that brought a version; None takes the record away."""
    facts = None
    if said is not None:
        status = said.fields.get("status", "")
        facts = Facts(said.kind, said.id, status, len(said.fields.get("amendments", ())), bool(said.problem))
    by = commit(number) if committed else None
    return Step(number if committed else NOT_COMMITTED, by, brought, said.path if said else "", facts, lambda: said)


def life(*versions: Version | None) -> RecordHistory:
    """Give the history of a record that was committed version by version."""
    return RecordHistory(tuple(step(number, said) for number, said in enumerate(versions)))
