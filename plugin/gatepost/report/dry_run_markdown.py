"""A simulated contract as Markdown, for a comment or a summary of a job."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from gatepost.report.dry_run_words import lines_of, mended_words, shown_words, verdict_words, walked_words
from gatepost.report.markup import code, sentence, shown

if TYPE_CHECKING:
    from gatepost.book import Entry
    from gatepost.pipeline import DryRunVerdict

__all__ = ["render_dry_run_markdown"]


def render_dry_run_markdown(entry: Entry, verdict: DryRunVerdict) -> str:
    """Give a simulated contract as Markdown: the verdict, what is broken, the table of branches.

    Args:
        entry: the record of the contract.
        verdict: what simulating it gave.
    """
    text = f"**{shown(entry.record.title)}** ({code(entry.path)})\n\n**{shown(verdict_words(verdict))}** "
    text += f"{shown(walked_words(verdict))}\n"
    if verdict.violations:
        broken = [
            (code(one.invariant), sentence(one.message), shown(shown_words(one)), sentence(one.hint))
            for one in verdict.violations
        ]
        text += _table(("Invariant", "What is broken", "Shown by", "How to mend"), broken)
    lines = lines_of(verdict)
    if lines:
        rows = [(code(one.stage), *map(shown, one[1:])) for one in lines]
        text += _table(("Stage", "What goes wrong", "Then", "Ends", "Users get"), rows)
    mended = mended_words(verdict)
    return f"{text}\n{mended}\n" if mended else text


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "\n" + "".join(f"| {' | '.join(row)} |\n" for row in (head, ("---",) * len(head), *rows))
