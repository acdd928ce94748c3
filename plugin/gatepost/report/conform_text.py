"""What a contract and the real definition differ in: as text, as Markdown, as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from gatepost.report.counts import counted
from gatepost.report.json_report import document
from gatepost.report.lines import plain, wrap
from gatepost.report.markup import code, sentence, shown
from gatepost.report.paint import Paint, Role, in_plain

if TYPE_CHECKING:
    from gatepost.book import Entry
    from gatepost.definitions import Conformance, Difference

__all__ = ["render_conform_json", "render_conform_markdown", "render_conform_text"]

_WORDS: Final[dict[str, tuple[str, Role]]] = {
    "differs": ("DIFFERS", "block"),
    "unknown": ("UNKNOWN", "open"),
    "not-shown": ("NOT SHOWN", "advise"),
}


def _ending(found: Conformance) -> str:
    definition = found.definition
    read = (
        f"{counted(len(definition.stages), 'stage')} and {counted(len(definition.edges), 'edge')} in {definition.path}"
    )
    differing = len(found.of("differs"))
    if differing:
        return f"{counted(differing, 'difference')}; {read}."
    if definition.gaps:
        return f"No difference in what the text tells; {counted(len(definition.gaps), 'gap')}; {read}."
    return f"The contract and the definition agree; {read}."


def render_conform_text(entry: Entry, found: Conformance, *, paint: Paint = in_plain, width: int = 80) -> str:
    """Give the differences as text, both places with each.

    Args:
        entry: the record of the contract.
        found: what comparing gave.
        paint: what gives each piece its colour.
        width: columns that a line may fill.
    """
    blocks = [[*(paint(line, "name") for line in wrap(f"{entry.id}  {entry.record.title}", width)), plain(entry.path)]]
    blocks += [list(_difference(one, paint, width)) for one in found.differences]
    blocks += [list(_gap(f"{gap.path}:{gap.line}", gap.message, paint, width)) for gap in found.definition.gaps]
    blocks.append(wrap(_ending(found), width))
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _difference(one: Difference, paint: Paint, width: int) -> Iterator[str]:
    word, role = _WORDS[one.weight]
    yield f"{paint(word, role)}  {one.id}  {'.'.join(str(step) for step in one.at)}  {plain(one.place)}"
    for text in (one.message, f"hint: {one.hint}"):
        yield from (f"    {line}" for line in wrap(text, width - 4))


def _gap(place: str, message: str, paint: Paint, width: int) -> Iterator[str]:
    yield f"{paint('GAP', 'open')}  {plain(place)}"
    yield from (f"    {line}" for line in wrap(message, width - 4))


def render_conform_markdown(entry: Entry, found: Conformance) -> str:
    """Give the differences as Markdown."""
    text = f"**{shown(entry.record.title)}** ({code(entry.path)})\n\n{shown(_ending(found))}\n"
    rows = [
        (_WORDS[one.weight][0], code(one.id), sentence(one.message), code(one.place), sentence(one.hint))
        for one in found.differences
    ]
    rows += [("GAP", "", sentence(gap.message), code(f"{gap.path}:{gap.line}"), "") for gap in found.definition.gaps]
    if rows:
        head = ("", "Difference", "What", "Where", "How to mend")
        text += "\n" + "".join(f"| {' | '.join(row)} |\n" for row in (head, ("---",) * len(head), *rows))
    return text


def render_conform_json(entry: Entry, found: Conformance, version: str) -> str:
    """Give the differences, and the definition as it was read, as JSON."""
    definition = found.definition
    head: dict[str, Any] = {
        "schema_version": 1,
        "tool": {"name": "gatepost", "version": version},
        "contract": {"id": entry.id, "path": entry.path},
        "definition": {"kind": definition.tool, "path": definition.path, "files": list(definition.files)},
        "conformant": not found.of("differs"),
    }
    lists: dict[str, Iterable[dict[str, Any]]] = {
        "differences": (
            {
                "id": one.id,
                "weight": one.weight,
                "message": one.message,
                "hint": one.hint,
                "field": ".".join(str(step) for step in one.at),
                "path": one.path,
                "line": one.line or None,
            }
            for one in found.differences
        ),
        "gaps": ({"message": gap.message, "path": gap.path, "line": gap.line} for gap in definition.gaps),
        "stages": ({"name": stage.name, "path": stage.path, "line": stage.line} for stage in definition.stages),
        "edges": (
            {"from": edge.before, "to": edge.after, "via": edge.via or None, "weakened": edge.weakened}
            for edge in definition.edges
        ),
    }
    return document(head, lists)
