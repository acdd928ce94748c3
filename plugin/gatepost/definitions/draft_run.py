"""The lines of a draft that say what a stage runs, and where."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator
from typing import Final

from gatepost.definitions.commands import shortened
from gatepost.definitions.draft_place import Place, is_elsewhere
from gatepost.definitions.draft_text import plain
from gatepost.definitions.draft_work import Work
from gatepost.definitions.moves import moved
from gatepost.definitions.scalars import quoted
from gatepost.pipeline import listed
from gatepost.pipeline.arguments import is_plain

__all__ = ["run_lines"]

_SHOWN: Final = 400
"""How many characters of several commands are shown; the definition has them all."""
_FILLED_IN: Final = re.compile(r"\$?\{\{.*?\}\}")
"""What a tool replaces before anything is run."""
_SCRIPT: Final = "<one script for these commands>"
_DOES: Final = "<a command that does what the function {} does>"
_NOT_IN_DOUBLE: Final = re.compile(r"""["`\\]|\$[({A-Za-z_]""")
"""What does not stand for itself between double quotes."""


def _readable(command: str) -> str:
    """Give a command with double quotes around a word that holds single ones, where nothing else would change."""
    if "'\"'\"'" not in command or not is_plain(command):
        return command
    words = (
        f'"{word}"' if "'" in word and not _NOT_IN_DOUBLE.search(word) else shlex.quote(word)
        for word in shlex.split(command)
    )
    return " ".join(words)


def run_lines(work: Work, place: Place, actions: str = "", *, can_move: bool = False) -> Iterator[str]:
    """Give the lines of a stage's `run`: its one command, or a mark where a person has to make one of several.

    Args:
        work: what it runs.
        place: where the contract says that its stages run.
        actions: what may do its work beside the command, which then is not said to be all of it; empty for nothing.
        can_move: whether the contract may change the folder for a command that the definition runs elsewhere.
    """
    elsewhere = [folder for folder in work.folders if folder != (place.base or ".")]
    command = _readable(work.command) if work.command else ""
    if can_move and command and len(elsewhere) == 1 and not is_elsewhere(elsewhere[0]):
        seen = posixpath.relpath(elsewhere[0], place.base or ".")
        command = command if seen.startswith("..") else moved(command, seen)
    if command and actions:
        yield plain(f"    # run: {quoted(command)}   # if that is the work, and not {actions}")
    elif command:
        yield f"    run: {quoted(command)}"
        if not is_plain(_FILLED_IN.sub("x", command)):
            yield "    # an executed dry run starts no shell, which this needs: put it into a script, and run that"
        filled = list(dict.fromkeys(_FILLED_IN.findall(command)))
        if filled:
            it = "a value in its place" if len(filled) == 1 else "values in their places"
            yield plain(f"    # the tool fills in {listed(filled)}; for an executed dry run, put {it}")
        yield from (plain(f"    # before it, the definition runs {one}") for one in work.beside)
    elif work.function is not None:
        mark = _DOES.format(work.function.name)
        yield plain(f'    # run: "{mark}"   # {work.function.place}')
    elif work.several:
        yield f'    # run: "{_SCRIPT}"   # without a shell, one command runs'
        yield plain(f"    # the definition runs {shortened(work.several, _SHOWN)}")
    if elsewhere:
        yield plain(f"    # the definition runs it in {', '.join(elsewhere)}")
