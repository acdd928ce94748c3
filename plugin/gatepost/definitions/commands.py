"""The commands of a real stage: whether they are, or run, what a contract says."""

from __future__ import annotations

import itertools
import re
from typing import Final

__all__ = ["agree", "runs", "runs_as_written", "shortened"]

_LINES: Final = re.compile(r"\n|&&|;")
_SIGNS: Final = str.maketrans("", "", "\"'\\")
_OUTPUT: Final = re.compile(r"(?:\s+(?:\d?>&\d|&?\d?>>?\s*[^\s|&]+))+\Z")
_WITHHELD: Final = re.compile(r"[|#!]|\b(?:echo|printf|true|false)\b")
"""What before a command tells that it is only printed, or runs only now and then."""
_LEAVES: Final = re.compile(r"exit(?:\s+0)?\Z")
"""A command behind which nothing runs any more, and which says that all is well."""
_FILLED_IN: Final = re.compile(r"\$?\{\{[^{}]*\}\}|\$\{[^{}]*\}|\$\([^()]*\)")
"""What is known only when the pipeline runs."""
_FOR_GOOD: Final = {ord(sign): place for place, sign in enumerate("${}()", start=0xE000)}
"""Signs that stand for those of a placeholder which is compared as it is written."""
_WRAPPER: Final = 20
"""How many words may stand before a command that is filled in; what is longer is not taken for a wrapper."""


def runs(theirs: str, ours: str) -> bool:
    """Tell whether the commands of a real stage run that of a contract, with the same arguments.

    A wrapper in front (`sh -c`, `uv run`), commands around it, and where its output goes make no difference. What is
    filled in while the pipeline runs may be whatever makes the two agree; the words around it must.
    """
    said, wanted = list(itertools.takewhile(lambda part: not _LEAVES.match(part), _parts(theirs))), _parts(ours)
    count = len(wanted)
    return count > 0 and any(agree(said[place : place + count], wanted) for place in range(len(said) - count + 1))


def runs_as_written(theirs: str, ours: str) -> bool:
    """Tell whether commands run that of a contract whatever is filled in: a placeholder stands for itself alone."""
    said, wanted = (_FILLED_IN.sub(lambda one: one[0].translate(_FOR_GOOD), text) for text in (theirs, ours))
    return runs(said, wanted)


def _parts(command: str) -> list[str]:
    parts = (" ".join(part.translate(_SIGNS).split()) for part in _LINES.split(command.replace("\\\n", " ")))
    return [_OUTPUT.sub("", part) for part in parts if part]


def agree(said: list[str], wanted: list[str]) -> bool:
    """Tell whether commands are those of a contract, the first perhaps behind a wrapper."""
    first, own = said[0], wanted[0]
    if not all(_is(*pair) for pair in zip(said[1:], wanted[1:], strict=True)):
        return False
    if first.endswith(f" {own}") and not _WITHHELD.search(first.removesuffix(own)):
        return True
    words = first.split(" ", _WRAPPER) if _FILLED_IN.search(first) else [first]
    return any(_is_behind(words[:place], " ".join(words[place:]), own) for place in range(len(words)))


def _is_behind(wrapper: list[str], said: str, wanted: str) -> bool:
    """Tell whether a command behind a wrapper may become another; one without a word of its own only behind `-c`."""
    has_words = not wrapper or wrapper[-1] == "-c" or _FILLED_IN.sub("", said).strip() != ""
    return has_words and _is(said, wanted) and not _WITHHELD.search("".join(f"{word} " for word in wrapper))


def _is(said: str, wanted: str) -> bool:
    """Tell whether a command is another one, or may become it when it is filled in."""
    first, *pieces = _FILLED_IN.split(said)
    if not pieces:
        return said == wanted
    last, at = pieces.pop(), len(first)
    end = len(wanted) - len(last)
    if not wanted.startswith(first) or not wanted.endswith(last) or at > end:
        return False
    for piece in pieces:  # each as early as it can be, which leaves most to those behind it
        at = wanted.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True


def shortened(command: str | None, most: int) -> str:
    """Give a command on one line, of so many characters at most."""
    plain = " ".join((command or "").split())
    return plain if len(plain) <= most else f"{plain[:most]}…"
