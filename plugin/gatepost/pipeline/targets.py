"""What a rollback restores, and what is done when there is nothing to restore: words that people write, understood."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Final

__all__ = ["is_moving", "says_what_to_do_first"]

_MOVING: Final = frozenset(
    {"previous", "last", "prior", "earlier", "before", "champion", "current", "known", "rollback"}
)
"""Words of a rollback's target that mean whatever came before."""
_NOTHING: Final = frozenset(
    "none nothing no null na n a todo tbd unknown the one release version model to back".split()  # noqa: SIM905 - words read best as a text
)
"""Words that by themselves say nothing about a first release."""
_WORD: Final = re.compile(r"[^\W_]+")


def is_moving(target: str) -> bool:
    """Tell whether a rollback's target is whatever came before, which a first release does not have."""
    return any(map(_is_before, _WORD.findall(target.casefold())))


def says_what_to_do_first(first: str | None) -> bool:
    """Tell whether a rollback says what is done on a first release: `none` and `the previous release` do not."""
    words = set(_WORD.findall((first or "").casefold())) - _NOTHING
    return not all(map(_is_before, words))


def _is_before(word: str) -> bool:
    return word in _MOVING or bool(get_close_matches(word, ("previous",), n=1, cutoff=0.8))
