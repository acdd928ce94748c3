"""Names and comments as a draft writes them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from gatepost.definitions.scalars import NO_TEXT
from gatepost.records.ids import without_accents

__all__ = ["names_of", "plain", "short_names"]


def names_of(given: Iterable[str], otherwise: str, keys: list[str] | None = None) -> dict[str, str]:
    """Give each text a name that a contract may use, all different."""
    texts = list(given)
    found: dict[str, str] = {}
    taken: set[str] = set()
    for key, text in zip(keys or texts, texts, strict=True):
        spelt = re.sub(r"[^A-Za-z0-9_.-]+", "-", without_accents(text)).strip("-.")
        is_text = re.match(r"[A-Za-z]", spelt) and spelt.casefold() not in NO_TEXT
        stem = spelt if is_text else f"{otherwise}-{spelt}".rstrip("-")
        name, number = stem, 2
        while name in taken:
            name, number = f"{stem}-{number}", number + 1
        taken.add(name)
        found[key] = name
    return found


_GROUPS: Final = re.compile(r"(?:(?:exit-handler|condition|condition-branches|for-loop)-\d+\.)+")
"""The groups that Kubeflow's compiler makes by itself."""


def short_names(tool: str, names: list[str]) -> list[str]:
    """Give names without the groups that a compiler made, where they stay different."""
    if tool != "kubeflow":
        return names
    short = [_GROUPS.sub("", name, count=1) if _GROUPS.match(name) else name for name in names]
    count = Counter(short)
    return [one if count[one] == 1 else name for one, name in zip(short, names, strict=True)]


def plain(text: str) -> str:
    """Give text for a comment: one line without control characters."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
