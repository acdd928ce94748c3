"""DVC is the oracle of our reader: what it loads from a definition, and what it refuses, is what we say."""

from __future__ import annotations

import importlib.util
import os
import textwrap
from pathlib import Path
from typing import Any

import pytest
from dvc_writer import write
from reading import edges, names

from gatepost.definitions import Definition, DefinitionError, read_definition
from gatepost.records.pipeline import Source

_MISSING = importlib.util.find_spec("dvc") is None and not os.environ.get("GATEPOST_REQUIRE_ALL")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(_MISSING, reason="dvc is not installed: the extra `oracles`"),
]


def _lay_out(root: Path, files: dict[str, str], folders: set[str] | None = None) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    for folder in folders or ():
        (root / folder).mkdir(parents=True, exist_ok=True)


def _ours(root: Path, path: str) -> Definition:
    def read_file(name: str) -> bytes | None:
        file = root / name
        return file.read_bytes() if file.is_file() else None

    source = Source.model_validate({"kind": "dvc", "path": path})
    return read_definition(source, path, (root / path).read_bytes(), read_file)


def _loaded(root: Path) -> Any:
    from dvc.repo import Repo  # noqa: PLC0415 - an extra

    return Repo.init(str(root), no_scm=True).index


def _facts(root: Path, stage: Any) -> tuple[Any, ...]:
    """Give what DVC knows of a stage, in our words."""
    from dvc.dependency.param import ParamsDependency  # noqa: PLC0415 - an extra

    def path(one: Any) -> str:
        return Path(one.fs_path).relative_to(root).as_posix() if one.protocol == "local" else str(one)

    command = stage.cmd if isinstance(stage.cmd, str) else " && ".join(stage.cmd)
    parameters = [one for one in stage.deps if isinstance(one, ParamsDependency)]
    return (
        command,
        {path(one) for one in stage.deps if not isinstance(one, ParamsDependency)},
        {path(one) for one in stage.outs},
        {name for one in parameters for name in one.params or [os.path.relpath(one.fs_path, stage.wdir)]},
        stage.frozen,
    )


def _agree(root: Path, path: str) -> None:
    index = _loaded(root)
    found = _ours(root, path)
    assert found.gaps == ()
    real = {stage.name: stage for stage in index.stages}
    assert names(found) == [stage.name for stage in index.stages]
    assert edges(found) == {f"{before.name}>{after.name}" for after, before in index.graph.edges()}
    for stage in found.stages:
        command, reads, writes, parameters, frozen = _facts(root, real[stage.name])
        assert stage.command == command, stage.name
        assert set(stage.reads) == reads | (set(stage.reads) & _parameter_files(root, real[stage.name])), stage.name
        assert set(stage.writes) == writes, stage.name
        assert set(stage.parameters) == parameters, stage.name
        assert (stage.condition == "frozen: true") is frozen, stage.name


def _parameter_files(root: Path, stage: Any) -> set[str]:
    return {Path(one.fs_path).relative_to(root).as_posix() for one in stage.deps if hasattr(one, "params")}


@pytest.mark.parametrize("seed", range(60))
def test_dvc_loads_the_same_from_random_definitions(seed: int, tmp_path: Path) -> None:
    """Stages in order, edges, commands, inputs, outputs, parameters and what is frozen are those of DVC's own index."""
    written = write(seed)
    folders = {os.path.normpath(f"{written.folder}/{one}").lstrip("/") for one in written.folders}
    _lay_out(tmp_path, written.texts(), folders)
    _agree(tmp_path, written.path)


def test_dvc_loads_the_same_from_the_worked_design(tmp_path: Path) -> None:
    """The definition of the batch design, where it stands."""
    design = Path(__file__).parents[2] / "designs/churn-batch"
    _lay_out(tmp_path, {"d/dvc.yaml": (design / "dvc.yaml").read_text(encoding="utf-8")})
    _agree(tmp_path, "d/dvc.yaml")


SHAPES = {
    "options from a mapping": """\
        vars: [{o: {lr: 0.1, yes: true, no: false, s: "a b", l: [1, x y, 2.5], d: {a: {b: 1}}, e: [], n: null}}]
        stages: {a: {cmd: "x ${o}"}, b: {cmd: ["y ${o.d}", "z ${o.l[1]} ${o.l[-1]} ${o.d.a.b} ${ o.s }"]}}
    """,
    "names of a family": """\
        stages:
          a: {foreach: [1.50, true, null, "on", 010, x, x], do: {cmd: "x ${item}"}}
          b: {foreach: [[1], 2], do: {cmd: "x"}}
          c: {foreach: {3: a, 0.50: b, true: c, null: d, "q": e}, do: {cmd: "x ${key} ${item}"}}
          d: {matrix: {a: [1, 1, x], b: [{z: 1}, [2], null]}, cmd: "x ${key}"}
    """,
    "escapes and signs": """\
        vars: [{a: 1, b-c: 2, "d e": 3}]
        stages: {s: {cmd: 'x \\${HOME} ${a} $a {a} ${b-c} ${d e} \\\\${a}'}}
    """,
    "keys that are no text": """\
        vars: [{m: {3: a, two: b, true: c}}]
        stages: {a: {foreach: "${m}", do: {cmd: "x ${key} ${item}"}}}
    """,
    "variables of a stage": """\
        vars: [{a: {x: 1}}]
        stages:
          s: {wdir: w, vars: [{a: {y: 2}}, own.yaml, "own.json:k"], cmd: "x ${a.x} ${a.y} ${o} ${k}"}
          t: {foreach: [p, q], do: {wdir: "w", vars: [{z: 3}], cmd: "x ${item} ${z}", outs: ["${item}"]}}
    """,
    "folders around and inside": """\
        stages:
          a: {cmd: x, outs: [data/raw]}
          b: {cmd: x, deps: [data], outs: [b]}
          c: {cmd: x, deps: [data/raw/x/y.csv], outs: [c]}
          d: {cmd: x, deps: [data/rawer, ./b/../c], outs: [d]}
          e: {cmd: x, deps: [.dvcignore, "https://example.org/c.csv"], outs: [e]}
    """,
    "parameters that a stage writes": """\
        stages:
          a: {cmd: x, outs: [best.yaml, params.yaml]}
          b: {cmd: x, params: [best.yaml: [lr]], outs: [b]}
          c: {cmd: x, params: [lr], outs: [c]}
          d: {cmd: x, params: [best.yaml: , conf.json: [a.b]], outs: [d]}
    """,
    "templates in keys and parameters": """\
        vars: [{n: out, p: lr, f: conf.yaml}]
        stages: {a: {cmd: x, outs: ["${n}/a": {cache: false}], params: ["${p}", "${f}": ["${p}.x"]]}}
    """,
    "anchors": """\
        stages:
          a: &a {cmd: x, deps: &d [in.csv], outs: [a]}
          b: {cmd: y, deps: *d, outs: [b]}
          c: {<<: *a, outs: [c]}
    """,
    "other sections": """\
        params: [conf.yaml]
        metrics: [m.json]
        plots: [p.csv, q: {x: n, y: {p.csv: v}}]
        artifacts: {m: {path: a, type: model}}
        stages: {a: {cmd: x, outs: [a], metrics: [m.json], plots: [p.csv]}}
    """,
}


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_dvc_loads_the_same_from_each_shape(name: str, tmp_path: Path) -> None:
    """Each corner of the format that teams use is read as DVC reads it."""
    files = {"dvc.yaml": textwrap.dedent(SHAPES[name]), "w/own.yaml": "o: 5\n", "w/own.json": '{"k": "v", "l": 1}'}
    _lay_out(tmp_path, files)
    _agree(tmp_path, "dvc.yaml")


REFUSED = {
    "no command": "stages: {a: {deps: [x]}}",
    "a variable twice": "vars: [{a: 1}]\nstages: {s: {cmd: x}}",
    "a nested variable twice": "vars: [{d: {k: 2}}]\nstages: {s: {cmd: x}}",
    "a key that the file lacks": "vars: ['o.yaml:k']\nstages: {s: {cmd: x}}",
    "a part of what is read": "vars: ['params.yaml:a']\nstages: {s: {cmd: x}}",
    "a key twice": "vars: ['o.yaml:z', 'o.yaml:z']\nstages: {s: {cmd: x}}",
    "a list for variables": "vars: [list.yaml]\nstages: {s: {cmd: x}}",
    "foreach over a word": "stages: {s: {foreach: word, do: {cmd: x}}}",
    "one output of two": "stages: {a: {cmd: x, outs: [o]}, b: {cmd: x, outs: [./o]}}",
    "an output in an output": "stages: {a: {cmd: x, outs: [o]}, b: {cmd: x, outs: [o/p/q]}}",
    "a circle": "stages: {a: {cmd: x, deps: [b], outs: [a]}, b: {cmd: x, deps: [a], outs: [b]}}",
    "a stage that waits for itself": "stages: {a: {cmd: x, deps: [d], outs: [d/e]}}",
    "a stage twice": "stages:\n  a: {cmd: x}\n  a: {cmd: y}\n",
    "a file that is not there": "vars: [nowhere.yaml]\nstages: {s: {cmd: x}}",
    "no value": "stages: {s: {cmd: 'x ${nowhere}'}}",
    "a list in a text": "vars: [{l: [1]}]\nstages: {s: {cmd: 'x ${l}'}}",
    "a mapping as a path": "vars: [{m: {k: 1}}]\nstages: {s: {cmd: x, deps: ['${m}']}}",
    "no name": "stages: {s: {cmd: 'x ${}'}}",
    "an unknown key": "stages: {s: {cmd: x, dep: [y]}}",
    "an unknown section": "templates: {}\nstages: {s: {cmd: x}}",
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_dvc_refuses_is_never_read_as_if_it_were_sound(name: str, tmp_path: Path) -> None:
    """Where DVC raises, our reader raises too, or says with a gap what is not known."""
    from dvc.exceptions import DvcException  # noqa: PLC0415 - an extra

    files = {"dvc.yaml": REFUSED[name], "params.yaml": "a: 2\nd: {k: 1}\n", "o.yaml": "z: 1\n", "list.yaml": "[1]\n"}
    _lay_out(tmp_path, files)
    with pytest.raises(DvcException):
        list(_loaded(tmp_path).graph.edges())
    try:
        assert _ours(tmp_path, "dvc.yaml").gaps
    except DefinitionError as error:
        assert error.hint  # noqa: PT017 - either of the two will do
