"""`record-complete`: sections are written, no placeholder is left, no date is impossible."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gatepost.book import Entry, Fault, KeyPath
from gatepost.gates.dates import impossible_dates
from gatepost.gates.gate import Context, Gate, Verdict
from gatepost.gates.placeholders import placeholders, unwritten
from gatepost.records import KINDS

__all__ = ["GATE"]

_LONGEST: Final = 60
"""So many characters of a placeholder are shown."""


def check(entry: Entry, context: Context) -> Verdict:
    """Look for missing sections, then for what a template left behind, then at the days."""
    left = (
        Fault(f"the placeholder {_short(text)} is left", "write what it stands for, or remove it", offset, text)
        for text, offset in placeholders(entry, context.policy)
    )
    empty = (
        Fault(f"{_key(at)} says no more than {text}", "write what it is, or remove the key", at, text)
        for text, at in unwritten(entry, context.policy)
    )
    return [*_sections(entry, context), *left, *empty, *impossible_dates(entry.record, context.latest_today)]


def _key(at: KeyPath) -> str:
    """Give the key of a value, or of the list that it stands in."""
    return next((step for step in reversed(at) if isinstance(step, str)), "")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _sections(entry: Entry, context: Context) -> Iterator[Fault]:
    required = () if entry.kind == "policy" else context.policy.sections.get(entry.kind, ())
    if not required:
        return
    present = {section.title.casefold(): section for section in entry.prose.sections}
    for title in required:
        section = present.get(title.casefold())
        if section is None:
            hint = f"add a heading `## {title}` with text below it"
            yield Fault(f"the section '{title}' is missing", hint, entry.document.body_start, title)
        elif section.is_empty:
            yield Fault(f"the section '{title}' is empty", "write it", section.offset, title)


GATE = Gate(
    id="record-complete",
    code="GP113",
    kind="quality",
    applies_to=frozenset(KINDS),
    holds_when=(
        "The body has each section that the policy asks for, none empty; no placeholder is left in the record, "
        "and what has been decided is not dated in the future."
    ),
    check=check,
)
