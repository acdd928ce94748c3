"""What two clean runs made of each artifact, held against the claim of the stage that wrote it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Final, Literal, NamedTuple

from gatepost.execution.folder import digest, inside, paths_below
from gatepost.execution.setup import Orders
from gatepost.records.dry_run import Repeated
from gatepost.records.pipeline import Repeat

__all__ = ["SAME", "repeated"]

_MOST: Final = 64 * 1024 * 1024
SAME: Final = "the same bytes"
"""What is found of an artifact that two runs agree on to the last byte."""


def repeated(orders: Orders, one: Path, other: Path, untouched: frozenset[str]) -> Iterator[Repeated]:
    """Compare the artifacts of two runs, stage by stage.

    Args:
        orders: what was run.
        one: the folder of the first run.
        other: the folder of the second run.
        untouched: paths that were there before both, and that nothing was written to.
    """
    differing: set[str] = set()
    for name in orders.order:
        promise = orders.contract.promises[name]
        given = next((artifact for artifact in promise.stage.in_ if artifact in differing), None)
        for artifact in promise.stage.out:
            path = orders.path_of(artifact)
            if path is None or promise.repeat is None:
                continue
            first = digest(inside(one, path))
            if first != digest(inside(other, path)):
                differing.add(artifact)
            compared = (
                _UNTOUCHED
                if PurePosixPath(path).as_posix() in untouched
                else _compared(orders, promise.repeat, given, path, (one, other))
            )
            yield Repeated(
                artifact=artifact,
                stage=name,
                claim=str(promise.repeat),
                passed=compared.outcome != "differs",
                verified=compared.outcome != "not compared",
                found=compared.found,
                sha256=first,
            )


class _Compared(NamedTuple):
    """What comparing an artifact gave."""

    outcome: Literal["holds", "differs", "not compared"]
    found: str


_UNTOUCHED: Final = _Compared("not compared", "not compared: it was there before, and its stage left it as it was")


def _compared(orders: Orders, repeat: Repeat, given: str | None, path: str, roots: tuple[Path, Path]) -> _Compared:
    one, other = (inside(root, path) for root in roots)
    same = digest(one) == digest(other)
    if repeat.claim == "none":
        return _Compared("not compared", f"{'the same bytes' if same else 'they differ'}, and no claim was made")
    if same:
        return _Compared("holds", SAME)
    if given is not None:
        return _Compared("not compared", f"not compared: {given}, which its stage reads, differs already")
    if repeat.claim == "metric":
        return _within(repeat.tolerance or 0.0, one, other)
    return (
        _probed(orders, repeat, roots) if repeat.claim == "semantic" else _Compared("differs", _difference(one, other))
    )


def _probed(orders: Orders, repeat: Repeat, roots: tuple[Path, Path]) -> _Compared:
    path = orders.path_of(repeat.probe) if repeat.probe else None
    if path is None:
        return _Compared("not compared", "they differ; the claim names no artifact with predictions to compare")
    one, other = (inside(root, path) for root in roots)
    if digest(one) is not None and digest(one) == digest(other):
        return _Compared("holds", f"they differ, and {repeat.probe} has the same bytes")
    return _Compared("differs", f"{repeat.probe} differs: {_difference(one, other)}")


def _within(tolerance: float, *paths: Path) -> _Compared:
    values = [dict(_numbers(_json(path))) for path in paths]
    if not values[0] or values[0].keys() != values[1].keys():
        return _Compared("differs", "the two runs did not measure the same metrics")
    far = {key: abs(value - values[1][key]) for key, value in values[0].items()}
    worst = max(far, key=lambda key: math.inf if math.isnan(far[key]) else far[key])
    if not far[worst] <= tolerance:
        pair = f"{worst} is {values[0][worst]:g} and {values[1][worst]:g}"
        return _Compared("differs", f"{pair}: apart by more than {tolerance:g}")
    return _Compared("holds", f"at most {far[worst]:g} apart")


def _json(path: Path) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None


def _numbers(value: Any, at: str = "") -> Iterator[tuple[str, float]]:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _numbers(inner, f"{at}.{key}" if at else key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _numbers(inner, f"{at}[{index}]")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield at, float(value)


def _difference(one: Path, other: Path) -> str:
    """Say how two artifacts differ, as far as that helps to find the cause."""
    if one.is_dir() and other.is_dir():
        return _first_file(one, other)
    if one.is_dir() or other.is_dir():
        return "one run writes a folder, the other a file"
    first, second = (path.read_bytes()[:_MOST] if path.is_file() else b"" for path in (one, other))
    for path, content in ((one, first), (other, second)):
        root = next((str(up).encode() for up in path.parents if up.name == "run"), b"")
        if root and root in content:
            line = content[: content.index(root)].count(b"\n") + 1
            return f"line {line} holds the path of the folder that it was run in"
    shorter = min(len(first), len(second))
    at = next((place for place, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), shorter)
    line = first[:at].count(b"\n") + 1
    return f"the bytes differ from line {line} on: {_excerpt(first, at)} and {_excerpt(second, at)}"


def _excerpt(content: bytes, at: int) -> str:
    start = content.rfind(b"\n", 0, at) + 1
    piece = content[max(start, at - 20) : at + 20].split(b"\n")[0]
    return repr(piece.decode("utf-8", "replace"))


def _first_file(one: Path, other: Path) -> str:
    """Name the first file in which two folders differ, and how."""
    first, second = ({path.relative_to(root).as_posix() for path in paths_below(root)} for root in (one, other))
    for name in sorted(first | second):
        if name not in first or name not in second:
            return f"only one run writes {name}"
        if digest(one / name) != digest(other / name):
            return f"{name}: {_difference(one / name, other / name)}"
    return "the folders differ"
