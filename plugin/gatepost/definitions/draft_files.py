"""Which files a job of a forge hands to which other job, and which of its commands write and read them.

The definition says what a job stores and what another fetches. Which command of a job writes a file is told by the
command that names it, else by what the file holds; where nothing tells, it is the last.
"""

from __future__ import annotations

import itertools
import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from gatepost.definitions.definition import Definition, ReadFile, RealStage
from gatepost.definitions.draft_pieces import Pieces
from gatepost.definitions.draft_place import is_elsewhere
from gatepost.definitions.github_artifacts import is_fetched
from gatepost.definitions.guess import artifact_type, is_data, stage_kind
from gatepost.definitions.reach import Reach

__all__ = ["with_files"]

_GLOB: Final = re.compile(r"[*?\[{]")
_INPUT: Final = r"--?(?:\w+[-_])*(?:in|input|inputs|raw|data|dataset|source|src|from)(?:[-_](?:path|file|csv|data))*"
"""An option behind which a command is given what it reads."""
_CODE: Final = re.compile(r"\.(?:py|sh|R|r|jl|ipynb|js|ya?ml|toml|cfg|ini|txt|lock)\Z")
_MAKERS: Final = {"model": "train", "metrics": "validate"}
"""The kind of stage that makes files of a type."""


class _Handed(NamedTuple):
    reads: tuple[str, ...]
    writes: tuple[str, ...]


def with_files(definition: Definition, pieces: Pieces, read_file: ReadFile) -> Pieces:
    """Give the pieces of a definition with the files that they write and read.

    A file that several jobs write is that of the first. A file of the repository that a command names is read; one that
    is not there and that several commands of a job name is written by the first of them.

    Args:
        definition: the definition.
        pieces: its jobs, perhaps taken apart.
        read_file: gives the files of the repository.
    """
    if definition.tool not in {"github-actions", "gitlab-ci"}:
        return pieces
    handed = _handed(definition)
    stages: list[RealStage] = []
    for job, own in itertools.groupby(pieces.definition.stages, pieces.job_of):
        parts = list(own)
        stages += [_with_inputs(one, read_file) for one in _in_parts(parts, _shared(parts, handed[job], read_file))]
    return pieces._replace(definition=replace(pieces.definition, stages=tuple(stages)))


def _handed(definition: Definition) -> dict[str, _Handed]:
    """Give what each job writes, and what it is handed of the jobs before it."""
    reach = Reach(definition)
    taken: set[str] = set()
    writes: dict[str, tuple[str, ...]] = {}
    for stage in definition.stages:
        paths = dict.fromkeys(
            path for one in (*stage.writes, *(up.path for up in stage.uploads)) if (path := _plain(one))
        )
        writes[stage.name] = tuple(path for path in paths if path not in taken)
        taken |= paths.keys()
    return {
        stage.name: _Handed(
            tuple(dict.fromkeys((*stage.reads, *_fetched(definition, reach, stage, writes)))), writes[stage.name]
        )
        for stage in definition.stages
    }


def _fetched(
    definition: Definition, reach: Reach, stage: RealStage, writes: dict[str, tuple[str, ...]]
) -> Iterator[str]:
    given = {edge.before for edge in definition.edges if edge.after == stage.name and edge.via}
    for one in definition.stages:
        is_before = stage.name in reach.later(one.name)
        if one.name in given or (is_before and stage.is_handed_all):
            yield from writes[one.name]
        elif is_before and stage.downloads:
            stored = (up.path for up in one.uploads if any(is_fetched(up.name, wanted) for wanted in stage.downloads))
            yield from (path for path in map(_plain, stored) if path in writes[one.name])


def _shared(parts: list[RealStage], handed: _Handed, read_file: ReadFile) -> _Handed:
    """Add the files that several commands of a job name and that nothing else gives them."""
    count = Counter(path for one in parts for path in dict.fromkeys(_named(one)))
    known = {*handed.reads, *handed.writes}
    new = (path for path, times in count.items() if times > 1 and path not in known)
    made = (path for path in new if not _is_kept(path, read_file) and not _is_asked_for(_first(parts, path), path))
    return handed._replace(writes=(*handed.writes, *made))


def _first(parts: list[RealStage], path: str) -> RealStage:
    return next(one for one in parts if path in _named(one))


def _is_kept(path: str, read_file: ReadFile) -> bool:
    """Tell whether the repository has a file, or DVC keeps it."""
    return read_file(path) is not None or read_file(f"{path}.dvc") is not None


def _is_asked_for(part: RealStage, path: str) -> bool:
    """Tell whether a command is given a file by an option that says that it reads it: `--input rows.csv`."""
    name = re.escape(posixpath.basename(path))
    return bool(re.search(rf"{_INPUT}[=\s]+['\"]?[\w./-]*{name}(?![\w.-])", part.command or ""))


def _with_inputs(part: RealStage, read_file: ReadFile) -> RealStage:
    """Add the data that a command names, of the repository or behind an option that asks for it."""
    known = {*part.reads, *part.writes}
    new = (path for path in _named(part) if path not in known and is_data(path))
    given = (path for path in new if _is_kept(path, read_file) or _is_asked_for(part, path))
    return replace(part, reads=(*part.reads, *dict.fromkeys(given)))


def _named(part: RealStage) -> Iterator[str]:
    """Give the files that the command of a part names and that hold data, a model or metrics."""
    for word in re.split(r"[\s=,'\"]+", part.command or "") if len(part.folders) == 1 else ():
        if re.fullmatch(r"[\w./-]*\.[A-Za-z]\w*", word) and (is_data(word) or artifact_type(word) != "dataset"):
            path = posixpath.normpath(posixpath.join(part.folders[0], word))
            if not is_elsewhere(path) and not _CODE.search(path):
                yield path


def _in_parts(parts: list[RealStage], handed: _Handed) -> list[RealStage]:
    """Give the commands of a job with its files."""
    if len(parts) == 1:
        return [replace(parts[0], reads=handed.reads, writes=handed.writes)]
    maker = {path: _maker(parts, path) for path in handed.writes}
    reads = {path: [at for at, one in enumerate(parts) if _names(one, path)] or [0] for path in handed.reads}
    for path, place in maker.items():
        behind = [at for at in range(place + 1, len(parts)) if _names(parts[at], path) or _judges(parts[at], path)]
        reads[path] = [*reads.get(path, ()), *behind]
    return [
        replace(
            part,
            reads=tuple(path for path, places in reads.items() if at in places),
            writes=tuple(path for path, place in maker.items() if place == at),
        )
        for at, part in enumerate(parts)
    ]


def _maker(parts: list[RealStage], path: str) -> int:
    """Give which command of a job writes a file."""
    naming = (at for at, one in enumerate(parts) if _names(one, path))
    kinds = (at for at, one in enumerate(parts) if stage_kind(one)[0] == _MAKERS.get(artifact_type(path)))
    return next(naming, next(kinds, len(parts) - 1))


def _names(part: RealStage, path: str) -> bool:
    name = re.escape(posixpath.basename(path))
    return bool(re.search(rf"(?<![\w.-]){name}(?![\w-])", part.command or ""))


def _judges(part: RealStage, path: str) -> bool:
    return artifact_type(path) == "metrics" and stage_kind(part)[0] == "gate"


def _plain(path: str) -> str:
    """Give a path without what a pattern leaves open: its folder; empty for the root, and for what is elsewhere."""
    if "${{" in path or (is_elsewhere(path) and "://" not in path and not path.startswith("$")):
        return ""
    found = _GLOB.search(path)
    whole = path if found is None or "$" in path else posixpath.dirname(path[: found.start()])
    return posixpath.normpath(whole) if whole.strip("./") else ""
