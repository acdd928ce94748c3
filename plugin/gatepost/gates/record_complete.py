"""`record-complete`: the sections that the policy asks for are there and written, and no placeholder is left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from gatepost.book import Entry, Fault
from gatepost.gates.gate import Context, Gate, Verdict
from gatepost.records import KINDS

__all__ = ["GATE"]

_WORDS: Final = ("TODO", "TBD", "FIXME", "XXX")
_ALWAYS: Final = r"\?\?\?|<(?!(?:a|br|img|span|div|p|sup|sub|kbd)\b)[a-z][^<>\n=/\"']*[ ][^<>\n=/\"']*>"
_BRACES: Final = r"(?<![{$\\\w])\{[A-Za-z][^{}\n=]*[ ][^{}\n=]*\}(?!\})"


def check(entry: Entry, context: Context) -> Verdict:
    """Look for missing sections, then for what a template left behind."""
    return [*_sections(entry, context), *_placeholders(entry, context)]


def _placeholders(entry: Entry, context: Context) -> Iterator[Fault]:
    words = (*_WORDS, *context.policy.placeholders)
    document = entry.document
    in_front = (
        (m[0], document.front_start + m.start()) for m in _pattern(words, braces=False).finditer(document.front)
    )
    in_body = ((found.text, found.offset) for found in entry.prose.search(_pattern(words, braces=True)))
    places = in_body if entry.kind == "policy" else (*in_front, *in_body)
    for text, offset in places:
        yield Fault(f"the placeholder {text[:60]} is left", "write what it stands for, or remove it", offset, text)


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


@cache
def _pattern(words: tuple[str, ...], *, braces: bool) -> re.Pattern[str]:
    listed = "|".join(re.escape(word) for word in words)
    pattern = rf"(?<![\w-])(?:{listed})(?![\w-])|{_ALWAYS}"
    return re.compile(f"{pattern}|{_BRACES}" if braces else pattern)


GATE = Gate(
    id="record-complete",
    code="GP113",
    kind="quality",
    applies_to=frozenset(KINDS),
    holds_when=(
        "The body has each section that the policy asks for, none empty, and no placeholder is left in the record."
    ),
    check=check,
)
