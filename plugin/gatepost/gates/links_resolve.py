"""`links-resolve`: whatever the record names exists and is of the right kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from gatepost.book import Entry, Fault, Link
from gatepost.book.links import EXPECTED_KIND
from gatepost.book.quoted import quoted_number
from gatepost.book.targets import link_target
from gatepost.gates.cited_files import HINT, uncommitted
from gatepost.gates.gate import Context, Gate, Verdict
from gatepost.records import KINDS, kind_of_id

__all__ = ["GATE"]


def check(entry: Entry, context: Context) -> Verdict:
    """Follow each link of the record."""
    return [*_named(entry, context), *uncommitted(entry, context), *_prose(entry, context)]


def _prose(entry: Entry, context: Context) -> Iterator[Fault]:
    for found in entry.prose.links:
        target = link_target(found.text, PurePosixPath(entry.path).parent.as_posix())
        if target is None or not (context.book.has_page(target) or context.book.files.exists(target)):
            yield Fault(f"the link to {found.text} leads nowhere", HINT, found.offset, found.text)
    for found in entry.prose.metrics:
        answer = quoted_number(context.book, entry, found.text)
        if isinstance(answer, str):
            hint = "correct the path or the pointer, or add the file to git"
            yield Fault(f"the number {found.text} cannot be quoted: {answer}", hint, found.offset, found.text)


def _named(entry: Entry, context: Context) -> Iterator[Fault]:
    missing: set[str] = set()
    for link in context.book.links(entry):
        if link.relation == "evidence" or link.target in missing:
            continue
        if link.relation == "stages":
            yield from _stage(entry, context, link)
        elif not context.book.knows(link.target):
            missing.add(link.target)
            aside = "; code spans are left alone" if isinstance(link.at, int) else ""
            yield Fault(
                f"{link.written} does not exist", f"correct the id, or write the record{aside}", link.at, link.target
            )
        elif (wanted := EXPECTED_KIND.get(link.relation)) and kind_of_id(link.target) != wanted:
            message = f"{link.relation} names {link.written}, which is a {kind_of_id(link.target)}"
            yield Fault(message, f"name a {wanted} here", link.at, link.target)


def _stage(entry: Entry, context: Context, link: Link) -> Iterator[Fault]:
    contract = context.book.pipeline(entry.design)
    if contract is None:
        if not context.book.cannot_read("pipeline", entry.design):
            message = f"the stage {link.written} cannot be found: the design has no stage contract"
            yield Fault(message, "write pipeline.md beside the design's index.md", link.at, link.written)
    elif link.written not in contract.stages:
        known = ", ".join(contract.stages)
        yield Fault(f"the contract has no stage {link.written}", f"its stages are {known}", link.at, link.written)


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
