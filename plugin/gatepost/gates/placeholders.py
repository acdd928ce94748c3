"""What a template leaves behind where an author still has to write something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from gatepost.book import Entry, KeyPath
from gatepost.records import Policy
from gatepost.records.base import kebab

__all__ = ["is_placeholder", "placeholders", "unwritten"]

_WORDS: Final = ("TODO", "TBD", "FIXME", "XXX")
_HTML: Final = (
    "a|abbr|article|aside|audio|b|blockquote|br|caption|code|col|dd|details|div|dl|dt|em|figcaption|figure|h[1-6]|hr|i|"
    "iframe|img|input|kbd|li|ol|p|picture|pre|script|section|small|source|span|strong|style|sub|summary|sup|svg|table|"
    "tbody|td|tfoot|th|thead|tr|u|ul|video"
)
_ANGLES: Final = rf"<(?!(?:{_HTML})\b)[a-z][^<>\n=/\"' ]*[ ][^<>\n=/\"']*>"
_BRACES: Final = r"(?<![{}$\\\w])\{(?![\w-]+(?:,[ ]*[\w-]+)+\})[A-Za-z][^{}\n= ]*[ ][^{}\n=]*\}(?!\})"
_ALONE: Final = re.compile(
    r"(?:todo|to do|tbd|tba|fixme|xxx|placeholder|to be (?:added|announced|confirmed|decided|defined|determined|done|"
    r"filled in|written)|\?+|\.\.\.|\N{HORIZONTAL ELLIPSIS})[.!]?",
    re.IGNORECASE,
)
"""A whole value, in whatever case, that says that something will be said."""
_LONGEST_ALONE: Final = 24
"""So long is the longest of them, in characters, with room around it."""
_IN_FIELDS: Final = {"???": re.compile(r"\?\?\?"), "<": re.compile(_ANGLES)}
_IN_PROSE: Final = {**_IN_FIELDS, "{": re.compile(_BRACES)}


def placeholders(entry: Entry, policy: Policy) -> Iterator[tuple[str, int]]:
    """Give each placeholder of a record and its offset; the policy's frontmatter, which lists them, is left out."""
    document, words = entry.document, (*_WORDS, *policy.placeholders)
    if entry.kind != "policy":
        for found, at in _left_in(document.front, words, _IN_FIELDS):
            yield found, document.front_start + at
    for found, at in _left_in(entry.prose.text, words, _IN_PROSE):
        yield found, document.body_start + at


def unwritten(entry: Entry, policy: Policy) -> Iterator[tuple[str, KeyPath]]:
    """Give each field of a record that says nothing but `todo` or the like, where that is no placeholder anyway.

    Keys that the record does not know, such as a page's `tags`, are left alone, and so is the policy, which lists
    words.
    """
    document = entry.document
    if entry.kind == "policy" or document.data is None:
        return
    known = {kebab(key): key for key in document.data}
    for key in known.keys() & type(entry.record).field_keys():
        for text, at in _texts(document.data[known[key]], (known[key],)):
            if len(text) <= _LONGEST_ALONE and _ALONE.fullmatch(text.strip()) and not is_placeholder(text, policy):
                yield text, at


def _texts(value: object, at: KeyPath) -> Iterator[tuple[str, KeyPath]]:
    """Give the texts in a value of the frontmatter, each with its key path."""
    if isinstance(value, str):
        yield value, at
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*at, str(key)))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*at, index))


def is_placeholder(text: str, policy: Policy) -> bool:
    """Tell whether a field's text holds a placeholder."""
    return bool(_left_in(text, (*_WORDS, *policy.placeholders), _IN_FIELDS))


def _left_in(text: str, words: tuple[str, ...], signs: dict[str, re.Pattern[str]]) -> list[tuple[str, int]]:
    """Give what was left in a text, by offset; a pattern is tried only where its sign stands at all."""
    patterns = [pattern for sign, pattern in signs.items() if sign in text]
    if any(word in text for word in words):
        patterns.append(_listed(words))
    found = [(match[0], match.start()) for pattern in patterns for match in pattern.finditer(text)]
    return sorted(found, key=lambda one: one[1]) if len(patterns) > 1 else found


@cache
def _listed(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(re.escape(word) for word in words)})(?![\w-])")
