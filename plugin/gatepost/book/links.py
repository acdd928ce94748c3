"""Typed links: who names whom, by which field, and at which place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final, Literal, NamedTuple

from gatepost.book.entry import Entry
from gatepost.book.faults import KeyPath, Place
from gatepost.records import Checklist, Decision, Evidence, FollowUp, Kind, Risk, canonical

__all__ = ["EXPECTED_KIND", "Link", "Relation", "evidence_of", "links_of", "place_of"]

Relation = Literal[
    "risks",
    "follow-ups",
    "supersedes",
    "superseded-by",
    "relates",
    "decisions",
    "verifies",
    "mentions",
    "stages",
    "evidence",
]
"""The field that names the other record; `mentions` is the prose."""

EXPECTED_KIND: Final[dict[Relation, Kind]] = {
    "risks": "risk",
    "follow-ups": "follow-up",
    "supersedes": "decision",
    "superseded-by": "decision",
    "decisions": "decision",
}
"""The kind of record that a field must name; the others may name any."""


class Link(NamedTuple):
    """One record names another thing."""

    source: str
    """Key of the record that names."""
    relation: Relation
    """By which field."""
    target: str
    """Key of what is named: a record's id, `churn-batch/pipeline#train`, or `file:evidence/metrics.json`."""
    written: str
    """How the author wrote it."""
    at: Place
    """Where it is written."""


def links_of(entry: Entry) -> Iterator[Link]:
    """Give the links of one record: its fields first, then its prose."""
    key = entry.key
    for relation, path, written in _fields(entry):
        yield Link(key, relation, canonical(written), written, path)
    if isinstance(entry.record, Decision):
        for index, stage in enumerate(entry.record.stages):
            yield Link(key, "stages", f"{entry.design}/pipeline#{stage}", stage, ("stages", index))
    for path, evidence in evidence_of(entry):
        if evidence.path:
            yield Link(key, "evidence", f"file:{place_of(entry, evidence.path)}", evidence.path, (*path, "path"))
    seen = {key}
    for found in entry.prose.ids:
        target = canonical(found.text)
        if target not in seen:
            seen.add(target)
            yield Link(key, "mentions", target, found.text, found.offset)


def evidence_of(entry: Entry) -> Iterator[tuple[KeyPath, Evidence]]:
    """Give the evidence entries of a record with their key paths."""
    record = entry.record
    if isinstance(record, Decision):
        for index, evidence in enumerate(record.evidence):
            yield ("evidence", index), evidence
    elif record.kind == "design":
        for index, evidence in enumerate(record.domain_evidence):
            yield ("domain-evidence", index), evidence


def place_of(entry: Entry, path: str) -> str:
    """Give a name for a cited file that two records of one design spell alike."""
    return f"{entry.design}:{PurePosixPath(path).as_posix()}" if entry.design else PurePosixPath(path).as_posix()


def _fields(entry: Entry) -> Iterator[tuple[Relation, KeyPath, str]]:
    record = entry.record
    match record:
        case Decision():
            yield from _each("risks", record.risks)
            yield from _each("follow-ups", record.follow_ups)
            yield from _each("supersedes", record.supersedes)
            yield from _each("superseded-by", record.superseded_by)
            yield from _each("relates", record.relates)
        case Risk():
            yield from _each("decisions", record.decisions)
        case FollowUp():
            yield from _each("decisions", record.decisions)
            yield from _each("risks", record.risks)
        case Checklist():
            for index, item in enumerate(record.items):
                for number, written in enumerate(item.verifies):
                    yield "verifies", ("items", index, "verifies", number), written
        case _:
            return


def _each(relation: Relation, written: tuple[str, ...]) -> Iterator[tuple[Relation, KeyPath, str]]:
    for index, one in enumerate(written):
        yield relation, (relation, index), one
