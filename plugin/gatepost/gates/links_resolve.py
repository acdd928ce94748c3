"""`links-resolve`: whatever the record names exists and is of the right kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gatepost.book import Entry, Fault, Link
from gatepost.book.links import EXPECTED_KIND
from gatepost.book.prose import without_code
from gatepost.book.quoted import quoted_number
from gatepost.book.targets import link_target
from gatepost.gates.cited_files import HINT, uncommitted, unknown_file
from gatepost.gates.gate import Context, Gate, Unknown, Verdict
from gatepost.records import KINDS, Decision, canonical, kind_of_id
from gatepost.records.ids import IDS_IN_PROSE

__all__ = ["GATE"]

_IN_TEXT: Final = "correct the id, or write the record; code spans are left alone"


def check(entry: Entry, context: Context) -> Verdict:
    """Follow each link of the record."""
    faults = [*_named(entry, context), *uncommitted(entry, context), *_prose(entry, context)]
    if not faults and (path := unknown_file(entry, context)):
        return Unknown(f"whether git tracks {path} is not known: {context.book.files.why_unknown()}")
    return faults


def _prose(entry: Entry, context: Context) -> Iterator[Fault]:
    for found in entry.prose.links:
        target = link_target(found.text, entry.path.rpartition("/")[0])
        if target is None or not (context.book.has_page(target) or context.book.files.exists(target)):
            yield Fault(f"the link to {found.text} leads nowhere", HINT, found.offset, found.text)
    for found in entry.prose.metrics:
        answer = quoted_number(context.book, entry, found.text)
        if isinstance(answer, str):
            hint = "correct the path or the pointer, or add the file to git"
            yield Fault(f"the number {found.text} cannot be quoted: {answer}", hint, found.offset, found.text)


def _named(entry: Entry, context: Context) -> Iterator[Fault]:
    missing: set[str] = set()
    no_longer_stands = isinstance(entry.record, Decision) and entry.record.is_history
    for link in context.book.links(entry):
        if link.relation == "evidence" or link.target in missing:
            continue
        if link.relation == "stages":
            yield from () if no_longer_stands else _stage(entry, context, link)
        elif not context.book.knows(link.target):
            missing.add(link.target)
            hint = _IN_TEXT if isinstance(link.at, int) else "correct the id, or write the record"
            yield Fault(f"{link.written} does not exist", hint, link.at, link.target)
        elif (wanted := EXPECTED_KIND.get(link.relation)) and kind_of_id(link.target) != wanted:
            message = f"{link.relation} names {link.written}, which is a {kind_of_id(link.target)}"
            yield Fault(message, f"name a {wanted} here", link.at, link.target)
    yield from _in_fields(entry, context, missing)


def _in_fields(entry: Entry, context: Context, told: set[str]) -> Iterator[Fault]:
    """Find ids in the text of the frontmatter, a scope or a note, that name nothing."""
    front, start = entry.document.front, entry.document.front_start
    for sign, ids in IDS_IN_PROSE.items():
        for match in ids.finditer(without_code(front)) if sign in front else ():
            target = canonical(match[0])
            if target != entry.key and target not in told and not context.book.knows(target):
                told.add(target)
                yield Fault(f"{match[0]} does not exist", _IN_TEXT, start + match.start(), target)


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
