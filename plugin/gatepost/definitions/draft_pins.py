"""What pins an input of a draft: the digest that DVC keeps of it, or that of the file in the repository."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from gatepost.definitions.definition import Definition, DefinitionError, ReadFile
from gatepost.definitions.draft_place import is_elsewhere
from gatepost.definitions.scalars import quoted
from gatepost.definitions.yaml_text import Lined, as_dict, as_list, as_text, load_yaml

__all__ = ["Pin", "Pins"]


class Pin(NamedTuple):
    """What is said of an input that no stage makes."""

    field: str
    """The field of the artifact, as YAML."""
    told: str = ""
    """Where it is from, for a comment."""


class Pins:
    """Looks for what pins the inputs of a definition."""

    def __init__(self, definition: Definition, read_file: ReadFile) -> None:
        self._read_file = read_file
        self._locked = dict(self._of_lock(definition)) if definition.tool == "dvc" else {}

    def of(self, path: str) -> Pin | None:
        """Give the pin of a file, by its path from the root; None where nothing tells one."""
        if is_elsewhere(path):
            version = self._locked.get(path)
            return _versioned(path, version, "dvc.lock") if version else None
        for one in (path, *_above(path)):
            version = next(self._of_file(one), None)
            if version:
                return _versioned(one, version, f"{one}.dvc")
        if path in self._locked:
            return _versioned(path, self._locked[path], "dvc.lock")
        content = self._read_file(path)
        return Pin(f"sha256: {quoted(hashlib.sha256(content).hexdigest())}") if content is not None else None

    def _of_file(self, path: str) -> Iterator[str]:
        """Give the version that the `.dvc` file beside a file or a folder has of it."""
        for out in as_list(self._data(f"{path}.dvc").get("outs")):
            if as_text(as_dict(out).get("path")) == posixpath.basename(path):
                yield from _digests(as_dict(out))

    def _of_lock(self, definition: Definition) -> Iterator[tuple[str, str]]:
        """Give the version of each input that the lock of a `dvc.yaml` has."""
        folder = posixpath.dirname(definition.path)
        stages = as_dict(self._data(posixpath.join(folder, "dvc.lock")).get("stages"))
        for stage in definition.stages:
            place = stage.folders[0] if stage.folders else folder
            for dep in map(as_dict, as_list(as_dict(stages.get(stage.name)).get("deps"))):
                path = as_text(dep.get("path"))
                seen = path if is_elsewhere(path) and not path.startswith("..") else posixpath.join(place, path)
                yield from ((posixpath.normpath(seen) if seen != path else path, one) for one in _digests(dep))

    def _data(self, path: str) -> Lined:
        content = self._read_file(path)
        try:
            return as_dict(next(iter(load_yaml(path, content)), None)) if content is not None else Lined(1)
        except DefinitionError:
            return Lined(1)


def _digests(entry: Lined) -> Iterator[str]:
    """Give what says which bytes are meant; that of a folder without its ending."""
    found = (as_text(entry.get(key)).removesuffix(".dir") for key in ("md5", "checksum", "etag", "version_id"))
    return (one for one in found if one)


def _versioned(path: str, version: str, where: str) -> Pin:
    return Pin(f"source: {quoted(f'{path}@{version}')}", f"the version that {where} has: check it")


def _above(path: str) -> Iterator[str]:
    while path := posixpath.dirname(path):
        yield path
