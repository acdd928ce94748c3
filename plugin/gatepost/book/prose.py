"""The body of a record: ids, links, headings, placeholders, quoted metrics. Code is left alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from gatepost.records import ID_IN_PROSE

__all__ = ["METRIC", "Found", "Prose", "Section", "without_code"]

_CODE: Final = re.compile(
    r"""
    ^(?P<indent>[ ]{0,3})(?P<fence>`{3,}|~{3,})[^\n]*\n      # a fence opens
      (?:.*?^[ ]{0,3}(?P=fence)[`~]*[ \t]*$|.*\Z)             # and closes, or runs to the end
    | (?P<ticks>`+)(?!`)(?:[^`]|(?!(?P=ticks)(?!`))`)+?(?P=ticks)(?!`)   # a code span
    | <!--.*?(?:-->|\Z)                                     # a comment
    """,
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
_HEADING: Final = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_LINK: Final = re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+[\"'(][^)]*)?\)|^\[[^\]]+\]:\s+<?(\S+?)>?\s*$", re.MULTILINE)
METRIC: Final = re.compile(r"\{\{\s*metric\(\s*(['\"])([^'\"\n]+)\1\s*\)\s*\}\}")
"""A number quoted by reference: `{{ metric('evidence/metrics.json#/auc') }}`."""
_BLANK: Final = re.compile(r"[^\n]")


@dataclass(frozen=True, slots=True)
class Found:
    """Something that stands in the prose, and the offset in the file at which it does."""

    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it, up to the next heading of its rank or above."""

    title: str
    level: int
    offset: int
    is_empty: bool


def without_code(text: str) -> str:
    """Give the text with fenced code, code spans and comments blanked out; every offset stays what it was."""
    if "`" not in text and "~~~" not in text and "<!--" not in text:
        return text
    return _CODE.sub(lambda match: _BLANK.sub(" ", match[0]), text)


class Prose:
    """A body, read once for each question that somebody asks."""

    def __init__(self, body: str, start: int) -> None:
        self._body = body
        self._start = start

    @cached_property
    def text(self) -> str:
        """The body with code blanked out."""
        return without_code(self._body)

    @cached_property
    def ids(self) -> tuple[Found, ...]:
        """The record ids that it names."""
        if "-" not in self._body:
            return ()
        return self._find(ID_IN_PROSE)

    @cached_property
    def links(self) -> tuple[Found, ...]:
        """The targets of its Markdown links that could be files: no scheme, not only an anchor."""
        found = []
        for match in _LINK.finditer(self.text):
            group = 1 if match[1] is not None else 2
            target = match[group]
            if not target.startswith(("#", "/", "?", "{")) and ":" not in target.split("/", 1)[0]:
                found.append(Found(target, self._start + match.start(group)))
        return tuple(found)

    @cached_property
    def metrics(self) -> tuple[Found, ...]:
        """The numbers that it quotes by reference, each as `path#pointer`."""
        if "metric" not in self._body:
            return ()
        return tuple(Found(match[2], self._start + match.start()) for match in METRIC.finditer(self.text))

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Its headings, in order."""
        headings = list(_HEADING.finditer(self.text))
        sections = []
        for index, match in enumerate(headings):
            level = len(match[1])
            following = (other for other in headings[index + 1 :] if len(other[1]) <= level)
            end = next((other.start() for other in following), len(self._body))
            below = self._body[match.end() : end]
            is_empty = not _HEADING.sub("", re.sub(r"<!--.*?-->", "", below, flags=re.DOTALL)).strip()
            sections.append(Section(match[2].strip(), level, self._start + match.start(), is_empty))
        return tuple(sections)

    def search(self, pattern: re.Pattern[str]) -> tuple[Found, ...]:
        """Give what matches a pattern, outside code."""
        return self._find(pattern)

    def _find(self, pattern: re.Pattern[str]) -> tuple[Found, ...]:
        return tuple(Found(match[0], self._start + match.start()) for match in pattern.finditer(self.text))
