"""The words of a `make`: what they ask for, and how."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

__all__ = ["Asked", "asked_of_make"]

_SETS: Final = re.compile(r"([A-Za-z_][\w.-]*)\s*(?:\?|\+|::?:?|!)?=\s*(.*)\Z", re.DOTALL)
_HARMLESS: Final = re.compile(
    r"-(?:j\d*|s|B|w|r|R|l[\d.]*)+|--(?:silent|quiet|always-make|no-print-directory|jobs=\d+)"
)
"""Options that change nothing of what runs."""


class Asked(NamedTuple):
    """What the words of a `make` ask for."""

    targets: tuple[str, ...]
    folder: int | None
    """The word that says where it runs."""
    file: str | None
    values: dict[str, str]
    ignores: bool
    runs: bool
    """Whether it runs anything; a dry run does not."""


def asked_of_make(words: list[str]) -> Asked | None:
    """Take the words behind `make` apart; None where one of them is not known here."""
    targets: list[str] = []
    values: dict[str, str] = {}
    folder: int | None = None
    file: str | None = None
    ignores, runs = False, True
    at = 0
    while at < len(words):
        one = words[at]
        if one in {"-C", "--directory"} and folder is None:
            folder, at = at + 1, at + 1
        elif one in {"-f", "--file", "--makefile"} and at + 1 < len(words):
            file, at = words[at + 1], at + 1
        elif one in {"-j", "-l"} and at + 1 < len(words) and words[at + 1].isdecimal():
            at += 1
        elif one in {"-i", "--ignore-errors"}:
            ignores = True
        elif one in {"-n", "--dry-run", "--just-print", "-t", "-q"}:
            runs = False
        elif re.fullmatch(
            r"-(?:j\d*|s|B|w|r|R|l[\d.]*)+|--(?:silent|quiet|always-make|no-print-directory|jobs=\d+)", one
        ):
            pass
        elif one.startswith("-"):
            return None
        elif (found := _SETS.match(one)) is not None:
            values[found[1]] = found[2]
        else:
            targets.append(one)
        at += 1
    return Asked(tuple(targets), folder, file, values, ignores, runs)
