"""A simulated contract as text: what is broken and the branch that shows it, then the table of branches."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from gatepost.report.dry_run_words import Line, lines_of, mended_words, shown_words, verdict_words, walked_words
from gatepost.report.lines import columns, pad, plain, shortened, wrap
from gatepost.report.paint import Paint, Role, in_plain

if TYPE_CHECKING:
    from gatepost.book import Entry
    from gatepost.pipeline import DryRunVerdict, Violation

__all__ = ["broken_blocks", "render_dry_run_text"]

_HEAD: Final = Line("STAGE", "WHAT GOES WRONG", "THEN", "ENDS", "USERS GET")
_STAGE: Final = 18
_THEN: Final = 16
_ENDS: Final = 12
_GET: Final = 9


def render_dry_run_text(
    entry: Entry, verdict: DryRunVerdict, *, every: bool = True, paint: Paint = in_plain, width: int = 80
) -> str:
    """Give a simulated contract as text.

    Args:
        entry: the record of the contract.
        verdict: what simulating it gave.
        every: whether the table of branches is shown.
        paint: what gives each piece its colour.
        width: columns that a line may fill.
    """
    role: Role = "block" if verdict.violations else "good"
    blocks = [
        [*(paint(line, "name") for line in wrap(f"{entry.id}  {entry.record.title}", width)), plain(entry.path)],
        *broken_blocks(verdict, paint, width),
        list(_table(verdict, paint, width)) if every else [],
        [*wrap(walked_words(verdict), width), *(paint(line, role) for line in wrap(verdict_words(verdict), width))],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def broken_blocks(verdict: DryRunVerdict, paint: Paint = in_plain, width: int = 80) -> list[list[str]]:
    """Give the lines about each invariant that is broken, with the branch that shows it.

    Args:
        verdict: what simulating a contract gave.
        paint: what gives each piece its colour.
        width: columns that a line may fill.
    """
    return [list(_violation(one, paint, width)) for one in verdict.violations]


def _violation(one: Violation, paint: Paint, width: int) -> Iterator[str]:
    yield f"{paint('BROKEN', 'block')}  {one.invariant}  {'.'.join(str(step) for step in one.at)}"
    for text in (one.message, f"shown by: {shown_words(one)}", f"hint: {one.hint}"):
        yield from (f"    {line}" for line in wrap(text, width - 4))


def _table(verdict: DryRunVerdict, paint: Paint, width: int) -> Iterator[str]:
    lines = lines_of(verdict)
    if not lines:
        return
    stage = min(_STAGE, max(columns(line.stage) for line in (_HEAD, *lines)))
    short = shortened(dict.fromkeys(plain(line.stage) for line in lines), stage)
    sizes = (stage, width - stage - _THEN - _ENDS - _GET - 4 * 2, _THEN, _ENDS, _GET)
    yield paint(_cells(_HEAD, sizes), "name")
    last = ""
    for line in lines:
        parts = [wrap(text, size) for text, size in zip(line._replace(stage=""), sizes, strict=True)]
        parts[0] = [short[plain(line.stage)]] if line.stage != last else [""]
        last = line.stage
        yield from (_cells(Line(*row), sizes) for row in zip_longest(*parts, fillvalue=""))
    if mended := mended_words(verdict):
        yield from wrap(mended, width)


def _cells(line: Line, sizes: tuple[int, ...]) -> str:
    return "  ".join(pad(text, size) for text, size in zip(line, sizes, strict=True)).rstrip()
