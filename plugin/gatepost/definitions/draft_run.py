"""The lines of a draft that say what a stage runs, and where."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Final

from gatepost.definitions.commands import shortened
from gatepost.definitions.draft_place import Place, is_elsewhere
from gatepost.definitions.draft_text import plain
from gatepost.definitions.draft_work import Work
from gatepost.definitions.moves import moved
from gatepost.definitions.scalars import quoted
from gatepost.pipeline.arguments import is_plain

__all__ = ["run_lines"]

_SHOWN: Final = 400
"""How many characters of several commands are shown; the definition has them all."""
_FILLED_IN: Final = re.compile(r"\$?\{\{.*?\}\}")
_SCRIPT: Final = "<one script for these commands>"


def run_lines(work: Work, place: Place, actions: str = "", *, can_move: bool = False) -> Iterator[str]:
    """Give the lines of a stage's `run`: its one command, or a mark where a person has to make one of several.

    Args:
        work: what it runs.
        place: where the contract says that its stages run.
        actions: what may do its work beside the command, which then is not said to be all of it; empty for nothing.
        can_move: whether the contract may change the folder for a command that the definition runs elsewhere.
    """
    elsewhere = [folder for folder in work.folders if folder != (place.base or ".")]
    if can_move and work.command and len(elsewhere) == 1 and not is_elsewhere(elsewhere[0]):
        seen = posixpath.relpath(elsewhere[0], place.base or ".")
        work = work if seen.startswith("..") else work._replace(command=moved(work.command, seen))
    if work.command and actions:
        yield plain(f"    # run: {quoted(work.command)}   # if that is the work, and not {actions}")
    elif work.command:
        yield f"    run: {quoted(work.command)}"
        if filled := list(dict.fromkeys(_FILLED_IN.findall(work.command))):
            yield plain(f"    # the tool fills in {', '.join(filled)}: an executed dry run needs a value in its place")
        if not is_plain(_FILLED_IN.sub("x", work.command)):
            yield "    # an executed dry run starts no shell, which this needs: put it into a script, and run that"
        yield from (plain(f"    # before it, the definition runs {one}") for one in work.beside)
    elif work.several:
        yield f'    # run: "{_SCRIPT}"   # without a shell, one command runs'
        yield plain(f"    # the definition runs {shortened(work.several, _SHOWN)}")
    if elsewhere:
        yield plain(f"    # the definition runs it in {', '.join(elsewhere)}")
