"""Whether a text or a program runs a command, by its words."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Sequence
from typing import Final

from gatepost.definitions.commands import runs

__all__ = ["are_words_of", "is_put_together", "mentions", "with_more", "words_in"]

_WORD: Final = re.compile(r"[^\s'\"(),\[\]{};]+")
_SAYS_ONLY: Final = frozenset({"echo", "printf", "true", ":", "#", "exit"})
_TRIES_ONLY: Final = frozenset(
    {"--dry-run", "--dryrun", "--noop", "--no-op", "--simulate", "--what-if", "--help", "-h"}
)
"""Arguments with which a command does nothing."""
_REDIRECTED: Final = re.compile(r"(?:\d?>&\d|&?\d?>>?\s*[^\s|&]+)")
_FILLED_IN: Final = re.compile(r"\$?\{\{[^{}]*\}\}|\$\{[^{}]*\}|\$\w+")
_LINES: Final = re.compile(r"\n|&&|\|\||;|\|")


def mentions(text: str, command: str) -> bool:
    """Tell whether commands run another one, perhaps with more arguments; what is only printed does not count."""
    if runs(text, command):
        return True
    wanted = _words(command)
    return any(_holds(_words(part), wanted) for part in _LINES.split(text.replace("\\\n", " ")))


def with_more(text: str, command: str) -> str | None:
    """Give how commands run another one with further arguments; None where one is run as it is, or none at all.

    What is filled in counts as no argument of its own: nobody knows what it is.
    """
    if runs(text, command):
        return None
    wanted = _words(_FILLED_IN.sub("$", command))
    for part in _LINES.split(text.replace("\\\n", " ")):
        words = _words(_FILLED_IN.sub("$", _REDIRECTED.sub(" ", part)))
        place = next((at for at in range(len(words)) if words[at : at + len(wanted)] == wanted), None)
        more = words[place + len(wanted) :] if place is not None and _holds(words, wanted) else []
        if place is not None and any("$" not in one and one != "&" for one in more):
            return " ".join((*wanted, *more))
    return None


def words_in(text: str) -> list[str]:
    """Give the words of a program."""
    return _WORD.findall(text)


def is_put_together(words: Collection[str], command: str) -> bool:
    """Tell whether a program holds each word of a command; a path may be put together, and Python is at hand."""
    known = {word.rpartition("/")[2] for word in words} | set(words)
    try:
        wanted = shlex.split(command)
    except ValueError:
        wanted = command.split()
    said = wanted[1:] if len(wanted) > 1 and wanted[0].startswith("python") else wanted
    return all(one in known or one.rpartition("/")[2] in known for one in said)


def are_words_of(words: Sequence[str], command: str) -> bool:
    """Tell whether the words of a command are those of another, perhaps with more behind them; paths may differ."""
    try:
        wanted = shlex.split(command)
    except ValueError:
        wanted = command.split()
    places = range(len(words) - len(wanted) + 1)
    return any(
        all(map(_is_word, words[place : place + len(wanted)], wanted))
        and _SAYS_ONLY.isdisjoint(words[:place])
        and not _only_tries(words[place + len(wanted) :])
        for place in places
    )


def _is_word(said: str, wanted: str) -> bool:
    is_python = said.startswith("python") and wanted.startswith("python") and not said.endswith(".py")
    return (
        is_python or said == wanted or ("/" in wanted + said and said.rpartition("/")[2] == wanted.rpartition("/")[2])
    )


def _holds(words: list[str], wanted: list[str]) -> bool:
    count = len(wanted)
    places = (place for place in range(len(words) - count + 1) if words[place : place + count] == wanted)
    return any(_SAYS_ONLY.isdisjoint(words[:place]) and not _only_tries(words[place + count :]) for place in places)


def _only_tries(more: Sequence[str]) -> bool:
    """Tell whether further arguments of a command let it do nothing: `--dry-run`."""
    return any(one.partition("=")[0] in _TRIES_ONLY for one in more)


def _words(text: str) -> list[str]:
    return text.translate(str.maketrans("", "", "\"'\\{}()")).split()
