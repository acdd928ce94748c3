"""Where the stages of a draft run, what its paths are seen from, and which lockfile they share."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from gatepost.definitions.definition import ReadFile, RealStage
from gatepost.records.pipeline import pins_an_image

__all__ = ["Place", "image_of", "installed_by", "is_elsewhere", "lockfile_of", "place_of"]

_LOCKFILE: Final = re.compile(
    r"(?:requirements[\w.-]*\.(?:txt|lock)|[\w.-]+\.lock|pylock[\w.-]*\.toml|conda-lock\.ya?ml|package-lock\.json)\Z",
    re.IGNORECASE,
)
"""Names of files that pin what is installed; whether one does is for a gate to say."""
_PIP: Final = re.compile(r"\bpip[\d.]* (?:install|sync)\b[^\n&;|]*?(?: -r[ =]?| --requirements?[ =])([\w./-]+)")
_TOOLS: Final = {
    "uv": "uv.lock",
    "poetry": "poetry.lock",
    "pdm": "pdm.lock",
    "pipenv": "Pipfile.lock",
    "pixi": "pixi.lock",
}
"""Tools that install what a lockfile of their own says."""
_INSTALLING: Final = re.compile(rf"\b({'|'.join(_TOOLS)}) (?:sync|install|run)\b")


class Place(NamedTuple):
    """Where the stages of a contract run."""

    base: str
    """The folder, from the root of the repository; empty for the root."""
    is_said: bool
    """Whether the contract says so; it need not where that is its own folder."""


def place_of(folder: str, folders: Iterable[str], files: Collection[str]) -> Place:
    """Tell where the stages of a contract run.

    The folder of its commands, where that is one and holds all its files; else the root of the repository. Where
    nothing tells the folder of the commands, it is the contract's own, unless files lie outside.

    Args:
        folder: the folder of the contract, from the root.
        folders: where the commands run, from the root; none where that is not known.
        files: the files that the stages read and write, from the root.
    """
    known = list(dict.fromkeys(folders))
    base = _plain(folder) if not known else _plain(known[0]) if len(known) == 1 and not is_elsewhere(known[0]) else ""
    if base and not all(path.startswith(f"{base}/") for path in files if not is_elsewhere(path)):
        base = ""
    return Place(base, not base or base != _plain(folder))


def is_elsewhere(path: str) -> bool:
    """Tell whether a path is none of the repository, or is known only when the pipeline runs."""
    return "://" in path or path.startswith(("/", "..", "~")) or "$" in path


def lockfile_of(stages: Iterable[RealStage]) -> tuple[str | None, bool]:
    """Give the lockfile that stages read, and whether each that runs something does; None for none, or several."""
    running = [stage for stage in stages if stage.command]
    read = [[path for path in stage.reads if _LOCKFILE.match(posixpath.basename(path))] for stage in running]
    found = list(dict.fromkeys(path for paths in read for path in paths))
    everywhere = [path for path in found if all(path in paths for paths in read)]
    if len(everywhere) == 1:
        return everywhere[0], True
    return (found[0], False) if len(found) == 1 else (None, False)


def image_of(stages: Iterable[RealStage]) -> str | None:
    """Give the one pinned image that all of several stages run in; None for none."""
    images = [stage.image for stage in stages if stage.command or stage.image]
    only = images[0] if len(images) > 1 and len(set(images)) == 1 else None
    return only if only and pins_an_image(only) else None


def installed_by(stages: Iterable[RealStage], read_file: ReadFile) -> list[str]:
    """Give the files of the repository that say what stages install, the one that most of them name first."""
    found: Counter[str] = Counter()
    for stage in stages:
        texts = "\n".join((*(one.text for one in stage.scripts), *(stage.work or ()), stage.command or ""))
        names = {*_PIP.findall(texts), *(_TOOLS[one] for one in _INSTALLING.findall(texts))}
        folder = stage.folders[0] if len(stage.folders) == 1 else ""
        for name in sorted(names):
            places = (posixpath.normpath(posixpath.join(one, name)) for one in dict.fromkeys((folder, "")))
            path = next((one for one in places if not is_elsewhere(one) and read_file(one) is not None), None)
            found.update([path] if path else [])
    return [path for path, _ in found.most_common()]


def _plain(folder: str) -> str:
    return "" if folder in {"", "."} else posixpath.normpath(folder)
