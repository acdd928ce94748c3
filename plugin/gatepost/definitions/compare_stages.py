"""What the stages that both sides have say differently: commands, outputs, inputs, retries, time-outs, images."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Final

from gatepost.definitions.definition import RealStage
from gatepost.definitions.difference import Difference
from gatepost.definitions.mapping import Mapping
from gatepost.pipeline import Contract, Promise
from gatepost.records.pipeline import pins_an_image

__all__ = ["details", "plain_command"]

_NAMES_FILES: Final = frozenset({"dvc", "snapshot"})
"""The tools whose definitions name every file that a stage writes and reads."""


def details(contract: Contract, mapping: Mapping, folder: str) -> Iterator[Difference]:
    """Compare each stage with the real one that stands for it; families of stages are not compared in detail."""
    for name, promise in contract.promises.items():
        reals = mapping.reals[name]
        real = mapping.definition.stage(reals[0]) if len(reals) == 1 else None
        if real is None or mapping.is_elsewhere(name) or real.hidden:
            continue
        yield from _command(promise, real)
        if mapping.definition.tool in _NAMES_FILES:
            yield from _files(contract, promise, real, contract.record.workdir or folder)
        yield from _numbers(promise, real)


def _differs(promise: Promise, real: RealStage, identity: str, key: str, message: str) -> Difference:
    hint = "add it to `out:`" if identity == "output-undocumented" else "let the two agree"
    own = promise.stage.model_fields_set
    field = {"in": "in_"}.get(key, key)
    at = ("stages", promise.name, key) if field in own else ("stages", promise.name)
    return Difference(identity, message, hint, at, f"{promise.name} {key}", real.path, real.line, "differs")


def _command(promise: Promise, real: RealStage) -> Iterator[Difference]:
    ours, theirs = plain_command(promise.stage.run), plain_command(real.command)
    if ours and theirs and ours not in theirs:
        message = f"{promise.name} runs `{ours}` here and `{theirs[:120]}` in the definition"
        yield _differs(promise, real, "command-differs", "run", message)


def plain_command(command: str | None) -> str:
    """Give a command with single spaces, to compare; empty for none."""
    return " ".join((command or "").split())


def _files(contract: Contract, promise: Promise, real: RealStage, folder: str) -> Iterator[Difference]:
    known = contract.record.artifacts
    paths = {
        artifact: posixpath.normpath(posixpath.join(folder, str(known[artifact].path)))
        for artifact in (*promise.stage.in_, *promise.stage.out)
        if artifact in known and known[artifact].path
    }
    for artifact in promise.stage.out:
        if artifact in paths and not _covers(real.writes, paths[artifact]):
            message = f"{promise.name} writes {artifact} ({known[artifact].path}) here, and not in the definition"
            yield _differs(promise, real, "output-missing", "out", message)
    for artifact in promise.stage.in_:
        if artifact in paths and not _covers(real.reads, paths[artifact]):
            message = f"{promise.name} reads {artifact} ({known[artifact].path}) here, and not in the definition"
            yield _differs(promise, real, "input-missing", "in", message)
    written = {paths[artifact] for artifact in promise.stage.out if artifact in paths}
    for path in real.writes:
        if not _covers(tuple(written), path) and not any(one.startswith(f"{path}/") for one in written):
            message = f"{promise.name} writes {path} in the definition, which is no artifact of it here"
            yield _differs(promise, real, "output-undocumented", "out", message)


def _covers(paths: tuple[str, ...], wanted: str) -> bool:
    return any(wanted == path or wanted.startswith(f"{path}/") for path in paths)


def _numbers(promise: Promise, real: RealStage) -> Iterator[Difference]:
    if real.retries is not None and promise.executes and real.retries != promise.retries:
        message = f"{promise.name} is tried again {promise.retries} times here, and {real.retries} in the definition"
        yield _differs(promise, real, "retries-differ", "retries", message)
    if real.timeout is not None and promise.timeout is not None and real.timeout != promise.timeout.seconds:
        message = f"{promise.name} may take {promise.timeout} here, and {real.timeout:g} s in the definition"
        yield _differs(promise, real, "timeout-differs", "timeout", message)
    environment = promise.environment
    if real.image and environment and pins_an_image(environment) and real.image != environment:
        message = f"{promise.name} runs in {environment} here, and in {real.image} in the definition"
        yield _differs(promise, real, "image-differs", "environment", message)
