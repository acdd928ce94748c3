"""Synthetic tickets from invented sentences: three languages, six queues, typing errors, wrong labels, identities."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from routing.model import QUEUES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["LANGUAGES", "Mix", "Ticket", "general", "sensitive", "tickets"]

LANGUAGES: Final = ("en", "es", "de")
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"

Phrases = dict[str, Any]


class Ticket(NamedTuple):
    """One ticket, with the queue in which it was closed."""

    language: str
    queue: str
    text: str


class Mix(NamedTuple):
    """What tickets are like: shares between 0 and 1."""

    languages: tuple[float, ...] = (0.62, 0.22, 0.16)
    queues: tuple[float, ...] = (0.17, 0.22, 0.15, 0.16, 0.08, 0.22)
    short: float = 0.18
    typing_errors: float = 0.05
    """Words with two letters swapped or one replaced."""
    wrong_labels: float = 0.02
    side_remarks: float = 0.22
    """Tickets with a sentence that belongs to another queue."""
    signatures: float = 0.3
    """Tickets with a mail address, a telephone number or a card number."""


def tickets(phrases: Phrases, seed: int, count: int, mix: Mix | None = None) -> list[Ticket]:
    """Draw tickets as they come in."""
    own, source = mix or Mix(), random.Random(seed)  # noqa: S311 - a reproducible sample, not a secret
    return [_ticket(phrases, source, own) for _ in range(count)]


def general(phrases: Phrases, seed: int, count: int) -> list[Ticket]:
    """Draw requests to help desks of other trades: the general corpus that the base has learned from."""
    source = random.Random(seed)  # noqa: S311 - the same
    found = []
    for _ in range(count):
        language, queue = source.choices(LANGUAGES, (0.6, 0.2, 0.2))[0], source.choice(QUEUES)
        core = source.choice(phrases["general"][queue][language])
        found.append(Ticket(language, queue, _dressed(phrases, source, language, [core], Mix())))
    return found


def sensitive(phrases: Phrases, seed: int, each: int) -> list[Ticket]:
    """Give every must-not-misroute sentence `each` times, with other words around it."""
    source = random.Random(seed)  # noqa: S311 - the same
    mix = Mix(signatures=0)
    return [
        Ticket(language, "safety", _dressed(phrases, source, language, [core], mix))
        for language in LANGUAGES
        for core in phrases["sensitive"][language]
        for _ in range(each)
    ]


def _ticket(phrases: Phrases, source: random.Random, mix: Mix) -> Ticket:
    language = source.choices(LANGUAGES, mix.languages)[0]
    queue = source.choices(QUEUES, mix.queues)[0]
    own = phrases["tickets"][queue][language]
    if source.random() < mix.short:
        text = _typed(source, source.choice(own["short"]), mix.typing_errors)
    else:
        text = _dressed(phrases, source, language, _sentences(phrases, source, language, queue, mix), mix)
    label = source.choice(QUEUES) if source.random() < mix.wrong_labels else queue
    return Ticket(language, label, text)


def _sentences(phrases: Phrases, source: random.Random, language: str, queue: str, mix: Mix) -> list[str]:
    own = phrases["tickets"][queue][language]
    found = [source.choice(own["core"])]
    if source.random() < 0.5:  # noqa: PLR2004 - one ticket in two says more
        found.append(source.choice(own["detail"]))
    if source.random() < mix.side_remarks:
        other = phrases["tickets"][source.choice(QUEUES)][language]
        found.append(source.choice([*other["detail"], *other["short"]]))
    return found


def _dressed(phrases: Phrases, source: random.Random, language: str, found: Sequence[str], mix: Mix) -> str:
    """Put what people say around what they want."""
    parts = list(found)
    if source.random() < 0.4:  # noqa: PLR2004 - two in five
        parts.insert(1, source.choice(phrases["fillers"][language]))
    if source.random() < 0.6:  # noqa: PLR2004 - three in five
        parts.insert(0, source.choice(phrases["openers"][language]))
    if source.random() < mix.signatures:
        parts.append(source.choice(phrases["signatures"][language]))
    if source.random() < 0.5:  # noqa: PLR2004 - one in two
        parts.append(source.choice(phrases["closers"][language]))
    filled = (_filled(phrases, source, language, part) for part in parts)
    return " ".join(_typed(source, part, mix.typing_errors) for part in filled)


def _filled(phrases: Phrases, source: random.Random, language: str, text: str) -> str:
    values: Mapping[str, str] = {
        "n": str(source.randint(2, 48)),
        "day": source.choice(phrases["slots"]["day"][language]),
        "device": source.choice(phrases["slots"]["device"][language]),
        "month": source.choice(phrases["months"][language]),
        "email": f"customer{source.randint(1000, 9999)}@example.invalid",
        "phone": f"+00 {source.randint(100, 999)} {source.randint(100_000, 999_999)}",
        "card": " ".join(f"{source.randint(0, 9999):04}" for _ in range(4)),
    }
    return text.format_map(values)


def _typed(source: random.Random, text: str, share: float) -> str:
    return " ".join(_mistyped(source, word) if source.random() < share else word for word in text.split(" "))


def _mistyped(source: random.Random, word: str) -> str:
    if len(word) < 4 or not word.isalpha():  # noqa: PLR2004 - nobody mistypes a word of three letters
        return word
    at = source.randrange(1, len(word) - 2)
    if source.random() < 0.5:  # noqa: PLR2004 - swapped or replaced, one as likely as the other
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + source.choice(_LETTERS) + word[at + 1 :]
