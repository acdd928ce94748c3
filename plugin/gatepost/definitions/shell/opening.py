"""What a command runs of the repository, as a script: a file, a target of `make`, a script of npm."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from gatepost.definitions.shell.feeding import reads_input
from gatepost.definitions.shell.make_words import asked_of_make
from gatepost.definitions.shell.makefiles import MakeError, Makefile
from gatepost.definitions.shell.nested import first_line, nested
from gatepost.definitions.shell.packages import PackageError, asked_of_package, script_of_package
from gatepost.definitions.shell.state import Filled
from gatepost.definitions.shell.tree import Simple

__all__ = ["Opened", "UnseenError", "opened", "why_unseen"]

_MAKEFILES: Final = ("GNUmakefile", "makefile", "Makefile")
_RUNNERS: Final = frozenset(
    (  # noqa: SIM905 - words read best as a text
        "just task tox nox invoke inv rake poe doit dvc hatch pixi mage earthly bazel gradle gradlew mvn tusk scons "
        "pre-commit snakemake xargs parallel"
    ).split()
)
"""Commands that run others which a file of theirs, or what they are handed, names."""
_DVC_RUNS: Final = frozenset({"repro", "exp"})
Find = Callable[[str, str | None], tuple[str, str] | None]
"""Finds a file by its path as seen from a folder: gives its path from the root and its text."""
Move = Callable[[str | None, Filled], str | None]


class Opened(NamedTuple):
    """A script that a command runs."""

    text: str
    shell: list[str]
    """The shell that runs it, with its options."""
    arguments: tuple[Filled, ...]
    folder: str | None
    """Where it runs."""
    file: str = ""
    """The file that it stands in, from the root, where that is a script of a shell."""


class UnseenError(Exception):
    """A command that runs what is not seen: why."""


def opened(simple: Simple, inner: Sequence[Filled], folder: str | None, find: Find, move: Move) -> Opened | None:
    """Find the script that a command runs; None for a command of which no file says what it runs.

    Args:
        simple: the command.
        inner: its words, behind wrappers.
        folder: where it runs.
        find: finds files.
        move: tells where `-C` leads.

    Raises:
        UnseenError: the file is not there, or not plain.
    """
    texts = [one.text for one in inner]
    if texts[0] in {"make", "gmake"}:
        return _made(inner, folder, find, move)
    asked = asked_of_package(texts)
    if asked is None:
        return _of_file(simple, inner, folder, find)
    folder = move(folder, inner[asked.folder]) if asked.folder is not None else folder
    place = find("package.json", folder)
    try:
        return Opened(script_of_package(place[1] if place is not None else "", asked), ["sh"], (), folder)
    except PackageError as error:
        raise UnseenError(str(error)) from error


def _made(inner: Sequence[Filled], folder: str | None, find: Find, move: Move) -> Opened:
    asked = asked_of_make([one.text for one in inner[1:]])
    if asked is None:
        message = "its options are not followed"
        raise UnseenError(message)
    there = move(folder, inner[asked.folder + 1]) if asked.folder is not None else folder
    names = (asked.file,) if asked.file else _MAKEFILES
    place = next((found for one in names if (found := find(one, there)) is not None), None)
    if place is None:
        message = "its Makefile is not found"
        raise UnseenError(message)
    try:
        made = Makefile(place[1], asked.values, exists=lambda path: find(path, there) is not None)
        text = made.script(asked.targets, ignores=asked.ignores) if asked.runs else ""
    except MakeError as error:
        message = f"{place[0]}: {error}"
        raise UnseenError(message) from error
    return Opened(text, ["sh"], (), there)


def _of_file(simple: Simple, inner: Sequence[Filled], folder: str | None, find: Find) -> Opened | None:
    texts = [one.text for one in inner]
    shell = nested(texts[:1]) and nested(texts)
    if shell is not None and shell.only_reads:
        return None
    if shell is not None and shell.place < 0 <= shell.file:
        path, run_by, arguments = texts[shell.file], texts[: shell.file], tuple(inner[shell.file + 1 :])
    elif shell is not None and reads_input(simple):
        target = next((one.target for one in reversed(simple.redirections) if one.sign == "<"), None)
        path, run_by, arguments = target.value if target is not None and target.is_literal else "", texts, ()
    elif shell is None and "/" in texts[0] and inner[0].value is not None:
        path, run_by, arguments = texts[0], [], tuple(inner[1:])
    else:
        return None
    place = find(path, folder) if path else None
    if place is None and shell is not None and path:
        message = f"{path[:60]} is not found"
        raise UnseenError(message)
    run_by = run_by or (first_line(place[1]) if place is not None else [])
    return Opened(place[1], run_by, arguments, folder, place[0]) if place is not None and run_by else None


def why_unseen(simple: Simple, inner: Sequence[Filled]) -> str:
    """Say why a command may run what is not seen; empty for any other."""
    texts = [one.text for one in inner]
    said = " ".join(" ".join(texts).split())[:60]
    runner = posixpath.basename(texts[0])
    if inner[0].value is None and texts[0].startswith("$"):
        return f"what `{texts[0][:60]}` stands for is not known"
    if nested(texts[:1]) is not None and reads_input(simple):
        return f"what `{said}` reads is not known"
    if runner in _RUNNERS and (runner != "dvc" or not _DVC_RUNS.isdisjoint(texts[1:3])) and len(texts) > 1:
        return f"what `{said}` runs is not followed"
    return ""
