"""`dvc.yaml` as DVC 3 loads it: stages with their templates, `foreach` and `matrix` unfolded.

Paths are given from the root of the repository: the folder of the `dvc.yaml`, then `wdir`, then what is written. A path
of another place (`s3://…`, `/data`) stays as it is written. What DVC itself refuses is an error; what only files
outside of the repository tell is a gap.

Source: https://dvc.org/doc/user-guide/project-structure/dvcyaml-files
"""

from __future__ import annotations

import itertools
import math
import posixpath
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from gatepost.definitions.definition import Definition, DefinitionError, Gap, ReadFile, RealStage, Script
from gatepost.definitions.dvc_edges import Parted, edges_of
from gatepost.definitions.dvc_templates import Filling, NoValueError, as_word
from gatepost.definitions.dvc_variables import Scope, VariableFiles
from gatepost.definitions.yaml_text import Lined, as_dict, as_list, as_text, line_of, load_yaml
from gatepost.records.pipeline import Source

__all__ = ["read_dvc"]

_MAX_STAGES: Final = 10_000
_TOP: Final = frozenset({"stages", "vars", "params", "metrics", "plots", "artifacts", "datasets"})
_STAGE: Final = frozenset(
    {"cmd", "wdir", "deps", "outs", "params", "metrics", "plots", "vars", "frozen", "always_changed", "meta", "desc"}
    | {"matrix"}
)
_HOLDS: Final = {"metrics": "metrics", "plots": "report"}
"""What the files of a list hold."""


class _Item(NamedTuple):
    """A stage, or one member of a family."""

    name: str
    definition: Lined
    scope: Scope
    line: int


def read_dvc(source: Source, path: str, content: bytes, read_file: ReadFile) -> Definition:  # noqa: ARG001 - as every reader
    """Read a `dvc.yaml`.

    Raises:
        DefinitionError: it cannot be read, has no stages, or is one that DVC refuses.
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
        self.files = VariableFiles(path, read_file, self._gap)
        self.filling = Filling()
        self.gaps: dict[Gap, None] = {}
        self.typed: dict[str, str] = {}
        """The type of each file that `artifacts` lists."""

    def read(self, data: Lined, stages: Lined) -> Definition:
        self._unknown_keys(data, _TOP, "this dvc.yaml")
        scope = self.files.default(self.folder)
        scope = self.files.add(scope, as_list(data.get("vars")), self.folder, line_of(data, "vars"))
        listed = [as_dict(one) for one in as_dict(data.get("artifacts")).values()]
        self.typed = {_at(self.folder, as_text(one.get("path"))): as_text(one.get("type")) for one in listed}
        parted: list[Parted] = []
        for name, one in stages.items():
            for item in self._unfolded(name, as_dict(one), scope, line_of(stages, name)):
                parted.append(self._stage(item))
                if len(parted) > _MAX_STAGES:
                    message = f"{self.path} unfolds into more than {_MAX_STAGES:,} stages"
                    raise DefinitionError(message, "unfold less", self.path, item.line)
        stages_of, edges = edges_of(self.path, parted)
        files = (self.path, *dict.fromkeys(self.files.read))
        return Definition("dvc", self.path, stages_of, edges, tuple(self.gaps), files)

    def _gap(self, message: str, line: int) -> None:
        self.gaps[Gap(message, self.path, line)] = None

    def _unknown_keys(self, data: Lined, known: frozenset[str], what: str) -> None:
        for key in data.keys() - known:
            self._gap(f"what `{key[:60]}` of {what} means is not known", line_of(data, key))

    # ---- families

    def _unfolded(self, name: str, one: Lined, scope: Scope, line: int) -> Iterator[_Item]:
        """Give one stage, or each of a `foreach` or a `matrix`."""
        if "foreach" in one or "do" in one:
            self._unknown_keys(one, frozenset({"foreach", "do"}), name)
            yield from self._foreach(name, one, scope, line)
        elif "matrix" in one:
            yield from self._matrix(name, one, scope, line)
        else:
            yield _Item(name, one, scope, line)

    def _foreach(self, name: str, one: Lined, scope: Scope, line: int) -> Iterator[_Item]:
        inner = as_dict(one.get("do"))
        over = self._filled(one.get("foreach"), scope, line_of(one, "foreach"), f"how often {name} runs")
        if isinstance(over, dict):
            typed = one["foreach"].typed if isinstance(one["foreach"], Lined) else {}
            for key, value in over.items():
                word = as_word(typed.get(key, key))
                yield _Item(f"{name}@{word}", inner, scope.with_items({"key": word, "item": value}), line)
        elif isinstance(over, list):
            has_parts = any(isinstance(value, dict | list) for value in over)
            members = {str(place) if has_parts else as_word(value): value for place, value in enumerate(over)}
            for key, value in members.items():
                yield _Item(f"{name}@{key}", inner, scope.with_items({"item": value}), line)
        elif over is not _NOTHING:
            message = f"{name} is to run for each of {as_word(over)[:60]}, which is no list and no mapping"
            raise DefinitionError(message, "give `foreach` a list or a mapping", self.path, line_of(one, "foreach"))

    def _matrix(self, name: str, one: Lined, scope: Scope, line: int) -> Iterator[_Item]:
        at = line_of(one, "matrix")
        axes = self._filled(one["matrix"], scope, at, f"how often {name} runs")
        if axes is _NOTHING:
            return
        if not isinstance(axes, dict) or not all(isinstance(values, list) for values in axes.values()):
            message = f"the matrix of {name} is no mapping of lists"
            raise DefinitionError(message, "give each axis a list", self.path, at)
        if math.prod(len(values) for values in axes.values()) > _MAX_STAGES:
            message = f"{name} unfolds into more than {_MAX_STAGES:,} stages"
            raise DefinitionError(message, "unfold less", self.path, at)
        inner = Lined(one.line)
        inner.update({key: value for key, value in one.items() if key != "matrix"})
        inner.lines.update(one.lines)
        members: dict[str, dict[str, Any]] = {}
        for chosen in itertools.product(*(enumerate(values) for values in axes.values())):
            words = [
                f"{axis}{place}" if isinstance(value, dict | list) else as_word(value)
                for axis, (place, value) in zip(axes, chosen, strict=True)
            ]
            members["-".join(words)] = {axis: value for axis, (_, value) in zip(axes, chosen, strict=True)}
        for key, item in members.items():
            yield _Item(f"{name}@{key}", inner, scope.with_items({"key": key, "item": item}), line)

    # ---- one stage

    def _stage(self, item: _Item) -> Parted:
        own, name = item.definition, item.name
        if own.get("cmd") is None:
            message = f"{name} has no `cmd`"
            raise DefinitionError(message, "DVC refuses that: say what it runs", self.path, item.line)
        self._unknown_keys(own, _STAGE, name)
        wdir = self._filled(own.get("wdir"), item.scope, line_of(own, "wdir"), f"the folder of {name}")
        folder = posixpath.normpath(posixpath.join(self.folder, as_text(wdir) if wdir is not _NOTHING else ""))
        scope = item.scope
        if own.get("vars"):
            scope = self.files.add(scope, as_list(own["vars"]), folder, line_of(own, "vars"))

        def paths(*keys: str) -> Iterator[str]:
            for key in keys:
                for one in as_list(own.get(key)):
                    for path in one if isinstance(one, dict) else [one]:
                        filled = self._filled(path, scope, line_of(own, key), f"a path under {key} of {name}", key)
                        if as_text(filled):
                            yield _at(folder, as_text(filled))

        written = {key: tuple(paths(key)) for key in ("outs", *_HOLDS)}
        given = list(self._parameters(own, scope, name))
        commands = self._commands(own, scope, name)
        stage = RealStage(
            name,
            self.path,
            item.line,
            command=" && ".join(commands) or None,
            scripts=tuple(Script(one, stops=False, pipefail=False) for one in commands),
            reads=tuple(paths("deps")),
            writes=tuple(dict.fromkeys(path for several in written.values() for path in several)),
            holds=tuple(self._held(written)),
            parameters=tuple(dict.fromkeys(one for _, one in given)),
            condition="frozen: true" if own.get("frozen") is True else None,
            work=tuple(commands),
            folders=(folder,),
        )
        return Parted(stage, tuple(dict.fromkeys(_at(folder, file) for file, _ in given)), line_of(own, "deps"))

    def _held(self, written: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
        """Give what files hold: as `artifacts` says, else by the list that names them."""
        said = {path: _HOLDS[key] for key in _HOLDS for path in written[key]}
        said |= {path: kind for several in written.values() for path in several if (kind := self.typed.get(path))}
        yield from said.items()

    def _commands(self, own: Lined, scope: Scope, name: str) -> list[str]:
        """Give what a stage runs, each in a shell of its own; DVC stops at the first that fails."""
        lines = [
            self._filled(one, scope, line_of(own, "cmd"), f"the command of {name}", "cmd")
            for one in as_list(own.get("cmd"))
        ]
        return [] if _NOTHING in lines else [as_text(one) for one in lines if as_text(one)]

    def _parameters(self, own: Lined, scope: Scope, name: str) -> Iterator[tuple[str, str]]:
        """Give each parameter with its file; a file that is followed as a whole is its own name."""
        for one in as_list(own.get("params")):
            filled = self._filled(one, scope, line_of(own, "params"), f"a parameter of {name}", "params")
            if isinstance(filled, dict):
                for file, keys in filled.items():
                    yield from ((file, as_text(key)) for key in as_list(keys)) if keys else [(file, file)]
            elif filled is not _NOTHING:
                yield "params.yaml", as_text(filled)

    def _filled(self, value: Any, scope: Scope, line: int, what: str, key: str = "") -> Any:  # noqa: ANN401 - YAML
        """Fill in the templates of a value; when one has no value, that is a gap, and nothing is given."""
        try:
            return self.filling.fill(value, scope.values, key=key)
        except NoValueError as error:
            self._gap(f"{what} is not known: {error}", line)
            return _NOTHING


class _Nothing:
    """Stands for what is not known."""


_NOTHING: Final = _Nothing()


def _at(folder: str, path: str) -> str:
    if "://" in path or path.startswith("/"):
        return path
    return posixpath.normpath(posixpath.join(folder, path))
