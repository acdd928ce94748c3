"""Whether each stage runs in the container image that the contract pins; a lockfile says nothing of images."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple

from gatepost.definitions.definition import RealStage
from gatepost.definitions.difference import Difference, Weight
from gatepost.definitions.sides import Sides
from gatepost.pipeline import Promise, listed
from gatepost.records.pipeline import pins_an_image

__all__ = ["images"]

_SHOWS_ALL: Final = frozenset({"github-actions"})
"""The tools in which a stage that names no image surely runs in none."""
_NOT_SHOWN: Final = {
    "gitlab-ci": "the definition leaves it to the runner",
    "argo": "the definition does not show it",
    "kubeflow": "the definition does not show it",
    "airflow": "the definition leaves it to the workers",
}
"""What a stage without an image means, for the tools that can name one."""


class _Apart(NamedTuple):
    """What is said of an image; stages of which the same is said are told together."""

    ours: str
    theirs: str
    weight: Weight
    at: tuple[str | int, ...]


def images(sides: Sides) -> Iterator[Difference]:
    """Compare the image of each stage that the contract pins by its digest."""
    found: dict[_Apart, list[tuple[Promise, RealStage]]] = defaultdict(list)
    for promise, real in sides.pairs():
        ours = promise.environment
        if ours and pins_an_image(ours) and (told := _compared(sides, promise, real, ours)) is not None:
            own = promise.stage.environment is not None
            at = ("stages", promise.name, "environment") if own else ("defaults", "environment")
            found[_Apart(ours, *told, at)].append((promise, real))
    for one, places in found.items():
        names = [promise.name for promise, _ in places]
        message = f"{listed(names)} {'runs' if len(names) == 1 else 'run'} in {one.ours} here, and {one.theirs}"
        real, value = places[0][1], f"{' '.join(names)} environment"
        yield Difference("image-differs", message, "let the two agree", one.at, value, real.path, real.line, one.weight)


def _compared(sides: Sides, promise: Promise, real: RealStage, ours: str) -> tuple[str, Weight] | None:
    theirs = real.image
    if theirs is None:
        return _without(sides, promise, real, ours)
    if "$" in theirs or "{{" in theirs:
        return f"what is filled in decides in the definition: {theirs}", "unknown"
    return None if _digest(theirs) == _digest(ours) else (f"in {theirs} in the definition", "differs")


def _without(sides: Sides, promise: Promise, real: RealStage, ours: str) -> tuple[str, Weight] | None:
    """Tell that a stage names no image, where its command starts no container of its own."""
    if promise.stage.run is None or _digest(ours) in (real.command or ""):
        return None
    if sides.definition.tool in _SHOWS_ALL:
        is_open = bool(real.unseen) or real.command is None
        return "in no container in the definition", "unknown" if is_open else "differs"
    why = _NOT_SHOWN.get(sides.definition.tool)
    return (why, "unknown") if why else None


def _digest(image: str) -> str:
    """Give the digest of an image, which says which one it is wherever it lies; the whole where it has none."""
    return image.rpartition("@")[2]
