"""Writes random `dvc.yaml` files of the shapes that teams write: families, folders, templates, variables of files."""

from __future__ import annotations

import random
from typing import Any

import yaml

__all__ = ["Written", "write"]

_WORDS = ("rows", "users", "clicks", "labels", "text", "images")
_OPTIONS = ({"cache": False}, {"persist": True}, {"cache": False, "desc": "kept in git"}, {"push": False})


class Written:
    """A definition with the files beside it."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)  # noqa: S311 - a definition, no secret
        self.folder = self.draw.choice(["", "", "ml", "teams/churn"])
        self.files: dict[str, Any] = {}
        self.folders: set[str] = set()
        self.stages: dict[str, Any] = {}
        self.made: list[str] = []
        """What is written so far, seen from the folder of the dvc.yaml."""
        self.data: dict[str, Any] = {}
        self.has_out = False
        """Whether a variable names the folder of outputs, and regions."""
        self.has_sizes = False
        """Whether a file of variables lists sizes and a grid."""

    @property
    def path(self) -> str:
        """Where the dvc.yaml is, from the root."""
        return f"{self.folder}/dvc.yaml".lstrip("/")

    def texts(self) -> dict[str, str]:
        """Give every file by its path from the root."""
        found = {f"{self.folder}/{name}".lstrip("/"): yaml.safe_dump(one) for name, one in self.files.items()}
        return {**found, self.path: yaml.safe_dump(self.data, sort_keys=False)}


def write(seed: int) -> Written:
    """Write one definition; the same seed gives the same."""
    one = Written(seed)
    _variables(one)
    for number in range(one.draw.randint(2, 9)):
        kind = one.draw.choices([_plain, _each, _named, _matrix], [4, 1, 1, 1])[0]
        kind(one, f"{one.draw.choice(_WORDS)}-{number}")
    one.data["stages"] = one.stages
    return one


def _variables(one: Written) -> None:
    draw = one.draw
    one.files["params.yaml"] = {
        "model": {"depth": draw.randint(1, 9), "lr": draw.choice([0.1, 1e-3, 5e-05]), "shuffle": True},
        "langs": draw.sample(["en", "de", "fr", "pt"], draw.randint(1, 3)),
        "threshold": draw.choice([None, 0.5, "high"]),
    }
    given: list[Any] = []
    if draw.random() < 0.5:
        given.append(
            {"out": "build", "regions": {"eu": {"rows": 5, "raw": "eu.csv"}, "us": {"rows": 7, "raw": "us.csv"}}}
        )
    if draw.random() < 0.5:
        one.files["conf/sizes.yaml"] = {"sizes": ["s", "m"], "grid": [{"k": 1}, {"k": 2}], "unused": 1}
        given.append(draw.choice(["conf/sizes.yaml", "conf/sizes.yaml:sizes,grid"]))
    if draw.random() < 0.3:
        given.append("params.yaml")
    if given:
        one.data["vars"] = given
    one.has_out = any("out" in entry for entry in given if isinstance(entry, dict))
    one.has_sizes = "conf/sizes.yaml" in one.files


def _body(one: Written, name: str, item: str, members: list[str]) -> dict[str, Any]:
    """Write what a stage does; `item` is the template of a member's word, empty for a single stage."""
    draw = one.draw
    command = f"python {name}.py --depth ${{model.depth}} {item}".strip()
    body: dict[str, Any] = {
        "cmd": draw.choice([command, [command, "echo \\${HOME} ${model.lr}"], f"{command} ${{model}}"])
    }
    wdir = draw.choice(["", "", "", "work", "../shared"]) if one.folder else draw.choice(["", "", "work"])
    if wdir:
        body["wdir"] = wdir
        one.folders.add(wdir)
    up = {"": "", "work": "../", "../shared": f"../{one.folder.rpartition('/')[2]}/"}[wdir]
    reads = [up + path for path in draw.sample(one.made, min(len(one.made), draw.randint(0, 3)))]
    if draw.random() < 0.3:
        reads.append(f"{up}raw/{name}.csv")
    if reads:
        body["deps"] = list(dict.fromkeys(reads))
    root = "${out}" if one.has_out and draw.random() < 0.5 else "out"
    real = "build" if root == "${out}" else "out"
    ending = f"-{item}" if item else ""
    outs: list[Any] = []
    for part in range(draw.randint(1, 2)):
        is_folder = draw.random() < 0.3
        written = f"{root}/{name}{ending}-{part}" + ("" if is_folder else ".bin")
        outs.append({up + written: draw.choice(_OPTIONS)} if draw.random() < 0.3 else up + written)
        for member in members or [""]:
            path = f"{real}/{name}{'-' + member if member else ''}-{part}" + ("/rows/a.csv" if is_folder else ".bin")
            one.made.append(path)
    body[draw.choice(["outs", "outs", "metrics"])] = outs
    if draw.random() < 0.3:
        body["plots"] = [{f"{up}plots/{name}{ending}.csv": {"x": "step", "y": "loss"}}]
    if draw.random() < 0.4:
        body["params"] = draw.choice(
            [["model.depth", "langs"], [{f"{up}conf/extra.yaml": ["a", "b"]}], ["model", {f"{up}p.json": None}]]
        )
    if draw.random() < 0.2:
        body["frozen"] = True
    if draw.random() < 0.2:
        body.update(always_changed=True, desc="words", meta={"owner": "ml"})
    return body


def _plain(one: Written, name: str) -> None:
    body = _body(one, name, "", [])
    if one.draw.random() < 0.2:
        body["vars"] = [{"own": {"word": name}}]
        body["cmd"] = f"python {name}.py ${{own.word}}"
    one.stages[name] = body


def _each(one: Written, name: str) -> None:
    if one.has_sizes and one.draw.random() < 0.5:
        one.stages[name] = {"foreach": "${grid}", "do": _body(one, name, "${item.k}", ["1", "2"])}
        return
    langs = [str(lang) for lang in one.files["params.yaml"]["langs"]]
    one.stages[name] = {"foreach": "${langs}", "do": _body(one, name, "${item}", langs)}


def _named(one: Written, name: str) -> None:
    over: Any = {"low": {"n": 1}, "high": {"n": "${model.depth}"}}
    if one.has_out:
        over = "${regions}"
        one.stages[name] = {"foreach": over, "do": _body(one, name, "${key}", ["eu", "us"])}
        return
    one.stages[name] = {"foreach": over, "do": _body(one, name, "${key}", ["low", "high"])}


def _matrix(one: Written, name: str) -> None:
    sizes: Any = "${sizes}" if one.has_sizes else ["s", "m"]
    axes = {"size": sizes, "depth": [1, 2.5], "opts": [{"bias": True}, {"bias": False}]}
    if one.draw.random() < 0.5:
        axes.pop("opts")
    members = [
        f"{size}-{depth}{opts}"
        for size in ("s", "m")
        for depth in ("1", "2.5")
        for opts in (("-opts0", "-opts1") if "opts" in axes else ("",))
    ]
    body = _body(one, name, "${key}", members)
    one.stages[name] = {"matrix": axes, **body}
