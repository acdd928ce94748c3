"""A command that runs in another folder than the rest of its contract: `sh -c 'cd ml && python fit.py'`.

A contract has one folder for all its stages, and a definition may have one for each.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from typing import Final

from gatepost.definitions.mapping import StageMapping
from gatepost.pipeline.arguments import is_plain
from gatepost.records import Pipeline

__all__ = ["moved", "without_moves"]

_MOVED: Final = re.compile(r"cd ([\w./-]+) && (.+)", re.DOTALL)


def moved(command: str, folder: str) -> str:
    """Give a command as one that changes into a folder first, seen from where the contract runs."""
    return shlex.join(["sh", "-c", f"cd {folder} && {command}"])


def without_moves(contract: Pipeline, mapping: StageMapping, folder: str) -> Pipeline:
    """Give a contract whose stages run the bare command where the real stage runs in the folder that they change into.

    Args:
        contract: the contract.
        mapping: the real stages that stand for its stages.
        folder: where the contract runs, from the root of the repository.
    """
    bare = {}
    for name, stage in contract.stages.items():
        found = _taken_apart(stage.run or "")
        if found is not None:
            place = posixpath.normpath(posixpath.join(folder, found[0]))
            reals = [mapping.stage(real) for real in mapping.reals[name]]
            if reals and all([posixpath.normpath(one) for one in real.folders] == [place] for real in reals):
                bare[name] = stage.model_copy(update={"run": found[1]})
    return contract.model_copy(update={"stages": {**contract.stages, **bare}}) if bare else contract


def _taken_apart(run: str) -> tuple[str, str] | None:
    """Give the folder and the command of what changes into a folder; None for anything else."""
    if " -c " not in run or not is_plain(run):
        return None
    words = shlex.split(run)
    text = _MOVED.fullmatch(words[2]) if words[:2] in (["sh", "-c"], ["bash", "-c"]) and len(words) == 3 else None  # noqa: PLR2004 - a shell, its option, its text
    return (text[1], text[2]) if text else None
