"""The words of a command, or of a name, that tell what it does: a script, a module, a target, what it is asked for."""

from __future__ import annotations

import itertools
import posixpath
import re
import shlex
from typing import Final

__all__ = ["asked_of", "telling", "words_of"]

_RUNNERS: Final = re.compile(
    r"(?:ba|da|z|k)?sh|python[\d.]*|Rscript|julia|node|make|just|task|env|sudo|exec|time|uvx?|poetry|pipenv|pdm|run"
)
"""Words that only say what runs the next one, which tells more."""


def telling(command: str) -> list[str]:
    """Give the words of a command that may tell what it does."""
    words = [one for one in _split(command) if not one.startswith("-") and one]
    own = _own(words) or words or [command]
    stems = [posixpath.basename(one.rstrip("/")) for one in own]
    return [_stem(own[0], command) or stems[0], *stems[1:]]


def asked_of(command: str) -> list[str]:
    """Give what a command runs and what it asks that for, without options, their values, and files."""
    words = _split(command)
    bare: list[str] = []
    is_value = False
    for word in words:
        is_option = word.startswith("-")
        if not is_option and not (is_value and _own(bare)):
            bare.append(word)
        is_value = is_option and "=" not in word
    own = _own(bare)
    return [_stem(own[0], command), *(one for one in own[1:] if re.fullmatch(r"[\w-]+", one))] if own else []


def words_of(text: str) -> list[str]:
    """Give the words that a name is made of, in small letters: `trainModel_v2` is train, model, v."""
    return re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", text).casefold())


def _own(words: list[str]) -> list[str]:
    return list(itertools.dropwhile(lambda one: _RUNNERS.fullmatch(posixpath.basename(one)), words))


def _stem(word: str, command: str) -> str:
    """Give the name of a script without its folder and its ending, of a module without its package."""
    stem = posixpath.basename(word.rstrip("/"))
    return stem.rpartition(".")[2] if " -m " in f" {command} " else posixpath.splitext(stem)[0]


def _split(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:
        return command.split()
