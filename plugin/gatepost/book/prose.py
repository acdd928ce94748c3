"""The body of a record: ids, links, headings, placeholders, quoted metrics. Code is left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple

from gatepost.book.code import blanked, code_and_comments, without_code
from gatepost.records.ids import IDS_IN_PROSE

__all__ = ["METRIC", "Found", "Heading", "Prose", "Section", "without_code"]

_HEADING: Final = re.compile(r"\n(#{1,6})[ \t]++(\S[^\n]*+)")
_PART: Final = r"[^()\s<>\]]"
_LINK: Final = re.compile(
    rf"\]\([ \t\n]{{0,9}}(?:<([^<>\n]*+)>|({_PART}++(?:\({_PART}*+\){_PART}*+)*+))"
    r"(?:\s{1,9}[\"'(][^)\n]{0,999})?[ \t\n]{0,9}\)",
)
"""An inline link or image: `](target "title")`."""
_REFERENCE: Final = re.compile(
    r"^[ ]{0,3}\[(?!\^)[^\]\n]++\]:[ \t]*+(?:<([^<>\n]*+)>|([^\s<]\S*+))(?=[ \t]*+(?:$|(?<=[ \t])[\"'(]))",
    re.MULTILINE,
)
"""What a reference link leads to: `[label]: target "title"`."""
_OFF_SITE: Final = re.compile(r"\[[^\[\]\n]*+\]\([ \t]*+<?[a-z][a-z0-9+.-]*+://[^)\n]*+\)")
"""A link with its text, whose target has a scheme."""
METRIC: Final = re.compile(r"\{\{\s*+metric\(\s*+(['\"])([^'\"\n]++)\1\s*+\)\s*+\}\}")
"""A number quoted by reference: `{{ metric('evidence/metrics.json#/auc') }}`."""
_WORD: Final = re.compile(r"\S")


class Found(NamedTuple):
    """Something that stands in the prose, and the offset in the file at which it does."""

    text: str
    offset: int


class Heading(NamedTuple):
    """A heading: its text, its rank from 1 to 6, where its line begins and ends."""

    title: str
    level: int
    offset: int
    end: int


class Section(NamedTuple):
    """A heading and what stands below it, up to the next heading of its rank or above."""

    title: str
    level: int
    offset: int
    is_empty: bool


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
        """The record ids that it names; one that is the text of a link to another site belongs to that site."""
        found = [
            Found(match[0], self._start + match.start())
            for sign, ids in IDS_IN_PROSE.items()
            if sign in self._body
            for match in _matches(ids, sign, self.text)
        ]
        if found and "://" in self._body:
            elsewhere = [(self._start + one.start(), self._start + one.end()) for one in _OFF_SITE.finditer(self.text)]
            found = [one for one in found if not any(start < one.offset < end for start, end in elsewhere)]
        return tuple(sorted(found, key=lambda one: one.offset)) if len(found) > 1 else tuple(found)

    @cached_property
    def links(self) -> tuple[Found, ...]:
        """The targets of its Markdown links that could be files: no scheme, not only an anchor."""
        matches = list(_matches(_LINK, "](", self.text))
        if "]:" in self._body:
            matches = sorted([*matches, *_REFERENCE.finditer(self.text)], key=re.Match.start)
        found = []
        for match in matches:
            group = match.lastindex or 0
            target = match[group]
            if target and not target.startswith(("#", "/", "?", "{")) and ":" not in target.split("/", 1)[0]:
                found.append(Found(target, self._start + match.start(group)))
        return tuple(found)

    @cached_property
    def metrics(self) -> tuple[Found, ...]:
        """The numbers that it quotes by reference, each as `path#pointer`."""
        if "metric(" not in self._body:
            return ()
        return tuple(Found(match[2], self._start + match.start()) for match in METRIC.finditer(self.text))

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """Its headings, in order."""
        found, before = [], self._start
        for match in self._headings:
            start, end = match.span()
            signs, words = match.groups()
            title = words if words[-1].isalnum() else _title(words)
            found.append(Heading(title, len(signs), before + start, before + end - 1))
        return tuple(found)

    @cached_property
    def _headings(self) -> list[re.Match[str]]:
        return list(_HEADING.finditer(f"\n{self.text}")) if "#" in self._body else []

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Its headings, in order, each with whether anything is said below it."""
        if not self._headings:
            return ()
        words = self._words_below(self._headings)
        return tuple(
            Section(one.title, one.level, one.offset, not has_words)
            for one, has_words in zip(self.headings, words, strict=True)
        )

    def _words_below(self, headings: list[re.Match[str]]) -> list[bool]:
        """Tell for each heading whether its section has text: anything besides headings and comments.

        The headings were found in the body with a line end put before it, so their ends are one further on.
        """
        spoken = self._body
        if "<!--" in spoken:
            comments = [(start, end) for start, end, is_comment in code_and_comments(spoken) if is_comment]
            spoken = blanked(spoken, comments)
        ends = [*(match.start() for match in headings[1:]), len(spoken)]
        answers: list[bool] = []
        below: list[bool] = [False] * 7
        for match, end in zip(reversed(headings), reversed(ends), strict=True):
            level = len(match[1])
            has_words = _WORD.search(spoken, match.end() - 1, end) is not None or any(below[level + 1 :])
            answers.append(has_words)
            below[level] = has_words or below[level]
            below[level + 1 :] = [False] * (6 - level)
        return answers[::-1]


def _matches(pattern: re.Pattern[str], sign: str, text: str) -> Iterator[re.Match[str]]:
    """Give what `finditer` gives for a pattern that starts with a sign; to look for the sign first is faster."""
    at = text.find(sign)
    while at >= 0:
        match = pattern.match(text, at)
        if match is not None:
            yield match
        at = text.find(sign, match.end() if match is not None else at + 1)


def _title(raw: str) -> str:
    """Give a heading's text without closing hashes and without the attributes that follow it in braces."""
    title = raw.rstrip()
    if title[-1:].isalnum():
        return title
    bare = title.rstrip("#")
    if bare != title and (not bare or bare[-1] in " \t"):
        title = bare.rstrip()
    if title.endswith("}"):
        brace = title.rfind("{")
        if title[brace + 1 : brace + 2] in {"#", ".", ":"}:
            title = title[:brace].rstrip()
    return title
