"""Whether a stage runs its command in the folder that the contract does: elsewhere the same words name another file."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Final

from gatepost.definitions.commands import shortened
from gatepost.definitions.definition import RealStage
from gatepost.definitions.difference import Difference, Weight
from gatepost.definitions.followed import commands_of_contract, folder_of, places_of
from gatepost.definitions.shell import UNKNOWN
from gatepost.definitions.sides import Sides
from gatepost.pipeline import Promise

__all__ = ["workplaces"]

_SHOWN: Final = 120
_FILE: Final = re.compile(r"[\w.+@-]*(?:/[\w.+@-]+)+|[\w.+@-]+\.[A-Za-z]\w*")
"""A word of a command that may name a file of the repository."""
_MODULE: Final = re.compile(r"\s-m\s+([\w.]+)")


def workplaces(sides: Sides) -> Iterator[Difference]:
    """Tell the stages whose command the definition itself moves into another folder: `cd`, `make -C`.

    Where a tool begins (`working-directory`, `wdir`) is not compared: a contract has one folder for all of its stages.
    """
    for promise, real in sides.pairs():
        ours = promise.stage.run
        if ours is None:
            continue
        told = [_judged(sides, promise, real, place[-1].folders) for place in places_of(real, ours, sides.scripts)]
        if told and None not in told:
            yield next(one for one in told if one is not None)


def _judged(sides: Sides, promise: Promise, real: RealStage, folders: frozenset[str | None]) -> Difference | None:
    """Tell what is wrong with where a command runs; None where nothing is."""
    begin = folder_of(real)
    theirs = next(iter(folders)) if len(folders) == 1 else None
    base = posixpath.normpath(sides.contract.record.workdir or sides.folder or ".")
    own = commands_of_contract(str(promise.stage.run), base)[-1].folders
    ours = next(iter(own)) if len(own) == 1 else None
    is_open = begin == UNKNOWN or (theirs is not None and theirs.startswith(UNKNOWN))
    if not folders or theirs in {begin, ours} or ours is None or (is_open and not _is_apart(theirs, ours)):
        return None
    is_known = theirs is not None and not theirs.startswith((UNKNOWN, "/"))
    if theirs is not None and is_known:
        weight = _weight(sides, promise, theirs, ours, begin)
        return _told(promise, real, ours, theirs, weight) if weight is not None else None
    return _told(promise, real, ours, theirs, "unknown")


def _is_apart(theirs: str | None, ours: str) -> bool:
    """Tell whether a folder seen from one that is not known is none that may be the contract's."""
    if theirs is None or not theirs.startswith(f"{UNKNOWN}/"):
        return False
    seen = theirs.removeprefix(f"{UNKNOWN}/")
    return ours != seen and not ours.endswith(f"/{seen}")


def _weight(sides: Sides, promise: Promise, theirs: str, ours: str, begin: str) -> Weight | None:
    """Tell whether two folders that are known are apart: what files there are decides, where a contract may be either.

    A contract whose `workdir` is where the definition begins cannot say that one of its stages goes on from there.
    """
    workdir = sides.contract.record.workdir
    named = _named(str(promise.stage.run))
    here, there = ([sides.scripts.has(posixpath.join(folder, one)) for one in named] for folder in (ours, theirs))
    if any(here) or (workdir is not None and posixpath.normpath(workdir) != begin):
        return "differs"
    if any(there):
        return None
    return "unknown" if workdir is None else "not-shown"


def _named(command: str) -> list[str]:
    """Give the files that a command may read, by their names in the folder that it runs in."""
    words = command.split()
    found = _FILE.findall(command)
    found += [f"{one.replace('.', '/')}{end}" for one in _MODULE.findall(command) for end in (".py", "/__main__.py")]
    found += ["Makefile", "makefile", "GNUmakefile"] if "make" in words else []
    found += ["package.json"] if {"npm", "yarn", "pnpm"} & {*words} else []
    return found


def _told(promise: Promise, real: RealStage, ours: str, theirs: str | None, weight: Weight) -> Difference:
    command = shortened(promise.stage.run, _SHOWN)
    where = "where the definition does is not known" if theirs is None else f"in {_shown(theirs)} in the definition"
    message = f"{promise.name} runs `{command}` in {_shown(ours)} here, and {where}"
    hint = "let the two agree; `workdir:` says where the contract's commands run"
    at = ("stages", promise.name, "run")
    return Difference("command-differs", message, hint, at, f"{promise.name} folder", real.path, real.line, weight)


def _shown(folder: str) -> str:
    plain = folder.removeprefix(f"{UNKNOWN}/")
    return "the root of the repository" if plain == "." else f"`{plain}`"
