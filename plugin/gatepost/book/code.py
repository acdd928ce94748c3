"""What of a Markdown text is code or a comment, so that nobody reads it as prose. The time grows with the text only."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from typing import Final, NamedTuple

__all__ = ["Region", "blanked", "code_and_comments", "without_code"]

_SIGNS: Final = {"`": "``*", "~~~": "~~~~*", "<!--": "<!--"}
"""Where code or a comment may begin: a sign, and its pattern, which begins with a letter so that the search is fast."""
_LEAD: Final = re.compile(r"[ \t>]*+(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)?")
"""What may stand before a fence: indentation, quotes, one bullet or number."""
_LONGEST_LEAD: Final = 100
_TICKS: Final = re.compile(r"``*")
_PARAGRAPH_END: Final = re.compile(r"\n[ \t>]*+(?:\n|`{3,}+[^`\n]*+$|~{3,}+)", re.MULTILINE)


class Region(NamedTuple):
    """A stretch of a text that is code, or a comment."""

    start: int
    end: int
    is_comment: bool


def without_code(text: str) -> str:
    """Give the text with fenced code, code spans and comments blanked out; every offset stays what it was."""
    if not any(sign in text for sign in _SIGNS):
        return text
    return blanked(text, ((start, end) for start, end, _ in code_and_comments(text)))


def blanked(text: str, regions: Iterable[tuple[int, int]]) -> str:
    """Give the text with some stretches, in order, as spaces; line ends stay."""
    pieces: list[str] = []
    done = 0
    for start, end in regions:
        region = text[start:end]
        spaces = "\n".join(" " * len(line) for line in region.split("\n")) if "\n" in region else " " * len(region)
        pieces += text[done:start], spaces
        done = end
    pieces.append(text[done:])
    return "".join(pieces)


def code_and_comments(text: str) -> Iterator[Region]:
    """Find fenced code, code spans and HTML comments, in order; a fence that nobody closes runs to the end.

    Source: CommonMark 0.31, except that a fence may be indented as deep as Material's lists and admonitions need.
    """
    spans = _Spans(text)
    mark = _mark(tuple(sign for sign in _SIGNS if sign in text))
    at = line = 0
    while match := mark.search(text, at):
        start, at = match.span()
        line = text.rfind("\n", line, start) + 1 or line
        found = match[0]
        if _is_escaped(text, start):
            at = start + 1
        elif found == "<!--":
            closing = text.find("-->", start + 2)
            at = len(text) if closing < 0 else closing + 3
            yield Region(start, at, is_comment=True)
        else:
            end = _fence_end(text, line, start, found)
            if end < 0 and found[0] == "`":
                end = spans.end(len(found), at)
            if end > 0:
                at = end
                yield Region(start, at, is_comment=False)


@cache
def _mark(signs: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(_SIGNS[sign] for sign in signs) or r"(?!)")


def _is_escaped(text: str, at: int) -> bool:
    """Tell whether an odd number of backslashes stands before a character."""
    first = at
    while first and text[first - 1] == "\\":
        first -= 1
    return (at - first) % 2 == 1


def _fence_end(text: str, line: int, start: int, run: str) -> int:
    """Give where a fence that opens here is over, or -1 when none does."""
    if len(run) < len("```") or start - line > _LONGEST_LEAD or not _LEAD.fullmatch(text, line, start):
        return -1
    line_end = text.find("\n", start)
    if line_end < 0 or (run[0] == "`" and text.find("`", start + len(run), line_end) >= 0):
        return len(text) if line_end < 0 and run[0] == "~" else -1
    closing = _closing(run[0], len(run)).search(text, line_end)
    return closing.end() if closing else len(text)


@cache
def _closing(character: str, length: int) -> re.Pattern[str]:
    return re.compile(rf"^[ \t>]*+{character}{{{length},}}+[ \t]*$", re.MULTILINE)


class _Spans:
    """Where code spans close: at a run of as many backticks, in the same paragraph."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._from, self._to = 0, -1

    @cached_property
    def _runs(self) -> dict[int, list[int]]:
        runs: dict[int, list[int]] = defaultdict(list)
        for run in _TICKS.finditer(self._text):
            runs[run.end() - run.start()].append(run.start())
        return runs

    def _paragraph_end(self, at: int) -> int:
        if not self._from <= at < self._to:
            end = _PARAGRAPH_END.search(self._text, at)
            self._from, self._to = at, end.start() if end else len(self._text)
        return self._to

    def end(self, length: int, at: int) -> int:
        """Give where the span that opened with so many backticks ends, or -1."""
        runs = self._runs.get(length, [])
        index = bisect_left(runs, at)
        if index == len(runs) or runs[index] >= self._paragraph_end(at):
            return -1
        return runs[index] + length
