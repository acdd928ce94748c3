"""Does a source name a version that stays what it is, or a word that means another one next week?"""

from __future__ import annotations

import re
from typing import Final

from gatepost.pipeline.targets import is_moving

__all__ = ["names_a_version"]

_LOGIN: Final = re.compile(r"^\w+://[^/@]*@")
_WORD: Final = re.compile(r"[^\W_]+")
_MOVING: Final = frozenset({"latest", "newest", "head", "today", "yesterday", "now", "tip"})
_RANGE: Final = re.compile(r"[*^~<>]|(?:^|\.)x(?:\.|$)")


def names_a_version(source: str) -> bool:
    """Tell whether what stands behind the last `@` of a source is a version.

    A version has a digit. A bare word (`stable`, `main`, `champion`), a branch (`origin/release-1`), a range (`1.x`)
    and whatever is counted from now on (`latest-2`, `HEAD~3`) is none.
    """
    _, sign, version = _LOGIN.sub("", source.strip().casefold()).rpartition("@")
    if not sign:
        return False
    if not any(one.isdigit() for one in version.partition("/")[0]) or _RANGE.search(version):
        return False
    return not is_moving(version) and _MOVING.isdisjoint(_WORD.findall(version))
