"""`dvc.yaml`: stages with their templates, `foreach` and `matrix` unfolded, and the edges that outputs and inputs give.

Source: https://dvc.org/doc/user-guide/project-structure/dvcyaml-files
"""

from __future__ import annotations

import itertools
import json
import posixpath
import re
import tomllib
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from gatepost.definitions.definition import Definition, DefinitionError, Gap, ReadFile, RealEdge, RealStage
from gatepost.definitions.yaml_text import Lined, as_dict, as_list, as_text, line_of, load_yaml
from gatepost.records.pipeline import Source

__all__ = ["read_dvc"]

_TEMPLATE: Final = re.compile(r"\\?\$\{\s*([^{}]*?)\s*\}")
_STEP: Final = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


class _Unknown(Exception):  # noqa: N818 - not a failure: something that the text alone does not tell
    """A template that cannot be resolved."""


class _Item(NamedTuple):
    name: str
    definition: Lined
    variables: dict[str, Any]
    line: int


def read_dvc(source: Source, path: str, content: bytes, read_file: ReadFile) -> Definition:  # noqa: ARG001 - as every reader
    """Read a `dvc.yaml`. Paths are given from the root of the repository.

    Raises:
        DefinitionError: it cannot be read, or has no stages.
    """
    documents = load_yaml(path, content)
    data = as_dict(documents[0] if documents else None)
    stages = as_dict(data.get("stages"))
    if not stages:
        message = f"{path} has no stages"
        raise DefinitionError(message, "name the dvc.yaml that defines the pipeline", path)
    return _Dvc(path, read_file).read(data, stages)


class _Dvc:
    def __init__(self, path: str, read_file: ReadFile) -> None:
        self.path = path
        self.folder = posixpath.dirname(path)
        self.read_file = read_file
        self.gaps: list[Gap] = []
        self.files = [path]

    def read(self, data: Lined, stages: Lined) -> Definition:
        variables = self._variables(as_list(data.get("vars")), self.folder, line_of(data, "vars"), default=True)
        found = [
            stage
            for name, one in stages.items()
            for item in self._unfolded(name, as_dict(one), variables, line_of(stages, name))
            if (stage := self._stage(item)) is not None
        ]
        edges = tuple(_edges(found))
        return Definition("dvc", self.path, tuple(found), edges, tuple(self.gaps), tuple(dict.fromkeys(self.files)))

    def _gap(self, message: str, line: int) -> None:
        self.gaps.append(Gap(message, self.path, line))

    def _variables(self, given: list[Any], folder: str, line: int, *, default: bool) -> dict[str, Any]:
        """Give what templates may name: inline values, files, or chosen keys of files; `params.yaml` without asking."""
        found: dict[str, Any] = {}
        if default:
            found.update(self._file(posixpath.join(folder, "params.yaml"), line, needed=False))
        for one in given:
            if isinstance(one, dict):
                found = _merged(found, one)
            else:
                name, _, keys = as_text(one).partition(":")
                values = self._file(posixpath.normpath(posixpath.join(folder, name)), line, needed=True)
                chosen = {key: values[key] for key in keys.split(",") if key in values} if keys else values
                found = _merged(found, chosen)
        return found

    def _file(self, path: str, line: int, *, needed: bool) -> dict[str, Any]:
        content = self.read_file(path)
        if content is None:
            if needed:
                self._gap(f"the variables of {path} are not known: it cannot be read", line)
            return {}
        self.files.append(path)
        try:
            if path.endswith(".json"):
                data = json.loads(content)
            elif path.endswith(".toml"):
                data = tomllib.loads(content.decode())
            elif path.endswith(".py"):
                self._gap(f"the variables of {path} are not known: Python is not run", line)
                return {}
            else:
                data = next(iter(load_yaml(path, content)), None)
        except (ValueError, RecursionError) as error:
            message = f"{path} cannot be read: {error}"
            raise DefinitionError(message, "correct the file that holds the variables", path) from None
        return dict(data) if isinstance(data, dict) else {}

    def _unfolded(self, name: str, one: Lined, variables: dict[str, Any], line: int) -> Iterator[_Item]:
        """Give one stage, or each of a `foreach` or a `matrix`."""
        if "matrix" in one:
            yield from self._matrix(name, one, variables, line)
        elif "foreach" in one:
            yield from self._foreach(name, one, variables, line)
        else:
            yield _Item(name, one, variables, line)

    def _foreach(self, name: str, one: Lined, variables: dict[str, Any], line: int) -> Iterator[_Item]:
        over = self._filled(one["foreach"], variables, line, f"the items of {name}")
        inner = as_dict(one.get("do"))
        if isinstance(over, dict):
            for key, value in over.items():
                yield _Item(f"{name}@{key}", inner, {**variables, "key": key, "item": value}, line)
        elif isinstance(over, list):
            for value in over:
                key = str(over.index(value)) if isinstance(value, dict | list) else str(value)
                yield _Item(f"{name}@{key}", inner, {**variables, "item": value}, line)
        else:
            self._gap(f"how often {name} runs is not known", line)

    def _matrix(self, name: str, one: Lined, variables: dict[str, Any], line: int) -> Iterator[_Item]:
        axes = {axis: self._filled(values, variables, line, name) for axis, values in as_dict(one["matrix"]).items()}
        if not axes or not all(isinstance(values, list) for values in axes.values()):
            self._gap(f"the matrix of {name} is not known", line)
            return
        inner = Lined(one.line)
        inner.update({key: value for key, value in one.items() if key != "matrix"})
        inner.lines.update(one.lines)
        for chosen in itertools.product(*(list(enumerate(values)) for values in axes.values())):
            keys = [
                f"{axis}{place}" if isinstance(value, dict | list) else str(value)
                for axis, (place, value) in zip(axes, chosen, strict=True)
            ]
            item = {axis: value for axis, (_, value) in zip(axes, chosen, strict=True)}
            yield _Item(f"{name}@{'-'.join(keys)}", inner, {**variables, "item": item, "key": "-".join(keys)}, line)

    def _stage(self, item: _Item) -> RealStage | None:
        own = item.definition
        own_vars = as_list(own.get("vars"))
        wdir = as_text(self._filled(own.get("wdir"), item.variables, item.line, item.name)) or "."
        folder = posixpath.normpath(posixpath.join(self.folder, wdir))
        variables = item.variables
        if own_vars:
            variables = _merged(variables, self._variables(own_vars, folder, line_of(own, "vars"), default=False))

        def texts(key: str) -> list[str]:
            found = []
            for one in as_list(own.get(key)):
                name = next(iter(one), "") if isinstance(one, dict) else one
                filled = self._filled(name, variables, line_of(own, key), f"{key} of {item.name}")
                if isinstance(filled, str | int | float):
                    found.append(as_text(filled))
            return found

        commands = [
            as_text(self._filled(one, variables, line_of(own, "cmd"), f"the command of {item.name}"))
            for one in as_list(own.get("cmd"))
        ]
        writes = [*texts("outs"), *texts("metrics"), *texts("plots")]
        return RealStage(
            item.name,
            self.path,
            item.line,
            command=" && ".join(one for one in commands if one) or None,
            reads=tuple(_at(folder, path) for path in texts("deps")),
            writes=tuple(_at(folder, path) for path in writes),
            parameters=tuple(_parameters(own.get("params"))),
            condition="frozen: true" if own.get("frozen") is True else None,
        )

    def _filled(self, value: Any, variables: dict[str, Any], line: int, what: str) -> Any:  # noqa: ANN401 - YAML
        """Fill in the templates of a value; what cannot be filled in is a gap, and stays as it is."""
        if isinstance(value, list):
            return [self._filled(one, variables, line, what) for one in value]
        if isinstance(value, dict):
            return {key: self._filled(one, variables, line, what) for key, one in value.items()}
        if not isinstance(value, str) or "${" not in value:
            return value
        try:
            return _template(value, variables)
        except _Unknown as unknown:
            self._gap(f"{what} is not known: ${{{unknown}}} has no value in the files", line)
            return value


def _template(text: str, variables: dict[str, Any]) -> Any:  # noqa: ANN401 - whatever a variable holds
    whole = _TEMPLATE.fullmatch(text)
    if whole and not text.startswith("\\"):
        return _look_up(whole[1], variables)
    return _TEMPLATE.sub(
        lambda match: match[0][1:] if match[0].startswith("\\") else _written(_look_up(match[1], variables)), text
    )


def _written(value: Any) -> str:  # noqa: ANN401 - whatever a variable holds
    if isinstance(value, dict):
        return " ".join(f"--{key} {as_text(one)}" for key, one in value.items())
    return as_text(value)


def _look_up(name: str, variables: dict[str, Any]) -> Any:  # noqa: ANN401 - whatever a variable holds
    value: Any = variables
    for match in _STEP.finditer(name):
        try:
            value = value[int(match[2])] if match[2] else value[match[1].strip()]
        except (KeyError, IndexError, TypeError):
            raise _Unknown(name) from None
    return value


def _merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    found = dict(one)
    for key, value in other.items():
        old = found.get(key)
        found[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return found


def _at(folder: str, path: str) -> str:
    if "://" in path or path.startswith("/"):
        return path
    return posixpath.normpath(posixpath.join(folder, path))


def _parameters(given: Any) -> Iterator[str]:  # noqa: ANN401 - whatever YAML holds
    for one in as_list(given):
        if isinstance(one, dict):
            for file, keys in one.items():
                yield from (as_text(key) for key in as_list(keys)) if keys else [file]
        else:
            yield as_text(one)


def _edges(stages: list[RealStage]) -> Iterator[RealEdge]:
    """Give an edge for each input that is, or lies in, or holds an output of another stage."""
    makers: dict[str, list[str]] = {}
    for stage in stages:
        for path in stage.writes:
            makers.setdefault(path, []).append(stage.name)
    for stage in stages:
        seen = set()
        for path in stage.reads:
            for made, names in _touching(path, makers):
                for name in names:
                    if name != stage.name and name not in seen:
                        seen.add(name)
                        yield RealEdge(name, stage.name, made)


def _touching(path: str, makers: dict[str, list[str]]) -> Iterator[tuple[str, list[str]]]:
    above = path
    while above:
        if above in makers:
            yield above, makers[above]
        above = posixpath.dirname(above) if "/" in above else ""
    inside = f"{path}/"
    for made, names in makers.items():
        if made.startswith(inside):
            yield made, names
