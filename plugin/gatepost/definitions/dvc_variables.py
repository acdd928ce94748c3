"""The variables of a `dvc.yaml`: values written in it, files that it names, chosen keys of files, and `params.yaml`."""

from __future__ import annotations

import json
import posixpath
import tomllib
from collections.abc import Callable
from typing import Any

from gatepost.definitions.definition import DefinitionError, ReadFile
from gatepost.definitions.dvc_templates import RedefinedError, merged, plain
from gatepost.definitions.yaml_text import as_text, load_yaml

__all__ = ["Scope", "VariableFiles"]


class Scope:
    """The variables that hold for a file, or for one stage of it, and which files they came from."""

    def __init__(self, values: dict[str, Any] | None = None, loaded: dict[str, set[str] | None] | None = None) -> None:
        self.values = values or {}
        self.loaded = loaded or {}
        """The files that were read, each with the keys that were chosen; None for the whole file."""

    def with_items(self, items: dict[str, Any]) -> Scope:
        """Give the same variables with those of one member of a family."""
        return Scope({**self.values, **items}, self.loaded)


class VariableFiles:
    """Reads variables; what a file that is not there would say is a gap."""

    def __init__(self, path: str, read_file: ReadFile, gap: Callable[[str, int], None]) -> None:
        self.path = path
        self.read_file = read_file
        self.gap = gap
        self.read: list[str] = []
        self._known: dict[str, dict[str, Any] | None] = {}

    def default(self, folder: str) -> Scope:
        """Give the variables of `params.yaml`, which DVC reads without being asked."""
        path = posixpath.normpath(posixpath.join(folder, "params.yaml"))
        values = self._file(path, 1)
        return Scope() if values is None else Scope(values, {path: None})

    def add(self, scope: Scope, given: list[Any], folder: str, line: int) -> Scope:
        """Give the variables of a scope and of a list under `vars`.

        Args:
            scope: what holds already.
            given: the list: mappings, files, files with keys.
            folder: the folder that the files are seen from, from the root of the repository.
            line: the line of the list.

        Raises:
            DefinitionError: DVC refuses it: a variable has two values, or a file lacks a key that is asked for.
        """
        found = Scope(scope.values, {path: keys and set(keys) for path, keys in scope.loaded.items()})
        for one in given:
            values = plain(one) if isinstance(one, dict) else self._chosen(found, as_text(one), folder, line)
            try:
                found.values = merged(found.values, values)
            except RedefinedError as error:
                message = f"`vars` gives {error} a value, and it has one already"
                raise DefinitionError(message, "DVC refuses that: take one away", self.path, line) from None
        return found

    def _chosen(self, scope: Scope, item: str, folder: str, line: int) -> dict[str, Any]:
        """Give the variables of `file`, or of `file:one,two`."""
        name, _, rest = item.partition(":")
        keys = {key for key in rest.split(",") if key}
        path = posixpath.normpath(posixpath.join(folder, name))
        if path in scope.loaded:
            before = scope.loaded[path]
            if before is None and not keys:
                return {}
            if before is None or not keys or keys & before:
                message = f"`vars` reads {item}, and has read {'all' if before is None else 'a part'} of it already"
                raise DefinitionError(message, "DVC refuses that: name each file or key once", self.path, line)
        values = self._file(path, line)
        scope.loaded[path] = keys | (scope.loaded.get(path) or set()) if keys else None
        if values is None:
            self.gap(f"the variables of {path} are not known: it cannot be read", line)
            return {}
        if lacking := sorted(keys - values.keys()):
            message = f"`vars` wants {lacking[0]} of {path}, which does not have it"
            raise DefinitionError(message, "correct the name, or add the key to the file", self.path, line)
        return {key: values[key] for key in values if key in keys} if keys else values

    def _file(self, path: str, line: int) -> dict[str, Any] | None:
        if path not in self._known:
            content = self.read_file(path)
            if content is not None:
                self.read.append(path)
            self._known[path] = None if content is None else self._values(path, content, line)
        return self._known[path]

    def _values(self, path: str, content: bytes, line: int) -> dict[str, Any] | None:
        suffix = posixpath.splitext(path)[1].lower()
        if suffix == ".py":
            self.gap(f"the variables of {path} are not known: Python is not run", line)
            return {}
        data: Any
        try:
            if suffix == ".toml":
                data = tomllib.loads(content.decode())
            elif suffix == ".json":
                data = json.loads(content)
            else:
                data = next(iter(load_yaml(path, content)), {})
        except (ValueError, RecursionError) as error:
            message = f"{path} cannot be read: {str(error).splitlines()[0]}"
            raise DefinitionError(message, "correct the file that holds the variables", path) from None
        if not isinstance(data, dict | None):
            message = f"{path} holds no mapping, so it gives no variables"
            raise DefinitionError(message, "write `name: value` lines", path)
        values: dict[str, Any] = plain(data or {})
        return values
