"""From a ticket's text to the numbers of its features; and the masks over what identifies a person."""

from __future__ import annotations

import re
import unicodedata
import zlib
from itertools import pairwise
from typing import Final

__all__ = ["BUCKETS", "EMAIL", "SHORT_WORDS", "features", "identifiers", "mask", "normalised", "words"]

BUCKETS: Final = 4096
"""How many numbers the features are hashed into; two features may share one."""
SHORT_WORDS: Final = 5
"""A ticket of up to this many words is short."""
_PREFIX: Final = 5

EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_CARD: Final = re.compile(r"\b\d{4}(?:[ -]?\d{4}){3}\b")
_PHONE: Final = re.compile(r"\+\d[\d ]{7,}\d")
_LOOKS_PERSONAL: Final = re.compile(r"@|\d(?:[ .-]?\d){6,}")
"""What the gate looks for: broader than the masks, so that what a mask has missed is seen."""
_WORD: Final = re.compile(r"[a-z0-9]+")


def mask(text: str) -> str:
    """Put a word in place of each mail address, card number and telephone number."""
    for pattern, word in ((EMAIL, "maskmail"), (_CARD, "maskcard"), (_PHONE, "maskphone")):
        text = pattern.sub(word, text)
    return text


def identifiers(text: str) -> int:
    """Count what looks like a mail address, or like a number of seven digits and more."""
    return len(_LOOKS_PERSONAL.findall(text))


def normalised(text: str) -> str:
    """Give a text in lower case, without accents and punctuation; two tickets that differ in these only are one."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return " ".join(_WORD.findall(plain))


def words(text: str) -> list[str]:
    """Give the words of a normalised text."""
    return normalised(text).split()


def features(text: str) -> list[int]:
    """Give the feature numbers of a text, each once, in order: words, pairs of words, beginnings of long words."""
    own = words(text)
    found = [f"w {word}" for word in own]
    found += [f"p {first} {second}" for first, second in pairwise(own)]
    found += [f"b {word[:_PREFIX]}" for word in own if len(word) > _PREFIX]
    return sorted({zlib.crc32(feature.encode()) % BUCKETS for feature in found})
