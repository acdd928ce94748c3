"""Commands that run a shell: which word is its script, and what it does at a failure."""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["Nested", "first_line", "nested"]

_SHELLS: Final = frozenset({"sh", "bash", "dash", "zsh", "ksh", "ash"})


class Nested(NamedTuple):
    """A command that runs a shell."""

    stops: bool
    """Whether the shell ends at the first failure (`-e`)."""
    pipefail: bool
    place: int
    """Which word is its script; -1 where no script is given."""
    only_reads: bool
    """Whether it runs nothing of its script (`-n`)."""
    file: int
    """Which word is the file of its script; -1 where it reads its script from its input, or is given it."""


def nested(given: list[str]) -> Nested | None:
    """Tell of the words of a command that run a shell; None for those that run none."""
    begin = next((place for place, one in enumerate(given) if one.rpartition("/")[2] in _SHELLS), None)
    if begin is None:
        return None
    letters, names, at = "", set(), begin + 1
    while at < len(given) and given[at][:1] in {"-", "+"} and len(given[at]) > 1:
        one = given[at]
        at += 1
        letters += one[1:] if one[0] == "-" and one[1] != "-" else ""
        if one.endswith("o") and one[1] != "-" and at < len(given):
            names.add(given[at])
            at += 1
    place = at if "c" in letters and at < len(given) else -1
    file = at if not {"c", "s"} & {*letters} and at < len(given) else -1
    return Nested("e" in letters or "errexit" in names, "pipefail" in names, place, "n" in letters, file)


def first_line(text: str) -> list[str]:
    """Give the shell that a script names in its first line, `sh` for one that names none; no word for any other."""
    first = text.partition("\n")[0]
    if not first.startswith("#!"):
        return ["sh"]
    words = first[2:].split()
    words = [word for word in words[1:] if word != "-S"] if words and words[0].endswith("/env") else words
    return words if words and nested(words[:1]) is not None else []
