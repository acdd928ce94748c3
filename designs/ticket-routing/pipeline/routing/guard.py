"""The guard: signs of danger that send a ticket to a person, whatever the model says."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from routing.text import normalised

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["Guard"]

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_LONG_ENOUGH: Final = 5
"""Shorter signs are looked for as they are: with a letter changed they would be other words."""


class Guard(NamedTuple):
    """Beginnings of words, and phrases."""

    signs: tuple[str, ...] = ()
    forgiving: bool = True
    """Whether a sign is also seen with one letter wrong, or with two neighbours swapped."""

    @classmethod
    def of(cls, content: Mapping[str, Sequence[str]], *, forgiving: bool = True) -> Guard:
        """Read the list, which is kept by kind of danger."""
        found = {normalised(sign) for signs in content.values() for sign in signs}
        return cls(tuple(sorted(found)), forgiving)

    def hit(self, text: str) -> bool:
        """Tell whether a word of a text begins with a sign, or a phrase is in it."""
        plain = normalised(text)
        starts, lengths, phrases = _looked_for(self.signs, forgiving=self.forgiving)
        if any(word[:length] in starts for word in plain.split() for length in lengths):
            return True
        padded = f" {plain}"
        return any(f" {phrase}" in padded for phrase in phrases)


@cache
def _looked_for(signs: tuple[str, ...], *, forgiving: bool) -> tuple[frozenset[str], tuple[int, ...], tuple[str, ...]]:
    """Give the beginnings of words with their spellings, the lengths that they have, and the phrases."""
    single = [sign for sign in signs if " " not in sign]
    starts = {spelling for sign in single for spelling in (_spellings(sign) if forgiving else (sign,))}
    return frozenset(starts), tuple(sorted({len(start) for start in starts})), tuple(s for s in signs if " " in s)


def _spellings(sign: str) -> Iterator[str]:
    yield sign
    if len(sign) < _LONG_ENOUGH:
        return
    for at in range(len(sign)):
        yield from (sign[:at] + letter + sign[at + 1 :] for letter in _LETTERS)
        yield sign[:at] + sign[at + 1 : at + 2] + sign[at] + sign[at + 2 :]
