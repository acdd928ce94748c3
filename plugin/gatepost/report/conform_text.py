"""What a contract and the real definition differ in: as text, and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from gatepost.book import locate
from gatepost.report.counts import counted
from gatepost.report.lines import plain, wrap
from gatepost.report.markup import code, sentence, shown
from gatepost.report.paint import Paint, Role, in_plain

if TYPE_CHECKING:
    from gatepost.book import Entry
    from gatepost.definitions import Conformance, Difference, Gap

__all__ = ["render_conform_markdown", "render_conform_text"]

_WORDS: Final[dict[str, tuple[str, Role]]] = {
    "differs": ("DIFFERS", "block"),
    "unknown": ("UNKNOWN", "open"),
    "not-shown": ("NOT SHOWN", "advise"),
}


def _ending(found: Conformance) -> str:
    definition = found.definition
    stages, edges = counted(len(definition.stages), "stage"), counted(len(definition.edges), "edge")
    read = f"{stages} and {edges} in {definition.path}"
    gaps = counted(len(definition.gaps), "gap")
    differing, unknown = len(found.of("differs")), len(found.of("unknown"))
    if differing:
        return f"{counted(differing, 'difference')}; {read}."
    if unknown:
        cause = f", as it has {gaps}" if definition.gaps else ""
        return f"No difference in what the text tells; {counted(unknown, 'thing')} unknown{cause}; {read}."
    if definition.gaps:
        return f"No difference in what the text tells, which has {gaps}; {read}."
    return f"The contract and the definition agree; {read}."


def _places(entry: Entry, one: Difference) -> tuple[str, str]:
    """Give where a difference is on either side."""
    return f"{entry.path}:{locate(entry.document, one.at).line}", one.place


def render_conform_text(entry: Entry, found: Conformance, *, paint: Paint = in_plain, width: int = 80) -> str:
    """Give the differences as text, both places with each.

    Args:
        entry: the record of the contract.
        found: what comparing gave.
        paint: what gives each piece its colour.
        width: columns that a line may fill.
    """
    blocks = [[*(paint(line, "name") for line in wrap(f"{entry.id}  {entry.record.title}", width)), plain(entry.path)]]
    blocks += [list(_difference(entry, one, paint, width)) for one in found.differences]
    blocks += [list(_gap(gap, paint, width)) for gap in found.definition.gaps]
    blocks.append(wrap(_ending(found), width))
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _difference(entry: Entry, one: Difference, paint: Paint, width: int) -> Iterator[str]:
    word, role = _WORDS[one.weight]
    here, there = _places(entry, one)
    yield f"{paint(word, role)}  {one.id}  {'.'.join(str(step) for step in one.at)}"
    yield f"    contract    {plain(here)}"
    yield f"    definition  {plain(there)}"
    for text in (one.message, f"hint: {one.hint}"):
        yield from (f"    {line}" for line in wrap(text, width - 4))


def _gap(gap: Gap, paint: Paint, width: int) -> Iterator[str]:
    yield f"{paint('GAP', 'open')}  {plain(f'{gap.path}:{gap.line}')}"
    yield from (f"    {line}" for line in wrap(gap.message, width - 4))


def render_conform_markdown(entry: Entry, found: Conformance) -> str:
    """Give the differences as Markdown.

    Args:
        entry: the record of the contract.
        found: what comparing gave.
    """
    text = f"**{shown(entry.record.title)}** ({code(entry.path)})\n\n{shown(_ending(found))}\n"
    rows = [
        (
            _WORDS[one.weight][0],
            code(one.id),
            sentence(one.message),
            *map(code, _places(entry, one)),
            sentence(one.hint),
        )
        for one in found.differences
    ]
    rows += [
        ("GAP", "", sentence(gap.message), "", code(f"{gap.path}:{gap.line}"), "") for gap in found.definition.gaps
    ]
    if rows:
        head = ("", "Difference", "What", "In the contract", "In the definition", "How to mend")
        text += "\n" + "".join(f"| {' | '.join(row)} |\n" for row in (head, ("---",) * len(head), *rows))
    return text
