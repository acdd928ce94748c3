"""Names and comments as a draft writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gatepost.definitions.scalars import NO_TEXT
from gatepost.records.ids import without_accents

__all__ = ["names_of", "plain"]


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


def plain(text: str) -> str:
    """Give text for a comment: one line without control characters."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
