"""Whether each command runs in the same folder on both sides: elsewhere its files are other files."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple

from gatepost.definitions.definition import ReadFile, RealStage
from gatepost.definitions.difference import Difference, Weight
from gatepost.definitions.folders import folder_in
from gatepost.definitions.playing import steps_of
from gatepost.definitions.sides import Sides
from gatepost.pipeline import Promise, listed

__all__ = ["folders"]

_FILE: Final = re.compile(r"(?:\./)?[\w-][\w./-]*\.\w+|\./[\w./-]+|(?:[\w.-]+/)+[\w.-]+")
"""Words that may name a file of the repository."""
_CODE: Final = re.compile(r"\.(?:py|sh|R|js|ts|ipynb|jar|sql|ya?ml|toml|json|cfg|ini)\Z")
_BY_FOLDER: Final = frozenset({"make", "dvc", "pytest", "npm", "yarn", "tox", "nox", "just", "snakemake", "dbt", "mvn"})
"""Commands that take what they run from files of the folder that they run in."""


class _Found(NamedTuple):
    """Where a command runs in the definition; stages of which the same is said are told together."""

    path: str
    folder: str | None
    words: str
    """What does not tell it, where that is so."""


def folders(sides: Sides, read_file: ReadFile) -> Iterator[Difference]:
    """Compare where each stage runs its command with where the contract does.

    Args:
        sides: the contract and the definition.
        read_file: tells which files the repository has.
    """
    record = sides.contract.record
    ours = _Ours(posixpath.normpath(record.workdir or sides.folder or "."), read_file)
    found: dict[_Found, list[tuple[Promise, RealStage]]] = defaultdict(list)
    known: set[str | None] = set()
    for promise, real in sides.pairs():
        if promise.stage.run is None or re.search(r"\bcd\s", promise.stage.run):
            continue
        places = list(_places(sides, promise.stage.run, real))
        known |= {folder for folder, _ in places}
        one = _compared(sides, promise.stage.run, real, ours, places)
        if one is not None:
            found[one].append((promise, real))
    for one, stages in found.items():
        is_sayable = one.folder is not None and known == {one.folder} and _holds_files(sides, one.folder, ours.folder)
        is_sayable |= one.folder is not None and any(ours.holds(str(promise.stage.run)) for promise, _ in stages)
        yield _told(sides, one, stages, ours.folder, is_sayable=is_sayable)


def _holds_files(sides: Sides, folder: str, ours: str) -> bool:
    """Tell whether a folder has all files of the contract, so that the contract can name it for all its stages."""
    paths = [str(one.path) for one in sides.contract.record.artifacts.values() if one.path]
    seen = [_at(ours, path) for path in paths if "://" not in path and not path.startswith("/")]
    return folder == "." or all(path.startswith(f"{folder}/") for path in seen)


class _Ours(NamedTuple):
    folder: str
    read_file: ReadFile

    def holds(self, command: str) -> bool:
        """Tell whether a word names a file of the contract's folder: the same word elsewhere is another file."""
        words = (word for word in command.split() if _FILE.fullmatch(word))
        return any(self.read_file(_at(self.folder, word)) is not None for word in words)

    def depends(self, command: str, *others: str, is_said: bool = True) -> bool:
        """Tell whether the folder makes a difference: a word names a file of one of them, or reads like one."""
        words = command.split()
        files = [word for word in words if _FILE.fullmatch(word)]
        places = (self.folder, *others)
        if any(self.read_file(_at(place, word)) is not None for word in files for place in places):
            return True
        by_folder = words[:1] and (words[0] in _BY_FOLDER or (words[0].startswith("python") and "-m" in words))
        return is_said and bool(by_folder or any(_CODE.search(word) for word in files))


def _at(folder: str, file: str) -> str:
    return posixpath.normpath(posixpath.join(folder, file))


def _places(sides: Sides, command: str, real: RealStage) -> Iterator[tuple[str | None, str]]:
    """Give each folder that a stage runs a command in; None, with the words, for one that its text does not tell."""
    alone = real.folders[0] if len(real.folders) == 1 else ""
    for step in steps_of(real):
        start = step.folder or alone
        if start and (place := folder_in(step.script, command, start, sides.scripts)) is not None:
            yield place


def _compared(
    sides: Sides, command: str, real: RealStage, ours: _Ours, places: list[tuple[str | None, str]]
) -> _Found | None:
    """Tell where a stage runs a command, where that is another folder, or cannot be told."""
    if not places or any(folder == ours.folder for folder, _ in places):
        return None
    folder, words = places[0]
    if folder is None:
        return _Found(real.path, None, words) if ours.depends(command) else None
    is_said = sides.contract.record.workdir is not None or folder != "."
    return _Found(real.path, folder, "") if ours.depends(command, folder, is_said=is_said) else None


def _told(
    sides: Sides, found: _Found, stages: list[tuple[Promise, RealStage]], ours: str, *, is_sayable: bool
) -> Difference:
    names = [promise.name for promise, _ in stages]
    verb = "runs" if len(names) == 1 else "run"
    if found.folder is None:
        theirs = f"; where in the definition, is not known: `{found.words}`"
    else:
        theirs = f", and in {_named(found.folder)} in the definition"
        is_above = ours == "." or found.folder.startswith(f"{ours}/")
        is_sayable = is_sayable or not is_above
        theirs += "" if is_sayable else "; a contract names one folder, which holds all its files"
    message = f"{listed(names)} {verb} in {_named(ours)} here{theirs}"
    at = ("workdir",) if sides.contract.record.workdir is not None else ("stages", names[0], "run")
    hint = "let `workdir` name the folder that the definition runs it in, or let the definition change into that"
    weight: Weight = "differs" if is_sayable else "unknown"
    real = stages[0][1]
    return Difference("folder-differs", message, hint, at, f"{' '.join(names)} folder", real.path, real.line, weight)


def _named(folder: str) -> str:
    return "the root of the repository" if folder == "." else f"the folder {folder}"
