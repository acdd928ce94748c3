"""`links-resolve`: whatever the record names exists and is of the right kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from gatepost.book import Entry, Fault, Link
from gatepost.book.links import EXPECTED_KIND
from gatepost.book.quoted import quoted_number
from gatepost.book.targets import link_target
from gatepost.gates.gate import Context, Gate, Verdict
from gatepost.records import KINDS, Checklist, Pipeline, kind_of_id

__all__ = ["GATE"]

_FILES: Final = "commit the file, or correct the path"


def check(entry: Entry, context: Context) -> Verdict:
    """Follow each link of the record."""
    return [*_named(entry, context), *_cited_files(entry, context), *_prose(entry, context)]


def _prose(entry: Entry, context: Context) -> Iterator[Fault]:
    for found in entry.prose.links:
        target = link_target(found.text, PurePosixPath(entry.path).parent.as_posix())
        if target is None or not (context.book.has_page(target) or context.book.files.exists(target)):
            yield Fault(f"the link to {found.text} leads nowhere", _FILES, found.offset, found.text)
    for found in entry.prose.metrics:
        answer = quoted_number(context.book, entry, found.text)
        if isinstance(answer, str):
            yield Fault(f"the number {found.text} cannot be quoted: {answer}", _FILES, found.offset, found.text)


def _named(entry: Entry, context: Context) -> Iterator[Fault]:
    for link in context.book.links(entry):
        if link.relation == "evidence":
            continue
        if link.relation == "stages":
            yield from _stage(entry, context, link)
        elif not context.book.knows(link.target):
            hint = "correct the id, or write the record" + (
                "; code spans are left alone" if isinstance(link.at, int) else ""
            )
            yield Fault(f"{link.written} does not exist", hint, link.at, link.target)
        elif (wanted := EXPECTED_KIND.get(link.relation)) and kind_of_id(link.target) != wanted:
            message = f"{link.relation} names {link.written}, which is a {kind_of_id(link.target)}"
            yield Fault(message, f"name a {wanted} here", link.at, link.target)


def _stage(entry: Entry, context: Context, link: Link) -> Iterator[Fault]:
    contract = context.book.pipeline(entry.design)
    if contract is None:
        if not any(one.kind == "pipeline" and one.design == entry.design for one in context.book.unread):
            message = f"the stage {link.written} cannot be found: the design has no stage contract"
            yield Fault(message, "write pipeline.md beside the design's index.md", link.at, link.written)
    elif link.written not in contract.stages:
        known = ", ".join(contract.stages)
        yield Fault(f"the contract has no stage {link.written}", f"its stages are {known}", link.at, link.written)


def _cited_files(entry: Entry, context: Context) -> Iterator[Fault]:
    cited: list[tuple[tuple[str | int, ...], str]] = []
    if isinstance(entry.record, Pipeline):
        if entry.record.source:
            cited.append((("source", "path"), entry.record.source.path))
        cited += [
            (("artifacts", name, "schema"), one.schema_) for name, one in entry.record.artifacts.items() if one.schema_
        ]
    elif isinstance(entry.record, Checklist):
        places = enumerate(entry.record.items)
        cited += [(("items", n, "evidence"), item.evidence.partition("#")[0]) for n, item in places if item.evidence]
    for at, path in cited:
        fact = context.book.files.look(path, context.book.folder(entry))
        if fact.state != "found":
            yield Fault(f"the file {path} {fact.reason or 'does not exist'}", _FILES, at, path)


GATE = Gate(
    id="links-resolve",
    code="GP003",
    kind="integrity",
    applies_to=frozenset(KINDS),
    holds_when=(
        "Every record, stage, file and number that the record names, in fields and in prose, exists and is "
        "of the right kind."
    ),
    check=check,
)
