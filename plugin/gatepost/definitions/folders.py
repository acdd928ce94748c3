"""Where a script runs a command: the folder that it begins in, and each `cd` before the command."""

from __future__ import annotations

import posixpath
import re
from typing import Final

from gatepost.definitions.commands import runs, shortened
from gatepost.definitions.definition import Script
from gatepost.definitions.followed import commands_of, name_of, places_in
from gatepost.definitions.script_files import ScriptFiles
from gatepost.definitions.shell import UNKNOWN, Where

__all__ = ["folder_in"]

_SHOWN: Final = 60
_MOVES: Final = frozenset({"cd", "pushd", "popd"})
_MOVING: Final = re.compile(r"\b(?:cd|pushd|popd)\s|\s-C\b")


def folder_in(
    script: Script, command: str, start: str, files: ScriptFiles | None = None
) -> tuple[str | None, str] | None:
    """Give the folder that a script runs a command in, from the root of the repository.

    Args:
        script: the script.
        command: a command of a contract.
        start: where the script begins.
        files: the files of the repository, to look into those that it opens.

    Returns:
        The folder, or None with the words that do not tell it. None where the script runs no such command.
    """
    begin = posixpath.normpath(start) if _is_inside(start) else UNKNOWN
    commands = commands_of(script, Where(files, begin))
    if isinstance(commands, str):
        found = None if begin == UNKNOWN or _MOVING.search(script.text) else begin
        return (found, shortened(script.text, _SHOWN)) if runs(script.text, command) else None
    places = places_in(list(commands), command)
    if not places:
        return (None if begin == UNKNOWN else begin, start) if runs(script.text, command) else None
    folders = places[0][-1].folders
    found = next(iter(folders)) if len(folders) == 1 else None
    if found is not None and found.startswith(UNKNOWN) and begin != UNKNOWN:
        return None  # in a container, or on another machine
    if found is not None and not found.startswith(UNKNOWN) and _is_inside(found):
        return found, ""
    moves = [one.text for one in commands if name_of(one.text) in _MOVES]
    return None, moves[-1] if moves else start if begin == UNKNOWN else shortened(places[0][-1].text, _SHOWN)


def _is_inside(folder: str) -> bool:
    """Tell whether a folder is one of the repository, by its words."""
    return not folder.startswith(("/", "~", "..")) and "$" not in folder and "{{" not in folder
