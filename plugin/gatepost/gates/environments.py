"""What the stages of a contract run in: a lockfile that is there, or an image by its digest."""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.book import Entry, Fault, KeyPath
from gatepost.gates.gate import Context
from gatepost.records import Pipeline, Stage
from gatepost.records.pipeline import EXECUTABLE_KINDS, looks_like_an_image, pins_an_image

__all__ = ["environment_of", "runs", "unknown_lockfile", "unpinned"]


def runs(stage: Stage) -> bool:
    """Tell whether a stage executes something."""
    return stage.run is not None or stage.kind in EXECUTABLE_KINDS


def environment_of(contract: Pipeline, stage: Stage) -> str | None:
    """Give the environment of a stage: its own, or the default."""
    return stage.environment or contract.defaults.environment


def unpinned(entry: Entry, context: Context, contract: Pipeline) -> Iterator[Fault]:
    """Find environments that pin nothing, each once."""
    for environment, at in _environments(contract).items():
        yield from _environment(entry, context, environment, at)


def unknown_lockfile(entry: Entry, context: Context, contract: Pipeline) -> str | None:
    """Give the first lockfile of which nobody here can tell whether git tracks it, or None."""
    files, near = context.book.files, context.book.folder(entry)
    named = (name for name in _environments(contract) if not pins_an_image(name))
    facts = ((name, files.look(name, near)) for name in named)
    return next((name for name, fact in facts if fact.state == "found" and fact.tracked is None), None)


def _environments(contract: Pipeline) -> dict[str, KeyPath]:
    """Give each environment that something runs in, and where it is named first."""
    places: dict[str, KeyPath] = {}
    for name, stage in contract.stages.items():
        environment = environment_of(contract, stage)
        if environment is not None and runs(stage):
            own = stage.environment is not None
            places.setdefault(environment, ("stages", name, "environment") if own else ("defaults", "environment"))
    return places


def _environment(entry: Entry, context: Context, environment: str, at: KeyPath) -> Iterator[Fault]:
    if pins_an_image(environment):
        return
    fact = context.book.files.look(environment, context.book.folder(entry))
    if fact.state == "found" and fact.tracked is not False:
        return
    if fact.state == "found":
        message, hint = f"the lockfile {environment} is not tracked by git", f"run `git add {fact.path}`"
    elif fact.state == "refused":
        message, hint = f"the lockfile {environment} is refused: {fact.reason}", "name a file of this repository"
    elif looks_like_an_image(environment):
        message, hint = (
            f"the environment {environment} is a tag, which pins nothing",
            "name the image by digest: name@sha256:…",
        )
    else:
        message, hint = f"the lockfile {environment} does not exist", "commit it, or name an image by digest"
    yield Fault(message, hint, at, environment)
