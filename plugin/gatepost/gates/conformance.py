"""How a contract compares with the real definition that it names, as a verdict of a gate."""

from __future__ import annotations

from gatepost.book import Entry, Fault
from gatepost.definitions import Definition, DefinitionError, Difference, compare, read_definition
from gatepost.gates.gate import Context, NotApplicable, Passed, Unknown, Verdict
from gatepost.records import Pipeline
from gatepost.records.pipeline import Source

__all__ = ["conformance"]


def conformance(entry: Entry, context: Context, record: Pipeline, source: Source) -> Verdict:
    """Read the definition, and compare.

    Args:
        entry: the contract's record.
        context: for the files of the book.
        record: the contract.
        source: the definition that it names.
    """
    found = _definition(entry, context, source)
    if not isinstance(found, Definition):
        return [found] if isinstance(found, Fault) else found
    compared = compare(record, found, context.book.folder(entry), context.book.files.read)
    faults = [_fault(one) for one in compared.of("differs")]
    if not faults and compared.of("unknown"):
        return Unknown(_open(found, compared.of("unknown")[0]))
    if not faults and compared.gaps:
        gap = compared.gaps[0]
        return Unknown(
            f"{gap.path}:{gap.line}: {gap.message}; so it is open whether the definition does what it should"
        )
    return faults or Passed(tuple(_fault(one) for one in compared.of("not-shown")))


def _definition(entry: Entry, context: Context, source: Source) -> Definition | Fault | NotApplicable:
    files = context.book.files
    fact = files.look(source.path, context.book.folder(entry))
    if fact.state != "found":
        return NotApplicable(f"{source.path} {fact.problem}, which links-resolve reports")
    at = ("source", "path")
    content = files.read(fact.path)
    if content is None:
        return Fault(f"{fact.path} is too large or cannot be read", "name a smaller file", at, source.path)
    try:
        return read_definition(source, fact.path, content, files.read, files.tracked_below)
    except DefinitionError as error:
        place = f" (line {error.line})" if error.path == fact.path else f" ({error.path}:{error.line})"
        return Fault(f"{error}{place}", error.hint, at, source.path)


def _open(found: Definition, one: Difference) -> str:
    """Say what is open, and why: a gap, or what the definition says itself."""
    if one.message.endswith("is not shown"):
        return f"{one.message} ({one.place})"
    if not found.gaps or one.line:
        return f"it is open whether {one.message.removeprefix('whether ')} ({one.place})"
    gap = found.gaps[0]
    return f"{gap.path}:{gap.line}: {gap.message}; so it is open whether {one.message.removeprefix('whether ')}"


def _fault(one: Difference) -> Fault:
    return Fault(f"{one.message} ({one.place})", one.hint, one.at, f"{one.id} {one.value}")
