"""Gates as text: all of them in a list, one of them with its page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from gatepost.report.lines import wrap
from gatepost.report.paint import Paint, in_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatepost.gates import Gate

__all__ = ["render_gate", "render_gates"]

_TITLE: Final = re.compile(r"\A(?:---\n(?s:.*?)\n---\n)?\s*# .*\n+")
_FENCE: Final = re.compile(r"```|~~~")
_ITEM: Final = re.compile(r"\s*(?:[*+-]|\d+\.) +")
_AS_IT_STANDS: Final = ("|", "!!!", "???", "    ", "<")
_INDENT: Final = 7


def render_gates(gates: Iterable[Gate], *, paint: Paint = in_plain, width: int = 80) -> str:
    """List gates: code, name, kind, and when each holds."""
    lines = []
    for gate in gates:
        lines.append(f"{gate.code}  {paint(gate.id, 'name')}  {_kind(gate)}")
        lines += [f"{' ' * _INDENT}{line}" for line in wrap(gate.holds_when, width - _INDENT)]
    return "\n".join(lines) + "\n"


def render_gate(gate: Gate, page: str | None, *, paint: Paint = in_plain, width: int = 80) -> str:
    """Give a gate's page for a terminal; its one sentence when it has no page.

    Args:
        gate: the gate.
        page: its page in Markdown.
        paint: what gives headings their colour.
        width: columns that text may fill; code and tables stay as they are.
    """
    kinds = ", ".join(sorted(gate.applies_to))
    head = f"{gate.code}  {paint(gate.id, 'name')}  {_kind(gate)}\nLooks at: {kinds}"
    text = _TITLE.sub("", page).strip() if page else gate.holds_when
    return "\n".join([head, "", *_laid_out(text, paint, width)]) + "\n"


def _kind(gate: Gate) -> str:
    return gate.kind if gate.enforcement == "block" else f"{gate.kind}, advice unless the policy says otherwise"


def _laid_out(text: str, paint: Paint, width: int) -> Iterator[str]:
    """Break the paragraphs and items of a page anew, and leave everything else."""
    paragraph: list[str] = []
    code = False
    for line in [*text.splitlines(), ""]:
        fence = bool(_FENCE.match(line.lstrip()))
        stands = code or fence or not line.strip() or line.startswith(("#", *_AS_IT_STANDS))
        if paragraph and (stands or _ITEM.match(line)):
            yield from _broken(paragraph, width)
            paragraph = []
        if stands:
            yield paint(line, "name") if line.startswith("#") and not code else line
        else:
            paragraph.append(line)
        code ^= fence


def _broken(paragraph: list[str], width: int) -> Iterator[str]:
    first = paragraph[0]
    mark = match[0] if (match := _ITEM.match(first)) else ""
    text = " ".join([first.removeprefix(mark).strip(), *(line.strip() for line in paragraph[1:])])
    for number, line in enumerate(wrap(text, width - len(mark))):
        yield f"{mark if number == 0 else ' ' * len(mark)}{line}"
